/** What is kept between jobs, sealed: it opens for its own token and name alone, and only as it was written. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { stateSealOf } from '../../src/secrets/state-seal.ts';

const token = 'q7w8e9r0t1y2u3i4o5p6a7s8d9';
const seal = stateSealOf(new Secret(token));
const content = fc.uint8Array({ maxLength: 300 });
const name = fc.constantFrom('plans/2026-11-29-ab.json', 'state/k/journal-1.jsonl', 'x', '');

test('what is sealed opens again with the same token, and holds nothing that can be read', () => {
  const text = 'ann@example.com '.repeat(20);

  const sealed = Buffer.from(seal.close('x', Buffer.from(text)));

  expect(Buffer.from(stateSealOf(new Secret(token)).open('x', sealed) ?? []).toString()).toBe(text);
  expect(sealed.toString('latin1')).not.toContain('ann');
  expect(sealed.toString('latin1')).not.toContain(token);
  fc.assert(
    fc.property(name, content, (of, bytes) => {
      expect(seal.open(of, seal.close(of, bytes))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('the same content is sealed anew each time', () => {
  const made = Array.from({ length: 50 }, () => Buffer.from(seal.close('x', Buffer.from('same'))).toString('hex'));

  expect(new Set(made).size).toBe(made.length);
});

test('nothing opens for another token, under another name, or after any change', () => {
  const other = stateSealOf(new Secret(`${token}x`));
  fc.assert(
    fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, flip) => {
      const sealed = seal.close('a', bytes);
      const changed = Uint8Array.from(sealed);
      changed[at % sealed.length] = (changed[at % sealed.length] ?? 0) ^ flip;

      expect(other.open('a', sealed)).toBeUndefined();
      expect(seal.open('b', sealed)).toBeUndefined();
      expect(seal.open('a', changed)).toBeUndefined();
      expect(seal.open('a', sealed.subarray(0, at % sealed.length))).toBeUndefined();
      expect(seal.open('a', bytes)).toBeUndefined();
    }),
  );
});
