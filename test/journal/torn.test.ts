/** A journal that was torn, flipped, doubled or moved about: read as far as it was whole, or refused, and never guessed at. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { UnusableJournalError } from '../../src/journal/errors.ts';
import { type JournalContent, readRecords } from '../../src/journal/records.ts';
import { reopenRun } from '../../src/journal/runs.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import type { JournalRecord } from '../../src/model/journal-record.ts';
import { openStage } from '../apply/support/stage.ts';
import { bySuite } from '../support/suite.ts';
import { anyJournal, anyRecords, anyRun, written } from './support/any-records.ts';
import { joined, MemoryStore } from './support/memory-store.ts';
import { tickingClock } from './support/runs.ts';

/** A journal as it was written. */
interface Truth {
  readonly run: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Offset of the newline of each line. */
  readonly ends: readonly number[];
  /** The records that the first n lines hold, as text. */
  readonly prefixes: readonly string[];
}

function truthOf(run: string, name: string, bytes: Uint8Array): Truth {
  const ends = [...bytes.entries()].flatMap(([offset, byte]) => (byte === newline ? [offset] : []));
  // Read here by other means than the reader's own: a line is JSON, and neither its hash nor its signature is part of the record.
  const records = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .slice(0, -1)
    .map((line) => canonicalJson(withoutHash(JSON.parse(line))));
  return { run, name, bytes, ends, prefixes: [...records, ''].map((_, count) => records.slice(0, count).join('\n')) };
}

const withoutHash = (value: unknown): unknown => ({ ...(value as object), hash: undefined, mac: undefined });
const newline = 0x0a;
const textOf = (records: readonly JournalRecord[]): string => records.map((one) => canonicalJson(one)).join('\n');

/** Where a line begins. */
const startOf = ({ ends }: Truth, line: number): number => (line === 0 ? 0 : (ends[line - 1] ?? -1) + 1);

/** Every offset of the last lines. */
function offsetsOf(truth: Truth, lines: number): readonly number[] {
  const from = startOf(truth, Math.max(0, truth.ends.length - lines));
  return Array.from({ length: truth.bytes.length - from }, (_, i) => from + i);
}

/** The line that an offset lies in, counted from 0. */
const lineOf = ({ ends }: Truth, offset: number): number => ends.findIndex((end) => offset <= end);

type Found = { readonly opened: number } | { readonly refused: number };

/** How many records a damaged journal opens with, or which line it is refused for. */
function look({ name, prefixes }: Truth, damaged: Uint8Array): Found {
  let content: JournalContent;
  try {
    content = readRecords(damaged, name);
  } catch (error) {
    if (!(error instanceof UnusableJournalError)) throw error;
    const [, file, line] = /^(\S+), line (\d+): /.exec(error.message) ?? [];
    if (file !== name) throw new Error(`refused without the name of the file: ${error.message}`, { cause: error });
    return { refused: Number(line) };
  }
  const opened = content.records.length;
  if (textOf(content.records) !== prefixes[opened]) throw new Error(`read ${opened} records that nobody wrote`);
  return { opened };
}

/** Opened again, written to, and read once more: what was read before, and what was added. */
async function goesOn(truth: Truth, damaged: Uint8Array): Promise<boolean> {
  const store = new MemoryStore({ [truth.name]: damaged });
  const before = readRecords(damaged, truth.name);
  const journal = await reopenRun(store, tickingClock(), truth.run);
  journal.note({ type: 'resumed', tool: '0.1.0' });
  await journal.close('complete', { done: 1, failed: 0, stale: 0, skipped: 0 });
  await journal.release();
  const after = readRecords(store.bytes(truth.name), truth.name);
  const count = before.records.length;
  return (
    after.records.length === count + 2 &&
    textOf(after.records.slice(0, count)) === truth.prefixes[count] &&
    after.head === journal.head &&
    after.wholeBytes === store.bytes(truth.name).length &&
    !after.lacksNewline
  );
}

const flipped = (bytes: Uint8Array, offset: number, bit: number): Uint8Array =>
  bytes.with(offset, (bytes[offset] ?? 0) ^ (1 << bit));

const nuls = (count: number): Uint8Array => new Uint8Array(count);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a journal must show that was cut off at an offset: all records of which nothing but the newline is missing. */
const wholeAt = ({ ends }: Truth, offset: number): number => ends.filter((end) => end <= offset).length;

/** @returns what went otherwise, for as many cases as there are; the first few of it are enough to look at */
async function deviations<Case>(
  cases: readonly Case[],
  check: (one: Case) => boolean | Promise<boolean>,
): Promise<readonly Case[]> {
  const found: Case[] = [];
  for (const one of cases) if (!(await check(one))) found.push(one);
  return found.slice(0, 5);
}

