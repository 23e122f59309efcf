import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'gone' }, { username: 'ada', first_name: '=1+1' }] } });
  place = await makeWorkplace(
    { 'users.yaml': 'version: 1\nusers:\n  - { username: gone, ends: 2026-01-31 }\n  - { username: ada }\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

const muster = (...args: readonly string[]): Promise<Run> => place.muster(args);

test('a leaver who still has access ends an audit of the offboarding with 9, where that is asked for', async () => {
  const text = await muster('audit', 'offboarding', 'gone', '--fail-on', 'high');

  expect(text.code).toBe(9);
  expect(text.stdout).toMatch(/^ {2}late {2}the account is active, \d+ hours after access ended \(limit: 24 hours\)$/m);
  expect(text.stdout).toMatch(/^ {2}declared {3}unknown .*not verifiable/m);
  expect((await muster('audit', 'offboarding', 'gone', '--fail-on', 'critical')).code).toBe(0);
  expect((await muster('audit', 'onboarding', 'gone')).code).toBe(0);
});

test('a sample is told in a table, with a row for each step', async () => {
  const csv = await muster('audit', 'offboarding', '--sample', '5', '--seed', '7', '--format', 'csv');

  const [head, ...rows] = csv.stdout.trim().split('\r\n');
  expect(head).toMatch(/^about,person,account,step,state,/);
  expect(rows).toHaveLength(6);
  expect(rows.every((row) => row.startsWith('offboarding,gone,') && row.includes(',late,'))).toBe(true);
});

test.each([
  [['audit', 'offboarding']],
  [['audit', 'offboarding', 'gone', '--sample', '3']],
  [['audit', 'offboarding', '--sample', '3', '--left-on', '2026-01-01']],
  [['audit', 'onboarding', 'nobody-here']],
])('%j names no person, or more than one way to find them, and is refused', async (args) => {
  expect((await muster(...args)).code).toBe(3);
});

test('access now is read, and kept where that is asked for', async () => {
  const now = await muster('access', '--record');
  const csv = await muster('access', '--user', 'ada', '--format', 'csv');
  const before = await muster('access', '--at', '2026-01-01');

  expect(now).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}gone +user +active account$/m) });
  expect(csv.stdout.split('\r\n')[1]).toMatch(/,ada,[a-z0-9]{26},user,known,.*,account,active account,held,/);
  expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('rests on 1 recorded reading and 0 runs') });
  expect(before.stdout).toContain('3 accounts came later');
  expect((await muster('access', '--at', '2999-01-01')).code).toBe(3);
});
