import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { fitsSchema, type Schema } from '../../src/source/fits-schema.ts';

const letter = 'ä';
/** Two units, one character. */
const sign = '😀';

/** Each schema with values of which some fit. */
const schemas: ReadonlyArray<readonly [schema: Schema, values: readonly unknown[]]> = [
  [{ type: 'string' }, ['', 'a', 1, null, [], {}, true]],
  [{ type: ['string', 'integer'] }, ['a', 1, 1.5, true, null]],
  [{ type: 'integer' }, [0, -3, 2.5, '1', Number.NaN]],
  [{ type: 'number' }, [0, 2.5, '1', true]],
  [{ type: 'boolean' }, [true, false, 0, 'true']],
  [{ type: 'object' }, [{}, { a: 1 }, [], null, 'a']],
  [{ type: 'array' }, [[], [1], {}, 'a']],
  [{ const: 1 }, [1, '1', true, [1]]],
  [{ enum: ['a', 2, false] }, ['a', 2, false, 'b', 0, ['a']]],
  [{ minimum: 2, maximum: 4 }, [1, 2, 4, 5, 'a']],
  [{ pattern: '^[a-z]+$' }, ['abc', 'aBc', '', 7]],
  [{ pattern: `^.{2}$` }, [letter + letter, sign, sign + sign]],
  [{ minLength: 2, maxLength: 3 }, ['a', 'ab', 'abc', 'abcd', sign, sign.repeat(2), sign.repeat(3), sign.repeat(4), 5]],
  [{ items: { type: 'string' }, minItems: 1, maxItems: 2 }, [[], ['a'], ['a', 1], ['a', 'b', 'c'], 'a']],
  [{ uniqueItems: true }, [[], [1, '1'], [1, 1], ['a', 'b', 'a'], [true, 1], 'aa']],
  [{ required: ['a', 'b'] }, [{ a: 1, b: 2 }, { a: 1 }, { a: 1, b: undefined }, [], 'a']],
  [{ properties: { a: { type: 'string' } } }, [{}, { a: 'x' }, { a: 1 }, { a: undefined }, { b: 1 }, []]],
  [
    { properties: { a: { type: 'string' } }, additionalProperties: false },
    [{}, { a: 'x' }, { a: 'x', b: 1 }, { constructor: 1 }, { toString: 1 }],
  ],
  [{ additionalProperties: { type: 'integer' } }, [{}, { a: 1 }, { a: 1, b: 'x' }, 'a']],
  [{ minProperties: 2 }, [{}, { a: 1 }, { a: 1, b: 2 }, [1]]],
  [{ propertyNames: { pattern: '^x' } }, [{}, { x: 1, xy: 2 }, { y: 1 }, ['y']]],
  [{ dependentRequired: { a: ['b', 'c'] } }, [{}, { a: 1 }, { a: 1, b: 1, c: 1 }, { b: 1 }, 'a']],
  [{ not: { required: ['a', 'b'] } }, [{}, { a: 1 }, { a: 1, b: 1 }, 'a']],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, ['a', ['a'], [1], 1]],
  [
    // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
    { if: { properties: { kind: { const: 'a' } }, required: ['kind'] }, then: { required: ['x'] } },
    [{}, { kind: 'a' }, { kind: 'a', x: 1 }, { kind: 'b' }, 'a'],
  ],
  [
    {
      $ref: '#/$defs/Node',
      $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' }, value: { type: 'integer' } } } },
    },
    [{}, { next: { next: {} } }, { next: { next: { value: 'a' } } }, { next: 1 }],
  ],
];

describe('a schema is read as the compiled validator reads it', () => {
  test.each(schemas)('%j', (schema, values) => {
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const fits = fitsSchema(() => schema);

    const wanted = values.map((value) => validate(value));

    expect(values.map((value) => fits(value))).toEqual(wanted);
    expect(new Set(wanted)).toEqual(new Set([true, false]));
  });
});

describe('only the compiled validator knows', () => {
  test.each<[string, Schema, unknown]>([
    ['a word that is not read here', { type: 'object', patternProperties: {} }, {}],
    ['another schema', { $ref: 'https://example.com/other.json' }, 1],
    ['a part that is not there', { $ref: '#/$defs/None' }, 1],
    ['a list to be equal to', { const: [1] }, [1]],
    ['an unknown type', { type: 'text' }, 'a'],
    ['lists in a list without repetitions', { uniqueItems: true }, [[1], [2]]],
    ['what holds otherwise', { if: { const: 1 }, else: { const: 2 } }, 1],
  ])('%s', (_, schema, value) => {
    expect(fitsSchema(() => schema)(value)).toBe(false);
  });
});

test('a schema is read when the first value is there, and once', () => {
  let reads = 0;
  const fits = fitsSchema(() => {
    reads++;
    return { type: 'string' };
  });

  expect(reads).toBe(0);
  expect([fits('a'), fits('b'), fits(1)]).toEqual([true, true, false]);
  expect(reads).toBe(1);
});