const isOpened = (found: Found, count: number): boolean => 'opened' in found && found.opened === count;
const isRefused = (found: Found, line: number): boolean => 'refused' in found && found.refused === line + 1;

/**
 * Cut off at every byte: exactly what was whole is there, and the journal goes on.
 *
 * @param step - at every how manieth byte it is gone on with; near the ends of lines it always is
 */
function cutAnywhere(truth: Truth, step = 1): Promise<readonly number[]> {
  const isGoneOnWith = (offset: number): boolean =>
    offset % step === 0 || truth.ends.some((end) => Math.abs(end - offset) <= 2);
  return deviations(offsetsOf(truth, 3), async (offset) => {
    const damaged = truth.bytes.slice(0, offset);
    if (!isOpened(look(truth, damaged), wholeAt(truth, offset))) return false;
    return !isGoneOnWith(offset) || goesOn(truth, damaged);
  });
}

/** A bit of any byte is another: refused with its line; the newline of the last line alone is known by what comes before it. */
function flippedAnywhere(
  truth: Truth,
  lines: number,
  bitsOf: (offset: number) => readonly number[],
): Promise<readonly unknown[]> {
  const cases = offsetsOf(truth, lines).flatMap((offset) => bitsOf(offset).map((bit) => ({ offset, bit })));
  return deviations(cases, ({ offset, bit }) => {
    const damaged = flipped(truth.bytes, offset, bit);
    const found = look(truth, damaged);
    return offset === truth.bytes.length - 1
      ? isOpened(found, truth.ends.length) && goesOn(truth, damaged)
      : isRefused(found, lineOf(truth, offset));
  });
}

const allBits = [0, 1, 2, 3, 4, 5, 6, 7];
/** Every bit of a byte in the long suite, one of each in the short one. */
const bitsOf = bySuite<(offset: number) => readonly number[]>({ short: (offset) => [offset % 8], long: () => allBits });
/** Every so many bytes. */
const few = bySuite({ short: 11, long: 1 });

