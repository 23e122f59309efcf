import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { flawOfEmail, isServerEmail } from '../../src/model/email-rules.ts';
import { lowerCase, normalizeEmail } from '../../src/model/user-rules.ts';
import { isEmail } from '../../src/sandbox/rules/check-user.ts';
import { goLower } from '../../src/sandbox/rules/normalize.ts';

interface Verdicts {
  readonly go: string;
  readonly lowerCase: { readonly letters: number; readonly sha256: string };
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
/** What Go's `net/mail` and `unicode` said once; `verdicts.go` beside it says it again. */
const recorded: Verdicts = JSON.parse(readFileSync(fixture('email-verdicts.json'), 'utf8'));

const judges: ReadonlyArray<readonly [string, (email: string) => boolean, (text: string) => string]> = [
  ['muster', isServerEmail, lowerCase],
  ['the sandbox', isEmail, goLower],
];

/** Letters of stretches that do not stay as they are: most do, and are asked for at once. */
function* lettersThatChange(
  lower: (text: string) => string,
): Iterable<{ readonly code: number; readonly letter: string }> {
  const stretch = 64;
  for (let start = 0; start <= 0x10_ffff; start += stretch) {
    if (start >= 0xd800 && start < 0xe000) continue;
    const codes = Array.from({ length: stretch }, (_, i) => start + i);
    const text = String.fromCodePoint(...codes);
    if (lower(text) === text) continue;
    for (const code of codes) yield { code, letter: String.fromCodePoint(code) };
  }
}

/** Each code point with another lower case, as the program in Go writes them. */
function lowerCases(lower: (text: string) => string): string {
  let lines = '';
  for (const { code, letter } of lettersThatChange(lower)) {
    const small = lower(letter);
    if (small === letter) continue;
    lines += `${code.toString(16)} ${Array.from(small, (char) => (char.codePointAt(0) ?? 0).toString(16)).join(' ')}\n`;
  }
  return lines;
}

describe.each(judges)('%s judges as the server does:', (_, judge, lower) => {
  test('thousands of recorded addresses', () => {
    expect(recorded.accepted.length).toBeGreaterThan(1000);
    expect(recorded.refused.length).toBeGreaterThan(1000);
    expect(recorded.accepted.filter((text) => !judge(text))).toEqual([]);
    expect(recorded.refused.filter((text) => judge(text))).toEqual([]);
  });

  test('the lower case of every letter', () => {
    const lines = lowerCases(lower);

    expect(lines.split('\n').length - 1).toBe(recorded.lowerCase.letters);
    expect(createHash('sha256').update(lines).digest('hex')).toBe(recorded.lowerCase.sha256);
  });

  test('letters whatever stands beside them', () => {
    expect(lower('ΑΣ ΟΔΟΣ')).toBe('ασ οδοσ');
    expect(lower('İlker İPEK')).toBe('ilker ipek');
    expect(lower('STRASSE ẞ K')).toBe('strasse ß k');
  });
});

describe('an address', () => {
  test.each([
    "O'Brien+Chat@Example.COM",
    'jürgen@example.com',
    'info@bücher.example',
    'test@12',
    'ada@localhost',
    'a/b@example.com',
    '50%off@example.com',
    'a?b#c@example.com',
    'ada@[127.0.0.1]',
    ' ada@example.com ',
    'İlker@example.com',
  ])('%s is taken', (text) => {
    expect(flawOfEmail(normalizeEmail(text), 'it')).toBeUndefined();
  });

  test.each([
    ['<nn@example.com>', 'email-refused', 'without < and >'],
    ['nn <nn@example.com>', 'email-refused', 'without < and >'],
    ['mailto:nn@example.com', 'email-refused', 'mailto:'],
    ['nn@example.com,', 'email-refused', 'delete the character at its end'],
    ['nn@example.com;', 'email-refused', 'delete the character at its end'],
    ['nn@example.com.', 'email-refused', 'delete the dot at the end'],
    ['a..b@example.com', 'email-refused', 'two dots in a row'],
    ['jiro.@docomo.example', 'email-refused', 'delete the dot at the end'],
    ['.jiro@docomo.example', 'email-refused', 'delete the dot at the start'],
    ['"nn"@example.com', 'email-refused', 'quotes'],
    [`${'ä'.repeat(62)}@e.de`, 'email-refused', '128 bytes'],
    ['ju\u0308rgen@example.com', 'email-not-composed', 'type the address anew'],
    ['i\u0307lker@example.com', 'invisible-character', 'type the address anew'],
    ['ad\u200ba@example.com', 'invisible-character', 'type the address anew'],
    ['ada\ufe0f@example.com', 'invisible-character', 'type the address anew'],
    ['ada\u3164@example.com', 'invisible-character', 'type the address anew'],
    ['ada\u2800@example.com', 'invisible-character', 'type the address anew'],
  ])('%j is refused with what to do', (text, code, hint) => {
    expect(flawOfEmail(normalizeEmail(text), 'it')).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  test('of a person with a dotted capital I is the one that the server keeps', () => {
    expect(normalizeEmail('İlker@EXAMPLE.com')).toBe('ilker@example.com');
  });
});
