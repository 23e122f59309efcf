import { describe, expect, test } from 'vitest';
import { parseWaivers } from '../../src/config/load-waivers.ts';
import { InputError } from '../../src/model/problem.ts';

const today = '2026-06-15';
const text = (...waivers: readonly string[]): string =>
  `version: 1\nwaivers:\n${waivers.map((one) => `  - ${one}\n`).join('')}`;
const waiver = (expires: string, more = 'users: [Ada, bob]'): string =>
  `{ rule: old-token, reason: retired soon, by: grace, expires: ${expires}, ${more} }`;
const parse = (content: string): ReturnType<typeof parseWaivers> =>
  parseWaivers({ name: 'waivers.yaml', text: content, isInPlace: true }, today);

function problemsOf(content: string): readonly string[] {
  try {
    parse(content);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ code, at }) => `${code} ${at?.line ?? 0}`);
    throw error;
  }
  return [];
}

test('reads who accepts what, for whom, and until when', () => {
  expect(parse(text(waiver('2026-06-20')))).toEqual([
    {
      rule: 'old-token',
      users: new Set(['ada', 'bob']),
      reason: 'retired soon',
      by: 'grace',
      identity: new Set(['grace']),
      expires: '2026-06-20',
      state: 'valid',
      at: { file: 'waivers.yaml', line: 3, column: 5 },
      lines: [3],
    },
  ]);
});

test.each([
  ['today', '2026-06-15', 'valid'],
  ['yesterday', '2026-06-14', 'expired'],
  ['in 366 days', '2027-06-16', 'valid'],
  ['in 367 days', '2027-06-17', 'too-far-ahead'],
  ['on a day that does not exist', '2026-06-31', 'expired'],
])('takes one whose last day is %s as it is', (_when, expires, state) => {
  expect(parse(text(waiver(expires)))).toMatchObject([{ state }]);
});

describe('refuses, with the place,', () => {
  test.each([
    ['a rule that does not exist', text(waiver('2026-06-20').replace('old-token', 'old-tokens'))],
    ['one without a reason', text('{ rule: old-token, users: [ada], by: grace, expires: 2026-06-20 }')],
    ['one for nobody', text(waiver('2026-06-20', 'users: []'))],
    ['one without an end', text('{ rule: old-token, users: [ada], by: grace, reason: soon }')],
    ['a key that nobody knows', text(waiver('2026-06-20', 'users: [ada], severity: low'))],
  ])('%s', (_what, content) => {
    expect(problemsOf(content)).toEqual([expect.stringMatching(/ 3$/)]);
  });
});
