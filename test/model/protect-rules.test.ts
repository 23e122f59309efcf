/** Whom `policy.protect` names. */
import { expect, test } from 'vitest';
import { protectRules } from '../../src/model/protect-rules.ts';

const isProtected = protectRules(['Ada', 'id:abc']);

test.each([
  ['a username, however the rule spells it', { usernames: ['ada'] }],
  ['any of the names of a person', { usernames: ['new', 'ada'] }],
  ['an id, whatever the name', { id: 'abc', usernames: ['eve'] }],
])('%s is protected', (_, person) => {
  expect(isProtected(person)).toBe(true);
});

test.each([
  ['another name', { id: 'xyz', usernames: ['eve'] }],
  ['a name that is another one’s id', { usernames: ['abc'] }],
  ['an id that is another one’s name', { id: 'ada', usernames: [] }],
  ['a person without a name or an id', { usernames: [] }],
])('%s is not protected', (_, person) => {
  expect(isProtected(person)).toBe(false);
});

test('no rules protect no one', () => {
  expect(protectRules([])({ id: 'abc', usernames: ['ada'] })).toBe(false);
});
