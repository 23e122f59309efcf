/** Runs and their files: how they are named, found, begun and gone on with. */
import { describe, expect, test } from 'vitest';
import { JournalWriteError, UnusableJournalError } from '../../src/journal/errors.ts';
import { readRecords } from '../../src/journal/records.ts';
import {
  journalName,
  listRuns,
  newestRun,
  nextRunName,
  planName,
  readPlanText,
  readRun,
  reopenRun,
} from '../../src/journal/runs.ts';
import { type DiskStep, diskFull, joined, MemoryStore } from './support/memory-store.ts';
import { begin, noonMs, planText, tickingClock, wholeRun } from './support/runs.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the name of a run', () => {
  test('tells its number, its moment, and it from every other', async () => {
    const store = new MemoryStore();

    const names = await Promise.all([nextRunName(store, noonMs), nextRunName(store, noonMs)]);

    for (const name of names) expect(name).toMatch(/^000001-20260615T120000Z-[0-9a-f]{8}$/);
    expect(names[0]).not.toBe(names[1]);
  });

  test('comes after all before it, also when the clock goes backwards', async () => {
    const store = new MemoryStore();
    const runs: string[] = [];
    for (const startMs of [noonMs, noonMs - 86_400_000, noonMs + 1000, 0, noonMs])
      runs.push(await wholeRun(store, { clock: tickingClock(startMs) }));

    expect(await listRuns(store)).toEqual(runs);
    expect(runs.map((run) => run.slice(0, 15))).toEqual([
      '000001-20260615',
      '000002-20260614',
      '000003-20260615',
      '000004-19700101',
      '000005-20260615',
    ]);
    expect((await newestRun(store))?.run).toBe(runs[4]);
  });

  test('counts on from runs that were put away in part, and from those that were never begun', async () => {
    const store = new MemoryStore();
    for (let i = 0; i < 3; i++) await wholeRun(store);
    const [first = ''] = await listRuns(store);
    store.files.delete(journalName(first));
    store.files.set(journalName('000009-20260615T120000Z-00000000'), new Uint8Array());

    expect(await nextRunName(store, noonMs)).toMatch(/^000010-/);
  });

  test.each([
    'lock.000000001',
    'declared.json',
    'plan-00.used',
    'run-000001-20260615T120000Z-0badcafe.plan.json',
    'run-000001-20260615T120000Z-0badcafe.jsonl.bak',
    '.run-000001-20260615T120000Z-0badcafe.jsonl.1.tmp',
    'run-1-20260615T120000Z-0badcafe.jsonl',
    'run-000001-20260615T120000Z-0BADCAFE.jsonl',
  ])('is not %s', async (name) => {
    expect(await listRuns(new MemoryStore({ [name]: encode('x') }))).toEqual([]);
  });
});

describe('a run that begins', () => {
  test('has its plan beside it before its first line, and says which run it follows', async () => {
    const store = new MemoryStore();
    const previous = await wholeRun(store);
    const filesAtFirstLine: string[] = [];
    store.before = (step) => void (step === 'append' && filesAtFirstLine.push(...store.files.keys()));

    const journal = await begin(store);

    expect(filesAtFirstLine).toContain(planName(journal.run));
    expect(store.steps.slice(-2)).toEqual(['append', 'sync']);
    expect(await readPlanText(store, journal.run)).toBe(planText);
    expect((await readRun(store, journal.run))?.records[0]).toMatchObject({
      version: 1,
      run: journal.run,
      previous: { run: previous, head: (await readRun(store, previous))?.head },
    });
  });

  test('is the first where there was none', async () => {
    const store = new MemoryStore();
    const { run } = await begin(store);

    expect((await readRun(store, run))?.records[0]).not.toHaveProperty('previous');
  });

  test('that was never begun is skipped, and leaves no trace in what follows', async () => {
    const store = new MemoryStore();
    const previous = await wholeRun(store);
    const [torn, empty] = ['000002-20260615T120000Z-0badcafe', '000003-20260615T120000Z-0badcafe'];
    store.files.set(journalName(torn), store.bytes(journalName(previous)).slice(0, 40));
    store.files.set(journalName(empty), new Uint8Array());

    const journal = await begin(store);

    expect(await readRun(store, torn)).toBeUndefined();
    expect(await readRun(store, empty)).toBeUndefined();
    expect(journal.run).toMatch(/^000004-/);
    expect((await readRun(store, journal.run))?.records[0].previous?.run).toBe(previous);
  });

  test('does not begin after one whose journal is broken', async () => {
    const store = new MemoryStore();
    const previous = await wholeRun(store);
    store.files.set(journalName(previous), encode(store.text(journalName(previous)).replace('written', 'refused')));

    await expect(begin(store)).rejects.toThrow(UnusableJournalError);
    expect(await listRuns(store)).toEqual([previous]);
  });

  test.each<[what: string, fail: (store: MemoryStore) => void]>([
    ['its plan', (store) => Object.assign(store, { writeWhole: () => Promise.reject(diskFull()) })],
    ['its journal', (store) => Object.assign(store, { openForAppend: () => Promise.reject(diskFull()) })],
    [
      'its first line',
      (store) => {
        store.before = (step) => {
          if (step === 'append') throw diskFull();
        };
      },
    ],
  ])('and whose disk has no room for %s says so, and holds nothing open', async (_, fail) => {
    const store = new MemoryStore();
    fail(store);

    const refused = begin(store);

    await expect(refused).rejects.toThrow(JournalWriteError);
    await expect(refused).rejects.toMatchObject({
      message: 'the journal of this run cannot be written (the disk is full, ENOSPC)',
      hint: expect.stringMatching(/make room/) as unknown,
    });
    expect(store.steps.filter((step: DiskStep) => step === 'append')).toHaveLength(
      store.steps.filter((step) => step === 'close').length,
    );
  });
});

