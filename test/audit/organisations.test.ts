import { expect, test } from 'vitest';
import { type AuditRule, isAuditRule } from '../../src/model/audit-rules.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { bySuite } from '../support/suite.ts';
import { auditOf } from './support/audit-world.ts';
import { kindsOfFaults } from './support/faults.ts';
import { type Part, randomPeople, type Setting, settingOf, spell, worldOf } from './support/organisation.ts';

const organisations = bySuite({ short: 30, long: 1000 });

const found = (parts: readonly Part[], setting: Setting): readonly string[] =>
  auditOf(worldOf(parts, setting))
    .findings.map(({ rule, ...rest }) => spell({ rule: checked(rule), ...rest }))
    .toSorted();

const expected = (parts: readonly Part[]): readonly string[] =>
  parts.flatMap((part) => (part.found ?? []).map(spell)).toSorted();

function checked(rule: string): AuditRule {
  if (isAuditRule(rule)) return rule;
  throw new Error(`no such rule: ${rule}`);
}

test('there are at least 40 kinds of faults to plant', () => {
  expect(kindsOfFaults.length).toBeGreaterThanOrEqual(40);
});

test.each(kindsOfFaults)('finds this and nothing else: %s', (_kind, { plant, fits }) => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);
  const setting = seeds.map((seed) => settingOf(randomFrom(seed))).find((one) => fits?.(one) ?? true);
  if (setting === undefined) throw new Error('it fits nowhere');
  const parts = [...randomPeople(3, setting), plant('faulty', setting)];

  expect(found(parts, setting)).toEqual(expected(parts));
  expect(expected(parts)).not.toEqual([]);
});

test(`finds in ${organisations} random organisations everything that is planted, and nothing else`, () => {
  const planted = new Set<string>();
  for (let seed = 1; seed <= organisations; seed += 1) {
    const below = randomFrom(seed);
    const setting = settingOf(below);
    const chosen = kindsOfFaults.filter(([, { fits }]) => below(4) === 0 && (fits?.(setting) ?? true));
    const parts = [
      ...randomPeople(below(40), setting),
      ...chosen.map(([, { plant }], at) => plant(`faulty${at}`, setting)),
    ];

    expect(found(parts, setting), `organisation ${seed}: ${chosen.map(([kind]) => kind).join('; ')}`).toEqual(
      expected(parts),
    );
    for (const [kind] of chosen) planted.add(kind);
  }
  expect(planted.size).toBe(kindsOfFaults.length);
});
