import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

const leavers = ['l1', 'l2', 'l3'];
const users = `version: 1
users:
  - { username: ada, nickname: Countess, email: ada@new.example }
  - { username: bob, nickname: Bob }
${leavers.map((name) => `  - { username: ${name}, active: false }\n`).join('')}`;
const config = 'version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\n';
const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
const approvals = (more: string, expires = day(7)): string =>
  `version: 1\napprovals:\n  - { class: deactivate, by: grace, reason: the office closes, expires: ${expires}, ${more} }\n`;

let sandbox: Sandbox;
let place: Workplace;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: { users: ['ada', 'bob', ...leavers].map((username) => ({ username })) } });
  place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': config, 'approvals.yaml': 'version: 1\napprovals: []\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterEach(() => sandbox.close());

async function planOf(...args: readonly string[]): Promise<Plan> {
  const { stdout, stderr } = await place.muster(['plan', '--format', 'json', ...args]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Plan;
}

const nicknames = (): ReadonlyArray<string | undefined> =>
  ['ada', 'bob'].map((name) => sandbox.control.user(name)?.nickname);

describe('a run can be limited', () => {
  test('to people, whatever the case, and does nothing to others', async () => {
    const { code } = await place.muster(['apply', '--yes', '--user', 'ADA']);

    // The leavers are over their budget, whoever is named.
    expect(code).toBe(4);
    expect(nicknames()).toEqual(['Countess', '']);
  });

  test('to classes', async () => {
    await place.muster(['apply', '--yes', '--only', 'update']);

    expect(nicknames()).toEqual(['Countess', 'Bob']);
    expect(sandbox.control.user('ada')?.email).toBe('ada@example.com');
  });

  test('to several of both', async () => {
    const { summary, narrowed } = await planOf('--user', 'ada', '--user', 'bob', '--only', 'email', '--only', 'rename');

    expect(summary.changes).toEqual({ email: 1 });
    expect(narrowed).toEqual({ users: ['ada', 'bob'], classes: ['email', 'rename'], left_out: 2 });
  });

  test.each(['text', 'markdown', 'diff', 'github'])('and says so first, as %s', async (format) => {
    const { stdout } = await place.muster(['plan', '--user', 'bob', '--format', format]);

    expect(stdout).toMatch(/Limited.* to `?bob`?; 2 changes left out/);
  });

  test('in a plan file, which then does just that', async () => {
    await place.muster(['plan', '--user', 'bob', '--out', 'plan.json']);

    await place.muster(['apply', 'plan.json', '--yes', '--state-dir', 'state']);

    expect(nicknames()).toEqual(['', 'Bob']);
  });

  test('comes after the rails: a budget stays exceeded', async () => {
    const { code, stdout } = await place.muster(['plan', '--user', 'l1']);

    expect(code).toBe(4);
    expect(stdout).toContain('deactivate of 3 people, and the budget is 2 (budget)');
    expect(stdout).toContain('No actions');
  });
});

describe('is refused with 3:', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown user', ['--user', 'adda'], 'did you mean ada?'],
    ['one unknown of several users', ['--user', 'ada', '--user', 'nobody'], 'no entry is called nobody'],
    ['an account that no entry stands for', ['--user', 'sandbox-admin'], 'no entry is called sandbox-admin'],
    ['an unknown class', ['--only', 'delete'], 'expected one of create, activate'],
    ['a class in capitals', ['--only', 'EMAIL'], 'expected one of'],
    ['no class', ['--only'], 'argument missing'],
  ])('%s', async (_what, args, why) => {
    for (const command of [['plan'], ['apply', '--yes']]) {
      const { code, stderr } = await place.muster([...command, ...args]);

      expect(code).toBe(3);
      expect(stderr).toContain(why);
    }
    expect(nicknames()).toEqual(['', '']);
  });
});

describe('an approval in its file', () => {
  test.runIf(isLong)('lifts the budget, is shown in every format, and is carried out', async () => {
    await place.write({ 'approvals.yaml': approvals(`users: [${leavers.join(', ')}]`) });

    for (const format of ['text', 'markdown', 'diff', 'github']) {
      const { code, stdout } = await place.muster(['plan', '--format', format]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Approved.* by `?grace`? until .*deactivate over its budget by 1 \(`?the office closes/);
    }
    expect((await planOf()).approvals).toMatchObject([{ class: 'deactivate', by: 'grace', lifted: 1 }]);
    expect((await place.muster(['apply', '--yes'])).code).toBe(0);
    expect(leavers.map((name) => sandbox.control.user(name)?.delete_at === 0)).toEqual([false, false, false]);
  });

  test('may name the digest that the plan shows', async () => {
    const shown = /by changes: (sha256:[0-9a-f]{64})/.exec((await place.muster(['plan'])).stdout)?.[1] ?? 'none';
    await place.write({ 'approvals.yaml': approvals(`changes: "${shown}"`) });

    expect((await place.muster(['plan'])).code).toBe(0);
  });

  test.each<[string, string, string, string]>([
    ['one person over', 'users: [l1, l2]', day(7), 'does not name l3'],
    ['a day late', `users: [${leavers.join(', ')}]`, day(-1), 'expired on'],
    ['more than 14 days ahead', `users: [${leavers.join(', ')}]`, day(15), 'more than 14 days'],
    ['for other changes', `changes: "sha256:${'0'.repeat(64)}"`, day(7), 'the plan has changed since'],
  ])('does not count %s', async (_what, more, expires, why) => {
    await place.write({ 'approvals.yaml': approvals(more, expires) });

    const { code, stdout } = await place.muster(['plan']);

    expect(code).toBe(4);
    expect(stdout).toContain(why);
  });

  test('counts as of the moment of the plan', async () => {
    await place.write({ 'approvals.yaml': approvals(`users: [${leavers.join(', ')}]`, day(20)) });

    expect((await place.muster(['plan'])).code).toBe(4);
    expect((await place.muster(['plan', '--at', day(10)])).code).toBe(0);
    expect((await place.muster(['plan', '--at', day(21)])).code).toBe(4);
  });

  test('that is wrong stops the run', async () => {
    await place.write({ 'approvals.yaml': approvals('user: [l1]') });

    const { code, stderr } = await place.muster(['plan']);

    expect(code).toBe(3);
    expect(stderr).toContain('approvals.yaml:3');
  });
});
