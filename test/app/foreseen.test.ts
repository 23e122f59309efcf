/** What the server would refuse, or would store although it is a slip, is said by the plan. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { crowd, openStage, type Stage, type StageOptions } from '../apply/support/stage.ts';

async function stageOf(entries: readonly UserEntry[], options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ licence: 'enterprise', ...options });
  await stage.declare(entries);
  return stage;
}

describe('with RestrictCreationToDomains', () => {
  const config = {
    'TeamSettings.RestrictCreationToDomains': 'Example.com',
    'GuestAccountsSettings.RestrictCreationToDomains': 'guests.example',
    'GuestAccountsSettings.Enable': true,
    'SamlSettings.Enable': true,
  };
  const users: readonly SeedUser[] = [
    { username: 'ada' },
    { username: 'gil', roles: 'system_guest' },
    { username: 'sam', id: 's'.repeat(26), auth_service: 'saml', auth_data: 'sam' },
  ];
  const email = (name: string): string => `${name}@other.example`;

  test.each<readonly [string, UserEntry]>([
    ['a new person', { username: 'new', email: email('new') }],
    [
      'a new guest, who is a member at first',
      { username: 'new', email: 'new@guests.example', roles: ['system_guest'] },
    ],
    ['a member', { username: 'ada', email: email('ada') }],
    ['a guest with the e-mail of a member', { username: 'gil', email: 'gil2@example.com' }],
    [
      'a person who leaves SAML',
      { username: 'sam', id: 's'.repeat(26), email: email('sam'), auth: { service: 'email' } },
    ],
  ])('%s: an e-mail of another domain is blocked before the server refuses it', async (_, entry) => {
    const stage = await stageOf([entry], { users, config });

    const { blocked, actions } = await stage.plan();

    expect(blocked.filter(({ rail }) => rail === 'switch')).toHaveLength(1);
    expect(blocked[0]?.hint).toContain('RestrictCreationToDomains');
    expect(actions.filter(({ changes }) => changes.some(({ class: name }) => name === 'email'))).toEqual([]);
  });

  test.each<readonly [string, UserEntry]>([
    ['a new person of the domain', { username: 'new', email: 'new@example.com' }],
    ['a new person of a directory', { username: 'new', email: email('new'), auth: { service: 'saml', data: 'n' } }],
    ['a guest of the domain for guests', { username: 'gil', email: 'gil@guests.example' }],
    ['a person of a directory', { username: 'sam', email: email('sam') }],
    ['a person whose e-mail stays', { username: 'ada', nickname: 'A' }],
  ])('%s goes through', async (_, entry) => {
    const stage = await stageOf([entry], { users, config });

    const { code, results } = await stage.apply();

    expect(code).toBe(0);
    expect(results).toHaveLength(1);
    expect((await stage.plan()).actions).toEqual([]);
  });
});

describe('a new account', () => {
  const longZones = Object.fromEntries(
    ['automaticTimezone', 'manualTimezone'].map((key) => [key, 'x'.repeat(140)] as const),
  );

  test.each<readonly [string, Partial<UserEntry>, string]>([
    ['a custom status that is no status', { props: { customStatus: 'busy' } }, 'take props out'],
    ['too long a timezone', { timezone: longZones }, 'take timezone out'],
  ])('with %s is blocked before the server refuses it, and so is what follows it', async (_, fields, hint) => {
    const stage = await stageOf([{ username: 'new', email: 'new@example.com', roles: ['system_manager'], ...fields }], {
      users: [{ username: 'ada' }],
    });

    const { blocked, actions } = await stage.plan();

    expect(blocked[0]).toMatchObject({ rail: 'switch', change: { class: 'create' } });
    expect(blocked[0]?.hint).toContain(hint);
    expect(actions).toEqual([]);
  });

  test('with a custom status that the server takes is created', async () => {
    const stage = await stageOf([{ username: 'new', email: 'new@example.com', props: { customStatus: '' } }], {
      users: [{ username: 'ada' }],
    });

    expect((await stage.plan()).blocked).toEqual([]);
    expect((await stage.apply()).code).toBe(0);
  });
});

describe('a locale', () => {
  test('that no server knows is an error with its line', async () => {
    const stage = await stageOf([{ username: 'ada', locale: 'xx' }, { username: 'bob' }], {
      users: [{ username: 'ada' }, { username: 'bob' }],
    });

    const { unusable = [] } = await stage.plan();
    expect(unusable.flatMap(({ problems }) => problems)).toMatchObject([
      { code: 'unknown-locale', file: 'users.yaml', line: 1 },
    ]);
  });

  test('that the server knows and does not offer is written, for new people too', async () => {
    const stage = await stageOf(
      [
        { username: 'new', email: 'new@example.com', locale: 'haw' },
        { username: 'ada', locale: 'en-GB' },
      ],
      { users: [{ username: 'ada' }] },
    );

    expect((await stage.apply()).code).toBe(0);
    expect([stage.user('new').locale, stage.user('ada').locale]).toEqual(['haw', 'en-GB']);
  });
});

describe('a slip in settings that the server stores as they are', () => {
  const plain: SeedUser = { username: 'ada' };

  test.each<readonly [Partial<UserEntry>, string, string]>([
    [{ notify_props: { dekstop: 'none' } }, 'unknown-setting', 'did you mean desktop?'],
    [{ notify_props: { desktop: 'nonne' } }, 'unknown-setting-value', 'did you mean none?'],
    [{ timezone: { manualTimezon: 'Europe/Paris' } }, 'unknown-setting', 'did you mean manualTimezone?'],
    [{ timezone: { manualTimezone: 'Europe/Berlinn' } }, 'unknown-setting-value', 'did you mean Europe/Berlin?'],
    [{ timezone: { useAutomaticTimezone: 'flase' } }, 'unknown-setting-value', 'did you mean false?'],
    [{ timezone: { manualTimezone: 'europe/berlin' } }, 'unknown-setting-value', 'did you mean Europe/Berlin?'],
  ])('%j is an error that says what was meant', async (fields, code, hint) => {
    for (const entry of [
      { username: 'ada', ...fields },
      { username: 'new', email: 'n@example.com', ...fields },
    ]) {
      const stage = await stageOf([entry, { username: 'bob' }], { users: [plain, { username: 'bob' }] });

      const { unusable = [] } = await stage.plan();
      expect(unusable.flatMap(({ problems }) => problems)).toMatchObject([{ code, hint, file: 'users.yaml' }]);
    }
  });

  test.each<readonly [Partial<UserEntry>, string]>([
    [{ notify_props: { push: 'sometimes' } }, 'setting-value-not-known'],
    [{ notify_props: { my_plugin_setting: 'x' } }, 'setting-not-known'],
    [{ timezone: { manual: 'Asia/Kolkata' } }, 'setting-not-known'],
    [{ timezone: { manualTimezone: 'Mars/Phobos' } }, 'setting-value-not-known'],
  ])('%j is near nothing: a notice, and it is written', async (fields, code) => {
    const stage = await stageOf([{ username: 'ada', ...fields }], { users: [plain] });

    const { notices, actions } = await stage.plan();

    expect(notices).toMatchObject([{ code, person: 'ada' }]);
    expect(actions).toHaveLength(1);
  });

  test('previous names of time zones are known as well', async () => {
    const stage = await stageOf(
      [{ username: 'ada', timezone: { manualTimezone: 'Asia/Kolkata', automaticTimezone: '' } }],
      { users: [plain] },
    );

    expect((await stage.plan()).notices).toEqual([]);
  });

  test('what the account already holds is no slip, and is said nothing of', async () => {
    const held = { dekstop: 'all', desktop: 'nonne' };
    const stage = await stageOf([{ username: 'ada', notify_props: { ...held, dekstop: 'none' } }], {
      users: [{ ...plain, notify_props: held }],
    });

    const { notices, actions } = await stage.plan();

    expect(notices).toEqual([]);
    expect(actions.flatMap(({ changes }) => changes)).toMatchObject([{ attribute: 'notify_props.dekstop' }]);
  });

  test('an undo brings back a value that would be one in a file', async () => {
    const stage = await stageOf([{ username: 'ada', notify_props: { desktop: 'all' } }], {
      users: [{ ...plain, notify_props: { desktop: 'nonne' } }],
    });
    await stage.apply();

    expect((await stage.undo()).code).toBe(0);
    expect(stage.sandbox.control.user('ada')?.notify_props).toMatchObject({ desktop: 'nonne' });
  });
});

describe('without a licence, more active people than the server allows', () => {
  const names = crowd(253);
  const users = names.map((username) => ({ username }));
  const leavers = (count: number): readonly UserEntry[] =>
    names.slice(0, count).map((username) => ({ username, active: false }));

  test('every deactivation is final, and plan and undo say so before it is done', async () => {
    const stage = await openStage({ users });
    await stage.declare(leavers(2));

    const { plan } = await stage.apply();
    const back = await stage.undo();

    expect(plan.notices).toMatchObject([
      {
        code: 'deactivation-is-final',
        text: expect.stringMatching(/254 active people, and above its limit of 250 .*the 2 who leave/),
      },
    ]);
    expect(back.plan.blocked.map(({ rail }) => rail)).toEqual(['seats', 'seats']);
  });

  test('once fewer are left than it allows, the way back is open and nothing is said', async () => {
    const stage = await openStage({ users });
    await stage.declare(leavers(5));

    expect((await stage.plan()).notices).toEqual([]);
  });
});
