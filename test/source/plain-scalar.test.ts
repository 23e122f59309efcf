import { describe, expect, test } from 'vitest';
import { resolvePlainScalar } from '../../src/source/plain-scalar.ts';

const resolutions: ReadonlyArray<readonly [text: string, value: string | number | boolean | null]> = [
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['0', 0],
  ['-0', -0],
  ['007', 7],
  ['42', 42],
  ['+42', 42],
  ['-42', -42],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1.25', 1.25],
  ['1e3', 1000],
  ['1E+3', 1000],
  ['12e-1', 1.2],
  ['0o17', 15],
  ['0x1F', 31],
  ['.inf', Infinity],
  ['+.Inf', Infinity],
  ['-.INF', -Infinity],
  ['.nan', Number.NaN],
  ['.NaN', Number.NaN],
];

test.each(resolutions)('reads %j as a value of its own kind', (text, value) => {
  expect(resolvePlainScalar(text)).toBe(value);
});

describe('leaves alone', () => {
  test.each([
    'nULL',
    'tRUE',
    'yes',
    'Yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    '2024-01-01',
    '2024-01-01T00:00:00Z',
    '12:30',
    '1_000',
    '1,000',
    '0b1',
    '-0x1F',
    '0o8',
    '0xG',
    '1e',
    'e3',
    '.',
    '+',
    '-',
    '..',
    '1.2.3',
    '--1',
    '.e3',
    'inf',
    '-.nan',
    ' 1',
    '1 ',
    'ada',
  ])('%j, which is a text', (text) => {
    expect(resolvePlainScalar(text)).toBe(text);
  });
});
