import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareEntries } from '../../src/config/compare-entries.ts';
import { resolvePolicy } from '../../src/config/settings.ts';
import { entriesIn } from '../../src/desired/load-desired-state.ts';
import type { SettingDifference } from '../../src/model/plan.ts';
import { differenceText } from '../../src/report/comparison.ts';

const options = {
  policy: resolvePolicy({}),
  secrets: { dir: '/nonexistent', sinks: {}, sources: {} },
  momentMs: Date.UTC(2026, 5, 1),
};

const read = (users: string): Parameters<typeof compareEntries>[0]['before'] =>
  entriesIn('users.yaml', `version: 1\nusers:\n${users}`, options) ?? [];

const compare = (before: string, after: string, unusable: readonly string[] = []): readonly SettingDifference[] =>
  compareEntries({ before: read(before), after: read(after), unusable: new Set(unusable) });

const entry = (more: string): string =>
  `  - { username: ann, email: ann@example.com${more === '' ? '' : `, ${more}`} }\n`;
const token = (more: string): string => entry(`tokens: [{ name: d.x${more} }]`);
const team = (more: string): string => entry(`teams: [{ team: core${more} }]`);

/** Of a field: an entry with it and one without, or with another value; what is said of it, or why nothing is. */
type Row = readonly [before: string, after: string, said: readonly string[]] | string;

const managed = (text: string, field: string): Row => [entry(text), entry(''), [`${field}: managed → not managed`]];

const ofEntry: Readonly<Record<string, Row>> = {
  username: 'another name is a rename, or another entry',
  id: 'says which account is meant: what is done to it is the plan',
  previous_usernames: 'says which account is meant: what is done to it is the plan',
  adopt: 'says which account is meant: what is done to it is the plan',
  bundles: 'stands for its roles and places',
  initial_password: 'of new accounts, of which the plan has an action',
  email: [
    '  - { username: ann, email: ann@example.com }\n',
    '  - { username: ann }\n',
    ['email: managed → not managed'],
  ],
  first_name: managed('first_name: A', 'first_name'),
  last_name: managed('last_name: A', 'last_name'),
  nickname: managed('nickname: A', 'nickname'),
  position: managed('position: A', 'position'),
  locale: managed('locale: de', 'locale'),
  timezone: managed('timezone: { useAutomaticTimezone: "true" }', 'timezone'),
  notify_props: [
    entry('notify_props: { email: "true", push: all }'),
    entry('notify_props: { email: "true" }'),
    ['notify_props.push: managed → not managed'],
  ],
  props: managed('props: { a: b }', 'props'),
  roles: managed('roles: [system_user]', 'roles'),
  active: managed('active: false', 'active'),
  starts: [entry('starts: 2026-01-01'), entry('starts: 2026-09-01'), ['starts: 2026-01-01 → 2026-09-01']],
  ends: [entry('ends: 2026-12-31'), entry('ends: 2027-12-31'), ['ends: 2026-12-31 → 2027-12-31']],
  auth: managed('auth: { service: email }', 'auth'),
  mfa: managed('mfa: off', 'mfa'),
  tokens: managed('tokens: []', 'tokens'),
  teams: managed('teams: []', 'teams'),
};

const ofToken: Readonly<Record<string, Row>> = {
  name: [token(''), entry('tokens: []'), ['tokens.d.x: managed → not managed']],
  generation: 'a rotation, which is an action',
  enabled: 'compared with the server',
  overlap: [token(', overlap: 1d'), token(', overlap: 9d'), ['tokens.d.x.overlap: 1d → 9d']],
  expires_in: [token(', expires_in: 90d'), token(''), ['tokens.d.x.expires_in: 90d → (none)']],
  rotate_every: [token(', rotate_every: 90d'), token(', rotate_every: 900d'), ['tokens.d.x.rotate_every: 90d → 900d']],
  rotate_before: [
    token(', expires_in: 90d, rotate_before: 14d'),
    token(', expires_in: 90d, rotate_before: 1d'),
    ['tokens.d.x.rotate_before: 14d → 1d'],
  ],
  sink: [token(''), token(', sink: mine'), ['tokens.d.x.sink: (none) → mine']],
};

const ofTeam: Readonly<Record<string, Row>> = {
  team: [team(''), entry('teams: []'), ['teams.core: managed → not managed']],
  role: [team(', role: member'), team(''), ['teams.core (role): managed → not managed']],
  member: 'compared with the server',
  channels: [team(', channels: [ops]'), team(''), ['teams.core/ops: managed → not managed']],
};

