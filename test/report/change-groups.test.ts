import { expect, test } from 'vitest';
import type { Change } from '../../src/model/plan.ts';
import { groupChanges, isHarmless } from '../../src/report/change-groups.ts';
import { plain } from '../../src/report/paint.ts';
import { planText } from '../../src/report/plan-text.ts';
import { action, change, plan } from './support.ts';

const people = Array.from({ length: 30 }, (_, i) => `person.${String(i).padStart(2, '0')}`);
const leave = (person: string): Change => change(person, 'deactivate', 'active', { before: true, after: false });
const named = (person: string): Change =>
  change(person, 'update', 'nickname', { before: '', after: `nick of ${person}` });
const grouping = { changeOf: (one: Change) => one, atLeast: 5 };

test('puts what is the same together, then what is alike, and leaves the rest, each change in one place', () => {
  const others = [change('x', 'rename', 'username', { before: 'y', after: 'x' })];
  const all = [...people.map(leave), ...people.map(named), ...others];

  const { groups, rest } = groupChanges(all, grouping);

  expect(groups.map(({ kind, items }) => [kind, items.length])).toEqual([
    ['same', 30],
    ['alike', 30],
  ]);
  expect(rest).toEqual(others);
  expect([...groups.flatMap(({ items }) => items), ...rest]).toHaveLength(all.length);
});

test('never puts together what another rule, field, direction or rail stands behind', () => {
  const all = [
    leave('a'),
    { ...leave('b'), reason: { text: 'ended', rule: 'window' as const } },
    { ...leave('c'), concerns_admin: 'loss' as const },
    change('d', 'activate', 'active', { before: false, after: true }),
  ];

  const { groups } = groupChanges([...all, leave('e')], {
    ...grouping,
    atLeast: 1,
    alsoBy: ({ person }) => (person === 'e' ? 'another rail' : 'a rail'),
  });

  expect(groups).toHaveLength(5);
});

test('calls harmless only what neither access nor the way in depends on', () => {
  expect(isHarmless(named('a'))).toBe(true);
  expect([leave('a'), change('a', 'email', 'email'), change('a', 'role-grant', 'roles')].map(isHarmless)).toEqual([
    false,
    false,
    false,
  ]);
});

const big = plan({ actions: [...people.map(leave), ...people.map(named)].map((one) => action(one)) });

test.each([80, 150])('a plan of many people fits %i columns, and names everybody who loses access', (width) => {
  const text = planText(big, plain, { width, isVerbose: false });

  expect(text).toContain('- deactivate  active  true → false  30 people');
  for (const person of people) expect(text.split('~ update')[0]).toContain(person);
  expect(text).toContain('and 20 more: --verbose shows them');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
});

test('shows every change on its own where everything is asked for', () => {
  const text = planText(big, plain, { width: 80, isVerbose: true });

  expect(text.match(/^[-~] person/gm)).toHaveLength(30);
  expect(text).not.toContain('more');
});
