import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CiMark, ciMarkOf, isSameThread, isSignedMark, markText, signMark } from '../../src/model/ci-mark.ts';
import { Secret } from '../../src/model/secret.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 40 });
const marks: fc.Arbitrary<CiMark> = fc.record(
  {
    kind: fc.constantFrom('plan', 'apply', 'drift'),
    server: words,
    at: words,
    since: words,
    commit: words,
    digest: words,
    mac: words,
  },
  { requiredKeys: ['kind', 'server', 'at'] },
);
const key = journalKeyOf(new Secret('a-token-of-an-administrator'), 'server-key');
const mark: CiMark = { kind: 'plan', server: 'eu', at: '2026-11-29T00:00:00Z', commit: 'abc', digest: 'sha256:1' };

test('a mark is read back as it was written, whatever stands behind it, and hides nothing else', () => {
  fc.assert(
    fc.property(marks, words, (one, rest) => {
      const text = markText(one);

      expect(ciMarkOf(`${text}${rest}`)).toEqual(one);
      expect(text.slice(4, -3)).not.toMatch(/-->|--|[<>\n]/);
    }),
  );
});

test('a mark that does not stand at the beginning is none', () => {
  expect([ciMarkOf(` ${markText(mark)}`), ciMarkOf('<!-- muster:ci nonsense -->'), ciMarkOf('')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a signature fits what it was made for, and nothing else', () => {
  const signed = signMark(mark, 'github.com/team/chat#7', key);
  const other = journalKeyOf(new Secret('another-token'), 'server-key');

  expect(isSignedMark(signed, 'github.com/team/chat#7', key)).toBe(true);
  expect(
    [
      isSignedMark(signed, 'github.com/team/chat#8', key),
      isSignedMark(signed, 'github.com/team/chat#7', other),
      isSignedMark(mark, 'github.com/team/chat#7', key),
      ...(['server', 'at', 'commit', 'digest'] as const).map((name) =>
        isSignedMark({ ...signed, [name]: 'other' }, 'github.com/team/chat#7', key),
      ),
    ].filter(Boolean),
  ).toEqual([]);
});

test('a mark in the midst of a text is none, nor is one of another kind, without a server, or without an end', () => {
  const text = markText(mark);
  const bodies = [
    `see ${text}`,
    text.replace('server=eu ', ''),
    text.replace('kind=plan', 'kind=undo'),
    text.replace(' -->', ''),
    `<!-- muster:ci ${'x'.repeat(2000)} -->`,
  ];

  expect(bodies.map((body) => ciMarkOf(body))).toEqual(bodies.map(() => undefined));
});

test('a signature is worth nothing on another server, or after a change of what it covers', () => {
  const place = 'github.com/team/chat#7';
  const signed = signMark(mark, place, key);
  const last = signed.mac?.at(-1) === '0' ? '1' : '0';

  expect(isSignedMark(signed, place, journalKeyOf(new Secret('a-token-of-an-administrator'), 'other-key'))).toBe(false);
  for (const change of [{ kind: 'apply' as const }, { since: mark.at }, { mac: `${signed.mac?.slice(0, -1)}${last}` }])
    expect(isSignedMark({ ...signed, ...change }, place, key)).toBe(false);
});

test('marks of one kind and one server stand for the same comment', () => {
  const others = [
    { kind: 'plan' as const, server: 'eu' },
    { kind: 'apply' as const, server: 'eu' },
    { kind: 'plan' as const, server: 'us' },
  ];

  expect(others.map((other) => isSameThread(mark, other))).toEqual([true, false, false]);
});
