/** Any server, and any wish about it, for properties of whole runs. */
import * as fc from 'fast-check';
import type { PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { ChannelEntry, TeamEntry, TokenEntry, UserEntry } from '../../../src/model/generated/users-file.ts';
import type { SeedMembership, SeedTeam, SeedToken, SeedUser } from '../../../src/sandbox/index.ts';
import { mark, openBudgets } from '../../apply/support/stage.ts';

/** Among them those that YAML would rather read as something else. */
const names: readonly string[] = (
  'ada grace linus barbara edsger donald margaret ken dennis alan radia frances ' +
  'null true no on y 123 007 1e5 0x1f 0o17 1_000 2026-01-01 .inf .nan ' +
  '- . .. _ --- ... -a a.b a-b a_b muster.tmp.ada system constructor __proto__'
).split(' ');

type Drawn<Source> = Source extends fc.Arbitrary<infer Value> ? Value : never;

const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom(
    'Ada',
    'O’Neill',
    'yes',
    '~',
    '42',
    ': #',
    '- x',
    "it's",
    '"',
    ' lead',
    'trail ',
    '{a: 1}',
    '*a',
    '&a',
    '!t',
    '@x',
    '%',
    'ß',
    '李',
    '👩‍💻',
    'a\u202eb',
    'a\ttab',
    '\u0007',
    'two\nlines',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
);

const locales = fc.oneof(
  { weight: 4, arbitrary: fc.constant('en') },
  fc.constantFrom('de', '', 'en-US', 'pt-BR', 'de-de'),
);

const storedRoles = fc.oneof(
  { weight: 5, arbitrary: fc.constant('system_user') },
  fc.constantFrom(
    'system_admin system_user',
    'system_user system_admin',
    'system_user system_post_all',
    'system_user  system_post_all system_user',
    'system_guest',
    'system_guest system_post_all',
    'system_user system_guest',
    '',
    'system_admin',
    'system_user system_old',
    'system_user team_admin',
  ),
);

const storedTokens: fc.Arbitrary<readonly SeedToken[]> = fc.array(
  fc.record({
    description: fc.constantFrom(
      mark('ci'),
      mark('ci', 2),
      mark('cd'),
      mark('old', 3),
      'by hand',
      'ci@1 muster:never',
      'ci@1',
    ),
    active: fc.boolean(),
  }),
  { maxLength: 3 },
);

const maps = {
  notify_props: fc.constantFrom(undefined, {}, { desktop: 'all' }),
  timezone: fc.constantFrom(undefined, {}, null),
};

/** The teams and channels of every server. */
export const anyTeams: readonly SeedTeam[] = [
  { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }, { name: 'gone', archived: true }] },
  { name: 'sales', channels: [{ name: 'deals', type: 'P' }] },
  { name: 'closed', archived: true },
  { name: 'synced', group_constrained: true },
];
const channelsOf: Readonly<Record<string, readonly string[]>> = { core: ['dev', 'ops', 'gone'], sales: ['deals'] };
const placeRole = fc.constantFrom<'member' | 'admin'>('member', 'member', 'admin');

/** What people are in: also teams that they left, and some that no entry names. */
const storedTeams: fc.Arbitrary<readonly SeedMembership[]> = fc
  .subarray(anyTeams.map(({ name }) => name))
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((team) =>
        fc.record({
          team: fc.constant(team),
          role: placeRole,
          left: fc.constantFrom(false, false, false, true),
          channels: fc
            .subarray([...(channelsOf[team] ?? [])])
            .chain((own) =>
              fc.tuple(...own.map((channel) => fc.record({ channel: fc.constant(channel), role: placeRole }))),
            ),
        }),
      ),
    ),
  );

interface Trait {
  readonly kind: 'person' | 'bot' | 'remote';
  readonly auth: string;
  readonly hasData: boolean;
}

const traits: fc.Arbitrary<Trait> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('person' as const) },
    fc.constantFrom('bot' as const, 'remote' as const),
  ),
  auth: fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    fc.constantFrom('ldap', 'saml', 'gitlab', 'google', 'magic_link', 'email'),
  ),
  hasData: fc.boolean(),
});

const person = fc.record({
  trait: traits,
  first_name: texts,
  last_name: texts,
  nickname: texts,
  position: texts,
  locale: locales,
  roles: storedRoles,
  active: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  tokens: storedTokens,
  teams: storedTeams,
  ...maps,
});

const namesOf = (max: number): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...names), { maxLength: max });

/** Up to 25 accounts of every kind. */
export const anyPeople: fc.Arbitrary<readonly SeedUser[]> = namesOf(25).chain((usernames) =>
  fc
    .array(person, { minLength: usernames.length, maxLength: usernames.length })
    .map((people) => people.map((one, i) => toSeed(usernames[i] ?? '', one))),
);

/** Names may begin and end with dots, addresses may not. */
const mailOf = (name: string): string => `${name.replaceAll('.', '+')}@example.com`;

function toSeed(username: string, { trait, notify_props, timezone, ...fields }: Drawn<typeof person>): SeedUser {
  const { kind, auth, hasData } = trait;
  return {
    username: kind === 'remote' ? `${username}:far` : username,
    email: mailOf(username),
    ...fields,
    ...(notify_props !== undefined && { notify_props }),
    ...(timezone !== undefined && { timezone }),
    ...(kind === 'bot' && { is_bot: true }),
    ...(kind === 'remote' && { remote_id: 'far' }),
    ...(kind === 'person' &&
      auth !== '' && { auth_service: auth, ...(hasData && { auth_data: `data of ${username}` }) }),
  };
}

