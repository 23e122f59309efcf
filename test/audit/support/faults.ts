/** Everything that can be planted into an organisation, rule by rule: how it gets there, and all that has to be found. */
import type { AuditRule } from '../../../src/model/audit-rules.ts';
import { dayMs } from '../../../src/model/duration.ts';
import type { LiveToken, LiveUser } from '../../../src/model/live-state.ts';
import type { PlaceRole } from '../../../src/model/memberships.ts';
import { asUnusable } from '../../../src/model/unusable.ts';
import type { UserValues } from '../../../src/model/user-values.ts';
import {
  type AccountOptions,
  account,
  entry,
  liveToken,
  markedToken,
  moment,
  root,
  wantedToken,
} from '../../support/build-states.ts';
import { dateAgo, daysAgo, yesterday } from './audit-world.ts';
import { integrationsOf, type Part, randomAccount, type Setting, withBot, withEntry } from './organisation.ts';

export interface Fault {
  /** Whether it can be planted here; absent: always. */
  readonly fits?: (setting: Setting) => boolean;
  readonly plant: (name: string, setting: Setting) => Part;
}

const administers = ['system_user', 'system_admin'];
const manages = ['system_user', 'system_manager'];
const saml = (name: string): UserValues['auth'] => ({ service: 'saml', data: `${name}@idp` });

/** One fault, found once by its rule. */
const once =
  (rule: AuditRule, make: (name: string, setting: Setting) => Part): Fault['plant'] =>
  (name, setting) => ({ found: [{ rule, person: name }], ...make(name, setting) });

/** A declared person whose account is as the options say. */
const person =
  (options: AccountOptions | ((name: string) => AccountOptions)) =>
  (name: string, setting: Setting): Part =>
    withEntry(randomAccount(name, setting, typeof options === 'function' ? options(name) : options), setting);

const undeclared =
  (options: AccountOptions) =>
  (name: string, setting: Setting): Part => ({ accounts: [randomAccount(name, setting, options)] });

/** An account, and an entry that wants something else. */
const drifted = (
  wanted: Partial<UserValues> | ((name: string) => Partial<UserValues>),
  options: AccountOptions = {},
  severity?: 'high',
): Fault => ({
  plant: (name, setting) => ({
    accounts: [randomAccount(name, setting, options)],
    entries: [entry(name, typeof wanted === 'function' ? wanted(name) : wanted)],
    found: [{ rule: 'drift', person: name, ...(severity !== undefined && { severity }) }],
  }),
});

/** A declared person with tokens; sessions, activity and more as given. */
const owner =
  (tokensOf: (live: LiveUser) => readonly LiveToken[], more: (live: LiveUser) => Part = () => ({})) =>
  (name: string, setting: Setting): Part => {
    const live = randomAccount(name, setting);
    return { ...withEntry(live, setting), entries: [entry(name)], tokens: tokensOf(live), ...more(live) };
  };

/** Somebody inactive, with an entry or without. */
const leaver =
  (more: (live: LiveUser) => Part, isDeclared = true) =>
  (name: string, setting: Setting): Part => {
    const live = randomAccount(name, setting, { active: false });
    const entries = isDeclared ? [entry(name, { active: false })] : [];
    return { accounts: [live], entries, ...more(live) };
  };

/** A declared account that is in just these places. */
const standing =
  (options: AccountOptions, own: Readonly<Record<string, PlaceRole>>) =>
  (name: string, setting: Setting): Part => {
    const live = randomAccount(name, setting, options);
    return { ...withEntry(live, setting), memberships: { [live.id]: own } };
  };

const ci = (live: LiveUser, days: number, options: Partial<LiveToken> = {}): LiveToken =>
  markedToken(live, { name: 'ci', generation: 1, date: dateAgo(days) }, options);

const unused = (live: LiveUser): Part => ({ sessions: { [live.id]: [] } });

const hasSessions =
  (count: number) =>
  ({ id }: LiveUser): Part => ({
    sessions: { [id]: Array.from({ length: count }, (_, at) => ({ id: `${id}-${at}`, lastActivityMs: yesterday })) },
  });

const providerRules: Fault['fits'] = ({ signIn }) => signIn !== undefined;
const anyWay: Fault['fits'] = ({ signIn }) => signIn === undefined;

const signsInBy = (service: 'email' | 'gitlab'): Fault => ({
  fits: providerRules,
  plant: once(
    'email-sign-in',
    person((name) => ({ auth: service === 'email' ? { service } : { service, data: `${name}@gitlab` } })),
  ),
});

const adminByEmail = (roles: readonly string[]): Fault => ({
  fits: anyWay,
  plant: once('admin-without-mfa', person({ roles, auth: { service: 'email' }, mfa: 'off' })),
});

