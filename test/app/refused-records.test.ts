/** Accounts that the server calls invalid: nothing is promised that it would refuse, and each place says what cures it. */
import { describe, expect, test } from 'vitest';
import { doctor } from '../../src/app/doctor.ts';
import { importUsers } from '../../src/app/import-users.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { mark, openStage, type Stage } from '../apply/support/stage.ts';
import { share } from '../support/suite.ts';

const legacy: SeedUser = { username: 'legacy', email: '<legacy@example.com>' };

async function stageOf(entry: UserEntry, account: SeedUser = legacy): Promise<Stage> {
  const stage = await openStage({
    users: [account, { username: 'ada' }],
    licence: 'enterprise',
    config: { 'SamlSettings.Enable': true },
  });
  await stage.declare([entry]);
  return stage;
}

test('a leaver whom the server would refuse to let go is held, with the line that cures it', async () => {
  const stage = await stageOf({ username: 'legacy', active: false });

  const { actions, held } = await stage.plan();

  expect(actions).toEqual([]);
  expect(held).toMatchObject([{ code: 'record-refused', owner: 'the server', change: { class: 'deactivate' } }]);
  expect(held[0]?.reason).toContain('its e-mail "<legacy@example.com>" invalid');
  expect(held[0]?.hint).toContain('write email: legacy@example.com at users.yaml:1');
});

test('the tokens of such a leaver are disabled, since the server asks nothing then', async () => {
  const stage = await stageOf(
    { username: 'legacy', active: false },
    { ...legacy, tokens: [{ description: mark('ci') }] },
  );

  const { code, results } = await stage.apply();

  expect(code).toBe(0);
  expect(results.map(({ action, outcome }) => [action.call.operation, outcome.status])).toEqual([
    ['disable-token', 'done'],
  ]);
});

test('an e-mail that cures the account is sent first, then all the rest', async () => {
  const stage = await stageOf({
    username: 'legacy',
    email: 'legacy@example.com',
    nickname: 'L',
    roles: ['system_user_access_token'],
    active: false,
  });

  const { plan, code } = await stage.apply();
  const next = await stage.plan();

  expect(plan.actions.map(({ call }) => call.operation)).toEqual(['patch-user', 'set-roles', 'deactivate']);
  expect(plan.actions.flatMap(({ changes }) => changes).filter(({ cures }) => cures)).toMatchObject([
    { class: 'email' },
  ]);
  expect(code).toBe(0);
  expect(next.actions).toEqual([]);
  expect(stage.user('legacy')).toMatchObject({
    email: 'legacy@example.com',
    nickname: 'L',
    delete_at: expect.any(Number),
  });
});

test('where the change that cures it is left out, what it makes possible is left out too', async () => {
  const stage = await stageOf({ username: 'legacy', email: 'legacy@example.com', active: false });

  const { plan } = await stage.apply({ classes: ['deactivate'] });

  expect(plan.actions).toEqual([]);
  expect(plan.narrowed?.left_out).toBe(2);
});

test('where a budget stops the change that cures it, the rest waits for it', async () => {
  const stage = await stageOf({ username: 'legacy', email: 'legacy@example.com', active: false });
  await stage.configure({ policy: { budgets: { email: { share: 0, floor: 0 } } } });

  const { blocked, actions } = await stage.plan();

  expect(actions).toEqual([]);
  expect(blocked.map(({ change, rail }) => [change.class, rail])).toEqual([
    ['deactivate', 'prerequisite'],
    ['email', 'budget'],
  ]);
});

test('an entry that changes nothing gets a notice, so that the day of leaving is no surprise', async () => {
  const stage = await stageOf({ username: 'legacy' });

  const { notices } = await stage.plan();

  expect(notices).toMatchObject([{ code: 'record-refused', person: 'legacy' }]);
});

test('an undo does not bring back what the server calls invalid', async () => {
  const stage = await stageOf({ username: 'legacy', email: 'legacy@example.com', nickname: 'L' });
  await stage.apply();

  const { plan, code } = await stage.undo();

  expect(plan.held).toMatchObject([{ code: 'value-refused', change: { class: 'email' } }]);
  expect(code).toBe(0);
  expect(stage.user('legacy')).toMatchObject({ email: 'legacy@example.com', nickname: '' });
});

describe('whatever is invalid', () => {
  const spoilt: readonly (readonly [string, Partial<SeedUser>, Partial<UserEntry>])[] = [
    ['a locale', { locale: 'xx' }, { locale: 'en' }],
    ['a nickname', { nickname: 'x'.repeat(65) }, { nickname: 'x' }],
    ['a position', { position: 'x'.repeat(129) }, { position: 'x' }],
    ['a first name', { first_name: 'x'.repeat(65) }, { first_name: 'x' }],
    ['a last name', { last_name: 'x'.repeat(65) }, { last_name: 'x' }],
    [
      'a time zone',
      { timezone: { manualTimezone: 'x'.repeat(255) } },
      { timezone: { manualTimezone: 'Europe/Paris' } },
    ],
    ['a username', { username: 'le gacy' }, { id: 'l'.repeat(26) }],
    ['auth data', { auth_data: 'x' }, { auth: { service: 'saml', data: 'y' } }],
  ];

  test.each(share(spoilt, 3))('%s: held without the cure, and done with it', async (_, flaw, cure) => {
    const account: SeedUser = { username: 'legacy', id: 'l'.repeat(26), email: 'legacy@example.com', ...flaw };
    const entry: UserEntry = { username: account.username, active: false };
    const isNamed = account.username === 'legacy';
    const stage = await stageOf(
      isNamed ? entry : { username: 'legacy', email: 'legacy@example.com', active: false },
      account,
    );

    const before = await stage.plan();
    await stage.declare([{ username: 'legacy', active: false, ...cure }]);
    const { code } = await stage.apply();

    if (isNamed) {
      expect(before.actions).toEqual([]);
      expect(before.held).toMatchObject([{ code: 'record-refused' }]);
    }
    expect(code).toBe(0);
    expect(stage.user('legacy').delete_at).toBeGreaterThan(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('a custom status is held, since no entry can cure it', async () => {
    const stage = await stageOf({ username: 'ada', active: false });
    stage.sandbox.control.updateUser('ada', { props: { customStatus: 'null' } });

    expect((await stage.plan()).held).toMatchObject([{ code: 'record-refused', change: { class: 'deactivate' } }]);
  });
});

test('import leaves the invalid field out, and says in a comment which line cures it', async () => {
  const stage = await stageOf({ username: 'ada' });

  const { text } = await importUsers({}, stage.ports);
  await stage.declare([]);

  expect(text).toMatch(
    /# the server calls its e-mail "<legacy@example\.com>" invalid.*write email: legacy@example\.com/,
  );
  expect(text).not.toMatch(/^ +email: .*legacy/m);
});

test('doctor names the account, and the line that cures it', async () => {
  const stage = await stageOf({ username: 'ada' });

  const checks = await doctor({}, stage.ports);

  expect(checks.filter(({ name }) => name === 'account')).toMatchObject([
    {
      status: 'note',
      text: expect.stringContaining('every change of legacy'),
      hint: 'write email: legacy@example.com in the entry of legacy',
    },
  ]);
});
