import { describe, expect, test } from 'vitest';
import { Schedule } from '../../src/apply/schedule.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Action, Change, Dependency } from '../../src/model/plan.ts';

/** Only its class is read here. */
const activation: Change = {
  id: 'a/active',
  person: 'a',
  class: 'activate',
  attribute: 'active',
  before: false,
  after: true,
  reason: { text: 'declared' },
};

const action = (id: string, ...after: readonly Dependency[]): Action => ({
  id,
  person: id.split('/')[0] ?? '',
  account: 'x',
  changes: [activation],
  precondition: { account: 'x', fields: {} },
  call: { operation: 'activate' },
  reversible: true,
  mails: 0,
  after,
});

const done: Outcome = { status: 'done', as: 'written', notes: [] };
const stale: Outcome = { status: 'stale', expected: '', found: '' };

/** Takes everything that is ready and ends each as told; what is doomed ends as skipped. */
function walk(actions: readonly Action[], outcomeOf: (id: string) => Outcome): readonly string[] {
  const schedule = new Schedule(actions);
  const log: string[] = [];
  const finish = (one: Action, outcome: Outcome): void => {
    log.push(`${one.id} ${outcome.status}`);
    for (const doomed of schedule.finish(one, outcome))
      finish(doomed.action, { status: 'skipped', because: doomed.because });
  };
  for (let taken = schedule.take(); taken.length > 0; taken = schedule.take())
    for (const next of taken) finish(next, outcomeOf(next.id));
  return log;
}

const need = (id: string): Dependency => ({ action: id, need: 'success' });
const end = (id: string): Dependency => ({ action: id, need: 'end' });

describe('the schedule', () => {
  test('gives actions in the order of the plan, and each after what it depends on', () => {
    const actions = [action('a/1'), action('a/2', need('a/1')), action('b/1'), action('b/2', need('a/2'), need('b/1'))];

    expect(walk(actions, () => done)).toEqual(['a/1 done', 'a/2 done', 'b/1 done', 'b/2 done']);
  });

  test.each([
    ['done', done, 'a/2 done'],
    ['done as found', { ...done, as: 'found' }, 'a/2 done'],
    ['stale', stale, 'a/2 skipped'],
    ['skipped', { status: 'skipped', because: '' }, 'a/2 skipped'],
  ] as const)('takes an action that is %s for success only where it is', (_, outcome, expected) => {
    const log = walk([action('a/1'), action('a/2', need('a/1'))], (id) => (id === 'a/1' ? outcome : done));

    expect(log[1]).toBe(expected);
  });

  test('lets what waits for an end run after a failure, and not what needs what was skipped', () => {
    const actions = [
      action('a/1'),
      action('a/2', need('a/1')),
      action('a/3', end('a/1'), end('a/2')),
      action('a/4', need('a/2')),
    ];

    expect(walk(actions, (id) => (id === 'a/1' ? stale : done))).toEqual([
      'a/1 stale',
      'a/2 skipped',
      'a/4 skipped',
      'a/3 done',
    ]);
  });

  test('dooms an action only once everything before it has ended', () => {
    const schedule = new Schedule([action('a/1'), action('b/1'), action('c/1', need('a/1'), need('b/1'))]);
    const [[first], [second]] = [schedule.take(), schedule.take()];

    expect(first && schedule.finish(first, stale)).toEqual([]);
    expect(second && schedule.finish(second, done)).toMatchObject([
      { action: { id: 'c/1' }, because: 'activate of a was not done' },
    ]);
  });

  test('names what has no outcome yet', () => {
    const schedule = new Schedule([action('a/1'), action('b/1')]);
    const [first] = schedule.take();
    if (first !== undefined) schedule.finish(first, done);

    expect(schedule.unfinished().map(({ id }) => id)).toEqual(['b/1']);
    expect(schedule.outcomeOf('a/1')).toBe(done);
  });
});
