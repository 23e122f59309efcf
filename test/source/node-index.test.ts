import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { SourcePath } from '../../src/source/node-index.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import { read } from './support.ts';

const file = `# who
version: 1
base: &base
  locale: de
  position: Dev
more: &more { nickname: x }
users:
  - username: ada
    tokens: [{ name: ci }, { "name": deploy }]
  - <<: *base
    email: "g@example.com"
  - <<: [*more, *base]
  - *more
`;

describe('leads to', () => {
  test.each<[string, SourcePath, string]>([
    ['the file', [], '2:1'],
    ['a key', ['version'], '2:1'],
    ['a list', ['users'], '7:1'],
    ['an item', ['users', 0], '8:5'],
    ['a key of an item', ['users', 0, 'tokens'], '9:5'],
    ['an item in a flow', ['users', 0, 'tokens', 1], '9:28'],
    ['a quoted key', ['users', 0, 'tokens', 1, 'name'], '9:31'],
    ['a key beside a merge key', ['users', 1, 'email'], '11:5'],
    ['a merged key, where it is written', ['users', 1, 'locale'], '4:3'],
    ['a key of the first map of a merged list', ['users', 2, 'nickname'], '6:15'],
    ['a key of a later map of a merged list', ['users', 2, 'position'], '5:3'],
    ['a key of an alias', ['users', 3, 'nickname'], '6:15'],
    ['the nearest part, where a key does not exist', ['users', 1, 'roles'], '10:5'],
    ['the nearest part, where an item does not exist', ['users', 9, 'roles'], '7:1'],
    ['the nearest part, where a text has no parts', ['version', 'x', 'y'], '2:1'],
  ])('%s', (_, path, expected) => {
    const document = read(file);

    const { line, column } = document.source.position(document.offsetOf(path));

    expect(`${line}:${column}`).toBe(expected);
  });
});

describe('shows the source text of', () => {
  test.each<[string, string, SourcePath, string, number]>([
    ['a number', 'a: 007', ['a'], '007', 4],
    ['a number behind an alias, at the alias', 'a: &x 1e3\nb: *x', ['b'], '1e3', 4],
    ['an item', '[1, 0x1F]', [1], '0x1F', 5],
    ['a quoted text, without its quotes', 'a: "x"', ['a'], 'x', 5],
    ['nothing, for a map', 'a: {b: 1}', ['a'], '', 4],
  ])('%s', (_, text, path, source, column) => {
    const document = read(text);
    const { offset, text: found } = document.valueAt(path);

    expect(found).toBe(source);
    expect(document.source.position(offset).column).toBe(column);
  });
});

test.each(['a: &x {<<: *x, b: 1}', 'a: &x {<<: [*x], b: 1}', 'a: &x [*x]', 'a: &y {<<: *x}\nb: &x {<<: *y}'])(
  'finds an end in %s, which leads to itself',
  (text) => {
    const { document } = readYaml('f.yaml', text);

    expect(document?.offsetOf(['a', 'nothing'])).toBe(0);
    expect(document?.offsetOf(['a', 0, 0, 0])).toBeGreaterThanOrEqual(0);
  },
);

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🙂', '-', '_', '1'), minLength: 1, maxLength: 8 });
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, word, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(
    word.map((text) => `k${text}`),
    tie('value'),
    { maxKeys: 4 },
  ),
})).value;

test('leads every key to a text that begins with it, and every word to its own', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        word.map((text) => `k${text}`),
        tree,
        { minKeys: 1, maxKeys: 5 },
      ),
      fc.boolean(),
      (value, inFlow) => {
        const document = read(
          stringify(value, { collectionStyle: inFlow ? 'flow' : 'block', lineWidth: 0, aliasDuplicateObjects: false }),
        );

        const parts = partsOf(value, []);
        const keys = parts.map(([path]) => path).filter((path) => typeof path.at(-1) === 'string');
        const words = parts.filter(([, part]) => typeof part === 'string');

        const textAt = (path: SourcePath): string => document.source.text.slice(document.offsetOf(path));
        expect(keys.filter((path) => !textAt(path).startsWith(String(path.at(-1))))).toEqual([]);
        expect(words.map(([path]) => document.valueAt(path).text)).toEqual(words.map(([, part]) => part));
      },
    ),
    { numRuns: 200 },
  );
});

function partsOf(value: unknown, path: SourcePath): ReadonlyArray<readonly [SourcePath, unknown]> {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries: ReadonlyArray<readonly [string | number, unknown]> = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([step, part]) => {
    const inner = [...path, step];
    return [[inner, undefined] as const, ...partsOf(part, inner)];
  });
}