describe('a run that is resumed', () => {
  test('follows its last line', async () => {
    const store = new MemoryStore();
    const run = await wholeRun(store);
    const before = readRecords(store.bytes(journalName(run)), '');

    const journal = await reopenRun(store, tickingClock(), run);
    journal.note({ type: 'resumed', tool: '0.1.0' });
    await journal.flush();

    const after = readRecords(store.bytes(journalName(run)), '');
    expect(after.records.slice(0, -1)).toEqual(before.records);
    expect(after.records.at(-1)?.type).toBe('resumed');
  });

  test('has its torn end cut off for good before anything is written', async () => {
    const store = new MemoryStore();
    const run = await wholeRun(store);
    const whole = store.bytes(journalName(run));
    store.files.set(journalName(run), joined(whole, encode('{"action":"ada')));
    store.steps.length = 0;

    await reopenRun(store, tickingClock(), run);

    expect(store.steps).toEqual(['truncate']);
    expect(store.bytes(journalName(run))).toEqual(whole);
  });

  test('gets its last newline back for good', async () => {
    const store = new MemoryStore();
    const run = await wholeRun(store);
    const whole = store.bytes(journalName(run));
    store.files.set(journalName(run), whole.slice(0, -1));
    store.steps.length = 0;

    await reopenRun(store, tickingClock(), run);

    expect(store.steps).toEqual(['truncate', 'append', 'sync']);
    expect(store.bytes(journalName(run))).toEqual(whole);
  });

  test.each<DiskStep>(['truncate', 'append', 'sync'])(
    'and whose disk fails at %s says so, and holds nothing open',
    async (step) => {
      const store = new MemoryStore();
      const run = await wholeRun(store);
      store.files.set(journalName(run), store.bytes(journalName(run)).slice(0, -1));
      store.steps.length = 0;
      store.before = (one) => {
        if (one === step) throw diskFull();
      };

      await expect(reopenRun(store, tickingClock(), run)).rejects.toThrow(JournalWriteError);

      expect(store.steps.at(-1)).toBe('close');
    },
  );
});

describe('the files of a run', () => {
  test('under the name of another are refused', async () => {
    const store = new MemoryStore();
    const [one, other] = [await wholeRun(store), await wholeRun(store)];
    store.files.set(journalName(other), store.bytes(journalName(one)));

    await expect(readRun(store, other)).rejects.toMatchObject({
      code: 'JOURNAL_TAMPERED',
      message: `${journalName(other)} is the journal of the run ${one}`,
    });
    await expect(newestRun(store)).rejects.toThrow(UnusableJournalError);
  });

  test('without the plan are told by its name', async () => {
    const store = new MemoryStore();
    const run = await wholeRun(store);
    store.files.delete(planName(run));

    await expect(readPlanText(store, run)).rejects.toMatchObject({
      code: 'JOURNAL_BROKEN',
      message: expect.stringContaining(planName(run)) as unknown,
    });
  });

  test('that are not there are those of a run that was never begun', async () => {
    expect(await readRun(new MemoryStore(), 'x')).toBeUndefined();
    expect(await newestRun(new MemoryStore())).toBeUndefined();
  });
});
