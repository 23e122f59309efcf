/** When a run stops by itself: too many failures, the first one, a deadline. */
import { describe, expect, test } from 'vitest';
import { UnexpectedError } from '../../src/apply/errors.ts';
import { FailureCount, type StopRule } from '../../src/apply/stop-rule.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Action, Change } from '../../src/model/plan.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { isLong } from '../support/suite.ts';
import { crowd, noon, openStage, outcomesOf, type Stage, writesOf } from './support/stage.ts';

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

const actionOf = (person: string, nth = 1): Action => ({
  id: `${person}/${nth}`,
  person,
  account: person,
  changes: [activation],
  precondition: { account: person, fields: {} },
  call: { operation: 'activate' },
  reversible: true,
  mails: 0,
  after: [],
});

const outcomes: Readonly<Record<string, Outcome>> = {
  d: { status: 'done', as: 'written', notes: [] },
  f: { status: 'failed', error: new UnexpectedError('no'), written: 'no' },
  s: { status: 'stale', expected: '', found: '' },
  '-': { status: 'skipped', because: '' },
};

/**
 * @param text - how one person after the other ended: done, failed, stale, or skipped
 * @returns what the rule said after each
 */
function told(
  text: string,
  at: StopRule['at'],
): { readonly said: readonly (string | undefined)[]; readonly count: FailureCount } {
  const count = new FailureCount({ at });
  const said = Array.from(text).map((letter, i) =>
    count.note(actionOf(`p${i}`), outcomes[letter] ?? outcomes['d'] ?? never()),
  );
  return { said, count };
}

function never(): never {
  throw new Error('no such letter');
}

describe('a run that many failures are to stop', () => {
  test.each<[text: string, at: number | undefined, because?: string]>([
    ['ffff', undefined],
    ['fffff', 5, '5 of the 5 people tried so far failed'],
    ['ffffd', undefined],
    ['dddddfffff', 10, '5 of the 10 people tried so far failed'],
    [`${'d'.repeat(20)}fffff`, 25, '5 of the 25 people tried so far failed'],
    [`${'d'.repeat(21)}fffff`, undefined],
    [`${'d'.repeat(21)}ffffff`, 27, '6 of the 27 people tried so far failed'],
    [`${'d'.repeat(100)}${'f'.repeat(24)}`, undefined],
    [`${'d'.repeat(100)}${'f'.repeat(25)}`, 125, '25 of the 125 people tried so far failed'],
    [`ffff${'d'.repeat(30)}f`, undefined],
    ['s'.repeat(50), undefined],
    [`${'s'.repeat(21)}fffff`, undefined],
    [`${'-'.repeat(50)}fffff`, 55, '5 of the 5 people tried so far failed'],
  ])('is stopped after %s at %s', (text, at, because) => {
    const { said } = told(text, 'many');

    expect(said.findIndex((one) => one !== undefined) + 1).toBe(at ?? 0);
    if (at !== undefined) expect(said[at - 1]).toBe(because);
  });

  test('counts people, not calls', () => {
    const count = new FailureCount({ at: 'many' });
    const failed = outcomes['f'] ?? never();

    const said = Array.from({ length: 12 }, (_, i) => count.note(actionOf(`p${i % 4}`, i), failed));

    expect(said.every((one) => one === undefined)).toBe(true);
    expect(count.tried).toBe(4);
    expect(count.note(actionOf('p4'), failed)).toBe('5 of the 5 people tried so far failed');
  });

  test('counts people of whom nothing was begun among no one', () => {
    expect(told('---', 'many').count.tried).toBe(0);
    expect(told('dsf-', 'many').count.tried).toBe(3);
  });
});

describe('a run that', () => {
  test('the first failure is to stop is stopped by it, and says which', () => {
    expect(told('dds-fd', 'first').said).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'activate of p4 failed',
      undefined,
    ]);
  });

  test('nothing is to stop is never stopped', () => {
    expect(told('f'.repeat(50), 'never').said.some((one) => one !== undefined)).toBe(false);
  });
});

