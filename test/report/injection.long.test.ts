/** Whatever stands in a field that comes from outside, wherever in it, it is dead text in every format. */
import { expect, test } from 'vitest';
import { allAttacks, testAttacks } from './injection-suite.ts';

test('there are at least 500 of them, and all differ', () => {
  expect(new Set(allAttacks).size).toBeGreaterThanOrEqual(500);
});

testAttacks(allAttacks);
