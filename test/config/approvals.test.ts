import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadApprovals } from '../../src/config/load-approvals.ts';
import type { Approval } from '../../src/model/approval.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';

const today = '2026-06-15';
const digest = `sha256:${'0'.repeat(64)}`;

async function load(text: string, day: string = today): Promise<readonly Approval[]> {
  const path = join(await mkdtemp(join(tmpdir(), 'muster-approvals-')), 'approvals.yaml');
  await writeFile(path, text);
  return loadApprovals({ path, name: 'approvals.yaml', below: dirname(path) }, day);
}

async function problemsOf(text: string): Promise<readonly Problem[]> {
  try {
    await load(text);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const file = (...entries: readonly string[]): string =>
  `version: 1\napprovals:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const entry = (expires: string, more: string = 'users: [ada]'): string =>
  `{ class: deactivate, reason: office closes, by: grace, expires: ${expires}, ${more} }`;

test('reads who answers for what, for whom, and until when', async () => {
  const text = file(entry('2026-06-20', 'users: [Ada, bob]'), entry('2026-06-21', `changes: "${digest}"`));

  expect(await load(text)).toEqual([
    {
      class: 'deactivate',
      reason: 'office closes',
      by: 'grace',
      identity: new Set(['grace']),
      expires: '2026-06-20',
      state: 'valid',
      users: new Set(['ada', 'bob']),
      at: { file: 'approvals.yaml', line: 3, column: 5 },
      lines: [3],
    },
    {
      class: 'deactivate',
      reason: 'office closes',
      by: 'grace',
      identity: new Set(['grace']),
      expires: '2026-06-21',
      state: 'valid',
      changes: digest,
      at: { file: 'approvals.yaml', line: 4, column: 5 },
      lines: [4],
    },
  ]);
});

test.each<[expires: string, Approval['state']]>([
  ['2026-06-14', 'expired'],
  ['2026-06-15', 'valid'],
  ['2026-06-29', 'valid'],
  ['2026-06-30', 'too-far-ahead'],
  ['2027-06-15', 'too-far-ahead'],
  ['2025-06-20', 'expired'],
  ['2026-06-31', 'expired'],
  ['2026-02-30', 'expired'],
  ['2026-13-01', 'expired'],
  ['0000-00-00', 'expired'],
])('one that expires on %s is %s on 2026-06-15', async (expires, state) => {
  expect((await load(file(entry(`'${expires}'`)))).map((one) => one.state)).toEqual([state]);
});

test('a day that does not exist counts no more than it would in another month', async () => {
  expect((await load(file(entry("'2026-02-30'")), '2026-03-01')).map(({ state }) => state)).toEqual(['expired']);
});

const statesOn = async (day: string, expires: string): Promise<readonly string[]> =>
  (await load(file(entry(expires)), day)).map(({ state }) => state);

test('the days are counted over the change to summer time and the end of a year', async () => {
  expect(await statesOn('2026-03-20', '2026-04-03')).toEqual(['valid']);
  expect(await statesOn('2026-03-20', '2026-04-04')).toEqual(['too-far-ahead']);
  expect(await statesOn('2026-12-20', '2027-01-03')).toEqual(['valid']);
  expect(await statesOn('2026-12-20', '2027-01-04')).toEqual(['too-far-ahead']);
});

test('an empty list approves nothing', async () => {
  expect(await load('version: 1\napprovals: []\n')).toEqual([]);
});

describe('refuses, at its place,', () => {
  test.each<[string, string, number]>([
    ['neither users nor changes', file('{ class: deactivate, reason: r, by: b, expires: 2026-06-20 }'), 3],
    ['both users and changes', file(entry('2026-06-20', `users: [ada], changes: "${digest}"`)), 3],
    ['nobody who answers for it', file('{ class: deactivate, reason: r, expires: 2026-06-20, users: [ada] }'), 3],
    ['no reason', file('{ class: deactivate, reason: "", by: b, expires: 2026-06-20, users: [ada] }'), 3],
    ['an unknown class', file('{ class: delete, reason: r, by: b, expires: 2026-06-20, users: [ada] }'), 3],
    ['a date in words', file(entry('tomorrow')), 3],
    ['a moment', file(entry("'2026-06-20T00:00:00Z'")), 3],
    ['an empty list of users', file(entry('2026-06-20', 'users: []')), 3],
    ['a digest that is none', file(entry('2026-06-20', 'changes: abc')), 3],
    ['a typing error', file(entry('2026-06-20', 'user: [ada]')), 3],
    ['a list of names only', 'version: 1\napprovals: [ada]\n', 2],
    ['another version', 'version: 2\napprovals: []\n', 1],
    ['broken YAML', 'version: 1\napprovals: [\n', 3],
  ])('%s', async (_what, text, line) => {
    const problems = await problemsOf(text);

    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.at).toMatchObject({ file: 'approvals.yaml', line });
  });

  test('an empty file', async () => {
    expect(await problemsOf('')).not.toEqual([]);
  });
});

test('a file that is not there is an error of the input', async () => {
  await expect(
    loadApprovals({ path: '/nowhere/approvals.yaml', name: 'approvals.yaml', below: '/nowhere' }, today),
  ).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
    problems: [{ code: 'file-unreadable', hint: 'check approvals in muster.yaml' }],
  });
});
