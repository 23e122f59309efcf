import { describe, expect, test } from 'vitest';
import { composed, looksTheSame, normalizeName } from '../../src/model/user-rules.ts';

const decomposed = 'Zoe\u0308';

describe('a name', () => {
  test('is one name however its accents are spelt', () => {
    expect(normalizeName(decomposed)).toBe('Zo\u00eb');
    expect(composed(decomposed)).toBe('Zo\u00eb');
  });

  test('loses what the server takes out of it', () => {
    expect(normalizeName('\ufeffZo\u202ee\u0308')).toBe('Zo\u00eb');
  });

  test.each([
    ['an accent of its own', decomposed, 'Zo\u00eb'],
    ['a blank at which no line ends', 'Ops\u00a0Lead', 'Ops Lead'],
    ['a narrow one', 'M.\u202fLi', 'M. Li'],
  ])('looks the same with %s', (_, one, other) => {
    expect(looksTheSame(one, other)).toBe(true);
    expect(looksTheSame(other, one)).toBe(true);
  });

  test.each([
    ['an accent', 'Zoe', 'Zo\u00eb'],
    ['a capital', 'zoe', 'Zoe'],
    ['another script', 'a', '\u0430'],
    ['two blanks', 'Ops  Lead', 'Ops Lead'],
    ['a joiner that changes letters', 'می\u200cخواهم', 'میخواهم'],
  ])('differs by %s', (_, one, other) => {
    expect(looksTheSame(one, other)).toBe(false);
  });
});
