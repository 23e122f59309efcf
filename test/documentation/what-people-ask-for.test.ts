/** Each request that we found has an answer: a feature with its test, or a no with its reason. */
import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

interface Row {
  readonly number: number;
  readonly answer: string;
  readonly tests: readonly string[];
}

const rowsOf = (page: string): readonly Row[] =>
  [...page.matchAll(/^\| (\d+) \|(.*)\|$/gm)].map(([, number = '', rest = '']) => {
    const [, , answer = '', shownBy = ''] = rest.split(' | ');
    return {
      number: Number(number),
      answer,
      tests: [...shownBy.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path),
    };
  });

test('the page answers 29 requests, each with a test that is there', async () => {
  const rows = rowsOf(await readFile('docs/what-people-ask-for.md', 'utf8'));

  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
  for (const { answer, tests } of rows) {
    expect(answer.length).toBeGreaterThan(20);
    expect(tests.length).toBeGreaterThan(0);
    for (const path of tests) await access(path);
  }
});

test('a no says why', async () => {
  const page = await readFile('docs/what-people-ask-for.md', 'utf8');

  const refused = rowsOf(page).filter(({ answer }) => /\bno\b[.:,]/i.test(answer));
  expect(refused.map(({ number }) => number)).toEqual([1, 19, 21, 27, 28]);
  for (const { answer } of refused) expect(answer).toMatch(/since|: there|it is a setting/);
});
