import { describe, expect, test } from 'vitest';
import { resolvePolicy, resolveSettings, type SettingSources } from '../../src/config/settings.ts';
import { defaultBudgets } from '../../src/model/approval.ts';

const nothing: SettingSources = { flags: {}, env: {}, config: {}, configDir: '/repo', workingDir: '/repo/work' };

describe('the server comes', () => {
  const config = { server: 'https://config' };
  const fromConfig = { value: 'https://config', from: 'config' };
  const fromEnvironment = { value: 'https://env', from: 'environment' };

  test.each<[string, Partial<SettingSources>, readonly object[]]>([
    [
      'from the flag first',
      { flags: { server: 'https://flag' }, env: { MUSTER_SERVER: 'https://env' }, config },
      [{ value: 'https://flag', from: 'flag' }, fromEnvironment, fromConfig],
    ],
    ['then from the environment', { env: { MUSTER_SERVER: 'https://env' }, config }, [fromEnvironment, fromConfig]],
    ['then from the config', { env: { MUSTER_SERVER: '' }, config }, [fromConfig]],
    ['from nowhere otherwise', {}, []],
  ])('%s, and no other that was named is forgotten', (_, sources, expected) => {
    expect(resolveSettings({ ...nothing, ...sources }).servers).toEqual(expected);
  });
});

describe('the files', () => {
  const config = { files: ['users/*.yaml'] };

  test('of the config belong to its folder', () => {
    expect(resolveSettings({ ...nothing, config })).toMatchObject({
      files: { value: ['users/*.yaml'], from: 'config' },
      base: '/repo',
    });
  });

  test('of the flag win, and belong to the working directory', () => {
    expect(resolveSettings({ ...nothing, config, flags: { files: ['a.yaml', 'b.yaml'] } })).toMatchObject({
      files: { value: ['a.yaml', 'b.yaml'], from: 'flag' },
      base: '/repo/work',
    });
  });

  test('are none by default', () => {
    expect(resolveSettings(nothing).files).toEqual({ value: [], from: 'default' });
  });
});

test('the policy has the defaults of the design', () => {
  expect(resolvePolicy({})).toEqual({
    undeclaredUsers: 'report',
    foreignTokens: 'report',
    invite: 'none',
    leaverTokens: 'disable',
    leaverMemberships: 'keep',
    returnerMemberships: 'report',
    exactPlaces: [],
    protect: [],
    minAdmins: 2,
    timeZone: 'UTC',
    allowRoles: [],
    authServiceOff: 'block',
    budgets: defaultBudgets,
    window: 'report',
    approvers: [],
    approvalSignature: 'report',
    trustedMergeKeys: [],
  });
});

test('the policy of the config wins, field by field', () => {
  const policy = resolvePolicy({
    policy: {
      undeclared_users: 'ignore',
      invite: 'reset_mail',
      foreign_tokens: 'revoke',
      leavers: { tokens: 'keep' },
      protect: ['x'],
      min_admins: 1,
      time_zone: 'Europe/Berlin',
      allow_roles: ['y'],
      auth_service_off: 'warn',
      window: 'require',
    },
  });

  expect(policy).toEqual({
    undeclaredUsers: 'ignore',
    foreignTokens: 'revoke',
    invite: 'reset_mail',
    leaverTokens: 'keep',
    leaverMemberships: 'keep',
    returnerMemberships: 'report',
    exactPlaces: [],
    protect: ['x'],
    minAdmins: 1,
    timeZone: 'Europe/Berlin',
    allowRoles: ['y'],
    authServiceOff: 'warn',
    budgets: defaultBudgets,
    window: 'require',
    approvers: [],
    approvalSignature: 'report',
    trustedMergeKeys: [],
  });
  expect(resolvePolicy({ policy: { leavers: {} } }).leaverTokens).toBe('disable');
});

test.each([
  [undefined, '/repo/secrets'],
  ['private/tokens', '/repo/private/tokens'],
  ['../outside', '/outside'],
  ['/var/lib/secrets', '/var/lib/secrets'],
])('secrets.dir %s is the folder %s, whatever the working directory', (dir, expected) => {
  const config = dir === undefined ? {} : { secrets: { dir } };

  expect(resolveSettings({ ...nothing, config }).secrets).toEqual({
    dir: expected,
    isDirExplicit: dir !== undefined,
    sinks: {},
    sources: {},
  });
});

describe('the default sink', () => {
  const withDefault = (name: string): SettingSources => ({
    ...nothing,
    config: { secrets: { default_sink: name, sinks: { vault: { command: ['vault'] } } } },
  });

  test('is one of the sinks', () => {
    expect(resolveSettings(withDefault('vault')).secrets.defaultSink).toBe('vault');
    expect(resolveSettings(nothing).secrets.defaultSink).toBeUndefined();
  });

  test.each(['valut', 'constructor'])('is refused where there is no sink %s', (name) => {
    expect(() => resolveSettings(withDefault(name))).toThrow(
      expect.objectContaining({
        code: 'INPUT_REFUSED',
        message: `secrets.default_sink is ${name}, which secrets.sinks does not define`,
      }),
    );
  });
});
