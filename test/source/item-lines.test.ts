import { expect, test } from 'vitest';
import { parseWaivers } from '../../src/config/load-waivers.ts';

const linesOf = (...rest: readonly string[]): readonly (readonly number[])[] =>
  parseWaivers(
    { name: 'waivers.yaml', text: ['version: 1', 'waivers:', ...rest, ''].join('\n'), isInPlace: true },
    '2026-06-15',
  ).map(({ lines }) => lines);
const inFlow = (users = '[ada]'): string =>
  `  - { rule: drift, users: ${users}, reason: r, by: grace, expires: 2026-06-20 }`;
const inBlock = [
  '  - rule: drift',
  '    users:',
  '      - ada',
  '      # a comment',
  '    reason: >',
  '      many',
  '',
  '      words',
  '    by: grace',
  '    expires: 2026-06-20',
];

test('an item stands on every line that says something of it, and on no line of the next', () => {
  expect(linesOf(inFlow(), '', '# of the next', inFlow())).toEqual([[3], [6]]);
  expect(linesOf(...inBlock, inFlow())).toEqual([[3, 4, 5, 7, 8, 10, 11, 12], [13]]);
});

test('an item with an alias or a merge stands on all lines of its file', () => {
  expect(linesOf(inFlow('&people [ada]'), inFlow('*people'))).toEqual([[3], [1, 2, 3, 4]]);
  expect(
    linesOf(
      '  - &one { rule: drift, users: [ada], reason: r, by: grace, expires: 2026-06-20 }',
      '  - { <<: *one, rule: old-token }',
    ),
  ).toEqual([[3], [1, 2, 3, 4]]);
});
