import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../../src/report/printable.ts';

test.each([
  ['plain text', 'Ada Lovelace', 'Ada Lovelace'],
  ['letters of every script', 'Ünïcödé 漢字 العربية 🙂', 'Ünïcödé 漢字 العربية 🙂'],
  ['a colour', '\u001b[31mred', '\\u{1b}[31mred'],
  ['a link of a terminal', '\u001b]8;;http://x\u0007y', '\\u{1b}]8;;http://x\\u{7}y'],
  ['a control sequence in one character', '\u009b31m', '\\u{9b}31m'],
  ['line ends and tabs', 'a\r\nb\tc', 'a\\u{d}\\u{a}b\\tc'],
  ['a reversal', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
  ['an isolate', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['a mark of direction that keeps an arrow in its place', 'a\u200e → b', 'a\u200e → b'],
  ['marks of direction', '\u200ea\u200fb\u061c', '\\u{200e}a\\u{200f}b\\u{61c}'],
  ['what has no width', 'a\u200bb\u2060c\ufeff', 'a\\u{200b}b\\u{2060}c\\u{feff}'],
  ['separators of lines', 'a\u2028b\u2029c\u0085', 'a\\u{2028}b\\u{2029}c\\u{85}'],
  ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
  [
    'fillers and joiners that no one sees',
    'a\u3164\u115f\uffa0\u034f\u2800b',
    'a\\u{3164}\\u{115f}\\u{ffa0}\\u{34f}\\u{2800}b',
  ],
  ['what chooses a form of a letter', 'a\ufe0f\ufe00b', 'a\\u{fe0f}\\u{fe00}b'],
  ['an emoji with its colours', '❤\ufe0f', '❤\ufe0f'],
  ['half of a pair', 'a\ud800b', 'a\\u{d800}b'],
])('shows %s without harm', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

describe('whatever the text,', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0xe0000, max: 0xe01ff }).map((code) => String.fromCodePoint(code)),
    ),
    maxLength: 50,
  });

  test('no control character and no change of direction is left', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u200f\u202a-\u202e\u2066-\u2069]|\u200e(?! → )/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('what is harmless stays, and showing it twice changes nothing', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printable(text);

        expect(printable(shown)).toBe(shown);
        expect(shown.length).toBeGreaterThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});
