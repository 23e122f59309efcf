import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

const files = {
  'users.yaml': `version: 1
defaults: { locale: de }
users:
  - { username: ada, email: ada@example.com }
  - { username: new, email: new@example.com, tokens: [{ name: ci, generation: 2, expires_in: 90d, overlap: 24h }] }
  - { username: grace, previous_usernames: [ghopper], nickname: Amazing }
  - { username: linus, active: false }
  - { username: sandbox-admin, active: false }
  - { username: boss, active: false }
  - { username: sleeper }
  - { username: ended, ends: 2020-01-31 }
`,
  'ambiguous.yaml': `version: 1
users:
  - { username: ada, email: grace@example.com }
  - { username: boss, nickname: B }
`,
};

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    version: '11.9.0',
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
    seed: {
      users: [
        { username: 'ada', locale: 'de' },
        { username: 'ghopper', email: 'grace@example.com' },
        { username: 'linus', auth_service: 'ldap', auth_data: 'linus', locale: 'de' },
        { username: 'boss', roles: ['system_user', 'system_admin'], locale: 'de' },
        { username: 'sleeper', active: false, locale: 'de' },
        { username: 'ended', locale: 'de' },
      ],
    },
  });
  place = await makeWorkplace(files, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
});

afterAll(() => sandbox.close());

const explain = (name: string, ...args: readonly string[]): Promise<Run> =>
  place.muster(['explain', name, '-f', 'users.yaml', ...args]);

const idOf = (name: string): string => sandbox.control.user(name)?.id ?? '?';

test('of a person who already matches: the match, where each field stands, and that nothing would change', async () => {
  const { code, stdout } = await explain('ada');

  expect(code).toBe(0);
  expect(stdout).toBe(`ada  users.yaml:4
means the account ada (id ${idOf('ada')}, active, ada@example.com), found by username, e-mail

Managed
  username  ada              users.yaml:4
  email     ada@example.com  users.yaml:4
  locale    de               users.yaml:2  from defaults

Not managed  left as they are: first_name, last_name, nickname, position, timezone, notify_props, props, roles, active, auth, mfa, tokens, teams

Already matches  nothing would change
`);
});

test.each<[string, string, readonly RegExp[]]>([
  [
    'new',
    'somebody new',
    [
      /^means no account on the server yet/m,
      /tokens\.ci {2}generation 2, a new one for 90d, the previous one for another 1d +users/,
      /create +account +new@example\.com +users\.yaml:5/,
      /token-create +tokens\.ci@2 +new, enabled for 90d, to [a-z .]+ +users\.yaml:5/,
    ],
  ],
  [
    'grace',
    'somebody renamed',
    [
      /means the account ghopper \(id \w{26}, active, grace@example\.com\), found by previous username/,
      /rename +username +ghopper → grace +users\.yaml:6/,
      /update +locale +en → de +users\.yaml:2 +defaults of users\.yaml/,
    ],
  ],
  [
    'linus',
    'somebody held',
    [/^Held {2}real differences/m, /active {2}true → false/, /\(ldap-owns-active\)$/m, /^ +→ disable the person/m],
  ],
  ['sandbox-admin', 'the caller', [/^Held /m, /\(.*caller.*\)$/m]],
  [
    'boss',
    'somebody blocked',
    [/^Blocked {2}changes that a rail stopped/m, /\(min-admins\)$/m, /^ +→ make another person administrator first/m],
  ],
  [
    'sleeper',
    'somebody inactive',
    [/, inactive, sleeper@example\.com\), found by username/, /^Notices/m, /^ +→ write active: true/m],
  ],
  [
    'ended',
    'somebody whose time is over',
    [/active +false +users\.yaml:11/, /deactivate +active +true → false +users\.yaml:11 +ended? 2020-01-31/],
  ],
])('of %s, %s', async (name, _who, parts) => {
  const { code, stdout } = await explain(name);

  expect(code).toBe(0);
  for (const part of parts) expect(stdout).toMatch(part);
});

test.each([
  ['a previous username', 'ghopper'],
  ['an e-mail', 'new@example.com'],
  ['capitals', 'GRACE'],
])('finds the entry by %s', async (_what, name) => {
  const { code, stdout } = await explain(name);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^(grace|new) {2}users\.yaml/);
});

const explainBad = (name: string): Promise<Run> => place.muster(['explain', name, '-f', 'ambiguous.yaml']);

describe('of a file with an entry that cannot be used', () => {
  test('says of whom it is not certain, and why, with 3', async () => {
    const { code, stdout } = await explainBad('ada');

    expect(code).toBe(3);
    expect(stdout).toContain('means no account for certain');
    expect(stdout).toContain('Left alone  before this is fixed:');
    expect(stdout).toContain(`ada (id ${idOf('ada')}) by username and ghopper (id ${idOf('ghopper')}) by e-mail`);
  });

  test('says of the others whom they mean and what would change all the same', async () => {
    const { code, stdout } = await explainBad('boss');

    expect(code).toBe(0);
    expect(stdout).toContain(`means the account boss (id ${idOf('boss')}`);
    expect(stdout).toMatch(/Would change\n {2}update +nickname/);
  });
});

test.each([
  ['a typing error', 'grcae', 'did you mean grace?'],
  ['nobody’s name', 'zzzzzzzz', 'name a username as the users files declare it'],
])('of %s is an error of input with a hint', async (_what, name, hint) => {
  const { code, stdout, stderr } = await explain(name);

  expect(code).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toContain(`no entry is called ${name}`);
  expect(stderr).toContain(hint);
});

test('says the same as JSON', async () => {
  const { code, stdout } = await explain('grace', '--format', 'json');

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    username: 'grace',
    entry: { file: 'users.yaml', line: 6 },
    account: { username: 'ghopper', active: true, by: ['previous username'] },
    managed: [
      { name: 'username', wanted: 'grace', origin: { from: 'entry', line: 6 } },
      { name: 'nickname', wanted: 'Amazing', origin: { from: 'entry', line: 6 } },
      { name: 'locale', wanted: 'de', origin: { from: 'defaults', line: 2 } },
    ],
    problems: [],
    changes: [{ class: 'rename' }, { class: 'update' }, { class: 'update' }],
  });
});

test('an explanation writes nothing to the server', async () => {
  const before = JSON.stringify(sandbox.snapshot().people);

  await explain('new');
  await explain('grace');

  expect(JSON.stringify(sandbox.snapshot().people)).toBe(before);
});