/** The rules are total here: a rule that nobody can plant a fault for is a compile error. */
export const faults: Readonly<Record<AuditRule, Readonly<Record<string, Fault>>>> = {
  drift: {
    'a nickname differs': drifted({ nickname: 'Countess' }, { nickname: 'Ada' }),
    'an address differs': drifted((name) => ({ email: `${name}@new.example.com` })),
    'a role is missing': drifted({ roles: ['system_post_all'] }, { roles: ['system_user'] }),
    'a role is too much': drifted({ roles: ['system_user'] }, { roles: ['system_user', 'system_post_all'] }),
    'an administrative role is missing': drifted({ roles: administers }, { roles: ['system_user'] }, 'high'),
    'an administrative role is too much': drifted(
      { roles: ['system_user'] },
      { roles: administers, mfa: 'on' },
      'high',
    ),
    'somebody should be gone': drifted({ active: false }, { auth: saml('gone'), roles: ['system_user'] }, 'high'),
    'somebody should be gone whom the directory keeps': {
      fits: anyWay,
      plant: drifted({ active: false }, { auth: { service: 'ldap', data: 'kept' } }, 'high').plant,
    },
    'somebody should be there': drifted({ active: true }, { active: false }),
    'the way to sign in differs': {
      plant: (name, setting) => ({
        accounts: [randomAccount(name, setting, { auth: saml(name), mfa: 'off' })],
        entries: [entry(name, { auth: { service: 'email' } })],
        found: [{ rule: 'drift', person: name }],
      }),
    },
    'nobody has the account': {
      plant: once('drift', (name) => ({ entries: [entry(name, { email: `${name}@example.com` })] })),
    },
    'an account has its old name': {
      plant: (name, setting) => ({
        accounts: [randomAccount(name, setting, { roles: ['system_user'] })],
        entries: [entry(`${name}.new`, {}, { previousUsernames: [name] })],
        found: [{ rule: 'drift', person: name }],
      }),
    },
    'a token is missing': {
      plant: once('drift', (name, setting) => ({
        ...person({ roles: ['system_user'] })(name, setting),
        entries: [entry(name, {}, { tokens: [wantedToken('ci')] })],
      })),
    },
    'a token is disabled': {
      plant: once('drift', (name, setting) => ({
        ...owner((live) => [ci(live, 5, { enabled: false })])(name, setting),
        entries: [entry(name, {}, { tokens: [wantedToken('ci')] })],
      })),
    },
  },
  'unusable-entry': {
    'an entry means two people': {
      plant: once('unusable-entry', (name, setting) => ({
        accounts: [randomAccount(name, setting), randomAccount(`${name}.two`, setting)],
        entries: [entry(name, { email: `${name}.two@example.com` })],
      })),
    },
    'an entry is refused by the files': {
      plant: once('unusable-entry', (name, setting) => ({
        accounts: [randomAccount(name, setting)],
        unusable: [asUnusable(entry(name), { file: 'users.yaml', line: 1, column: 1 }, [])],
      })),
    },
  },
  'undeclared-account': {
    'a member is in no file': { plant: once('undeclared-account', undeclared({ roles: ['system_user'] })) },
    'a guest is in no file': { plant: once('undeclared-account', undeclared({ roles: ['system_guest'] })) },
  },
  'undeclared-admin': {
    'an administrator is in no file': {
      plant: once('undeclared-admin', undeclared({ roles: administers, mfa: 'on' })),
    },
    'a manager is in no file': { plant: once('undeclared-admin', undeclared({ roles: manages, mfa: 'on' })) },
  },
  'admin-without-mfa': {
    'an administrator has a password alone': adminByEmail(administers),
    'a manager has a password alone': adminByEmail(manages),
  },
  'too-few-admins': {
    'more are wanted': { plant: () => ({ policy: { minAdmins: 100 }, found: [{ rule: 'too-few-admins' }] }) },
  },
  'disabled-admin': {
    'a declared leaver administers': {
      plant: once('disabled-admin', (name) => ({
        accounts: [account(name, { active: false, roles: administers })],
        entries: [entry(name, { active: false })],
      })),
    },
    'an undeclared leaver manages': { plant: once('disabled-admin', undeclared({ active: false, roles: manages })) },
  },
  'admin-bot': {
    'a bot administers': { plant: once('admin-bot', undeclared({ isBot: true, roles: administers })) },
    'a bot manages': { plant: once('admin-bot', undeclared({ isBot: true, roles: manages })) },
  },
  'leaver-token': {
    'a token of muster stayed': {
      plant: once(
        'leaver-token',
        leaver((live) => ({ tokens: [ci(live, 5)] }), false),
      ),
    },
    'a foreign token stayed': {
      plant: once(
        'leaver-token',
        leaver((live) => ({ tokens: [liveToken(live)] }), false),
      ),
    },
    'a declared leaver kept a token': {
      plant: once(
        'leaver-token',
        leaver((live) => ({ tokens: [ci(live, 5)] })),
      ),
    },
    'a disabled bot kept a token': {
      plant: once('leaver-token', (name) => {
        const live = account(name, { isBot: true, active: false });
        return { accounts: [live], tokens: [liveToken(live)] };
      }),
    },
  },
  'late-leaver': {
    'a leaver lost access after two days': { plant: once('late-leaver', lostAfter(48)) },
    'a leaver lost access after a month': { plant: once('late-leaver', lostAfter(30 * 24)) },
  },
  'leaver-session': {
    'a declared leaver has a session': { plant: once('leaver-session', leaver(hasSessions(1))) },
    'an undeclared leaver has two': { plant: once('leaver-session', leaver(hasSessions(2), false)) },
  },
  'leaver-bot': {
    'the bot of a leaver is active': {
      plant: once('leaver-bot', (name, setting) => ({
        ...withBot(randomAccount(name, setting, { active: false })),
        entries: [entry(name, { active: false })],
      })),
    },
  },
  'leaver-webhook': {
    'an incoming one stayed': {
      plant: once(
        'leaver-webhook',
        leaver((live) => ({ webhooks: integrationsOf(live).webhooks?.slice(0, 1) ?? [] })),
      ),
    },
    'an outgoing one stayed': {
      plant: once(
        'leaver-webhook',
        leaver((live) => ({ webhooks: integrationsOf(live).webhooks?.slice(1) ?? [] }), false),
      ),
    },
  },
  'leaver-command': {
    'a command stayed': {
      plant: once(
        'leaver-command',
        leaver((live) => ({ commands: integrationsOf(live).commands ?? [] })),
      ),
    },
  },
  'foreign-token': {
    'a person made one': {
      plant: once(
        'foreign-token',
        owner((live) => [liveToken(live)]),
      ),
    },
    'a bot has one': {
      plant: once('foreign-token', (name) => {
        const live = account(name, { isBot: true });
        return { accounts: [live], tokens: [liveToken(live)] };
      }),
    },
    'the caller works by one': {
      plant: () => ({
        tokens: [liveToken(root)],
        found: [{ rule: 'foreign-token', person: 'root', severity: 'info' }],
      }),
    },
  },
  'old-generation-token': {
    'its overlap is not over': {
      plant: once('old-generation-token', (name, setting) => ({
        ...rotated(name, setting),
        entries: [entry(name, {}, { tokens: [wantedToken('ci', { generation: 2, overlapMs: 90 * dayMs })] })],
      })),
    },
    'its overlap is over': {
      plant: (name, setting) => ({
        ...rotated(name, setting),
        entries: [entry(name, {}, { tokens: [wantedToken('ci', { generation: 2 })] })],
        found: [
          { rule: 'old-generation-token', person: name },
          { rule: 'drift', person: name },
        ],
      }),
    },
  },
  'ended-token': {
    'it expired': {
      plant: once(
        'ended-token',
        owner((live) => [ci(live, 5, { expiresAt: yesterday })]),
      ),
    },
    'it is disabled': {
      plant: once(
        'ended-token',
        owner((live) => [ci(live, 5, { enabled: false })]),
      ),
    },
    'that of a leaver expired': {
      plant: once(
        'ended-token',
        leaver((live) => ({ tokens: [ci(live, 5, { expiresAt: yesterday })] }), false),
      ),
    },
  },
  'ending-token': {
    'it ends tomorrow': {
      plant: once(
        'ending-token',
        owner((live) => [ci(live, 5, { expiresAt: moment + dayMs })]),
      ),
    },
    'it ends in a week': {
      plant: once(
        'ending-token',
        owner((live) => [ci(live, 5, { expiresAt: moment + 7 * dayMs })]),
      ),
    },
  },
  'old-token': {
    'it is two years old': {
      plant: once(
        'old-token',
        owner((live) => [ci(live, 730)]),
      ),
    },
    'it is a day too old': {
      plant: once(
        'old-token',
        owner((live) => [ci(live, 366)]),
      ),
    },
  },
  'unused-token': {
    'nobody used it': {
      plant: once(
        'unused-token',
        owner((live) => [ci(live, 40)], unused),
      ),
    },
    'another one is used': {
      plant: once(
        'unused-token',
        owner(
          (live) => [ci(live, 40), markedToken(live, { name: 'nightly', generation: 1 }, { id: `nightly-${live.id}` })],
          ({ id }) => ({
            sessions: { [id]: [{ id: `of-${id}`, lastActivityMs: yesterday, token: `nightly-${id}` }] },
          }),
        ),
      ),
    },
  },
  'no-team': {
    'a declared member is in no team': { plant: once('no-team', standing({ roles: ['system_user'] }, {})) },
    'a guest is in no team': { plant: once('no-team', standing({ roles: ['system_guest'] }, {})) },
  },
  'guest-without-channel': {
    'a guest is in a team alone': {
      plant: once('guest-without-channel', standing({ roles: ['system_guest'] }, { core: 'member' })),
    },
    'a guest lacks a channel in one of two teams': {
      plant: once(
        'guest-without-channel',
        standing({ roles: ['system_guest'] }, { core: 'member', 'core/dev': 'member', sales: 'member' }),
      ),
    },
  },
  'leaver-channel': {
    'a leaver is in a private channel': {
      plant: once('leaver-channel', standing({ active: false }, { core: 'member', 'core/ops': 'member' })),
    },
  },
  'leaver-place-admin': {
    'a leaver administers a team': {
      plant: once('leaver-place-admin', standing({ active: false }, { core: 'admin' })),
    },
    'a leaver administers a public channel': {
      plant: once('leaver-place-admin', standing({ active: false }, { core: 'member', 'core/dev': 'admin' })),
    },
  },
  'dormant-account': {
    'it was used long ago': {
      plant: once(
        'dormant-account',
        owner(() => [], used({ createdMs: daysAgo(500), lastMs: daysAgo(200) })),
      ),
    },
    'it was never used': {
      plant: once(
        'dormant-account',
        owner(() => [], used({ createdMs: daysAgo(100) })),
      ),
    },
    'not even its token was': {
      plant: once(
        'dormant-account',
        owner(
          (live) => [ci(live, 10)],
          (live) => ({ ...unused(live), ...used({ createdMs: daysAgo(100) })(live) }),
        ),
      ),
    },
  },
  'email-sign-in': {
    'somebody has a password': signsInBy('email'),
    'somebody comes from another provider': signsInBy('gitlab'),
  },
  'expiring-person': {
    'it ends in a week': { plant: once('expiring-person', endingIn(7)) },
    'it ends in two weeks': { plant: once('expiring-person', endingIn(14)) },
  },
  'duplicate-person': {
    'two have one name': {
      plant: twins((name) => [
        { first_name: 'Twin', last_name: name },
        { first_name: 'twin ', last_name: name.toUpperCase() },
      ]),
    },
    'two have one address': { plant: twins((name) => [{}, { email: `${name}+two@example.com` }]) },
  },
  'service-account': {
    'its token alone is used': {
      plant: once(
        'service-account',
        owner((live) => [ci(live, 10)], used({ createdMs: daysAgo(100) })),
      ),
    },
    'its person was there long ago': {
      plant: once(
        'service-account',
        owner((live) => [ci(live, 10)], used({ createdMs: daysAgo(500), lastMs: daysAgo(200) })),
      ),
    },
  },
};

