/** Random organisations in which nothing is wrong but what is planted. */
import type { LiveBot, Waiver } from '../../../src/model/audit.ts';
import { type AuditRule, auditRules } from '../../../src/model/audit-rules.ts';
import type { UnusableEntry } from '../../../src/model/desired-state.ts';
import type { Severity } from '../../../src/model/generated/audit-report.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { UserValues } from '../../../src/model/user-values.ts';
import {
  type AccountOptions,
  account,
  entry,
  liveToken,
  markedToken,
  wantedToken,
} from '../../support/build-states.ts';
import { type AuditWorld, dateAgo } from './audit-world.ts';

/** What one person, or one fault, brings into an organisation. */
export interface Part extends Omit<AuditWorld, 'desired' | 'waivers' | 'settings' | 'missing' | 'isWithoutAdmins'> {
  readonly unusable?: readonly UnusableEntry[];
  readonly found?: readonly Expected[];
}

export interface Expected {
  readonly rule: AuditRule;
  /** Absent: the server. */
  readonly person?: string;
  /** Absent: that of the rule. */
  readonly severity?: Severity;
}

/** `severity rule person`, as a report is compared with what is expected of it. */
export const spell = ({ rule, person = '(server)', severity = auditRules[rule].severity }: Expected): string =>
  `${severity} ${rule} ${person}`;

/** The organisation that a fault is planted in. */
export interface Setting {
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** Absent: people sign in as they like. */
  readonly signIn: 'saml' | undefined;
  /** A way to sign in that is fine here. */
  readonly auth: (name: string) => UserValues['auth'];
}

export function settingOf(below: (limit: number) => number): Setting {
  const pick: Setting['pick'] = (items) => items[below(items.length)] ?? items[0];
  const signIn = below(2) === 0 ? 'saml' : undefined;
  return {
    pick,
    signIn,
    auth: (name) => {
      const service = signIn ?? pick(['email', 'ldap', 'saml'] as const);
      return service === 'email' ? { service } : { service, data: `${name}@idp` };
    },
  };
}

/** An account with whatever may be different without being wrong. */
export function randomAccount(name: string, { pick, auth }: Setting, options: AccountOptions = {}): LiveUser {
  const isNamed = pick([true, false]);
  return account(name, {
    ...(isNamed && { first_name: `First ${name}`, last_name: `Last ${name}` }),
    nickname: pick(['', `Nick ${name}`]),
    position: pick(['', 'Engineer', 'Sales']),
    locale: pick(['en', 'de', 'fr']),
    auth: auth(name),
    mfa: pick(['on', 'off']),
    roles: pick([['system_user'], ['system_guest'], ['system_user', 'system_post_all']]),
    ...options,
  });
}

/** An entry that wants some of what is there. */
export function entryFor({ values }: LiveUser, { pick }: Setting): ReturnType<typeof entry> {
  const { username, nickname, locale, email } = values;
  return entry(
    username,
    pick<Partial<UserValues>>([
      {},
      { nickname },
      { nickname, locale },
      { email, active: values.active },
      { roles: values.roles, auth: values.auth },
    ]),
  );
}

type Maker = (name: string, setting: Setting) => Part;

/** Everything that can be there without being a fault. */
const clean: readonly [Maker, ...Maker[]] = [
  (name, setting) => withEntry(randomAccount(name, setting), setting),
  (name, setting) => withEntry(randomAccount(name, setting, { active: false }), setting),
  (name, setting) => ({ accounts: [randomAccount(name, setting, { active: false })] }),
  (name, setting) => {
    const live = randomAccount(name, setting);
    return {
      ...withEntry(live, setting),
      tokens: [markedToken(live, { name: 'ci', generation: 3, date: dateAgo(40) })],
    };
  },
  (name, setting) => {
    const live = randomAccount(name, setting);
    const tokens = [wantedToken('ci', { generation: 2 })];
    return {
      accounts: [live],
      entries: [entry(name, {}, { tokens })],
      tokens: [markedToken(live, { name: 'ci', generation: 2 })],
    };
  },
  (name, setting) => {
    const live = randomAccount(name, setting, { active: false });
    return { ...withEntry(live, setting), tokens: [liveToken(live, { enabled: false })] };
  },
  (name, setting) => {
    const owner = randomAccount(name, setting);
    return { ...withBot(owner), entries: [entryFor(owner, setting)], ...integrationsOf(owner) };
  },
  (name) => ({ accounts: [account(name, { isRemote: true })] }),
  (name) => ({ entries: [entry(name, { active: false })] }),
];

export const withEntry = (live: LiveUser, setting: Setting): Part => ({
  accounts: [live],
  entries: [entryFor(live, setting)],
});

/** A person and an active bot of theirs. */
export function withBot(owner: LiveUser): Part {
  const username = `${owner.values.username}-bot`;
  const bot: LiveBot = { id: `id-${username}`, username, owner: owner.id, active: true };
  return { accounts: [owner, account(username, { isBot: true })], bots: [bot] };
}

export function integrationsOf({ id: creator, values: { username: name } }: LiveUser): Part {
  return {
    webhooks: [
      { id: `in-${name}`, sort: 'incoming webhook', name, creator },
      { id: `out-${name}`, sort: 'outgoing webhook', name, creator },
    ],
    commands: [{ id: `command-${name}`, sort: 'slash command', name: `/${name}`, creator }],
  };
}

/** Two administrators as they should be, one of them the caller. */
const admins = (setting: Setting): readonly Part[] =>
  ['root', 'spare'].map((name) =>
    withEntry(randomAccount(name, setting, { roles: ['system_user', 'system_admin'], mfa: 'on' }), setting),
  );

export const randomPeople = (count: number, setting: Setting): readonly Part[] => [
  ...admins(setting),
  ...Array.from({ length: count }, (_, at) => setting.pick(clean)(`person${at}`, setting)),
];

/** Each with a private channel, as every organisation has them here. */
export const places = { core: {}, 'core/dev': {}, 'core/ops': { isPrivate: true }, sales: {} };
const usual = { core: 'member', 'core/dev': 'member' } as const;

export function worldOf(parts: readonly Part[], { signIn }: Setting, waivers: readonly Waiver[] = []): AuditWorld {
  const all = <Key extends 'entries' | 'accounts' | 'tokens' | 'bots' | 'webhooks' | 'commands' | 'unusable'>(
    key: Key,
  ): ReadonlyArray<NonNullable<Part[Key]>[number]> => parts.flatMap((part) => [...(part[key] ?? [])]);
  return {
    entries: all('entries'),
    accounts: all('accounts'),
    places,
    memberships: Object.assign(
      Object.fromEntries(all('accounts').map(({ id }) => [id, usual])),
      ...parts.map(({ memberships }) => memberships),
    ),
    tokens: all('tokens'),
    bots: all('bots'),
    webhooks: all('webhooks'),
    commands: all('commands'),
    activity: Object.assign({}, ...parts.map(({ activity }) => activity)),
    sessions: Object.assign({}, ...parts.map(({ sessions }) => sessions)),
    policy: Object.assign({}, ...parts.map(({ policy }) => policy)),
    desired: { unusable: all('unusable') },
    settings: signIn === undefined ? {} : { signIn },
    waivers,
    isWithoutAdmins: true,
  };
}
