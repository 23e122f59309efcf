/** The quick reader against two parsers of YAML: what it reads they read, and to the same value. Where it is not sure it says nothing. */

import { describe, expect, test } from 'vitest';
import { readPlain } from '../../src/source/read-plain.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { seedsOf } from '../support/seeds.ts';
import { bySuite } from '../support/suite.ts';
import { differentialRun, readSlowly } from './support/differential-run.ts';
import { plain } from './support.ts';

const { first, count, isOne } = seedsOf(bySuite({ short: 1500, long: 200_000 }));

test('what the quick reader reads has the same meaning to two parsers of YAML', () => {
  let read = 0;
  for (let seed = first; seed < first + count; seed++) {
    const found = differentialRun(seed);
    if (found === 'same') read++;
    else if (found !== 'left to others')
      expect(plain(found.value), `seed ${seed}: ${JSON.stringify(found.text)}`).toEqual(plain(found.other));
  }

  // Or nothing was tried.
  expect(read).toBeGreaterThan(isOne ? -1 : count / 5);
});

describe('reads quickly', () => {
  test.each([
    ['entries by indentation', 'version: 1\nusers:\n  - username: ada\n    roles: [system_user]\n  - username: bob\n'],
    ['a list as far out as its key', 'users:\n- username: ada\n  active: true\n- username: bob\n'],
    ['entries in braces', 'users:\n  - { username: ada, auth: { service: email } }\n  - {}\n  - []\n'],
    [
      'tokens of an entry',
      'users:\n  - username: ada\n    tokens:\n      - { name: ci, overlap: 24h }\n      - name: cd\n',
    ],
    ['comments and empty lines', '# all\n---\nversion: 1 # one\n\nusers: # people\n  # ada\n  - ada # first\n'],
    ['texts in quotes', `a: "x: y # z"\nb: 'it''s'\nc: "007"\nd: ''\n`],
    ['numbers, booleans and dates', 'a: 007\nb: 1e3\nc: true\nd: 2027-01-01\ne: yes\n'],
    ['the line ends of Windows', 'a: 1\r\nb:\r\n  - x\r\n'],
    ['the same value again, in the same place', 'users:\n  - a: x y\n    b: [p, q]\n  - a: x y\n    b: [p, q]\n'],
    [
      'the same value again, in another place',
      'users:\n  - a: x\n    b: y\n  - b: x\n    c:\n      a: x\n      b: [x]\na: x\n',
    ],
    [
      'what begins as the value before',
      'users:\n  - a: x\n  - a: x y\n  - a: xy\n  - a: x # y\n  - a: x \n  - a: x\r\n  - a: x',
    ],
    [
      'another sort of value after one',
      'users:\n  - a: 1\n  - a: "1"\n  - a: 1\n  - a: true\n  - a: true\n  - a: {b: 1}\n  - a: {b: 1}\n',
    ],
    ['letters of all languages', 'a: Zoë\nb: 日本 x\nc: Иван\n'],
    ['a text with signs inside', 'a: x:y,z [1] {2} "3" - # c\n'],
    ['JSON', '{"version": 1, "users": [{"username": "ada", "text": "a \\"b\\": c"}]}'],
  ])('%s', (_what, text) => {
    const value = readPlain(text.replace(/^# all\n---\n/, '---\n# all\n'));

    expect(value).toBeDefined();
    expect(plain(value)).toEqual(plain(readSlowly(text.replace(/^# all\n---\n/, '---\n# all\n'))));
  });

  test('an item that is not plain by the other reader, and its neighbours by itself', () => {
    const text =
      'users:\n  - username: ada\n    position: >-\n      long\n      text\n  - username: "b\\x6fb"\n  - plain\n';

    expect(plain(readPlain(text))).toEqual({
      users: [{ username: 'ada', position: 'long text' }, { username: 'bob' }, 'plain'],
    });
  });
});

describe('leaves to the reader of all YAML', () => {
  test.each([
    ['an anchor that another item names', 'users:\n  - &a x\n  - *a\n'],
    ['a merge key', 'base: &b {x: 1}\nusers:\n  - <<: *b\n'],
    ['a key that stands twice', 'a: 1\na: 2\n'],
    ['a key that stands twice in JSON', '{"a": 1, "\\u0061": 2}'],
    ['no value', 'a:\nb: 1\n'],
    ['null', 'a: ~\n'],
    ['a key of the engine', 'constructor: 1\n'],
    ['a text that goes on in the next line', 'a: one\n  two\n'],
    ['indentation by a tab', 'a:\n\t- b\n'],
    ['a second document', 'a: 1\n---\nb: 2\n'],
    ['a quote that is never closed', 'users:\n  - "ada\n  - bob\n'],
    ['deep nesting', `a: ${'['.repeat(17)}${']'.repeat(17)}\n`],
    ['half of a pair', '{"a": "\\ud800"}'],
    ['a no-break space for a space', 'users:\n\u00a0\u00a0- ada\n'],
  ])('%s', (_what, text) => expect(readPlain(text)).toBeUndefined());
});

test('a secret is hidden from the line of a problem that is found later', () => {
  const { document } = readYaml('f.yaml', 'users:\n  - { username: ada, initial_password: "hunter2", nmae: x }\n');
  const problem = document?.source.problem(document.offsetOf(['users', 0, 'nmae']), sampleProblem('m'));

  expect(problem?.excerpt).toBe('  - { username: ada, initial_password: ***');
});
