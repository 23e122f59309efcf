/** What journals are signed with: it comes from the token alone, and does not show. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';

const token = 'abcdefghijklmnopqrstuvwxyz';
const signerOf = (text = token, server = 'server', part = 'run') =>
  journalKeyOf(new Secret(text), server).signerOf(part);

test('what one process signed another one with the same token finds to fit', () => {
  const signature = signerOf().sign('a text');

  expect(signature).toMatch(/^[0-9a-f]{8}\.[0-9a-f]{32}$/);
  expect(signerOf().check('a text', signature)).toBe('fits');
  expect(signerOf().check('another text', signature)).toBe('wrong');
});

test.each([
  ['token', signerOf('another')],
  ['server', signerOf(token, 'another')],
  ['run', signerOf(token, 'server', 'another')],
])('another %s is another key', (_, other) => {
  expect(other.check('a text', signerOf().sign('a text'))).toBe('another key');
});

test.each<[string, unknown]>([
  ['an empty text', ''],
  ['null', null],
  ['a list', [signerOf().sign('a text')]],
  ['the name of the key alone', signerOf().sign('a text').slice(0, 9)],
  ['more than a signature', `${signerOf().sign('a text')}00`],
])('%s is no signature that fits', (_, signature) => {
  expect(signerOf().check('a text', signature)).toBe('wrong');
});

test('what is not signed is told', () => {
  expect(signerOf().check('a text', undefined)).toBe('none');
});

test('neither the token nor a key shows, however a signer is looked at', () => {
  const signer = signerOf();

  const shown = `${inspect(signer, { depth: 9, showHidden: true })}${JSON.stringify(signer)}`;

  expect(shown).not.toContain(token);
  expect(Object.values(signer)).toEqual([]);
});
