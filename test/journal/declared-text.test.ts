/** The text of what is remembered: canonical JSON, byte for byte; and what is not read the short way. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  declaredText as declaredBytes,
  readDeclaredText as readDeclaredBytes,
} from '../../src/journal/declared-text.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import type { DeclaredMemory } from '../../src/model/declared-memory.ts';
import type { Signer } from '../../src/model/journal-key.ts';
import { otherKey, testKey } from '../support/journal-key.ts';

const signer = testKey.signerOf('declared.json');

const declaredText = (...[memory, key]: Parameters<typeof declaredBytes>): string =>
  new TextDecoder().decode(declaredBytes(memory, key));

const readDeclaredText = (text: string, key: Signer): DeclaredMemory | undefined =>
  readDeclaredBytes(new TextEncoder().encode(text), text, key);

const days = ['2026-06-15T12:00:00.000Z', '2025-01-01T00:00:00.001Z'];
const anyId = fc.stringMatching(/^[a-z0-9]{26}$/);
const plainName = fc.stringMatching(/^[a-z0-9._-]{1,22}$/);
const anyName = fc.oneof(plainName, fc.constantFrom('__proto__', 'ä→', '"', '\\', '"},', '\n'), fc.string());
const memoryWith = (name: fc.Arbitrary<string>): fc.Arbitrary<DeclaredMemory> =>
  fc
    .array(fc.tuple(anyId, fc.record({ username: name, lastDeclared: fc.constantFrom(...days) })), { maxLength: 8 })
    .map((accounts) => new Map(accounts));

const idOf = (number: number): string => String(number).padStart(26, 'a');
const account = { last_declared: '2026-06-15T12:00:00.000Z', username: 'ada' };

/** As any value is written, signed just as well. */
function textOf(content: object, key = signer): string {
  const mac = key.sign(canonicalJson(content));
  return `${canonicalJson({ ...content, mac })}\n`;
}

const contentOf = (accounts: object): object => ({ format: 'muster-declared', version: 1, accounts });

const accountsOf = (memory: DeclaredMemory): object =>
  Object.fromEntries([...memory].map(([id, one]) => [id, { username: one.username, last_declared: one.lastDeclared }]));

describe('the text', () => {
  test('is canonical JSON with its signature, for any people', () => {
    fc.assert(
      fc.property(memoryWith(anyName), (memory) => {
        expect(declaredText(memory, signer)).toBe(textOf(contentOf(accountsOf(memory))));
      }),
    );
  });

  test('is the same for more people than one piece holds', () => {
    const many = new Map(
      Array.from({ length: 1000 }, (_, i) => [idOf(i), { username: `person.${i}`, lastDeclared: days[i % 2] ?? '' }]),
    );

    const text = declaredText(new Map([...many].toReversed()), signer);

    expect(text).toBe(textOf(contentOf(accountsOf(many))));
    expect(readDeclaredText(text, signer)).toEqual(many);
  });

  test('is read as it was written, where names are such as servers allow', () => {
    fc.assert(
      fc.property(memoryWith(plainName), (memory) => {
        expect(readDeclaredText(declaredText(memory, signer), signer)).toEqual(memory);
      }),
    );
  });

  test('says nothing else than the complete reader, whatever names are', () => {
    fc.assert(
      fc.property(memoryWith(anyName), (memory) => {
        const read = readDeclaredText(declaredText(memory, signer), signer);
        expect([undefined, ...(read === undefined ? [] : [memory])]).toContainEqual(read);
      }),
    );
  });
});

describe('left to the complete reader is a text', () => {
  const one = contentOf({ [idOf(1)]: account });

  test('that is read otherwise', () => {
    expect(readDeclaredText(textOf(one), signer)).toEqual(
      new Map([[idOf(1), { username: 'ada', lastDeclared: account.last_declared }]]),
    );
  });

  test.each([
    ['nothing', ''],
    ['half of it', textOf(one).slice(0, -20)],
    ['without a signature', `${canonicalJson(one)}\n`],
    ['signed with another key', textOf(one, otherKey.signerOf('declared.json'))],
    ['signed as another file', textOf(one, testKey.signerOf('window.json'))],
    ['in another order', `${JSON.stringify(one)}\n`],
    ['with more beside', textOf({ ...one, more: 1 })],
    ['with spaces', textOf(one).replace('{', '{ ')],
    ['without the line end', textOf(one).slice(0, -1)],
    ['of a version to come', textOf({ ...one, version: 2 })],
    ['with an id that is none', textOf(contentOf({ ada: account }))],
    ['with an id that is written otherwise', textOf(contentOf({ [idOf(1).toUpperCase()]: account }))],
    ['with a day that is none', textOf(contentOf({ [idOf(1)]: { ...account, last_declared: 'once'.padEnd(24) } }))],
    ['with a day of its own', textOf(contentOf({ [idOf(1)]: { ...account, last_declared: '2026-06-15' } }))],
    ['with an account that has more', textOf(contentOf({ [idOf(1)]: { ...account, zone: 1 } }))],
    ['with an account without a name', textOf(contentOf({ [idOf(1)]: { last_declared: account.last_declared } }))],
    [
      'with a sign in a name that JSON writes otherwise',
      textOf(contentOf({ [idOf(1)]: { ...account, username: '"' } })),
    ],
  ])('%s', (_what, text) => {
    expect(readDeclaredText(text, signer)).toBeUndefined();
  });

  test('in which any one sign is another', () => {
    const text = textOf(contentOf({ [idOf(1)]: account, [idOf(2)]: { ...account, username: 'bob' } }));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('a', '0', '"', ',', '}', '\\', 'é'), (at, sign) => {
        fc.pre(text[at] !== sign);
        expect(readDeclaredText(text.slice(0, at) + sign + text.slice(at + 1), signer)).toBeUndefined();
      }),
    );
  });
});
