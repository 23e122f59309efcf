/** A second factor that is switched off for people, and that nothing of muster's ever switches on. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { importUsers } from '../../src/app/import-users.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { openStage, outcomesOf, type Stage } from './support/stage.ts';

const people: readonly SeedUser[] = [
  { username: 'ada', mfa_active: true },
  { username: 'bob' },
  { username: 'sam', auth_service: 'saml', auth_data: 'sam@idp', mfa_active: true },
  { username: 'lee', auth_service: 'ldap', auth_data: 'lee', mfa_active: true },
  { username: 'away', active: false, mfa_active: true },
];

async function stageOf(entries: readonly UserEntry[], users: readonly SeedUser[] = people): Promise<Stage> {
  const stage = await openStage({ users });
  await stage.declare(entries);
  return stage;
}

const mfaWrites = ({ sandbox }: Stage): number =>
  sandbox.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/mfa')).length;

test('explain says that it is on, and that a plan would switch it off', async () => {
  const stage = await stageOf([{ username: 'ada', mfa: 'off' }, { username: 'bob' }]);

  const ada = await explain('ada', {}, stage.ports);
  const bob = await explain('bob', {}, stage.ports);

  expect(ada.managed).toContainEqual(expect.objectContaining({ name: 'mfa', wanted: 'off' }));
  expect(ada.changes).toMatchObject([{ class: 'mfa', before: 'on', after: 'off' }]);
  expect(bob.unmanaged).toContain('mfa');
});

test('import never writes it, so that an imported file switches it off for no person', async () => {
  const stage = await stageOf([]);

  const { text } = await importUsers({}, stage.ports);

  expect(text).toMatch(/username: ada/);
  expect(text).not.toMatch(/\bmfa\b/);
});

describe('mfa: off', () => {
  test('switches the second factor off, reads it back, and has nothing to do afterwards', async () => {
    const stage = await stageOf([{ username: 'ada', mfa: 'off' }]);

    const applied = await stage.apply();

    expect(applied.code).toBe(0);
    expect(applied.plan.actions).toMatchObject([
      {
        call: { operation: 'disable-mfa' },
        changes: [{ class: 'mfa', attribute: 'mfa', before: 'on', after: 'off' }],
        precondition: { fields: { mfa: 'on' } },
        reversible: false,
        mails: 1,
      },
    ]);
    expect(stage.user('ada').mfa_active).toBe(false);
    expect(stage.sandbox.snapshot().mails.map(({ kind }) => kind)).toEqual(['mfa-changed']);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('plans nothing for a person without one, nor for a new account', async () => {
    const stage = await stageOf([
      { username: 'bob', mfa: 'off' },
      { username: 'new', email: 'new@example.com', mfa: 'off' },
    ]);

    const applied = await stage.apply();

    expect(applied.code).toBe(0);
    expect(applied.plan.actions.map(({ call }) => call.operation)).toEqual(['create-user']);
    expect(mfaWrites(stage)).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.each(['sam', 'lee'])('switches it off for people of a provider, too: %s', async (username) => {
    const stage = await stageOf([{ username, mfa: 'off' }]);

    expect(outcomesOf(await stage.apply())).toEqual([`${username} disable-mfa: done`]);
    expect(stage.user(username).mfa_active).toBe(false);
  });

  test('is done before a person is active again', async () => {
    const stage = await stageOf([{ username: 'away', active: true, mfa: 'off' }]);

    expect(outcomesOf(await stage.apply())).toEqual(['away disable-mfa: done', 'away activate: done']);
  });

  test('stays off an account that no entry names it for', async () => {
    const stage = await stageOf([{ username: 'ada', nickname: 'Ada' }]);

    expect(outcomesOf(await stage.apply())).toEqual(['ada patch-user: done']);
    expect(stage.user('ada').mfa_active).toBe(true);
  });

  test('sends nothing where the person has switched it off since the plan', async () => {
    const stage = await stageOf([{ username: 'ada', mfa: 'off' }]);

    const applied = await stage.apply({
      meanwhile: () => stage.sandbox.control.updateUser('ada', { mfa_active: false }),
    });

    expect(applied.results.map(({ outcome }) => outcome)).toMatchObject([{ status: 'done', as: 'found' }]);
    expect(mfaWrites(stage)).toBe(0);
  });

  test('holds the caller, whose own access no run changes', async () => {
    const stage = await stageOf([{ username: 'sandbox-admin', mfa: 'off' }], []);
    stage.sandbox.control.updateUser('sandbox-admin', { mfa_active: true });

    const plan = await stage.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.held).toMatchObject([{ code: 'caller', change: { class: 'mfa' } }]);
  });

  test('has no budget by default, and is blocked by one that the policy names', async () => {
    const crowd = Array.from({ length: 30 }, (_, i): SeedUser => ({ username: `p${i}`, mfa_active: true }));
    const stage = await stageOf(
      crowd.map(({ username }): UserEntry => ({ username, mfa: 'off' })),
      crowd,
    );
    await stage.configure({ version: 1, policy: { min_admins: 1 } });
    expect((await stage.plan()).actions).toHaveLength(30);

    await stage.configure({ version: 1, policy: { min_admins: 1, budgets: { mfa: { floor: 3, cap: 3 } } } });

    expect((await stage.plan()).blocked.map(({ rail }) => rail)).toEqual(crowd.map(() => 'budget'));
  });

  test('is named by an undo as what cannot be switched on again', async () => {
    const stage = await stageOf([{ username: 'ada', mfa: 'off' }]);
    await stage.apply();

    const undone = await stage.undo();

    expect(undone.plan.actions).toEqual([]);
    expect(undone.plan.notices).toContainEqual({
      code: 'cannot-be-undone',
      person: 'ada',
      text: 'mfa (mfa) cannot be undone: only the person can switch MFA on again',
    });
    expect(stage.user('ada').mfa_active).toBe(false);
  });
});
