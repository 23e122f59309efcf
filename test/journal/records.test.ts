/** The lines of a journal: what they are made of, and what is not taken for one. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineWriter, readRecords } from '../../src/journal/records.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import type { JournalRecord } from '../../src/model/journal-record.ts';
import { otherKey, testKey } from '../support/journal-key.ts';
import { anyRecords, anyRun, written } from './support/any-records.ts';

const at = '2026-06-15T12:00:00.000Z';
const name = 'run-000001-20260615T120000Z-0badcafe.jsonl';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const linesOf = (bytes: Uint8Array): readonly string[] => new TextDecoder().decode(bytes).split('\n').slice(0, -1);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const started: JournalRecord = {
  type: 'started',
  version: 1,
  at,
  run: '000001-20260615T120000Z-0badcafe',
  tool: '0.1.0',
  server: { key: 'key', url: 'https://chat.example.com' },
  caller: 'caller',
  plan: 'sha256:00',
  actions: 2,
};
const intent: JournalRecord = {
  type: 'intent',
  at,
  action: 'ada/1',
  attempt: 1,
  operation: 'patch-user',
  account: 'a',
};
const answer: JournalRecord = { type: 'response', at, action: 'ada/1', attempt: 1, result: 'written' };

/** The bytes of lines that say anything at all, each chained as it should be. */
function forged(...contents: readonly object[]): Uint8Array {
  let head = '0'.repeat(64);
  const lines = contents.map((content) => {
    head = sha256(`${head}\n${canonicalJson(content)}`);
    return `${canonicalJson({ ...content, hash: head })}\n`;
  });
  return encode(lines.join(''));
}

describe('a line', () => {
  test('is canonical JSON with a signature, and a hash over all of it and the hash of the line before', () => {
    const lines = linesOf(written([started, intent, answer]));

    const signer = testKey.signerOf(anyRun);
    const signed = { ...started, mac: signer.sign(`${'0'.repeat(64)}\n${canonicalJson(started)}`) };
    const first = sha256(`${'0'.repeat(64)}\n${canonicalJson(signed)}`);
    const mac = signer.sign(`${first}\n${canonicalJson(intent)}`);
    const second = sha256(`${first}\n${canonicalJson({ ...intent, mac })}`);
    expect(lines[0]).toBe(canonicalJson({ ...signed, hash: first }));
    expect(lines[1]).toBe(
      `{"account":"a","action":"ada/1","at":"${at}","attempt":1,"hash":"${second}","mac":"${mac}","operation":"patch-user","type":"intent"}`,
    );
  });

  test.each([
    ['no date', { at: '\u001b[31m' }],
    ['a day that there is not', { at: '2026-13-41T12:00:00.000Z' }],
    ['a date in another form', { at: '2026-06-15' }],
    ['less than nothing done', { actions: -1 }],
    ['a part of an action', { actions: 0.5 }],
  ])('whose hash fits is not understood where it tells of %s', (_, part) => {
    expect(() => readRecords(forged({ ...started, ...part }), name)).toThrow(
      expect.objectContaining({ code: 'JOURNAL_BROKEN' }),
    );
  });

  test('without a signature, as older versions wrote it, is read', () => {
    const content = readRecords(forged(started, intent), name, testKey.signerOf(anyRun));

    expect(content.records).toEqual([started, intent]);
    expect(content.signature).toBe('none');
  });

  test.each([
    ['fits', anyRun, testKey],
    ['another key', anyRun, otherKey],
    ['another key', 'another run', testKey],
  ] as const)('is told by its signature: %s', (signature, run, key) => {
    expect(readRecords(written([started, intent]), name, key.signerOf(run)).signature).toBe(signature);
  });

  test('that was edited, with every hash after it made to fit, has a signature that does not', () => {
    fc.assert(
      fc.property(anyRecords(2), fc.nat(), (records, pick) => {
        const contents = linesOf(written(records)).map((line): object => {
          const { hash: _, ...content } = JSON.parse(line) as { hash: string };
          return content;
        });
        const nth = pick % contents.length;
        const edited = contents.with(nth, { ...contents[nth], at: '2031-01-01T00:00:00.000Z' });

        expect(readRecords(forged(...edited), name, testKey.signerOf(anyRun)).signature).toBe('wrong');
      }),
      { numRuns: 100 },
    );
  });

  test('is the same whatever the order in which its parts were named', () => {
    const { type, ...others } = intent;
    const turned = Object.fromEntries(Object.entries({ ...others, type }).toReversed()) as unknown as JournalRecord;

    expect(written([started, turned])).toEqual(written([started, intent]));
  });

  test('says nothing of what is not known', () => {
    const without = { ...intent, account: undefined } as unknown as JournalRecord;

    expect(linesOf(written([started, without]))[1]).not.toContain('account');
    expect(readRecords(written([started, without]), name).records[1]).not.toHaveProperty('account');
  });

  test('is chained to the last one also by who goes on later', () => {
    const whole = written([started, intent, answer]);
    const { head } = readRecords(written([started, intent]), name);

    const later = new LineWriter(testKey.signerOf(anyRun), head);

    expect(later.line(answer)).toBe(`${linesOf(whole)[2]}\n`);
    expect(later.head).toBe(readRecords(whole, name).head);
  });
});

