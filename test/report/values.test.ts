import { describe, expect, test } from 'vitest';
import type { PlanValue } from '../../src/model/plan.ts';
import { alignColumns } from '../../src/report/columns.ts';
import { count, showSetting, showValue } from '../../src/report/values.ts';

describe('a value is shown', () => {
  test.each<[value: PlanValue | undefined, shown: string]>([
    [undefined, '(none)'],
    ['', '""'],
    ['Ada', 'Ada'],
    ['Countess, of "Lovelace"', 'Countess, of "Lovelace"'],
    [' Ada', '" Ada"'],
    ['Ada ', '"Ada "'],
    ['a → b', '"a → b"'],
    ['(none)', '"(none)"'],
    ['"', '"""'],
    ['a\u001b[1mb', 'a\\u{1b}[1mb'],
    [true, 'true'],
    [3, '3'],
    [['system_user', 'system_admin'], '[system_user, system_admin]'],
    [['a, b', '', 'c]'], '["a, b", "", "c]"]'],
    [[], '[]'],
    [{ service: 'saml', data: 'ada' }, 'service saml, data ada'],
    [{ service: 'saml', data: 'x, service email' }, 'service saml, data "x, service email"'],
    [{ email: 'a@b', active: true, generation: 2 }, 'email a@b, active true, generation 2'],
    [{ roles: ['a', 'b'], props: { x: '1', y: '' } }, 'roles [a, b], props {x 1, y ""}'],
    [{ 'a\n': '\u202e' }, 'a\\u{a} \\u{202e}'],
  ])('%j as %s', (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });
});

test('of names and addresses, and of settings, letters that look like others are shown as their codes', () => {
  expect(showValue('ad\u0430@example.com', 'email')).toBe('ad\\u{430}@example.com');
  expect(showValue('Jörg', 'nickname')).toBe('Jörg');
  expect(showValue({ service: 'saml', data: 'ad\u0430' })).toBe('service saml, data ad\\u{430}');
  expect(showSetting({ by: 'Gr\u0430ce', reason: 'Büro zu' })).toBe('by Gr\\u{430}ce, reason Büro zu');
  expect(showSetting(['\u0430da'])).toBe('[\\u{430}da]');
});

test.each([
  [0, '0 people'],
  [1, '1 person'],
  [2, '2 people'],
])('%i is counted as %s', (number, text) => {
  expect(count(number, 'person', 'people')).toBe(text);
  expect(count(number, 'mail')).toBe(`${number} ${number === 1 ? 'mail' : 'mails'}`);
});

const cells = (...texts: readonly string[]): ReadonlyArray<{ readonly text: string }> =>
  texts.map((text) => ({ text }));

describe('columns', () => {
  test('are as wide as what is in them, wide letters counted twice', () => {
    expect(alignColumns([cells('a', 'b', 'c'), cells('漢字', 'bb', 'c'), cells('🙂', '', 'c')], '  ')).toEqual([
      '  a     b   c',
      '  漢字  bb  c',
      '  🙂        c',
    ]);
  });

  test('let a very wide cell push its own line alone', () => {
    expect(alignColumns([cells('a', '1'), cells('x'.repeat(11), '2')], '', 10)).toEqual([
      'a  1',
      `${'x'.repeat(11)}  2`,
    ]);
  });

  test('do not count colours, and leave no blanks at the end', () => {
    const lines = alignColumns([[{ text: 'a', paint: (text) => `<${text}>` }, { text: '' }], cells('abc', 'd')], '');

    expect(lines).toEqual(['<a>', 'abc  d']);
  });

  test('of nothing are nothing', () => {
    expect(alignColumns([], '  ')).toEqual([]);
  });
});
