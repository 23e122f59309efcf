import { describe, expect, test } from 'vitest';
import { approvalKey, compareApprovals, standingsOf } from '../../src/config/compare-approvals.ts';
import { compareSettings } from '../../src/config/compare-settings.ts';
import { readConfigText } from '../../src/config/load-config.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { SettingDifference } from '../../src/model/plan.ts';

const read = (name: string, text: string): ReturnType<typeof readConfigText> =>
  readConfigText({ name, text, isInPlace: true });

const compare = (base: string, own: string): readonly SettingDifference[] =>
  compareSettings(read('base.yaml', base), read('muster.yaml', own));

/** Each field once, and a value of it that is not the default. */
const everyField: Readonly<Record<string, string>> = {
  server: 'server: https://chat.example.com',
  files: 'files: [users.yaml]',
  approvals: 'approvals: approvals.yaml',
  'policy.undeclared_users': 'policy: { undeclared_users: ignore }',
  'policy.foreign_tokens': 'policy: { foreign_tokens: revoke }',
  'policy.invite': 'policy: { invite: reset_mail }',
  'policy.leavers.tokens': 'policy: { leavers: { tokens: keep } }',
  'policy.protect': 'policy: { protect: [boss] }',
  'policy.min_admins': 'policy: { min_admins: 1 }',
  'policy.time_zone': 'policy: { time_zone: Europe/Berlin }',
  'policy.allow_roles': 'policy: { allow_roles: [custom] }',
  'policy.auth_service_off': 'policy: { auth_service_off: warn }',
  'policy.locked': 'policy: { locked: true }',
  'policy.budgets.deactivate.cap': 'policy: { budgets: { deactivate: { cap: 26 } } }',
  'policy.budgets.deactivate.floor': 'policy: { budgets: { deactivate: { floor: 3, cap: 25 } } }',
  'policy.budgets.deactivate.share': 'policy: { budgets: { deactivate: { share: 0.06, cap: 25 } } }',
  'secrets.dir': 'secrets: { dir: elsewhere }',
  'secrets.sinks.vault.dir': 'secrets: { sinks: { vault: { dir: vault } } }',
  'secrets.sinks.vault.command': 'secrets: { sinks: { vault: { command: [put] } } }',
  'secrets.sources.start.env': 'secrets: { sources: { start: { env: MUSTER_SECRET_START } } }',
  'secrets.sources.start.file': 'secrets: { sources: { start: { file: start } } }',
  'secrets.sources.start.command': 'secrets: { sources: { start: { command: [get] } } }',
};

describe('a field that differs is named', () => {
  test.each(Object.entries(everyField))('%s, where it comes and where it goes', (field, text) => {
    expect(compare('version: 1', text).map((one) => one.field)).toEqual([field]);
    expect(compare(text, 'version: 1').map((one) => one.field)).toEqual([field]);
    expect(compare(text, text)).toEqual([]);
  });

  test('with its place, what it was and what it is, defaults filled in', () => {
    expect(compare('policy: { min_admins: 3 }', 'version: 1\npolicy:\n  min_admins: 1\n')).toEqual([
      { field: 'policy.min_admins', before: 3, after: 1, file: 'muster.yaml', line: 3 },
    ]);
    expect(compare('version: 1', 'policy: { min_admins: 1 }')).toMatchObject([{ before: 2, after: 1 }]);
    expect(compare('version: 1', 'policy: { min_admins: 2 }')).toEqual([]);
  });

  test('at the nearest place that is there, where the line itself went', () => {
    expect(compare('policy: { protect: [boss] }', 'version: 1\npolicy:\n  min_admins: 2\n')).toEqual([
      { field: 'policy.protect', before: ['boss'], after: [], file: 'muster.yaml', line: 2 },
    ]);
  });
});

test('the order of lists, and how a config is written, make no difference', () => {
  const base = 'policy: { protect: [a, b], allow_roles: [x, y] }\nfiles: [one.yaml, two.yaml]\n';
  const own = '# new\nfiles: [two.yaml, one.yaml]\npolicy:\n  allow_roles: [y, x]\n  protect:\n    - b\n    - a\n';

  expect(compare(base, own)).toEqual([]);
});

test('a sink that was a folder and is a command shows no argument of the command', () => {
  const base = 'secrets: { sinks: { vault: { dir: vault } } }';
  const own = 'secrets: { sinks: { vault: { command: [curl, --header, "Token: hush-hush"] } } }';
  const other = 'secrets: { sinks: { vault: { command: [curl, --header, "Token: other"] } } }';

  expect(compare(base, own)).toEqual([
    { field: 'secrets.sinks.vault.command', after: 'a command', file: 'muster.yaml', line: 1 },
    { field: 'secrets.sinks.vault.dir', before: 'vault', file: 'muster.yaml', line: 1 },
  ]);
  expect(compare(other, own)).toEqual([
    {
      field: 'secrets.sinks.vault.command',
      before: 'a command',
      after: 'another command',
      file: 'muster.yaml',
      line: 1,
    },
  ]);
  expect(JSON.stringify([compare(base, own), compare(other, own), compare(own, other)])).not.toMatch(
    /hush|curl|other"/,
  );
});

const approval: Approval = {
  class: 'deactivate',
  reason: 'closing',
  by: 'grace',
  identity: new Set(['grace']),
  expires: '2026-06-20',
  state: 'valid',
  users: new Set(['ada', 'bob']),
  at: { file: 'approvals.yaml', line: 3, column: 5 },
  lines: [3],
};

describe('an approval', () => {
  test('is the same wherever it stands and in whatever order it names people', () => {
    const moved: Approval = { ...approval, users: new Set(['bob', 'ada']), at: { ...approval.at, line: 9 } };

    expect(compareApprovals([approval], [moved])).toEqual([]);
  });

  test.each<[string, Partial<Approval>]>([
    ['another class', { class: 'auth' }],
    ['another reason', { reason: 'other' }],
    ['another name that answers for it', { by: 'ceo' }],
    ['a later day', { expires: '2026-06-21' }],
    ['one more person', { users: new Set(['ada', 'bob', 'eve']) }],
  ])('with %s is another one', (_what, change) => {
    const edited: Approval = { ...approval, ...change };

    expect(compareApprovals([approval], [edited])).toMatchObject([
      { field: 'approval', before: { by: 'grace', users: ['ada', 'bob'] } },
      { field: 'approval', file: 'approvals.yaml', line: 3 },
    ]);
  });

  test('that the base holds comes before one that it does not hold', () => {
    const added: Approval = { ...approval, by: 'eve' };

    expect(
      standingsOf([added, approval], new Set([approvalKey(approval)])).map(({ by, standing }) => [by, standing]),
    ).toEqual([
      ['grace', 'base'],
      ['eve', 'pull-request'],
    ]);
  });
});