const ofChannel: Readonly<Record<string, Row>> = {
  channel: [team(', channels: [ops, dev]'), team(', channels: [ops]'), ['teams.core/dev: managed → not managed']],
  role: [
    team(', channels: [{ channel: ops, role: member }]'),
    team(', channels: [ops]'),
    ['teams.core/ops (role): managed → not managed'],
  ],
  member: 'compared with the server',
};

interface Schema {
  readonly $defs: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/users.schema.json'), 'utf8')) as Schema;

const textOf = (one: SettingDifference): string => `${one.field}: ${differenceText(one)}`;

describe.each([
  ['UserEntry', ofEntry],
  ['TokenEntry', ofToken],
  ['TeamEntry', ofTeam],
  ['ChannelEntry', ofChannel],
] as const)('of a %s', (name, rows) => {
  test('each field is compared, or the plan shows it', () => {
    expect(Object.keys(rows).toSorted()).toEqual(Object.keys(schema.$defs[name]?.properties ?? {}).toSorted());
  });

  const compared = Object.entries(rows).filter(
    (row): row is [string, Exclude<Row, string>] => typeof row[1] !== 'string',
  );

  test.each(compared)(
    '%s is told where it differs, and where it does not nothing is',
    (_field, [before, after, said]) => {
      const found = compare(before, after);

      expect(read(before)).toHaveLength(1);
      expect(found.map(textOf)).toEqual(said);
      expect(found).toMatchObject(said.map(() => ({ person: 'ann', file: 'users.yaml', line: 3 })));
      expect(compare(before, before)).toEqual([]);
      expect(compare(after, after)).toEqual([]);
    },
  );
});

describe('an entry', () => {
  test('that is gone is told', () => {
    expect(compare(entry(''), '  - { username: ben }\n')).toEqual([
      { person: 'ann', field: 'entry', before: 'declared', after: 'not declared' },
    ]);
  });

  test('that cannot be used is in the plan as such, and hides no other that is gone', () => {
    expect(compare(entry(''), '  - { username: ben }\n', ['ann'])).toEqual([]);
    expect(compare(entry(''), '  - { username: ben }\n', ['eve'])).toMatchObject([{ person: 'ann', field: 'entry' }]);
  });

  test.each([
    [
      'its previous name',
      entry('ends: 2026-12-31'),
      '  - { username: anna, previous_usernames: [ann], email: ann@example.com }\n',
    ],
    [
      'its id',
      entry('id: aaaaaaaaaaaaaaaaaaaaaaaaaa, ends: 2026-12-31'),
      '  - { username: anna, id: aaaaaaaaaaaaaaaaaaaaaaaaaa, email: ann@example.com }\n',
    ],
  ])('is found again by %s', (_by, before, after) => {
    expect(compare(before, after).map(textOf)).toEqual(['ends: 2026-12-31 → (none)', 'active: managed → not managed']);
    expect(compare(before, after)[0]?.person).toBe('anna');
  });

  test('with a bundle that is not known is not told of roles and places', () => {
    const before = entry('roles: [system_user], teams: [core], tokens: []');

    expect(compare(before, entry('bundles: [gone]')).map(textOf)).toEqual(['tokens: managed → not managed']);
  });
});

test('what decides about access has a row for each person', () => {
  const people = (more: string): string =>
    Array.from({ length: 30 }, (_, i) => `  - { username: p${i}${more} }\n`).join('');

  for (const more of [
    'ends: 2026-12-31',
    'roles: [system_user]',
    'active: true',
    'auth: { service: email }',
    'tokens: []',
    'teams: []',
  ])
    expect(new Set(compare(people(`, ${more}`), people('')).map(({ person }) => person)).size).toBe(30);
  expect(compare(people(''), '  - { username: ann }\n')).toHaveLength(30);
});

test('what is the same for many people takes one row, and what only one has its own', () => {
  const people = (position: string, ends = ''): string =>
    Array.from({ length: 21 }, (_, i) => `  - { username: p${i}${position}${i === 7 ? ends : ''} }\n`).join('');

  expect(compare(people(', position: A', ', ends: 2026-12-31'), people('', ', ends: 2027-12-31'))).toEqual([
    { person: 'p7', field: 'ends', before: '2026-12-31', after: '2027-12-31', file: 'users.yaml', line: 10 },
    {
      field: 'position',
      before: 'managed',
      after: 'not managed',
      people: Array.from({ length: 21 }, (_, i) => `p${i}`),
    },
  ]);
});
