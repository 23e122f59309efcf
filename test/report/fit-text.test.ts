import { stripVTControlCharacters } from 'node:util';
import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/report/columns.ts';
import { fitText } from '../../src/report/fit-text.ts';
import { coloured } from '../../src/report/paint.ts';

const fit = (text: string, width = 40): string => fitText(text, { width });

describe('a line that is longer than the terminal', () => {
  test('goes on a little further in than it begins', () => {
    expect(fit('  one two three four five six seven eight nine ten')).toBe(
      '  one two three four five six seven\n    eight nine ten',
    );
  });

  test('goes on below its last column, where that has room', () => {
    const row = 'note  guests  not possible: they need a licence and a setting of the server';

    expect(fit(row, 60)).toBe(
      'note  guests  not possible: they need a licence and a\n              setting of the server',
    );
    expect(fit(row)).toBe('note  guests\n  not possible: they need a licence and\n  a setting of the server');
  });

  test('begins a column anew that would be cut where there is hardly any room', () => {
    expect(fit('  members  0                                      GET /teams, all pages; GET /channels', 60)).toBe(
      '  members  0\n           GET /teams, all pages; GET /channels',
    );
  });

  test('keeps a word in one piece that fits on no line', () => {
    const path = `/var/lib/${'x'.repeat(60)}.jsonl`;

    expect(fit(`journal ${path} is written`)).toBe(`journal ${path}\n  is written`);
  });

  test('of a file that a message shows stays as it is', () => {
    const shown = `  3 |   - { username: ada, ${'emial: ada@example.com, '.repeat(3)}}\n    |${' '.repeat(60)}^`;

    expect(fit(shown)).toBe(shown);
  });

  test('keeps its colours', () => {
    const text = `  ${coloured('cyan', '→ one two three four five six seven eight nine')}`;

    expect(stripVTControlCharacters(fit(text))).toBe('  → one two three four five six seven\n    eight nine');
    expect(fit(text)).toContain('\u001b[36m→');
  });
});

test('without a terminal no line is broken', () => {
  const line = 'word '.repeat(100);

  expect(fit(line, Number.POSITIVE_INFINITY)).toBe(line);
});

const words = array(
  tuple(constantFrom(' ', '  ', '    '), constantFrom('a', 'ab', 'muster', '→', '李小龍', 'x'.repeat(50))),
  { maxLength: 30 },
);

test('no word is lost, and no line is too long that could be shorter', () => {
  assert(
    property(integer({ min: 20, max: 100 }), words, (width, parts) => {
      const text = parts.map(([gap, word]) => gap + word).join('');
      const lines = fit(text, width).split('\n');

      expect(lines.join(' ').split(/ +/)).toEqual(text.split(/ +/));
      for (const line of lines.filter((one) => widthOf(one) > width)) expect(line).toContain('x'.repeat(50));
    }),
  );
});