export const anyPolicy: fc.Arbitrary<PolicyFile> = fc.record({
  min_admins: fc.constantFrom(1, 2, 3),
  foreign_tokens: fc.constantFrom('ignore', 'report', 'disable', 'revoke'),
  leavers: fc.record({ tokens: fc.constantFrom('disable', 'revoke', 'keep') }),
  auth_service_off: fc.constantFrom('block', 'warn'),
  undeclared_users: fc.constantFrom('ignore', 'report'),
  budgets: fc.constantFrom({}, openBudgets),
});

const wantedTokens: fc.Arbitrary<TokenEntry[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('ci', 'cd', 'new'),
    generation: fc.constantFrom(1, 2, 3),
    enabled: fc.constantFrom(true, true, false),
  }),
  { maxLength: 2, selector: ({ name }) => name },
);

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const wantedChannel = (channel: string): fc.Arbitrary<ChannelEntry> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<ChannelEntry>(channel) },
    fc.constant<ChannelEntry>({ channel, role: 'admin' }),
    fc.constant<ChannelEntry>({ channel, role: 'member' }),
    fc.constant<ChannelEntry>({ channel, member: false }),
  );

/** Each team with a channel, as a guest needs it. */
const wantedTeams: fc.Arbitrary<TeamEntry[]> = fc.subarray(['core', 'sales']).chain((chosen) =>
  fc.tuple(
    ...chosen.map((team) =>
      fc.oneof(
        { weight: 1, arbitrary: fc.constant<TeamEntry>({ team, member: false }) },
        {
          weight: 5,
          arbitrary: fc
            .record({
              role: sometimes(placeRole),
              channels: fc
                .subarray(team === 'core' ? ['dev', 'ops'] : ['deals'], { minLength: 1 })
                .chain((own) => fc.tuple(...own.map(wantedChannel))),
            })
            .map(({ role, channels }): TeamEntry => ({ team, channels, ...(role !== undefined && { role }) })),
        },
      ),
    ),
  ),
);

const wish = fc.record({
  isDeclared: fc.boolean(),
  isRenamed: fc.constantFrom(false, false, false, true),
  newEmail: fc.constantFrom(false, false, true),
  first_name: sometimes(fc.constantFrom('', 'Ada', 'x')),
  nickname: sometimes(fc.constantFrom('', 'nick')),
  locale: sometimes(fc.constantFrom('en', 'de', 'en-US')),
  notify_props: sometimes(fc.constantFrom({ desktop: 'none' }, { mention_keys: 'B,a, ,A' })),
  roles: sometimes(
    fc.constantFrom(
      ['system_user'],
      ['system_user', 'system_post_all'],
      ['system_user', 'system_admin'],
      ['system_guest'],
      ['system_guest', 'system_post_all'],
    ),
  ),
  active: sometimes(fc.boolean()),
  auth: sometimes(fc.constantFrom<'email' | 'saml' | 'ldap' | 'gitlab'>('email', 'saml', 'ldap', 'gitlab')),
  tokens: sometimes(wantedTokens),
  teams: sometimes(wantedTeams),
});

type Wish = Drawn<typeof wish>;

export interface Situation {
  readonly people: readonly SeedUser[];
  readonly entries: readonly UserEntry[];
  readonly policy: PolicyFile;
}

const isDeclarable = ({ username, is_bot: isBot, remote_id: remote }: SeedUser): boolean =>
  isBot !== true && remote === undefined && username !== 'system' && !username.startsWith('muster.tmp.');

/** People, and a users file about some of them and about a few who are new. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record({ people: anyPeople, policy: anyPolicy, newcomers: fc.array(wish, { maxLength: 4 }) })
  .chain(({ people, policy, newcomers }) =>
    fc.array(wish, { minLength: people.length, maxLength: people.length }).map((wishes) => ({
      people,
      policy,
      entries: [
        ...people.flatMap((seed, i) => {
          const wanted = wishes[i];
          return wanted === undefined || !wanted.isDeclared || !isDeclarable(seed)
            ? []
            : [toEntry(seed.username, wanted, true)];
        }),
        ...newcomers.map((wanted, i) => toEntry(`new${i}`, wanted, false)),
        // So that the file is never empty.
        { username: 'sandbox-admin' },
      ],
    })),
  );

function toEntry(name: string, wanted: Wish, isLive: boolean): UserEntry {
  const { isRenamed, newEmail, isDeclared: _, auth, teams, ...fields } = wanted;
  const isGuest = fields.roles?.some((role) => role === 'system_guest') === true;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const moved = isLive && isRenamed;
  return {
    username: moved ? `x.${name}` : name,
    ...(moved && { previous_usernames: [name] }),
    adopt: true,
    email: isLive && !newEmail ? mailOf(name) : mailOf(`${name}+new`),
    ...given,
    ...(teams !== undefined && { teams: isGuest ? teams.filter(isForGuests) : teams }),
    ...(auth !== undefined && {
      auth: auth === 'email' ? { service: auth } : { service: auth, data: `data of ${name}` },
    }),
  };
}

/** A file with another one is refused as a whole. */
const isForGuests = (team: TeamEntry): boolean =>
  typeof team === 'string' ||
  team.member === false ||
  (team.role !== 'admin' &&
    (team.channels ?? []).some((one) => typeof one === 'string') &&
    (team.channels ?? []).every((one) => typeof one === 'string' || one.role !== 'admin'));
