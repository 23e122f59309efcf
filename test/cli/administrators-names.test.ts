/** Where a name of an administrator goes to another account, a reviewer is told, in every format. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const config = `version: 1
files: [users.yaml]
policy:
  min_admins: 1
  budgets: { admin-touch: { floor: 9, cap: 9 } }
`;
const file = (...entries: readonly string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const renamed = '{ username: director, previous_usernames: [boss] }';

let sandbox: Sandbox;
let place: Workplace;
beforeEach(async () => {
  await sandbox?.close();
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'boss', email: 'boss@example.com', roles: 'system_user system_manager' },
        { username: 'eve', email: 'eve@example.com' },
      ],
    },
  });
  place = await makeWorkplace(
    { 'muster.yaml': config },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

async function noticesOf(users: string): Promise<readonly string[]> {
  await place.write({ 'users.yaml': users });
  const { stdout, stderr } = await place.muster(['plan', '--format', 'json']);
  expect(stderr).not.toContain('rror');
  const { notices } = JSON.parse(stdout) as Plan;
  return notices.filter(({ code }) => code === 'administrators-name').map(({ person, text }) => `${person} ${text}`);
}

const told = (who: string, name: string, by = 'boss'): string =>
  `${who} takes ${name}, a name that the administrator ${by} has or had`;

describe('is told of', () => {
  test.each<[what: string, users: string, notices: readonly string[]]>([
    ['a rename', file(renamed, '{ username: boss, id: EVE }'), [told('boss', 'boss')]],
    ['a new account', file(renamed, '{ username: boss, email: new@example.com }'), [told('boss', 'boss')]],
    [
      'a new account that begins later',
      file(renamed, '{ username: boss, email: new@example.com, starts: 2099-01-01 }'),
      [told('boss', 'boss')],
    ],
    ['a swap', file('{ username: eve, id: BOSS }', '{ username: boss, id: EVE }'), [told('boss', 'boss')]],
    [
      'an e-mail of an existing account',
      file('{ username: boss, id: BOSS, email: b@example.com }', '{ username: eve, id: EVE, email: boss@example.com }'),
      [told('eve', 'boss@example.com')],
    ],
    [
      'a previous username',
      file('{ username: boss, previous_usernames: [chief] }', '{ username: chief, email: c@example.com }'),
      [told('chief', 'chief')],
    ],
    ['nothing that the administrator takes', file('{ username: eve2, id: BOSS }'), []],
    [
      'nothing that others give to others',
      file('{ username: eve2, id: EVE }', '{ username: eve, email: n@x.org }'),
      [],
    ],
  ])('%s', async (_, users, notices) => {
    const ids = (name: string): string => sandbox.control.user(name)?.id ?? '?';

    expect(await noticesOf(users.replace('EVE', ids('eve')).replace('BOSS', ids('boss')))).toEqual(notices);
  });

  test('names that an earlier run took from an administrator', async () => {
    const director = '{ username: director, previous_usernames: [boss], email: director@example.com }';
    await place.write({ 'users.yaml': file(director) });
    expect((await place.muster(['apply', '--yes'])).code).toBe(0);

    expect(await noticesOf(file('{ username: director }', '{ username: boss, email: boss@example.com }'))).toEqual([
      told('boss', 'boss', 'director'),
      told('boss', 'boss@example.com', 'director'),
    ]);
  });
});

test.each(['text', 'markdown', 'diff', 'json', 'github'])(
  '%s shows it, and names no one where it is redacted',
  async (format) => {
    await place.write({ 'users.yaml': file(renamed, '{ username: boss, email: new@example.com }') });
    const { stdout } = await place.muster(['plan', '--format', format]);
    const redacted = await place.muster(['plan', '--format', format, '--redact']);

    expect(stdout).toContain('takes boss, a name that the administrator boss has or had');
    expect(redacted.stdout).toContain('a name that the administrator');
    expect(redacted.stdout).not.toMatch(/\b(?:boss|director)\b/);
  },
);
