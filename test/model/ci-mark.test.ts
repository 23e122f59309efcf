import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CiMark,
  ciMarkOf,
  isSameThread,
  isSignedComment,
  markText,
  signComment,
  unsignedMark,
} from '../../src/model/ci-mark.ts';
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

const place = 'github.com/team/chat#7';
const shown = '\n### muster plan: 1 action\n\n| `ann` | `nickname` |\n';
const draft = `${markText(unsignedMark(mark))}${shown}`;
const signed = signComment(draft, place, key);
/** The same comment with another mark. */
const marked = (change: Partial<CiMark>): string => `${markText({ ...mark, ...ciMarkOf(signed), ...change })}${shown}`;

test('a signature fits what it was made for, and nothing else', () => {
  const other = journalKeyOf(new Secret('another-token'), 'server-key');
  const { mac: _, ...bare } = ciMarkOf(signed) ?? mark;

  expect(isSignedComment(signed, place, key)).toBe(true);
  expect(signed).toHaveLength(draft.length);
  expect(
    [
      isSignedComment(signed, 'github.com/team/chat#8', key),
      isSignedComment(signed, place, other),
      isSignedComment(draft, place, key),
      isSignedComment(`${markText(bare)}${shown}`, place, key),
      isSignedComment(shown, place, key),
      ...(['server', 'at', 'commit', 'digest'] as const).map((name) =>
        isSignedComment(marked({ [name]: 'other' }), place, key),
      ),
    ].filter(Boolean),
  ).toEqual([]);
});

test('a signature covers the text that people review, but for what a forge does to ends of lines', () => {
  const kept = [signed.replaceAll('\n', '\r\n'), signed.trimEnd(), `${signed}\n`];
  const edited = [signed.replace('ann', 'eve'), `${signed}\nLooks good.`, signed.replace('1 action', 'no actions')];

  expect(kept.map((body) => isSignedComment(body, place, key))).toEqual([true, true, true]);
  expect(edited.map((body) => isSignedComment(body, place, key))).toEqual([false, false, false]);
});

test('a text without a mark is not signed', () => {
  expect(signComment(shown, place, key)).toBe(shown);
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
  const { mac = '' } = ciMarkOf(signed) ?? {};
  const last = mac.at(-1) === '0' ? '1' : '0';
  const elsewhere = journalKeyOf(new Secret('a-token-of-an-administrator'), 'other-key');

  expect(isSignedComment(signed, place, elsewhere)).toBe(false);
  for (const change of [{ kind: 'apply' as const }, { since: mark.at }, { mac: `${mac.slice(0, -1)}${last}` }])
    expect(isSignedComment(marked(change), place, key)).toBe(false);
});

test('marks of one kind and one server stand for the same comment', () => {
  const others = [
    { kind: 'plan' as const, server: 'eu' },
    { kind: 'apply' as const, server: 'eu' },
    { kind: 'plan' as const, server: 'us' },
  ];

  expect(others.map((other) => isSameThread(mark, other))).toEqual([true, false, false]);
});
