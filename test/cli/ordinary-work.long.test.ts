/** Ordinary work goes on under the default budgets: each kind of it, with the approvals that it needs, counted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSandboxSeed } from '../../src/app/read-sandbox-seed.ts';
import { dayMs } from '../../src/model/duration.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { closeLater } from '../support/opened.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';

useFastTime();

const config = 'version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\nsecrets: { dir: secrets }\n';
const none = 'version: 1\napprovals: []\n';
const expires = new Date(Date.now() + 5 * dayMs).toISOString().slice(0, 10);
const file = (...entries: readonly string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const admin = (username: string): { readonly username: string; readonly roles: string } => ({
  username,
  roles: 'system_user system_admin',
});

interface Office extends Workplace {
  readonly sandbox: Sandbox;
}

async function open(options: SandboxOptions, files: Readonly<Record<string, string>> = {}): Promise<Office> {
  const sandbox = await startSandbox({
    licence: 'enterprise',
    ...options,
    config: { 'ServiceSettings.EnableUserAccessTokens': true, 'GuestAccountsSettings.Enable': true },
  });
  closeLater(sandbox);
  const place = await makeWorkplace(
    { 'muster.yaml': config, 'approvals.yaml': none, ...files },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, MUSTER_SECRET_START: 'correct-horse-1' },
  );
  return { ...place, sandbox };
}

const planOf = async (office: Office): Promise<Plan> =>
  JSON.parse((await office.muster(['plan', '--format', 'json'])).stdout) as Plan;

/** Pastes from the plan what it asks for, applies, and throws the approvals away: how many there were, and how it ended. */
async function approveAndApply(office: Office, users: string): Promise<Run & { readonly approvals: number }> {
  await office.write({ 'users.yaml': users });
  const { blocked } = await planOf(office);
  const wanted = new Map(blocked.map(({ budget, approval }) => [`${budget} ${approval}`, { budget, approval }]));
  const approvals = [...wanted.values()].map(
    ({ budget, approval }) =>
      `{ class: ${budget}, changes: '${approval}', by: boss, reason: seen, expires: ${expires} }`,
  );
  if (approvals.length > 0)
    await office.write({ 'approvals.yaml': `version: 1\napprovals:\n  - ${approvals.join('\n  - ')}\n` });
  const run = await office.muster(['apply', '--yes']);
  await office.write({ 'approvals.yaml': none });
  expect((await planOf(office)).blocked).toEqual([]);
  return { ...run, approvals: approvals.length };
}

test('an administrator who leaves, with a token: no approval', async () => {
  const office = await open({
    seed: { users: [{ ...admin('ada'), tokens: [{ description: 'her own' }] }, admin('bob'), { username: 'cid' }] },
  });

  const { code, approvals } = await approveAndApply(
    office,
    file('{ username: ada, active: false }', '{ username: cid }'),
  );

  expect({ code, approvals }).toEqual({ code: 0, approvals: 0 });
  expect(office.sandbox.control.user('ada')?.delete_at).toBeGreaterThan(0);
  expect(office.sandbox.control.tokens('ada').map(({ is_active: on }) => on)).toEqual([false]);
});

test('the token of an administrator: one approval when it is made, none when it is rotated', async () => {
  const office = await open({ seed: { users: [admin('ada'), admin('bob')] } });
  const generation = (number: number): string =>
    file(`{ username: ada, tokens: [{ name: ci, generation: ${number}, overlap: 24h }] }`);

  const first = await approveAndApply(office, generation(1));
  const second = await approveAndApply(office, generation(2));
  const third = await approveAndApply(office, generation(3));

  expect([first, second, third].map(({ code, approvals }) => [code, approvals])).toEqual([
    [0, 1],
    [0, 0],
    [0, 0],
  ]);
  expect(office.sandbox.control.tokens('ada')).toHaveLength(3);
});

