/** What verifying finds: a line edited, moved or gone, a run gone, an end cut off, another plan. */
import { describe, expect, test } from 'vitest';
import { journalName, listRuns, planName } from '../../src/journal/runs.ts';
import { type VerifiedRun, verifyRuns } from '../../src/journal/verify-runs.ts';
import { MemoryStore } from './support/memory-store.ts';
import { digestOfText, wholeRun } from './support/runs.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const lineCount = 11;

/** Four runs, one after the other. */
async function fourRuns(): Promise<{ readonly store: MemoryStore; readonly runs: readonly string[] }> {
  const store = new MemoryStore();
  for (let i = 0; i < 4; i++) await wholeRun(store);
  return { store, runs: await listRuns(store) };
}

/** What is wrong, with `1` to `4` for the names of the runs. */
function flawsOf(found: readonly VerifiedRun[], runs: readonly string[]): readonly string[] {
  return found.flatMap(({ flaws }) =>
    flaws.map((flaw) => runs.reduce((text, run, i) => text.replaceAll(run, `${i + 1}`), flaw)),
  );
}

type Change = (lines: readonly string[]) => readonly string[];

/** What verifying says of the four runs after something was done to their files. */
async function after(damage: (store: MemoryStore, runs: readonly string[]) => void): Promise<readonly string[]> {
  const { store, runs } = await fourRuns();
  damage(store, runs);
  return flawsOf(await verifyRuns(store, digestOfText), runs);
}

const changed =
  (nth: number, change: Change) =>
  (store: MemoryStore, runs: readonly string[]): void => {
    const name = journalName(runs[nth - 1] ?? '');
    store.files.set(name, encode(change(store.text(name).split('\n')).join('\n')));
  };

const removed =
  (...nths: readonly number[]) =>
  (store: MemoryStore, runs: readonly string[]): void => {
    for (const nth of nths) {
      store.files.delete(journalName(runs[nth - 1] ?? ''));
      store.files.delete(planName(runs[nth - 1] ?? ''));
    }
  };

const edited =
  (line: number): Change =>
  (lines) =>
    lines.with(line - 1, lines[line - 1]?.replace('"at":"2026', '"at":"2027') ?? '');
const without =
  (line: number): Change =>
  (lines) =>
    lines.toSpliced(line - 1, 1);
const swapped =
  (line: number): Change =>
  (lines) =>
    lines.toSpliced(line - 1, 2, lines[line] ?? '', lines[line - 1] ?? '');
const only =
  (count: number): Change =>
  (lines) => [...lines.slice(0, count), ''];

describe('runs as they were written', () => {
  test('have no flaw, and tell how each ended', async () => {
    const { store, runs } = await fourRuns();

    const found = await verifyRuns(store, digestOfText);

    expect(flawsOf(found, runs)).toEqual([]);
    expect(found.map(({ run, file, records }) => [run, file, records?.at(-1)])).toEqual(
      runs.map((run) => [run, journalName(run), expect.objectContaining({ type: 'ended', how: 'complete' })]),
    );
    expect(new Set(found.map(({ head }) => head)).size).toBe(4);
    expect(store.text(found[0]?.file ?? '').split('\n')).toHaveLength(lineCount + 1);
  });

  test('are none where there are none', async () => {
    expect(await verifyRuns(new MemoryStore(), digestOfText)).toEqual([]);
  });

  test.each([[1], [1, 2], [1, 2, 3]])('have no flaw when the oldest were put away', async (...nths) => {
    expect(await after(removed(...nths))).toEqual([]);
  });

  test('have no flaw when one was never begun', async () => {
    const store = new MemoryStore();
    await wholeRun(store);
    const name = journalName('000002-20260615T120000Z-0badcafe');
    store.files.set(name, encode('{"actions":'));
    await wholeRun(store);

    const found = await verifyRuns(store, digestOfText);

    expect(found.map(({ flaws, records }) => [flaws, records === undefined])).toEqual([
      [[], false],
      [[], true],
      [[], false],
    ]);
  });

  test('have no flaw when the end of one was torn, or the newest was cut off at a line', async () => {
    expect(await after(changed(2, (lines) => [...lines.slice(0, -1), '{"at":']))).toEqual([]);
    expect(await after(changed(4, only(5)))).toEqual([]);
  });
});

