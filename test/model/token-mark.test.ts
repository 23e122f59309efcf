import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMark, overlapEndMs, parseMark } from '../../src/model/token-mark.ts';

const mark = { name: 'ci-deploy', generation: 2, date: '2026-06-01', op: 'abcdefghij' };
const text = 'ci-deploy@2 muster:2026-06-01:abcdefghij';

test('writes a mark that it reads again', () => {
  expect(formatMark(mark)).toBe(text);
  expect(parseMark(text)).toEqual(mark);
});

test('keeps the longest mark within 100 bytes', () => {
  const longest = formatMark({ ...mark, name: 'a'.repeat(64), generation: 99_999 });

  expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(100);
  expect(parseMark(longest)?.name).toHaveLength(64);
});

test('reads every mark that it can write', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('');
  const name = fc
    .tuple(fc.constantFrom(...letters), fc.array(fc.constantFrom(...letters, '.', '_', '-'), { maxLength: 63 }))
    .map(([first, rest]) => first + rest.join(''));
  const date = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10));
  const op = fc.array(fc.constantFrom(...letters), { minLength: 10, maxLength: 10 }).map((some) => some.join(''));
  const markers = fc.record({ name, generation: fc.integer({ min: 1, max: 99_999 }), date, op });

  fc.assert(
    fc.property(markers, (one) => {
      expect(parseMark(formatMark(one))).toEqual(one);
    }),
    { numRuns: 300 },
  );
});

describe('takes for foreign', () => {
  test.each([
    ['nothing', ''],
    ['words', 'my token'],
    ['a mark with a space before it', ` ${text}`],
    ['a mark with a line end after it', `${text}\n`],
    ['a mark in two lines', `x\n${text}`],
    ['two marks', `${text} ${text}`],
    ['a capital letter', text.replace('ci', 'Ci')],
    ['a name that begins with a dash', text.replace('ci', '-ci')],
    ['no name', text.replace('ci-deploy', '')],
    ['a name of 65 letters', text.replace('ci-deploy', 'a'.repeat(65))],
    ['a name with a slash', text.replace('ci-deploy', '../ci')],
    ['a letter that only looks right', text.replace('ci', '\u0441i')],
    ['generation 0', text.replace('@2', '@0')],
    ['generation 02', text.replace('@2', '@02')],
    ['a generation of six digits', text.replace('@2', '@100000')],
    ['a generation in other digits', text.replace('@2', '@\u0662')],
    ['a generation with an exponent', text.replace('@2', '@1e3')],
    ['no generation', text.replace('@2', '')],
    ['two spaces', text.replace(' ', '  ')],
    ['a no-break space', text.replace(' ', '\u00a0')],
    ['another program', text.replace('muster', 'master')],
    ['a date without dashes', text.replace('2026-06-01', '20260601')],
    ['a month that is none', text.replace('2026-06-01', '2026-13-01')],
    ['a day that is none', text.replace('2026-06-01', '2026-02-30')],
    ['a date of nines', text.replace('2026-06-01', '9999-99-99')],
    ['nine characters of op', text.slice(0, -1)],
    ['eleven characters of op', `${text}k`],
    ['a capital in op', text.replace('abc', 'ABC')],
  ])('%s', (_, description) => {
    expect(parseMark(description)).toBeUndefined();
  });
});

function isFaithful(description: string): boolean {
  const found = parseMark(description);
  return found === undefined || formatMark(found) === description;
}

test('reads nothing out of a description but what it would write itself', () => {
  const spoilt = fc
    .tuple(fc.nat({ max: text.length }), fc.string({ maxLength: 2 }))
    .map(([at, some]) => text.slice(0, at) + some + text.slice(at + 1));
  const check = (): void => fc.assert(fc.property(fc.oneof(fc.string(), spoilt), isFaithful), { numRuns: 500 });

  expect(check).not.toThrow();
});

test.each([
  ['a name that is none', { name: 'CI' }],
  ['a generation that is none', { generation: 0 }],
  ['a half generation', { generation: 1.5 }],
  ['a date that is none', { date: '2026-06-31' }],
  ['an op that is none', { op: 'short' }],
])('refuses to write %s', (_, wrong) => {
  expect(() => formatMark({ ...mark, ...wrong })).toThrow(expect.objectContaining({ code: 'PROGRAMMING_ERROR' }));
});

test('counts an overlap from the end of the day, so that it is never shorter than declared', () => {
  expect(new Date(overlapEndMs(mark.date, 0)).toISOString()).toBe('2026-06-02T00:00:00.000Z');
  expect(new Date(overlapEndMs(mark.date, 3_600_000)).toISOString()).toBe('2026-06-02T01:00:00.000Z');
});