test('the adoption of many people: one approval; who joins, is renamed and leaves on the same day: none', async () => {
  const office = await open({ seed: { users: [{ username: 'old' }, { username: 'left' }] } });
  const number = 300;
  const people = Array.from({ length: number }, (_, i) => `{ username: p${i}, email: p${i}@example.com }`);

  const adopted = await approveAndApply(office, file(...people));
  const ordinary = await approveAndApply(
    office,
    file(
      ...people,
      '{ username: joiner, email: joiner@example.com }',
      '{ username: newer, previous_usernames: [old] }',
      '{ username: left, active: false }',
    ),
  );

  expect([adopted, ordinary].map(({ code, approvals }) => [code, approvals])).toEqual([
    [0, 1],
    [0, 0],
  ]);
  expect([`p${number - 1}`, 'joiner', 'newer'].map((name) => office.sandbox.control.user(name)?.delete_at)).toEqual([
    0, 0, 0,
  ]);
});

test('two pull requests at once, each with its plan file: no approval, and each does its own changes alone', async () => {
  const office = await open({ seed: { users: [{ username: 'ada' }, { username: 'bob' }, { username: 'cid' }] } });
  const [ada, bob, cid] = ['{ username: ada }', '{ username: bob }', '{ username: cid }'];
  const first = '{ username: ada, nickname: Countess }';
  const joiner = '{ username: joiner, email: joiner@example.com }';
  const second = '{ username: bob, active: false }';
  const later = '{ username: cid, nickname: Later }';
  const apply = (name: string): Promise<Run> => office.muster(['apply', `${name}.json`, '--yes']);
  const nicknameOf = (name: string): string | undefined => office.sandbox.control.user(name)?.nickname;
  for (const [name, users] of [
    ['first', file(first, bob, cid, joiner)],
    ['second', file(ada, second, cid)],
  ] as const) {
    await office.write({ 'users.yaml': users });
    expect((await office.muster(['plan', '--out', `${name}.json`])).code).toBe(0);
  }

  await office.write({ 'users.yaml': file(first, bob, cid, joiner) });
  expect((await apply('first')).code).toBe(0);
  expect([nicknameOf('ada'), office.sandbox.control.user('bob')?.delete_at]).toEqual(['Countess', 0]);
  // By the time of the second one a third has been merged, and nobody has looked at its plan.
  await office.write({ 'users.yaml': file(first, second, later, joiner) });
  const { code } = await apply('second');

  expect(code).toBe(0);
  expect(office.sandbox.control.user('bob')?.delete_at).toBeGreaterThan(0);
  expect([nicknameOf('ada'), nicknameOf('cid')]).toEqual(['Countess', '']);
  const { actions, blocked, approvals = [] } = await planOf(office);
  expect([actions.map(({ person }) => person), blocked, approvals]).toEqual([['cid'], [], []]);
});

describe('the examples need no approval:', () => {
  const rules = readFileSync('examples/muster.yaml', 'utf8');

  test('examples/users.yaml on a server with teams and no other people', async () => {
    const users = readFileSync('examples/users.yaml', 'utf8');
    const { teams = [] } = await readSandboxSeed(join('examples', 'sandbox-seed.yaml'), 'seed');
    const office = await open({ seed: { teams } }, { 'muster.yaml': rules, 'users.yaml': users });
    const { blocked, approvals = [] } = await planOf(office);

    expect([blocked, approvals]).toEqual([[], []]);
    expect((await office.muster(['apply', '--yes'])).code).toBe(0);
  });

  test('the demo, which heals the server of examples/sandbox-seed.yaml', async () => {
    const users = readFileSync('examples/users.yaml', 'utf8');
    const seed = await readSandboxSeed(join('examples', 'sandbox-seed.yaml'), 'seed');
    const office = await open({ seed }, { 'muster.yaml': rules, 'users.yaml': users });
    const { blocked, approvals = [] } = await planOf(office);

    expect([blocked, approvals]).toEqual([[], []]);
    expect((await office.muster(['apply', '--yes'])).code).toBe(0);
    expect((await planOf(office)).actions).toEqual([]);
  });
});
