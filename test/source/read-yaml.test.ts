import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, type Scalar, stringify } from 'yaml';
import { isRecord } from '../../src/model/is-record.ts';
import { countProblems, type Problem } from '../../src/model/problem.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { cpuTimeOf, leastCpuTimeOf } from '../support/cpu-time.ts';
import { bySuite } from '../support/suite.ts';
import { placesOf, plain, read } from './support.ts';

test.each([
  ['a comment', 'a: 1 # note\rb: 2\n'],
  ['a line', 'a: 1\rb: 2\r\n'],
  ['a text in quotes', 'a: "x\ry"\n'],
  ['JSON', '{"a":\r1}'],
  ['the file', 'a: 1\r'],
])(
  'a carriage return without a line feed that ends %s is refused: reviewers would not see that a line ends',
  (_what, text) => {
    const { document, problems } = readYaml('f.yaml', text);

    expect(document).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'hidden-line-end', at: { line: 1 } }]);
  },
);

describe('reads', () => {
  test('maps, lists and texts of every style', () => {
    const { value } = read(
      "a: x\nb: \"y\\n\"\nc: 'it''s'\nd: |\n  one\n  two\ne: >\n  one\n  two\nf: [1, {g: true}]\n",
    );

    expect(plain(value)).toEqual({
      a: 'x',
      b: 'y\n',
      c: "it's",
      d: 'one\ntwo\n',
      e: 'one two\n',
      f: [1, { g: true }],
    });
  });

  test('maps that inherit nothing', () => {
    const { value } = read('a: {b: 1}');

    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(value))).toEqual([]);
    expect(Object.getPrototypeOf(Object.getPrototypeOf(value))).toBeNull();
    expect(value).not.toHaveProperty('toString');
  });

  test('files with the line ends of Windows like others', () => {
    const text = 'a: x\nb: |\n  one\n  two\nc: [1,\n  2]\n';

    expect(read(text.replaceAll('\n', '\r\n')).value).toEqual(read(text).value);
  });

  test('a file with a byte order mark, and counts columns without it', () => {
    const { document, problems } = readYaml('f.yaml', '\ufeffa: ~\nb: 1');

    expect(plain(document?.value)).toEqual({ b: 1 });
    expect(problems).toMatchObject([{ at: { line: 1, column: 4 }, excerpt: 'a: ~' }]);
  });

  test.each([
    ['a document mark at its start', '---\na: 1\n'],
    ['a document mark at its end', 'a: 1\n...\n'],
    ['a version directive', '%YAML 1.2\n---\na: 1\n'],
    ['a tab after a colon', 'a:\t1\n'],
    ['comments', '# one\na: 1 # two\n# three'],
  ])('a file with %s', (_, text) => {
    expect(plain(read(text).value)).toEqual({ a: 1 });
  });

  test.each(['hello', '- a', '""', '7'])('%j, which is no users file but YAML', (text) => {
    expect(readYaml('f.yaml', text)).toMatchObject({ problems: [], document: {} });
  });
});