describe('the journal of a run', () => {
  let truth: Truth;
  let count = 0;
  let lastLine = 0;

  beforeAll(async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'grace' }] });
    await stage.declare([
      { username: 'ada', nickname: 'é', tokens: [{ name: 'ci' }] },
      { username: 'grace', roles: ['system_user', 'system_post_all'] },
      { username: 'new', email: 'new@example.com' },
    ]);
    await stage.apply({ concurrency: 2 });
    const home = join(stage.dir, 'state', 'muster');
    const [server = ''] = await readdir(home);
    const [name = ''] = (await readdir(join(home, server))).filter((one) => one.endsWith('.jsonl'));
    const run = name.replace(/^run-|\.jsonl$/g, '');
    truth = truthOf(run, name, new Uint8Array(await readFile(join(home, server, name))));
    count = truth.ends.length;
    lastLine = startOf(truth, count - 1);
    await stage.close();
  });

  test('is whole as it is', async () => {
    expect(count).toBeGreaterThan(10);
    expect(look(truth, truth.bytes)).toEqual({ opened: count });
    expect(await goesOn(truth, truth.bytes)).toBe(true);
  });

  test('cut off at any byte of its last three lines has exactly the lines before, and goes on', async () => {
    expect(await cutAnywhere(truth, bySuite({ short: 61, long: 1 }))).toEqual([]);
  });

  test('cut off within its first line is a run that was never begun', async () => {
    const offsets = Array.from({ length: truth.ends[0] ?? 0 }, (_, offset) => offset);

    expect(await deviations(offsets, (offset) => isOpened(look(truth, truth.bytes.slice(0, offset)), 0))).toEqual([]);
  });

  test('with any bit of its last line flipped is refused with that line', async () => {
    expect(await flippedAnywhere(truth, 1, bitsOf)).toEqual([]);
  });

  test('with a bit of any byte before flipped is refused with its line', async () => {
    expect(
      await flippedAnywhere(truth, count, (offset) =>
        offset < lastLine && offset % few === 0 ? [(offset / few) % 8] : [],
      ),
    ).toEqual([]);
  });

  test('with its end twice is refused with the line that came twice, or cut back where that one is torn', async () => {
    expect(
      await deviations(
        offsetsOf(truth, 3).filter((offset) => offset % few === 0),
        (offset) => {
          const tail = truth.bytes.slice(offset);
          const torn = joined(truth.bytes, truth.bytes.slice(Math.max(offset, lastLine), -1));
          return isRefused(look(truth, joined(truth.bytes, tail)), count) && isOpened(look(truth, torn), count);
        },
      ),
    ).toEqual([]);
  });

  test('with zeros in place of its end has what was whole, and goes on', async () => {
    expect(
      await deviations(
        offsetsOf(truth, 3).filter((offset) => offset % few === 0),
        async (offset) => {
          const damaged = joined(truth.bytes.slice(0, offset), nuls(truth.bytes.length - offset));
          const found = look(truth, damaged);
          // A single zero in place of the last newline is no doubt about the line.
          const whole = offset === truth.bytes.length - 1 ? count : truth.ends.filter((end) => end < offset).length;
          return isOpened(found, whole) && (await goesOn(truth, damaged));
        },
      ),
    ).toEqual([]);
  });

  test.each<[what: string, added: Uint8Array]>([
    ['one zero', nuls(1)],
    ['a block of zeros', nuls(4096)],
    ['half a line', encode('{"account":"a","action":"ada/9","at":"2026-06-15T12:00:0')],
    [
      'a line of another journal, torn',
      encode('{"at":"2026-06-15T12:00:00.000Z","hash":"00","left":[],"type":"swept"}'),
    ],
    ['bytes that are no text', Uint8Array.from([0xff, 0xfe, 0x80, 0xc0])],
    ['a mark of another encoding', Uint8Array.from([0xef, 0xbb, 0xbf])],
  ])('with %s after its end is cut back to what it was, and goes on', async (_, added) => {
    const damaged = joined(truth.bytes, added);

    expect(look(truth, damaged)).toEqual({ opened: count });
    expect(await goesOn(truth, damaged)).toBe(true);
  });

  test.each<[what: string, added: Uint8Array]>([
    ['an empty line', encode('\n')],
    ['a carriage return and a newline', encode('\r\n')],
    ['zeros and a newline', joined(nuls(100), encode('\n'))],
    ['a line that is no JSON', encode('ended\n')],
    ['a line that is no object', encode('null\n')],
    ['a line that follows another', encode('{"at":"2026-06-15T12:00:00.000Z","hash":"00","left":[],"type":"swept"}\n')],
  ])('with %s after its end is refused with that line', (_, added) => {
    expect(look(truth, joined(truth.bytes, added))).toEqual({ refused: count + 1 });
  });

  test('without any one of its lines is refused with the line that took its place', async () => {
    const lines = Array.from({ length: count - 1 }, (_, line) => line);

    const found = await deviations(lines, (line) => {
      const without = joined(truth.bytes.slice(0, startOf(truth, line)), truth.bytes.slice(startOf(truth, line + 1)));
      return isRefused(look(truth, without), line);
    });

    expect(found).toEqual([]);
    expect(look(truth, truth.bytes.slice(0, lastLine))).toEqual({ opened: count - 1 });
  });

  test('with any two of its lines changed about is refused with the first of them', async () => {
    const parts = truth.ends.map((end, line): Uint8Array => truth.bytes.slice(startOf(truth, line), end + 1));
    const pairs = parts.flatMap((_, i) => parts.slice(i + 1).map((__, k) => [i, i + 1 + k] as const));

    const found = await deviations(pairs, ([i, k]) => {
      const [one = nuls(0), other = nuls(0)] = [parts[i], parts[k]];
      return isRefused(look(truth, joined(...parts.with(i, other).with(k, one))), i);
    });

    expect(pairs.length).toBe((count * (count - 1)) / 2);
    expect(found).toEqual([]);
  });

  test('with the newline of any but the last line gone is refused with that line', async () => {
    const lines = Array.from({ length: count - 1 }, (_, line) => line);

    const found = await deviations(lines, (line) => {
      const end = truth.ends[line] ?? 0;
      return isRefused(look(truth, joined(truth.bytes.slice(0, end), truth.bytes.slice(end + 1))), line);
    });

    expect(found).toEqual([]);
  });
});

describe('many journals of anything that a run may note', () => {
  const truths = fc
    .sample(anyRecords(4, 8), { numRuns: bySuite({ short: 2, long: 20 }), seed: 20_260_615 })
    .map((records) => truthOf(anyRun, anyJournal, written(records)));

  test('cut off at any byte of their last three lines have exactly the lines before, and go on', async () => {
    for (const truth of truths) expect(await cutAnywhere(truth, 20)).toEqual([]);
  });

  test('with a bit of every third byte of their last three lines flipped are refused with its line', async () => {
    const bitOf = (offset: number): readonly number[] => (offset % 3 === 0 ? [(offset / 3) % 8] : []);
    for (const truth of truths) expect(await flippedAnywhere(truth, 3, bitOf)).toEqual([]);
  });

  test('with their end twice are refused, or cut back', async () => {
    for (const truth of truths) {
      const count = truth.ends.length;
      const offsets = offsetsOf(truth, 3).filter((offset) => offset % 3 === 0);
      const twice = await deviations(offsets, (offset) =>
        isRefused(look(truth, joined(truth.bytes, truth.bytes.slice(offset))), count),
      );
      expect(twice).toEqual([]);
    }
  });
});
