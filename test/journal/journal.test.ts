/** Writing a journal: an intent is durable before its call is made, or the call is not made. */

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { JournalWriteError } from '../../src/journal/errors.ts';
import { Journal } from '../../src/journal/journal.ts';
import { readRecords } from '../../src/journal/records.ts';
import type { JournalRecord } from '../../src/model/journal-record.ts';
import type { Intent } from '../../src/model/run-journal.ts';
import { testKey } from '../support/journal-key.ts';
import { type DiskStep, diskFull, MemoryStore } from './support/memory-store.ts';
import { begin, tickingClock } from './support/runs.ts';

const intentOf = (action: string, attempt = 1): Intent => ({ action, attempt, operation: 'patch-user', account: 'a' });

interface Desk {
  readonly store: MemoryStore;
  readonly journal: Journal;
  readonly records: () => readonly JournalRecord[];
}

async function desk(): Promise<Desk> {
  const store = new MemoryStore();
  const journal = await begin(store);
  const name = `run-${journal.run}.jsonl`;
  store.steps.length = 0;
  return { store, journal, records: () => readRecords(store.bytes(name), name).records };
}

/** Holds the disk back until it is let go. */
class Gate {
  readonly held: DiskStep[] = [];
  #release: (() => void)[] = [];
  readonly #steps: readonly DiskStep[];

  constructor(store: MemoryStore, ...steps: readonly DiskStep[]) {
    this.#steps = steps;
    store.before = (step) => this.#wait(step);
  }

  async #wait(step: DiskStep): Promise<void> {
    if (!this.#steps.includes(step)) return;
    this.held.push(step);
    await new Promise<void>((resolve) => {
      this.#release.push(resolve);
    });
  }

