import { assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/api/excerpt.ts';
import { Redactor } from '../../src/api/redact.ts';
import { bySuite } from '../support/suite.ts';

test('an excerpt of anything is one short line of visible characters', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 600 }), integer({ min: 10, max: 200 }), (text, max) => {
      const shown = excerpt(text, max);
      expect(shown.length).toBeLessThanOrEqual(max + 1);
      // oxlint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u);
    }),
    { numRuns: bySuite({ short: 20, long: 100 }) },
  );
});

test.each([
  ['  a short text ', 'a short text'],
  ['two\r\nlines', 'two\\u{d}\\u{a}lines'],
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['turned \u202eround', 'turned \\u{202e}round'],
  ['grüße 👋', 'grüße 👋'],
  ['half \ud83d', 'half \\u{d83d}'],
])('an excerpt of %j', (text, expected) => {
  expect(excerpt(text)).toBe(expected);
});

test('marks where a long text was cut', () => {
  expect(excerpt('x'.repeat(500), 10)).toBe('xxxxxxxxxx…');
});

test('withholds any text that repeats a secret', () => {
  assert(
    property(string({ minLength: 1 }), string(), string(), (secret, before, after) => {
      const redactor = new Redactor();
      redactor.add(secret);
      const form = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64url')];
      for (const told of form)
        expect(redactor.withhold(before + told + after)).toBe('(text withheld: it repeats a secret)');
    }),
  );
});

test('lets other texts through', () => {
  const redactor = new Redactor();
  redactor.add('');
  redactor.add('hunter2');

  expect(redactor.withhold('nothing of the kind')).toBe('nothing of the kind');
});
