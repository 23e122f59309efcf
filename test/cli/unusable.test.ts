/** One entry that cannot be used, from the file to the exit code, against a server. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const users = `version: 1
users:
  - { username: sam, email: support@example.com }
  - { username: urgent, active: false }
  - { username: ada, nickname: Countess }
  - { username: bob, nickname: 5 }
`;

let sandbox: Sandbox;
let place: Workplace;

beforeEach(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'helpdesk', email: 'support@example.com' },
        ...['sam', 'urgent', 'ada', 'bob'].map((username) => ({ username })),
      ],
    },
  });
  place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': 'version: 1\nfiles: [users.yaml]\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterEach(() => sandbox.close());

const done = (): readonly unknown[] => [
  sandbox.control.user('urgent')?.delete_at !== 0,
  sandbox.control.user('ada')?.nickname,
];
const everything = [true, 'Countess'];
const nothing = [false, ''];

describe('a plan', () => {
  test.each<[format: string, shown: readonly RegExp[]]>([
    [
      'text',
      [/^Unusable: 2 .*exit code 3\n {2}sam\n {6}users\.yaml:3:7 sam means 2 accounts: .*\n {6}→ name the right one/m],
    ],
    ['markdown', [/Unusable: 2 \(exit code 3\)[^]*`sam` \| `users\.yaml:3:7`[^]*`bob` \| `users\.yaml:6:\d+`/]],
    [
      'github',
      [
        /^::error file=users\.yaml,line=3,col=7,title=unusable::sam means 2.*; left alone: helpdesk, sam$/m,
        /line=6,col=\d+,title=unusable/,
      ],
    ],
    ['diff', [/^# Unusable: sam: users\.yaml:3:7 sam means 2 accounts.*; left alone: helpdesk, sam$/m]],
  ])('names who cannot be used first, with place and cure, as %s, and plans the others', async (format, shown) => {
    const { code, stdout } = await place.muster(['plan', '--format', format]);

    expect(code).toBe(3);
    for (const pattern of shown) expect(stdout).toMatch(pattern);
    expect(stdout.indexOf('sam means')).toBeLessThan(stdout.search(/urgent|1 deactivate/));
  });

  test('as JSON and in its file says the same, and what is left alone', async () => {
    const { code, stdout } = await place.muster(['plan', '--format', 'json', '--out', 'plan.json']);
    const plan = JSON.parse(stdout) as Plan;

    expect(code).toBe(3);
    expect(plan.unusable).toMatchObject([
      {
        person: 'sam',
        file: 'users.yaml',
        line: 3,
        left_alone: ['helpdesk', 'sam'],
        problems: [{ code: 'ambiguous-person' }],
      },
      { person: 'bob', line: 6, left_alone: ['bob'], problems: [{ code: 'wrong-type' }] },
    ]);
    expect(plan.summary).toMatchObject({ declared: 4, unusable: 2, actions: 2 });
    expect(plan.undeclared.map(({ username }) => username)).toEqual(['sandbox-admin']);
    expect(JSON.parse(await readFile(join(place.dir, 'plan.json'), 'utf8'))).toEqual(plan);
    expect((await place.muster(['show', 'plan.json'])).code).toBe(3);
  });

  test('without names repeats no word of the entries', async () => {
    const { stdout } = await place.muster(['plan', '--redact']);

    expect(stdout).toMatch(/users\.yaml:3:7 ambiguous person \(not shown\)/);
    expect(stdout).not.toMatch(/\b(?:sam|helpdesk|support)\b/);
  });

  test.each<[user: string, expected: number]>([
    ['urgent', 0],
    ['sam', 3],
    ['bob', 3],
  ])('that is limited to %s counts what concerns them alone', async (user, expected) => {
    const { code, stdout } = await place.muster(['plan', '--user', user]);

    expect(code).toBe(expected);
    expect(stdout).toMatch(/unusable entr(y|ies) of others not counted/);
  });

  test('ends with 3 also where a rail blocks or changes are asked for', async () => {
    expect((await place.muster(['plan', '--detailed-exitcode'])).code).toBe(3);
    expect((await place.muster(['plan', '--detailed-exitcode', '--user', 'ada'])).code).toBe(2);
  });
});

test('an audit names an administrator whom nothing but an unusable entry may mean, and whom else it leaves alone', async () => {
  sandbox.control.updateUser('helpdesk', { roles: 'system_user system_admin' });
  const text = 'version: 1\nusers:\n  - { username: sandbox-admin }\n  - { username: zed, note: "helpdesk, urgent" }\n';
  await writeFile(join(place.dir, 'users.yaml'), text);

  const { stdout } = await place.muster(['audit', '--format', 'json']);
  const { findings } = JSON.parse(stdout) as AuditReport;

  expect(findings.filter(({ rule }) => rule === 'undeclared-admin')).toMatchObject([
    { person: 'helpdesk', text: expect.stringContaining('one that cannot be used (users.yaml:4)') as string },
  ]);
  const facts = findings.find(({ rule }) => rule === 'unusable-entry')?.evidence.map(({ fact }) => fact);
  expect(facts).toEqual(expect.arrayContaining(['left alone: helpdesk', 'left alone: urgent']));
});

test('validate tells what needs no server, and explain what concerns one person', async () => {
  const validated = await place.muster(['validate']);

  expect([validated.code, validated.stderr]).toEqual([
    3,
    expect.stringMatching(/^users\.yaml:6:\d+ error users\[4\]\.nickname/),
  ]);
  expect((await place.muster(['explain', 'urgent'])).code).toBe(0);
  const explained = await place.muster(['explain', 'bob']);
  expect([explained.code, explained.stdout]).toEqual([
    3,
    expect.stringMatching(/users\.yaml:6:\d+ error users\[4\]\.nickname/),
  ]);
  const helpdesk = await place.muster(['explain', 'helpdesk']);
  expect([helpdesk.code, helpdesk.stdout]).toEqual([3, expect.stringContaining('sam means 2 accounts')]);
});

describe('an apply', () => {
  test('where no one is asked writes nothing, and says how the rest is done', async () => {
    const { code, stdout, stderr } = await place.muster(['apply', '--yes']);

    expect([code, done()]).toEqual([3, nothing]);
    expect(stdout).toContain('sam means 2 accounts');
    expect(stderr).toMatch(/2 entries cannot be used.*: nothing was written\n.*--skip-unusable/);
  });

  test.each([['text'], ['json'], ['markdown'], ['github']])(
    'that may skip them serves everybody else, and ends with 3, as %s',
    async (format) => {
      const { code, stdout } = await place.muster(['apply', '--yes', '--skip-unusable', '--format', format]);

      expect([code, done()]).toEqual([3, everything]);
      expect(stdout).toContain('sam means 2 accounts');
      expect(sandbox.control.user('bob')?.nickname).toBe('');
    },
  );

  test.each<[answer: string, code: number, expected: readonly unknown[]]>([
    ['yes', 3, everything],
    ['', 130, nothing],
  ])('at a terminal asks, and takes %j for what it is', async (answer, expected, after) => {
    const { code, stderr } = await place.muster(['apply'], { answer });

    expect([code, done()]).toEqual([expected, after]);
    expect(stderr).toContain('2 entries cannot be used, and nothing is done for them');
  });

  test('of one person is not held up by others', async () => {
    const { code } = await place.muster(['apply', '--yes', '--user', 'urgent']);

    expect([code, done()]).toEqual([0, [true, '']]);
  });

  test.each<[made: readonly string[], applied: readonly string[], code: number, expected: readonly unknown[]]>([
    [[], [], 3, nothing],
    [[], ['--skip-unusable'], 3, everything],
    [['--user', 'urgent'], [], 0, [true, '']],
  ])('of a plan file made with %j and taken with %j', async (made, applied, expected, after) => {
    await place.muster(['plan', '--out', 'plan.json', ...made]);

    const { code } = await place.muster(['apply', 'plan.json', '--yes', ...applied]);

    expect([code, done()]).toEqual([expected, after]);
  });

  test('of a plan file skips whose entry has become unusable since', async () => {
    await place.muster(['plan', '--out', 'plan.json', '--user', 'ada', '--user', 'urgent']);
    await place.write({ 'users.yaml': users.replace('nickname: Countess', 'nickname: [Countess]') });

    const { code, stdout } = await place.muster(['apply', 'plan.json', '--yes', '--skip-unusable']);

    expect([code, done()]).toEqual([3, [true, '']]);
    expect(stdout).toMatch(/skipped.*ada.*the entry at users\.yaml:5 cannot be used/);
  });
});

test('an e-mail that the server calls malformed when it is asked for stops one person', async () => {
  sandbox.faults.add({
    match: { path: '/users/email/*' },
    kind: 'error',
    status: 400,
    body: 'json',
    id: 'api.context.invalid_url_param.app_error',
  });
  await place.write({ 'users.yaml': users.replace('nickname: Countess', 'nickname: C, email: new@example.com') });

  const { code, stdout } = await place.muster(['plan']);

  expect(code).toBe(3);
  expect(stdout).toMatch(/users\.yaml:5:\d+ the e-mail of ada is no address that the server accepts/);
  expect(stdout).toContain('1 deactivate');
});

test('import of who is undeclared leaves out whom an unusable entry may mean, and says why', async () => {
  const { code, stdout, stderr } = await place.muster(['import', '--undeclared']);

  expect([code, stdout]).toEqual([3, expect.stringContaining('username: sandbox-admin')]);
  expect(stdout).not.toMatch(/\b(?:helpdesk|sam)\b/);
  expect(stderr).toContain('sam means 2 accounts');
});