  /** Lets what is held go, and waits until nothing more happens by itself. */
  async open(): Promise<void> {
    const release = this.#release;
    this.#release = [];
    for (const one of release) one();
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

/** Tells which promises have resolved so far. */
function watch(promises: readonly Promise<unknown>[]): () => readonly number[] {
  const done: number[] = [];
  for (const [i, promise] of promises.entries())
    promise.then(
      () => done.push(i),
      () => undefined,
    );
  return () => done.toSorted((a, b) => a - b);
}

describe('an intent', () => {
  test('is there for good once it has resolved, and not before', async () => {
    const { store, journal, records } = await desk();
    const gate = new Gate(store, 'append', 'sync');
    const done = watch([journal.intend(intentOf('ada/1'))]);

    await settled();
    expect([gate.held, records().length, done()]).toEqual([['append'], 1, []]);
    await gate.open();
    expect([gate.held, records().length, done()]).toEqual([['append', 'sync'], 2, []]);
    await gate.open();
    expect([gate.held, done()]).toEqual([['append', 'sync'], [0]]);
  });

  test('comes with everything that was noted before it, in the order in which it was noted', async () => {
    const { journal, store, records } = await desk();

    await journal.intend(intentOf('ada/1'));
    journal.responded({ action: 'ada/1', attempt: 1, result: 'written' });
    journal.ended({ action: 'ada/1', status: 'done', as: 'written' });
    journal.notVerified('ada/1', 'NOT_VERIFIED');
    journal.swept(['ada/1']);
    expect(records()).toHaveLength(2);
    await journal.intend(intentOf('ada/2'));

    expect(records().map(({ type }) => type)).toEqual([
      'started',
      'intent',
      'response',
      'outcome',
      'not-verified',
      'swept',
      'intent',
    ]);
    expect(store.steps).toEqual(['append', 'sync', 'append', 'sync']);
  });
});

describe('many at once', () => {
  test('share one flush', async () => {
    const { store, journal, records } = await desk();

    await Promise.all(Array.from({ length: 50 }, (_, i) => journal.intend(intentOf(`p/${i}`))));

    expect(store.steps).toEqual(['append', 'sync']);
    expect(records().map((one) => ('action' in one ? one.action : one.type))).toEqual([
      'started',
      ...Array.from({ length: 50 }, (_, i) => `p/${i}`),
    ]);
  });

  test('that come while a flush is under way share the next, and none resolves before its own', async () => {
    const { store, journal, records } = await desk();
    const gate = new Gate(store, 'sync');
    const first = [journal.intend(intentOf('a/1')), journal.intend(intentOf('b/1'))];
    await settled();
    const later = [journal.intend(intentOf('c/1')), journal.intend(intentOf('d/1')), journal.intend(intentOf('e/1'))];
    const done = watch([...first, ...later]);

    await settled();
    expect([done(), records().length]).toEqual([[], 3]);
    await gate.open();
    expect([done(), records().length]).toEqual([[0, 1], 6]);
    await gate.open();
    expect(done()).toEqual([0, 1, 2, 3, 4]);
    expect(store.steps).toEqual(['append', 'sync', 'append', 'sync']);
  });

  test('cost far fewer flushes than there are of them, with as many people side by side', async () => {
    const { store, journal, records } = await desk();
    store.before = () => settled();
    const person = async (name: string): Promise<void> => {
      for (let i = 1; i <= 10; i++) {
        await journal.intend(intentOf(`${name}/${i}`));
        journal.responded({ action: `${name}/${i}`, attempt: 1, result: 'written' });
      }
    };

    await Promise.all(Array.from({ length: 16 }, (_, i) => person(`p${i}`)));

    expect(records().filter(({ type }) => type === 'intent')).toHaveLength(160);
    expect(store.steps.filter((step) => step === 'sync').length).toBeLessThanOrEqual(12);
  });

  test('are in the file in the order in which they came, each person’s too', async () => {
    const { store, journal, records } = await desk();
    let step = 0;
    store.before = async () => {
      for (let i = 0; i < ++step % 4; i++) await turn();
    };
    const noted: string[] = [];
    const person = async (name: string): Promise<void> => {
      for (let i = 1; i <= 8; i++) {
        noted.push(`intent ${name}/${i}`);
        await journal.intend(intentOf(`${name}/${i}`));
        noted.push(`response ${name}/${i}`);
        journal.responded({ action: `${name}/${i}`, attempt: 1, result: 'written' });
      }
    };

    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(person));
    await journal.flush();

    expect(records().flatMap((one) => ('action' in one ? [`${one.type} ${one.action}`] : []))).toEqual(noted);
  });
});

describe('the end of a run', () => {
  test('is durable when it is closed, with all before it', async () => {
    const { store, journal, records } = await desk();
    journal.ended({ action: 'ada/1', status: 'skipped' });

    await journal.close('interrupted', { done: 1, failed: 2, stale: 3, skipped: 4 });
    await journal.release();

    expect(records().at(-1)).toMatchObject({
      type: 'ended',
      how: 'interrupted',
      done: 1,
      failed: 2,
      stale: 3,
      skipped: 4,
    });
    expect(store.steps).toEqual(['append', 'sync', 'close']);
    expect(readRecords([...store.files.values()].at(-1) ?? new Uint8Array(), '').head).toBe(journal.head);
  });

  test('lets the file go only after what is under way', async () => {
    const { store, journal } = await desk();
    const gate = new Gate(store, 'sync');
    const intent = journal.intend(intentOf('ada/1'));
    const release = journal.release();

    await settled();
    expect(store.steps).toEqual(['append', 'sync']);
    await gate.open();
    await Promise.all([intent, release]);
    expect(store.steps).toEqual(['append', 'sync', 'close']);
  });

  test('with nothing new to say costs nothing', async () => {
    const { store, journal } = await desk();

    await journal.flush();
    await journal.flush();

    expect(store.steps).toEqual([]);
  });
});

describe('a disk that fails', () => {
  const failing = (step: DiskStep, nth: number, error: unknown = diskFull()) => {
    let seen = 0;
    return (one: DiskStep): void => {
      if (one === step && ++seen === nth) throw error;
    };
  };

  test.each<[what: string, step: DiskStep]>([
    ['an append', 'append'],
    ['a flush', 'sync'],
  ])('at %s fails the intent, and every later one, and nothing more is written', async (_, step) => {
    const { store, journal } = await desk();
    store.before = failing(step, 2);
    await journal.intend(intentOf('ada/1'));

    const second = await Promise.allSettled([journal.intend(intentOf('ada/2')), journal.intend(intentOf('bob/1'))]);
    const stepsThen = [...store.steps];
    const later = await Promise.allSettled([journal.intend(intentOf('ada/3')), journal.flush()]);
    const last = await Promise.allSettled([journal.close('stopped', { done: 0, failed: 0, stale: 0, skipped: 0 })]);

    const wanted = { status: 'rejected', reason: expect.any(JournalWriteError) as unknown };
    expect([...second, ...later, ...last]).toEqual([wanted, wanted, wanted, wanted, wanted]);
    expect(store.steps).toEqual(stepsThen);
    expect(store.steps.at(-1)).toBe(step);
    await journal.release();
    expect(store.steps.at(-1)).toBe('close');
  });

  test('fails those too that waited for the flush after', async () => {
    const { store, journal, records } = await desk();
    const gate = new Gate(store, 'sync');
    const first = journal.intend(intentOf('ada/1')).catch((error: unknown) => error);
    await settled();
    store.before = failing('append', 1);
    const second = journal.intend(intentOf('ada/2')).catch((error: unknown) => error);

    await gate.open();

    expect(await first).toBeUndefined();
    expect(await second).toBeInstanceOf(JournalWriteError);
    expect(records()).toHaveLength(2);
  });

  test('is named, with what to do', async () => {
    const { store, journal } = await desk();
    store.before = failing('append', 1);

    await expect(journal.intend(intentOf('ada/1'))).rejects.toMatchObject({
      code: 'JOURNAL_WRITE',
      message: 'the journal of this run cannot be written (the disk is full, ENOSPC)',
      hint: expect.stringMatching(/make room in the state directory.*--resume/) as unknown,
      cause: { code: 'ENOSPC' },
    });
  });

  test('in a way that it does not name is told all the same', async () => {
    const { store, journal } = await desk();
    store.before = failing('sync', 1, new Error('gone'));

    await expect(journal.intend(intentOf('ada/1'))).rejects.toThrow('cannot be written (unknown reason)');
  });

  test('leaves the head of what is there for good', async () => {
    const { store, journal, records } = await desk();
    await journal.intend(intentOf('ada/1'));
    const { head } = journal;
    store.before = failing('append', 1);

    await journal.intend(intentOf('ada/2')).catch(() => undefined);
    journal.ended({ action: 'ada/2', status: 'failed', written: 'no' });

    expect(records()).toHaveLength(2);
    expect(journal.head).toBe(head);
  });
});

test('a moment is the clock’s', async () => {
  const store = new MemoryStore();
  const file = await store.openForAppend('x');
  const clock = tickingClock(Date.parse('2031-05-06T07:08:09.003Z'));
  const journal = new Journal('x', file, clock, testKey);

  journal.note({
    type: 'started',
    version: 1,
    run: 'x',
    tool: '',
    server: { key: '', url: '' },
    caller: '',
    plan: '',
    actions: 0,
  });
  await journal.flush();

  expect(readRecords(store.bytes('x'), 'x').records[0]?.at).toBe('2031-05-06T07:08:09.010Z');
});