describe('the first people', () => {
  test.each<[at: StopRule['at'], text: string, because: string | undefined]>([
    ['many', 'ddddd', undefined],
    ['many', 'dddff', undefined],
    ['many', 'ddfff', '3 of the first 5 people failed'],
    ['many', 'dddfff', undefined],
    ['many', 'sssff', undefined],
    ['many', 'ddddddddddfffff', '5 of the first 15 people failed'],
    ['many', `${'d'.repeat(20)}fffff`, '5 of the first 25 people failed'],
    ['many', `${'d'.repeat(21)}fffff`, undefined],
    ['first', 'ddddd', undefined],
    ['first', 'ddddf', '1 of the first 5 people failed'],
    ['first', 'dddds', undefined],
    ['never', 'fffff', undefined],
  ])('where %s are to stop a run, as %s: %s', (at, text, because) => {
    expect(told(text, at).count.whyCanaryFailed()).toBe(because);
  });
});

/** A crowd of whom each gets a nickname. */
async function crowded(count: number): Promise<Stage> {
  const stage = await openStage({ users: crowd(count).map((username) => ({ username })) });
  await stage.declare(crowd(count).map((username): UserEntry => ({ username, nickname: 'x' })));
  return stage;
}

function refuse(stage: Stage, names: readonly string[]): { readonly remove: () => void } {
  const faults = names.map((name) =>
    stage.sandbox.faults.add({
      kind: 'error',
      status: 400,
      match: { method: 'PUT', path: `/users/${stage.user(name).id}/patch` },
      times: Number.POSITIVE_INFINITY,
    }),
  );
  return {
    remove: () => {
      for (const fault of faults) fault.remove();
    },
  };
}

/** Adds what happens whenever something is told of a run. */
function onEvent(stage: Stage, listen: (event: RunEvent) => void): void {
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: RunEvent) => {
      emit(event);
      listen(event);
    },
  });
}

