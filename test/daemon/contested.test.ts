/** What is remembered of muster's own writes, to know a fight: what tells one, and never more than the next process can read. */
import { expect, test } from 'vitest';
import { contestedAfter } from '../../src/daemon/contested.ts';
import type { Looked } from '../../src/daemon/outcome.ts';
import type { Contested } from '../../src/model/generated/reconcile-state.ts';
import type { FinishedAction } from '../../src/model/outcome.ts';
import type { Action } from '../../src/model/plan.ts';
import { account, entry, moment, planFor } from '../support/build-states.ts';

const minuteMs = 60_000;
const plan = planFor(entry('ada', { nickname: 'Countess' }), account('ada'));
const [model] = plan.actions;

/** As the plan has it, for another person. */
function actionFor(person: string): Action {
  if (model === undefined) throw new Error('nothing is planned');
  return { ...model, person, changes: model.changes.map((change) => ({ ...change, person })) };
}

/** @param found - whose change is planned again @param written - whose change was made */
function lookedAt(found: readonly string[], written: readonly string[], atMs: number): Looked {
  const results = written.map(
    (person): FinishedAction => ({
      action: actionFor(person),
      outcome: { status: 'done', as: 'written', notes: [] },
      attempts: [],
      startedMs: atMs,
      endedMs: atMs,
    }),
  );
  const result = { results, created: new Map(), interrupted: false };
  return { is: 'looked', mode: 'enforce', tookMs: 0, plan: { ...plan, actions: found.map(actionFor) }, result };
}

function after(known: readonly Contested[], found: readonly string[], written: readonly string[], minutes: number) {
  const atMs = moment + minutes * minuteMs;
  return contestedAfter(known, lookedAt(found, written, atMs), atMs);
}

const everybody = Array.from({ length: 100_000 }, (_, i) => `person${i}`);

test('what a cycle wrote for a hundred thousand people leaves a memory that the next process can read', () => {
  const { contested } = after([], everybody, everybody, 0);

  expect(JSON.stringify(contested).length).toBeLessThan(16 * 1024 * 1024);
  expect(contested.length).toBeGreaterThan(5000);
  // The newest of them.
  expect(contested.at(-1)?.person).toBe('person99999');
});

test('a change that was found changed back stays known, however much is written afterwards', () => {
  const first = after([], ['ada'], ['ada'], 0);
  const second = after(first.contested, ['ada', ...everybody], ['ada', ...everybody], 15);
  const third = after(second.contested, ['ada'], [], 30);

  expect(third.begun.map(({ person }) => person)).toEqual(['ada']);
});