/** Every kind of fault, by rule and the way it got there. */
export const kindsOfFaults: ReadonlyArray<readonly [kind: string, fault: Fault]> = Object.entries(faults).flatMap(
  ([rule, ways]) => Object.entries(ways).map(([way, fault]) => [`${rule}: ${way}`, fault] as const),
);

function rotated(name: string, setting: Setting): Part {
  const live = randomAccount(name, setting);
  return {
    accounts: [live],
    tokens: [ci(live, 20), markedToken(live, { name: 'ci', generation: 2, date: dateAgo(1) })],
  };
}

function used(activity: { readonly createdMs: number; readonly lastMs?: number }): (live: LiveUser) => Part {
  return ({ id }) => ({ activity: { [id]: activity } });
}

function endingIn(days: number): (name: string, setting: Setting) => Part {
  return (name, setting) => ({
    accounts: [randomAccount(name, setting)],
    entries: [entry(name, { active: true }, { dates: { endsMs: moment + days * dayMs } })],
  });
}

function lostAfter(hours: number): (name: string, setting: Setting) => Part {
  const endsMs = moment - 100 * dayMs;
  const dates = { createdMs: endsMs - dayMs, updatedMs: yesterday, inactiveSinceMs: endsMs + hours * (dayMs / 24) };
  return (name, setting) => ({
    accounts: [{ ...randomAccount(name, setting, { active: false }), dates }],
    entries: [entry(name, { active: false }, { dates: { endsMs } })],
  });
}

function twins(differ: (name: string) => readonly [AccountOptions, AccountOptions]): Fault['plant'] {
  return (name, setting) => {
    const [one, two] = differ(name);
    const nameless = { first_name: '', last_name: '' };
    const first = randomAccount(name, setting, { ...nameless, ...one });
    const second = randomAccount(`${name}.two`, setting, { ...nameless, ...two });
    return {
      accounts: [first, second],
      entries: [entry(name), entry(`${name}.two`)],
      found: [{ rule: 'duplicate-person', person: `${name}.two` }],
    };
  };
}
