/** A small organisation, its files in the base, and the same files as a pull request would have them; all of it from one number. */
import type { ApprovalEntry } from '../../../src/model/generated/approvals-file.ts';
import type { ConfigFile, PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { TokenEntry, UserEntry, UsersFile } from '../../../src/model/generated/users-file.ts';
import type { SeedToken, SeedUser } from '../../../src/sandbox/index.ts';
import { mark, noon, openBudgets } from '../../apply/support/stage.ts';

/** A whole number from 0 up to, and without, another one. */
export type Draw = (below: number) => number;

/** What a repository holds. */
export interface Files {
  readonly config: ConfigFile;
  readonly users: UsersFile;
  readonly approvals: readonly ApprovalEntry[];
}

export interface PullRequestCase {
  readonly seeds: readonly SeedUser[];
  readonly version: string;
  readonly base: Files;
  readonly pullRequest: Files;
}

const dayMs = 86_400_000;

export const oneOf = <Value>(pick: Draw, values: readonly [Value, ...(readonly Value[])]): Value =>
  values[pick(values.length)] ?? values[0];

const some = <Value>(pick: Draw, values: readonly Value[]): readonly Value[] => values.filter(() => pick(2) === 0);

const oneIn = (pick: Draw, count: number): boolean => pick(count) === 0;

/** A person is known by their number, whatever they are called. */
export const numberOf = (name: string): string => /\d+/.exec(name)?.[0] ?? name;

const nameOf = (number: number): string => `p${number}`;
const mailOf = (number: number): string => `p${number}@example.com`;

export function dayAfter(days: number): string {
  return new Date(noon + days * dayMs).toISOString().slice(0, 10);
}

export function drawCase(pick: Draw): PullRequestCase {
  const people = 4 + pick(6);
  const seeds = Array.from({ length: people }, (_, i) => drawSeed(pick, i));
  const numbers = Array.from({ length: people + 2 }, (_, i) => i);
  const base: Files = {
    config: drawConfig(pick),
    users: {
      version: 1,
      ...drawHead(pick),
      users: [
        ...numbers.filter((i) => i < people && !oneIn(pick, 5)).map((i) => drawEntry(pick, i, seeds[i])),
        { username: 'sandbox-admin' },
      ],
    },
    approvals: drawApprovals(pick, numbers),
  };
  return {
    seeds,
    version: oneOf(pick, ['11.6.0', '11.9.0']),
    base,
    pullRequest: {
      config: oneIn(pick, 3) ? drawConfig(pick) : base.config,
      users: editUsers(pick, base.users, numbers, seeds),
      approvals: oneIn(pick, 3) ? drawApprovals(pick, numbers) : base.approvals,
    },
  };
}

function drawSeed(pick: Draw, number: number): SeedUser {
  return {
    username: nameOf(number),
    email: mailOf(number),
    nickname: 'x',
    roles: oneOf(pick, [
      'system_user',
      'system_user',
      'system_user system_post_all',
      'system_user system_admin',
      'system_user system_admin',
      'system_user system_manager',
      'system_guest',
    ]),
    active: !oneIn(pick, 3),
    tokens: oneIn(pick, 2) ? drawSeedTokens(pick) : [],
    ...(oneIn(pick, 6) && { auth_service: 'saml', auth_data: `saml-${number}` }),
    ...(oneIn(pick, 6) && { mfa_active: true }),
  };
}

const drawSeedTokens = (pick: Draw): readonly SeedToken[] =>
  some(pick, [mark('ci'), mark('ci', 2), mark('cd'), 'by hand']).map((description) => ({
    description,
    active: !oneIn(pick, 4),
    ...(oneIn(pick, 4) && { expires_at: noon + (1 + pick(40)) * dayMs }),
  }));

function drawHead(pick: Draw): Partial<UsersFile> {
  return {
    ...(oneIn(pick, 3) && { defaults: { locale: oneOf(pick, ['en', 'de']) } }),
    ...(oneIn(pick, 2) && {
      on_create: { roles: oneOf(pick, [['system_user'], ['system_user', 'system_post_all'], ['system_guest']]) },
    }),
  };
}

/** Base entry and pull request entry are drawn in the same way: what differs is what the pull request changes. */
function drawEntry(pick: Draw, number: number, seed: SeedUser | undefined): UserEntry {
  const isRenamed = seed !== undefined && oneIn(pick, 8);
  return {
    username: isRenamed ? `q${number}` : nameOf(number),
    ...(isRenamed && { previous_usernames: [nameOf(number)] }),
    ...(oneIn(pick, 2) && { adopt: true }),
    ...(seed === undefined || oneIn(pick, 2) ? { email: mailOf(number) } : {}),
    ...(seed !== undefined && oneIn(pick, 8) && { email: `new${number}@example.com` }),
    ...(oneIn(pick, 2) && { nickname: oneOf(pick, ['x', 'y']) }),
    ...(oneIn(pick, 2) && {
      roles: oneOf(pick, [
        ['system_user'],
        ['system_user', 'system_post_all'],
        ['system_user', 'system_admin'],
        ['system_user', 'system_admin'],
        ['system_user', 'system_manager'],
        ['system_guest'],
      ]),
    }),
    ...drawPresence(pick),
    ...(oneIn(pick, 10) && { auth: oneOf(pick, [{ service: 'email' }, { service: 'saml', data: `saml-${number}` }]) }),
    ...(oneIn(pick, 10) && { mfa: 'off' as const }),
    ...(oneIn(pick, 2) && { tokens: drawTokens(pick) }),
  };
}

/** Whether, from when and until when a person is wanted. */
function drawPresence(pick: Draw): Partial<UserEntry> {
  const first = pick(40) - 5;
  switch (pick(8)) {
    case 0:
    case 1:
      return {};
    case 2:
      return { active: true };
    case 3:
      return { active: false };
    case 4:
      return { starts: momentOf(pick, first) };
    case 5:
      return { ends: momentOf(pick, first) };
    case 6:
      return { active: true, ends: momentOf(pick, first) };
    default:
      return { starts: momentOf(pick, first), ends: momentOf(pick, first + 1 + pick(20)) };
  }
}

function momentOf(pick: Draw, days: number): string {
  const day = dayAfter(days);
  return oneIn(pick, 3) ? `${day}T${String(pick(24)).padStart(2, '0')}:30:00Z` : day;
}

const drawTokens = (pick: Draw): TokenEntry[] =>
  some(pick, ['ci', 'cd']).map((name) => ({
    name,
    generation: 1 + pick(3),
    enabled: !oneIn(pick, 5),
    ...(oneIn(pick, 3) && { overlap: `${1 + pick(30)}d` }),
    ...(oneIn(pick, 5) && { expires_in: `${1 + pick(40)}d` }),
    ...(oneIn(pick, 3) && { sink: 'vault' }),
  }));

function drawConfig(pick: Draw): ConfigFile {
  const policy: PolicyFile = {
    min_admins: 1 + pick(2),
    foreign_tokens: oneOf(pick, ['ignore', 'report', 'disable', 'revoke']),
    leavers: { tokens: oneOf(pick, ['disable', 'revoke', 'keep']) },
    time_zone: oneOf(pick, ['UTC', 'UTC', 'Pacific/Auckland', 'America/Los_Angeles']),
    window: oneOf(pick, ['report', 'report', 'require']),
    protect: oneIn(pick, 5) ? [nameOf(pick(6))] : [],
    ...(oneIn(pick, 2) && { budgets: drawBudgets(pick) }),
  };
  return {
    version: 1,
    files: ['users.yaml'],
    approvals: 'approvals.yaml',
    policy,
    secrets: {
      sinks: { vault: { dir: 'vault' } },
      ...(oneIn(pick, 2) && { default_sink: 'vault' }),
    },
  };
}

const drawBudgets = (pick: Draw): NonNullable<PolicyFile['budgets']> =>
  oneIn(pick, 2)
    ? openBudgets
    : { 'admin-gain': { floor: pick(4) }, 'admin-touch': { floor: pick(4) }, deactivate: { floor: pick(4) } };

const approvable = [
  'admin-touch',
  'admin-gain',
  'admin-loss',
  'activate',
  'deactivate',
  'auth',
  'token-revoke',
] as const;

const drawApprovals = (pick: Draw, numbers: readonly number[]): readonly ApprovalEntry[] =>
  some(pick, some(pick, approvable)).flatMap((name) => {
    const users = some(pick, numbers).map(nameOf);
    return users.length === 0 ? [] : [approvalFor(name, users, pick(25) - 3)];
  });

export function approvalFor(name: ApprovalEntry['class'], users: readonly string[], days: number): ApprovalEntry {
  return { class: name, reason: 'reviewed', by: 'p0', expires: dayAfter(days), users: [...new Set(users)] };
}

/** Some entries become others, some go, some people come. */
function editUsers(pick: Draw, file: UsersFile, numbers: readonly number[], seeds: readonly SeedUser[]): UsersFile {
  const edited = new Set(Array.from({ length: 1 + pick(4) }, () => pick(numbers.length)));
  const before = new Map(file.users.map((entry) => [numberOf(entry.username), entry]));
  const users = numbers.flatMap((number): readonly UserEntry[] => {
    const previous = before.get(String(number));
    if (!edited.has(number)) return previous === undefined ? [] : [previous];
    if (previous !== undefined && oneIn(pick, 6)) return [];
    const drawn = drawEntry(pick, number, seeds[number]);
    // Most changes are small ones.
    return [previous === undefined || oneIn(pick, 3) ? drawn : mixed(pick, previous, drawn)];
  });
  const head = oneIn(pick, 4) ? drawHead(pick) : { ...file, users: [] };
  return { ...head, version: 1, users: [...users, { username: 'sandbox-admin' }] };
}

function mixed(pick: Draw, previous: UserEntry, drawn: UserEntry): UserEntry {
  const { adopt, email, nickname, roles, auth, mfa, tokens, active, starts, ends } = drawn;
  const parts: readonly Partial<UserEntry>[] = [
    { ...(adopt !== undefined && { adopt }), ...(email !== undefined && { email }) },
    { ...(nickname !== undefined && { nickname }), ...(mfa !== undefined && { mfa }) },
    { ...(roles !== undefined && { roles }), ...(auth !== undefined && { auth }) },
    { ...(tokens !== undefined && { tokens }) },
  ];
  const { active: _active, starts: _starts, ends: _ends, ...others } = previous;
  const presence = {
    ...(active !== undefined && { active }),
    ...(starts !== undefined && { starts }),
    ...(ends !== undefined && { ends }),
  };
  const kept: UserEntry = oneIn(pick, 2) ? previous : { ...others, ...presence };
  return some(pick, parts).reduce<UserEntry>((entry, part) => ({ ...entry, ...part }), kept);
}
