import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ReviewFile } from '../../src/model/generated/review-file.ts';
import { reviewYaml } from '../../src/report/review-yaml.ts';

test('a name that would reorder a line, or move a cursor, stands in a file of a review as codes', () => {
  const name = 'eve\u202e\u2066x\u009b31m\u0085\u2028';
  const facts = { account: 'a', key: 'account', email: `${name}@example.com`, active: true, declared: true };
  const file: ReviewFile = {
    version: 1,
    review: 'q1',
    owner: 'everybody',
    rows: [{ id: '1', person: 'eve', grant: name, facts: { ...facts, name, privileged: false }, decision: '' }],
  };

  const text = reviewYaml(file);

  expect(text).not.toMatch(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  expect(parse(text)).toEqual(file);
});