describe('reading', () => {
  test('gives back what was written, whatever it is', () => {
    fc.assert(
      fc.property(anyRecords(), (records) => {
        const bytes = written(records);

        const content = readRecords(bytes, name);

        expect(content.records).toEqual(records);
        expect(content).toMatchObject({ wholeBytes: bytes.length, lacksNewline: false });
        expect(linesOf(bytes)).toHaveLength(records.length);
      }),
      { numRuns: 300 },
    );
  });

  test('finds nothing in an empty file', () => {
    expect(readRecords(new Uint8Array(), name)).toEqual({
      records: [],
      head: '0'.repeat(64),
      wholeBytes: 0,
      lacksNewline: false,
    });
  });

  test('tells which line is the first that does not hold, in which file, and what to do', () => {
    const bytes = encode(
      new TextDecoder().decode(written([started, intent, answer])).replace('patch-user', 'activate'),
    );

    expect(() => readRecords(bytes, name)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_TAMPERED',
        message: `${name}, line 2: not as it was written, or not in its place`,
        hint: expect.stringMatching(/put back the file.*tokens that this run made.*move run-.*\.jsonl away/) as string,
      }),
    );
  });
});

describe('what is refused though its hash fits', () => {
  const line = linesOf(written([started]))[0] ?? '';

  test.each<[what: string, text: string]>([
    ['spaces', line.replace('{"', '{ "')],
    ['a space at the end', `${line} `],
    ['a carriage return', `${line}\r`],
    ['keys in another order', line.replace(/"actions":2,(.*)}$/, '$1,"actions":2}')],
    ['a key twice', line.replace('"actions":2', '"actions":2,"actions":2')],
    ['a number written in another way', line.replace('"actions":2', '"actions":2.0')],
    ['a text written in another way', line.replace('"tool":"0', '"tool":"\\u0030')],
    ['a byte-order mark', `\ufeff${line}`],
    ['no hash', line.replace(/"hash":"[0-9a-f]+",/, '')],
  ])('is a line with %s', (_, text) => {
    expect(text).not.toBe(line);
    expect(() => readRecords(encode(`${text}\n`), name)).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^JOURNAL_(BROKEN|TAMPERED)$/) as string,
        message: expect.stringContaining(`${name}, line 1: `) as string,
      }),
    );
  });

  test('is a line that is no UTF-8', () => {
    const bytes = Buffer.from(written([{ ...started, tool: 'ÿ' }]));
    const latin = Buffer.from(bytes.toString('latin1').replace('Ã¿', 'ÿ'), 'latin1');

    expect(() => readRecords(latin, name)).toThrow(expect.objectContaining({ code: 'JOURNAL_BROKEN' }));
  });

  test('is a beginning in the middle, and a first line that is none', () => {
    expect(() => readRecords(written([started, intent, started]), name)).toThrow(`${name}, line 3: `);
    expect(() => readRecords(written([intent]), name)).toThrow(`${name}, line 1: `);
    expect(readRecords(written([intent]).slice(0, -1), name).records).toEqual([]);
    expect(readRecords(written([started, started]).slice(0, -1), name).records).toHaveLength(1);
  });

  const ending = { type: 'ended', at, how: 'complete', done: 0, failed: 0, stale: 0, skipped: 0 };
  test.each<[what: string, content: object]>([
    ['of a type that is not known', { type: 'paused', at }],
    ['of a type that every object has', { type: 'constructor', at }],
    ['of no type', { at }],
    ['without a moment', { ...intent, at: undefined }],
    ['whose moment is a number', { ...intent, at: 1 }],
    ['an intent without its action', { ...intent, action: undefined }],
    ['an intent of an attempt that is a text', { ...intent, attempt: '1' }],
    ['an intent without its operation', { ...intent, operation: undefined }],
    ['an intent of an account that is a number', { ...intent, account: 1 }],
    ['an intent of a mark that is null', { ...intent, mark: null }],
    ['an answer of a result that is not known', { ...answer, result: 'accepted' }],
    ['an answer without its result', { ...answer, result: undefined }],
    ['an answer of a token that is a list', { ...answer, token: ['t'] }],
    ['an outcome of a status that is not known', { type: 'outcome', at, action: 'ada/1', status: 'deferred' }],
    [
      'an outcome found in a way that is not known',
      { type: 'outcome', at, action: 'a', status: 'done', as: 'guessed' },
    ],
    ['an outcome that was written in part', { type: 'outcome', at, action: 'a', status: 'failed', written: 'half' }],
    ['a sweep whose list is a text', { type: 'swept', at, left: 'ada/1' }],
    ['a sweep whose list holds numbers', { type: 'swept', at, left: [1] }],
    ['not verified without a code', { type: 'not-verified', at, action: 'ada/1' }],
    ['resumed by nobody', { type: 'resumed', at }],
    ['an end that is not known', { ...ending, how: 'paused' }],
    ['an end that does not count', { ...ending, done: '3' }],
  ])('is a line %s: another version wrote it', (_, content) => {
    expect(() => readRecords(forged(started, content), name)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_BROKEN',
        message: `${name}, line 2: written by another version of muster, and not understood by this one`,
        hint: 'use the version that wrote it',
      }),
    );
  });

  test.each<[what: string, content: object]>([
    ['another version', { ...started, version: 2 }],
    ['no version', { ...started, version: undefined }],
    ['no server', { ...started, server: undefined }],
    ['a server without a key', { ...started, server: { url: 'x' } }],
    ['a previous run without its head', { ...started, previous: { run: 'x' } }],
    ['a previous run that is a text', { ...started, previous: 'x' }],
    ['a number of actions that is none', { ...started, actions: null }],
    ['a run taken back that is a number', { ...started, undoes: 1 }],
  ])('is a beginning with %s', (_, content) => {
    expect(() => readRecords(forged(content), name)).toThrow(
      expect.objectContaining({ code: 'JOURNAL_BROKEN', hint: 'use the version that wrote it' }),
    );
  });
});
