/** Who is remembered as declared once a run has done everything. */
import { expect, test } from 'vitest';
import type { DeclaredMemory } from '../../src/model/declared-memory.ts';
import { declaredAfter, type PlannedRun } from '../../src/runs/declared-after.ts';
import { account, entry, matchOf } from '../support/build-states.ts';
import { actionOf, create, planOf } from './support/plan-of.ts';

const nowMs = Date.parse('2026-06-15T12:00:00Z');
const today = new Date(nowMs).toISOString();
const long = '2025-01-01T00:00:00.000Z';
const before: DeclaredMemory = new Map([
  ['id-gone', { username: 'gone', lastDeclared: long }],
  ['id-ada', { username: 'ada', lastDeclared: long }],
]);
const after = (planned: Partial<PlannedRun>, created: ReadonlyMap<string, string> = new Map()): unknown =>
  Object.fromEntries(declaredAfter(before, { plan: planOf([]), matching: { people: [] }, ...planned }, created, nowMs));

const gone = { username: 'gone', lastDeclared: long };
const old = { username: 'ada', lastDeclared: long };
const ada = { username: 'ada', lastDeclared: today };

test('who is declared and active is remembered as of now', () => {
  expect(after({ matching: { people: [matchOf(entry('ada'), account('ada'))] } })).toEqual({
    'id-gone': gone,
    'id-ada': ada,
  });
});

test('who is inactive is forgotten, be it before the run or by it', () => {
  const matches = [matchOf(entry('ada'), account('ada', { active: false }))];
  const deactivates = planOf([actionOf('ada/1', { operation: 'deactivate' }, 'id-ada')]);

  expect(after({ matching: { people: matches } })).toEqual({ 'id-gone': gone });
  expect(after({ matching: { people: [matchOf(entry('ada'), account('ada'))] }, plan: deactivates })).toEqual({
    'id-gone': gone,
  });
});

test('who is activated by the run is remembered', () => {
  const matches = [matchOf(entry('ada'), account('ada', { active: false }))];
  const activates = planOf([actionOf('ada/1', { operation: 'activate' }, 'id-ada')]);

  expect(after({ matching: { people: matches }, plan: activates })).toEqual({ 'id-gone': gone, 'id-ada': ada });
});

test('an account that the run made is remembered by its id, and one that nothing knows is not', () => {
  const matches = [matchOf(entry('new')), matchOf(entry('lost'))];

  expect(
    after({ matching: { people: matches }, plan: planOf([actionOf('new/1', create)]) }, new Map([['new', 'id-new']])),
  ).toEqual({
    'id-gone': gone,
    'id-ada': old,
    'id-new': { username: 'new', lastDeclared: today },
  });
});

test('whose entry is gone stays remembered until the account is seen inactive', () => {
  const previously = (active: boolean): unknown =>
    after({ previouslyDeclared: [{ account: account('gone', { active }) }] });

  expect(previously(true)).toEqual({ 'id-gone': gone, 'id-ada': old });
  expect(previously(false)).toEqual({ 'id-ada': old });
});
