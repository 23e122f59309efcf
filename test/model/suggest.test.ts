import { expect, test } from 'vitest';
import { suggest } from '../../src/model/suggest.ts';

const fields = ['username', 'email', 'first_name', 'last_name', 'roles', 'active', 'auth', 'tokens', 'ends'];

test.each([
  ['emial', 'email'],
  ['Email', 'email'],
  ['e_mail', 'email'],
  ['user_name', 'username'],
  ['firstname', 'first_name'],
  ['role', 'roles'],
  ['activ', 'active'],
  ['end', 'ends'],
])('thinks that %s was meant to be %s', (word, meant) => {
  expect(suggest(word, fields)).toBe(meant);
});

test.each(['department', 'zzz', 'phone_number'])('has no idea what %s was meant to be', (word) => {
  expect(suggest(word, fields)).toBeUndefined();
});

test('takes the first of two that are equally near', () => {
  expect(suggest('ab', ['ac', 'ad'])).toBe('ac');
});

test('knows nothing without candidates', () => {
  expect(suggest('email', [])).toBeUndefined();
});