describe('aliases and merge keys', () => {
  test('stand for what they name', () => {
    const { value } = read('a: &x {k: 1, l: [2]}\nb: *x\nc: [*x, &y z, *y]\n');

    expect(plain(value)).toEqual({ a: { k: 1, l: [2] }, b: { k: 1, l: [2] }, c: [{ k: 1, l: [2] }, 'z', 'z'] });
  });

  test.each([
    ['own keys win, whether they come first or last', 'b: {k: 3, <<: *x}\nc: {<<: *x, k: 3}', { k: 3, l: 2 }],
    ['earlier maps of a list win', 'b: {<<: [*x, *y]}\nc: {<<: [*x, {k: 8, m: 9}]}', { k: 1, l: 2, m: 9 }],
    ['earlier merge keys win', 'b: {<<: *x, <<: *y}\nc: {<<: *x, <<: *y}', { k: 1, l: 2, m: 9 }],
  ])('merge such that %s', (_, lines, expected) => {
    const { value } = read(`x: &x {k: 1, l: 2}\ny: &y {k: 8, m: 9}\n${lines}`);

    expect(plain(value)).toMatchObject({ b: expected, c: expected });
  });

  test('take the latest anchor of a name', () => {
    expect(plain(read('a: &x 1\nb: *x\nc: &x 2\nd: *x').value)).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test('leave a quoted << alone, which is a key like others', () => {
    expect(plain(read('a: {"<<": 1}').value)).toEqual({ a: { '<<': 1 } });
  });

  test('carry a refused value along, so that it is not missed a second time', () => {
    const { document, problems } = readYaml('f.yaml', 'x: &x {k: ~}\na: {<<: *x}');

    expect(placesOf(problems)).toEqual(['null-value 1:11']);
    const merged: unknown = isRecord(document?.value) && document.value['a'];
    expect(isRecord(merged) && document?.isLeftOut(merged, 'k')).toBe(true);
  });

  test.each([
    ['a name that no anchor has', 'a: *x', ['yaml-alias 1:4']],
    ['a list in itself', 'a: &x [*x]', ['yaml-alias 1:8']],
    ['a map in itself', 'a: &x {b: *x}', ['yaml-alias 1:11']],
    ['a map merged into itself', 'a: &x {<<: *x}', ['yaml-alias 1:12']],
    ['an anchor that comes later', 'a: *x\nb: &x 1', ['yaml-alias 1:4']],
    ['a merge of a number', 'a: {<<: 3}', ['yaml-merge 1:5']],
    ['a merge of a list of numbers', 'a: {<<: [3, {b: 1}]}', ['yaml-merge 1:5']],
    ['a merge of nothing', 'a: {<<: }', ['null-value 1:5']],
    ['an alias as a key', 'a: &x k\n*x : 1', ['yaml-key 2:1']],
  ])('refuse %s', (_, text, expected) => {
    expect(placesOf(readYaml('f.yaml', text).problems)).toEqual(expected);
  });
});

test.each([
  ['in the indentation', 'a:\n\tb: 1', true],
  ['after blanks of the indentation', 'a:\n  b: 1\n  \tc: 2', true],
  ['after a comma of a map in one line', 'a: { b: 1,\tc: 2 }', true],
  ['in a value, beside another fault', 'a: x\ty: z', false],
])('names a tab %s only where it is the fault', (_, text, isNamed) => {
  const [problem] = readYaml('f.yaml', text).problems;

  expect(problem?.code).toBe('yaml-syntax');
  expect(problem?.message.includes('a tab stands where spaces belong')).toBe(isNamed);
});

describe('refuses, with the place,', () => {
  test.each([
    ['a colon in a plain text', 'email: a: b', ['yaml-syntax 1:9']],
    ['an indentation that fits nothing', 'a: 1\n  b: 2', ['yaml-syntax 2:4']],
    ['a tab in the indentation', 'a:\n\tb: 1', ['yaml-syntax 2:1']],
    ['a NUL', 'a: x\0y', ['yaml-syntax 1:5']],
    ['an open bracket', 'a: [1,\n', ['yaml-syntax 2:1']],
    ['an open quote', 'a: "x\nb: 1', ['yaml-syntax 2:1']],
    ['a reserved sign at the start of a text', 'a: 1\nb: @x', ['yaml-syntax 2:4']],
    ['a tag of the core schema', 'a: !!str 1', ['yaml-tag 1:4']],
    ['a tag that runs code elsewhere', 'a: !!js/function "x"', ['yaml-tag 1:4']],
    ['a tag on a list', 'a: !!omap [b: 1]', ['yaml-tag 1:4']],
    ['a tag on a map', 'a: !!set {b: 1}', ['yaml-tag 1:4']],
    ['a tag on a key', '!x a: 1', ['yaml-tag 1:1']],
    ['a tag on nothing', 'a: !x', ['yaml-tag 1:4', 'null-value 1:1']],
    [
      'prototype keys',
      '__proto__: 1\na: {constructor: 2}\nb: [{prototype: 3}]',
      ['forbidden-key 1:1', 'forbidden-key 2:5', 'forbidden-key 3:6'],
    ],
    ['a quoted prototype key', '"__proto__": {a: 1}', ['forbidden-key 1:2']],
    ['keys that are no texts', '? [a]\n: 1\n? {b: 1}\n: 2', ['yaml-key 1:3', 'yaml-key 3:3']],
    ['a value that is missing', 'a: 1\nb:\nc: 2', ['null-value 2:1']],
    ['a null that is written', 'a: null\nb: [~, x, Null]', ['null-value 1:4', 'null-value 2:5', 'null-value 2:11']],
    ['an empty value in a flow', 'a: {b: , c}', ['null-value 1:5', 'null-value 1:10']],
    ['empty items', 'a:\n  - x\n  -\n  - y - z\n  - # later\n', ['null-value 3:3', 'null-value 5:3']],
    ['an empty first item', '-\n- a', ['null-value 1:1']],
    ['an anchor on nothing', 'a: &x', ['null-value 1:1']],
    ['a whole file that is null', '~', ['null-value 1:1']],
    ['a second document', '---\na: |\n  ---\n---\nb: 2\n', ['yaml-documents 4:1']],
    ['a second document after an end mark', 'a: 1\n...\nb: 2\n', ['yaml-documents 2:1']],
    ['the second of three documents', 'a: 1\r\n---\r\nb: 1\r\n---\r\nc: 1', ['yaml-documents 2:1']],
    [
      'an escape that no server can keep',
      'a: "\\0"\nb: "\\ud800"\nc: "\\ud83d\\ude00"',
      ['unusable-character 1:5', 'unusable-character 2:5'],
    ],
  ])('%s', (_, text, expected) => {
    expect(placesOf(readYaml('f.yaml', text).problems)).toEqual(expected);
  });

  test.each(['', ' \n\n', '# nobody\n', '---\n', '---\n# nobody\n...\n'])('the empty file %j', (text) => {
    const { document, problems } = readYaml('f.yaml', text);

    expect(document).toBeUndefined();
    expect(placesOf(problems)).toEqual(['empty-file 1:1']);
  });

  test('two empty documents for both', () => {
    expect(placesOf(readYaml('f.yaml', '---\n---\n').problems)).toEqual(['empty-file 1:1', 'yaml-documents 2:1']);
  });

  test('a duplicate key, and shows both places', () => {
    const { document, problems } = readYaml('f.yaml', 'a: {k: 1}\nb: 2\n"a": 3');

    expect(problems).toMatchObject([
      { code: 'duplicate-key', at: { line: 3, column: 2 }, also: { file: 'f.yaml', line: 1, column: 1 } },
    ]);
    expect(plain(document?.value)).toEqual({ a: { k: 1 }, b: 2 });
  });

  test('everything at once', () => {
    const text = 'a: !x 1\na: 2\nb: ~\n__proto__: 3\nc: *nowhere\n';

    expect(placesOf(readYaml('f.yaml', text).problems)).toEqual([
      'yaml-tag 1:4',
      'duplicate-key 2:1',
      'null-value 3:4',
      'forbidden-key 4:1',
      'yaml-alias 5:4',
    ]);
  });
});

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const aliasBomb = lines(
  9,
  (i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i === 0 ? 'x' : `*a${i - 1}`)
      .join(',')}]`,
);
const wideMap = `m: &m {${lines(5000, (i) => `k${i}: 1`).replaceAll('\n', ', ')}}`;

/** What a file of twenty thousand people costs: a measure for what may be spent on one that is refused. */
const ofHonestFile = cpuTimeOf(() => readYaml('f.yaml', `users:\n${lines(20_000, (i) => `  - username: p${i}`)}`));

describe('refuses what would eat time or memory:', () => {
  test.each([
    ['brackets in brackets', '['.repeat(20_000), 'yaml-too-deep'],
    ['braces in braces', `a: ${'{'.repeat(20_000)}`, 'yaml-too-deep'],
    ['lists in lists', '- '.repeat(20_000), 'yaml-too-deep'],
    ['17 levels', lines(17, (i) => `${' '.repeat(i)}a:`), 'yaml-too-deep'],
    ['aliases of aliases', aliasBomb, 'yaml-expansion'],
    ['one large map, merged often', `${wideMap}\nl:\n${lines(5000, () => '- {<<: *m}')}`, 'yaml-expansion'],
    ['one large map in many merge lists', `${wideMap}\nl: {<<: [${'*m, '.repeat(5000)}]}`, 'yaml-expansion'],
    [
      'a chain of merges',
      `m0: &m0 {k: 1}\n${lines(5000, (i) => `m${i + 1}: &m${i + 1} {<<: *m${i}, k${i}: 1}`)}`,
      'yaml-expansion',
    ],
    [
      'merges that double',
      `m0: &m0 {k: 1}\n${lines(40, (i) => `m${i + 1}: &m${i + 1} {<<: [*m${i}, *m${i}]}`)}`,
      'yaml-expansion',
    ],
    ['a text of 70 kB', `a: ${'x'.repeat(70_000)}`, 'text-too-long'],
    ['a secret of 70 kB', `password: ${'x-'.repeat(35_000)}`, 'text-too-long'],
    ['a text of 200,000 lines', `a: |\n${'  x\n'.repeat(200_000)}`, 'text-too-long'],
    ['a key of 2 MB', `${'x'.repeat(2_000_000)}: 1`, 'yaml-key'],
  ])('%s', async (_, text, code) => {
    let problems: readonly Problem[] = [];
    const most = 6 * (await ofHonestFile);
    const spent = await leastCpuTimeOf(() => ({ problems } = readYaml('f.yaml', text)), most);

    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.excerpt?.length).toBeLessThanOrEqual(121);
    expect(spent).toBeLessThanOrEqual(most);
  });

  test('brackets again and again, in one process', () => {
    for (let i = 0; i < 50; i++) expect(readYaml('f.yaml', '['.repeat(20_000)).document).toBeUndefined();
    expect(read('a: 1').value).toEqual({ a: 1 });
  });

  test('and reads sixteen levels, and aliases that stay near the size of the file', () => {
    expect(read(`${lines(15, (i) => `${' '.repeat(i)}a:`)} 1`).value).toHaveProperty(
      'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a',
      1,
    );
    expect(read(`m: &m {k: 1, l: 2}\nl:\n${lines(2000, () => '- {<<: *m}')}`).value).toHaveProperty('l.length', 2000);
  });

  test('one line with a hundred thousand problems, in time', async () => {
    let problems: readonly Problem[] = [];
    const text = `a: [${'~, '.repeat(100_000)}]`;
    const most = 12 * (await ofHonestFile);
    const spent = await leastCpuTimeOf(() => ({ problems } = readYaml('f.yaml', text)), most);

    expect(countProblems(problems)).toBe(100_000);
    expect(spent).toBeLessThanOrEqual(most);
  });
});

const key = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !/^(__proto__|constructor|prototype|<<)$/.test(text));
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '#',
      ':',
      '-',
      '"',
      "'",
      '\\',
      'a',
      '|',
      '>',
      '&',
      '*',
      '!',
      '%',
      '0',
      '\u2028',
      '\x85',
      '\ufeff',
      '\r',
    ),
  }),
  fc.constantFrom(
    'no',
    'yes',
    'null',
    '~',
    'true',
    '007',
    '1e3',
    '0x1F',
    '.inf',
    '.NaN',
    '2024-01-01',
    '',
    ' x',
    '- a',
    '? b',
    '---',
    '...',
    '{a}',
    '[a]',
  ),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
);
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', maxDepth: 5 }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).value;

test('reads what another library writes as that library reads it', () => {
  fc.assert(
    fc.property(
      anyValue,
      fc.constantFrom<Scalar.Type>('BLOCK_FOLDED', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN'),
      (value, style) => {
        const text = stringify({ value }, { defaultStringType: style, aliasDuplicateObjects: false });

        expect(withoutPrototypes(read(text).value)).toEqual(withoutPrototypes(parse(text)));
      },
    ),
    { numRuns: bySuite({ short: 60, long: 500 }) },
  );
});

/** Compared by entries, since JSON would lose -0 and infinities. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([name, part]) => [name, withoutPrototypes(part)]));
}

test('reads back what another library writes in its own style', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const text = stringify({ value });
      // It writes lines of nothing but spaces in a way that loses them.
      fc.pre(isDeepStrictEqual(withoutPrototypes(parse(text)), withoutPrototypes({ value })));
      expect(withoutPrototypes(read(text).value)).toEqual(withoutPrototypes({ value }));
    }),
    { numRuns: bySuite({ short: 60, long: 500 }) },
  );
});

test('never throws, whatever the text', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&x ',
    '*x',
    '<<: ',
    '!t ',
    '|\n',
    '---\n',
    '# ',
    '? ',
    ',',
    '%',
    '\t',
    'password: ',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      (text) => {
        const { document, problems } = readYaml('f.yaml', text);

        expect(document !== undefined || problems.length > 0).toBe(true);
        for (const { at } of problems) expect(at?.line).toBeLessThanOrEqual(text.split('\n').length);
        for (const { at } of problems) expect(at?.column).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: bySuite({ short: 200, long: 3000 }) },
  );
});