describe.each([1, 2, 3, 4])('of the run %i', (nth) => {
  const place = (line: number): string => `run-${nth}.jsonl, line ${line}: not as it was written, or not in its place`;

  test('a line that was edited, removed or moved is found, whichever it is', async () => {
    for (let line = 1; line <= lineCount; line++) {
      expect(await after(changed(nth, edited(line)))).toEqual([place(line)]);
      if (line === lineCount) continue;
      expect(await after(changed(nth, without(line)))).toEqual([place(line)]);
      expect(await after(changed(nth, swapped(line)))).toEqual([place(line)]);
    }
  });

  test('another plan is found, and one that is gone, or none', async () => {
    const plan = (text: string | undefined) => (store: MemoryStore, runs: readonly string[]) => {
      const name = planName(runs[nth - 1] ?? '');
      if (text === undefined) store.files.delete(name);
      else store.files.set(name, encode(text));
    };
    const { store, runs } = await fourRuns();
    plan('garbage')(store, runs);
    const refusing = (text: string): string => {
      if (text === 'garbage') throw new Error('no plan file');
      return digestOfText(text);
    };

    expect(await after(plan('another plan'))).toEqual([`run-${nth}.jsonl: its plan is not the one that it began with`]);
    expect(await after(plan(undefined))).toEqual([`the plan of the run ${nth} is missing (run-${nth}.plan.json)`]);
    expect(flawsOf(await verifyRuns(store, refusing), runs)).toEqual([
      `run-${nth}.jsonl: its plan is not as it was written`,
    ]);
  });
});

describe('a run in the middle', () => {
  test.each([2, 3])('that is gone is found by the next one (%i)', async (nth) => {
    expect(await after(removed(nth))).toEqual([
      `run-${nth + 1}.jsonl, line 1: follows the run ${nth}, but the run before it here is ${nth - 1}`,
    ]);
  });

  test('and the next, both gone, are found', async () => {
    expect(await after(removed(2, 3))).toEqual([
      'run-4.jsonl, line 1: follows the run 3, but the run before it here is 1',
    ]);
  });

  test.each([1, 2, 3])('whose end was cut off at a line is found by the next one (%i)', async (nth) => {
    for (const count of [1, 5, lineCount - 1]) {
      expect(await after(changed(nth, only(count)))).toEqual([
        expect.stringMatching(
          new RegExp(`^run-${nth}.jsonl: its head was [0-9a-f]{64} when the next run began, and is [0-9a-f]{64} now$`),
        ),
      ]);
    }
  });

  test.each<[what: string, change: Change]>([
    ['emptied', () => []],
    ['cut off within its first line', ([line = '']) => [line.slice(0, 50)]],
  ])('that was %s is found, be it the oldest', async (_, change) => {
    for (const nth of [1, 2, 3]) {
      expect(await after(changed(nth, change))).toEqual([
        `run-${nth + 1}.jsonl, line 1: follows the run ${nth}, but run-${nth}.jsonl is empty`,
      ]);
    }
  });

  test('written anew, with every hash made to fit, is found by the next one', async () => {
    const { store, runs } = await fourRuns();
    const [first = '', second = ''] = runs;
    const forger = new MemoryStore({ [journalName(first)]: store.bytes(journalName(first)) });
    await wholeRun(forger, { run: second, actions: 2 });
    store.files.set(journalName(second), forger.bytes(journalName(second)));

    expect(flawsOf(await verifyRuns(store, digestOfText), runs)).toEqual([
      expect.stringMatching(/^run-2.jsonl: its head was/),
    ]);
  });

  test('under another’s name is found', async () => {
    const found = await after((store, runs) => {
      const [one, other] = [journalName(runs[1] ?? ''), journalName(runs[2] ?? '')];
      const bytes = store.bytes(one);
      store.files.set(one, store.bytes(other));
      store.files.set(other, bytes);
    });

    expect(found).toEqual(['run-2.jsonl is the journal of the run 3', 'run-3.jsonl is the journal of the run 2']);
  });
});

test('all flaws are told, not only the first', async () => {
  const found = await after((store, runs) => {
    changed(1, edited(3))(store, runs);
    changed(2, only(4))(store, runs);
    store.files.set(planName(runs[2] ?? ''), encode('another plan'));
    changed(4, without(2))(store, runs);
  });

  expect(found).toEqual([
    'run-1.jsonl, line 3: not as it was written, or not in its place',
    expect.stringMatching(/^run-2.jsonl: its head was/),
    'run-3.jsonl: its plan is not the one that it began with',
    'run-4.jsonl, line 2: not as it was written, or not in its place',
  ]);
});