const words = (texts: readonly string[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const word = text.split(': ')[1] ?? '';
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
};

describe('on a server', () => {
  test('five failures of which one in five people is one stop the run, and it can be resumed', async () => {
    const stage = await crowded(30);
    const { remove } = refuse(stage, crowd(10).slice(5));

    const run = await stage.apply({ concurrency: 1 });
    remove();

    expect(run.stopped).toBe('5 of the 10 people tried so far failed');
    expect(run.code).toBe(6);
    expect(words(outcomesOf(run))).toEqual({ done: 5, failed: 5, skipped: 20 });
    expect(writesOf(run.requests)).toHaveLength(10);
    const from = stage.sandbox.requests.length;
    expect((await stage.resume())?.code).toBe(0);
    expect(writesOf(stage.sandbox.requests.slice(from)).filter(({ path }) => path.endsWith('/patch'))).toHaveLength(25);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('with several at the same time what is under way is finished, and no more begun', async () => {
    const stage = await crowded(40);
    refuse(stage, crowd(40).slice(5));

    const run = await stage.apply({ concurrency: 4 });

    const { done = 0, failed = 0, skipped = 0 } = words(outcomesOf(run));
    expect(done).toBe(5);
    expect(failed).toBeGreaterThanOrEqual(5);
    expect(failed).toBeLessThanOrEqual(8);
    expect(done + failed + skipped).toBe(40);
    expect(writesOf(run.requests)).toHaveLength(done + failed);
  });

  test.runIf(isLong)('failures of few among many stop nothing', async () => {
    const stage = await crowded(32);
    refuse(stage, ['p006', 'p012', 'p018', 'p024', 'p030']);

    const run = await stage.apply({ concurrency: 1 });

    expect(run.stopped).toBeUndefined();
    expect(run.code).toBe(6);
    expect(words(outcomesOf(run))).toEqual({ done: 27, failed: 5 });
  });

  test('the first failure stops a run that it is to stop', async () => {
    const stage = await crowded(20);
    refuse(stage, ['p007', 'p008', 'p009']);

    const run = await stage.apply({ concurrency: 1, stopAt: 'first' });

    expect(run.stopped).toBe('update of p007 failed');
    expect(words(outcomesOf(run))).toEqual({ done: 7, failed: 1, skipped: 12 });
  });

  test('nothing stops a run that is to go on whatever happens', async () => {
    const stage = await crowded(20);
    refuse(stage, crowd(19));

    const run = await stage.apply({ stopAt: 'never' });

    expect(run.stopped).toBeUndefined();
    expect(run.code).toBe(6);
    expect(words(outcomesOf(run))).toEqual({ done: 1, failed: 19 });
  });

  test('what went stale is no failure, and stops nothing', async () => {
    const stage = await crowded(20);
    const meddle = (): void => {
      for (const name of crowd(15)) stage.sandbox.control.updateUser(name, { nickname: 'by hand' });
    };

    const run = await stage.apply({ meanwhile: meddle });

    expect(run.stopped).toBeUndefined();
    expect(run.code).toBe(6);
    expect(words(outcomesOf(run))).toEqual({ stale: 15, done: 5 });
  });
});

describe('a deadline', () => {
  /** Each action takes a second. */
  async function slow(count: number): Promise<Stage> {
    const stage = await crowded(count);
    onEvent(stage, ({ type }) => {
      if (type === 'action-ended') stage.clock.advance(1000);
    });
    return stage;
  }

  test('that passes begins nothing more, and the run can be resumed', async () => {
    const stage = await slow(20);

    const run = await stage.apply({ deadlineMs: noon + 8000, concurrency: 1 });

    expect(run.stopped).toBe('the deadline has passed');
    expect(run.code).toBe(6);
    expect(words(outcomesOf(run))).toEqual({ done: 8, skipped: 12 });
    expect(writesOf(run.requests)).toHaveLength(8);
    expect(run.results.at(-1)?.outcome).toEqual({ status: 'skipped', because: 'not begun: the deadline has passed' });
    expect(stage.events.filter(({ type }) => type === 'stopped')).toHaveLength(1);

    const later = await stage.resume();
    expect(later?.code).toBe(0);
    expect(writesOf(later?.requests ?? [])).toHaveLength(12);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.runIf(isLong)('that has passed before anything begins leaves everything', async () => {
    const stage = await crowded(20);

    const run = await stage.apply({ deadlineMs: noon - 1 });

    expect(writesOf(run.requests)).toEqual([]);
    expect(words(outcomesOf(run))).toEqual({ skipped: 20 });
    expect(run.code).toBe(6);
    expect((await stage.resume())?.code).toBe(0);
  });

  test.runIf(isLong)('that passes while the first people are read back lets no one else begin', async () => {
    const stage = await slow(20);

    const run = await stage.apply({ deadlineMs: noon + 5000, concurrency: 1 });

    expect(words(outcomesOf(run))).toEqual({ done: 5, skipped: 15 });
    expect(run.stopped).toBe('the deadline has passed');
  });

  test('that passes with the last action stops nothing', async () => {
    const stage = await slow(8);

    const run = await stage.apply({ deadlineMs: noon + 8000, concurrency: 1 });

    expect(words(outcomesOf(run))).toEqual({ done: 8 });
    expect(run.stopped).toBeUndefined();
    expect(stage.events.filter(({ type }) => type === 'stopped')).toEqual([]);
    expect(run.code).toBe(0);
    expect(await stage.resume()).toBeUndefined();
  });

  test('that does not pass is not noticed', async () => {
    const stage = await slow(8);

    const run = await stage.apply({ deadlineMs: noon + 60_000 });

    expect(run.stopped).toBeUndefined();
    expect(run.code).toBe(0);
  });
});
