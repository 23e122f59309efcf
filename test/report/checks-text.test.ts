import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { checksText } from '../../src/report/checks-text.ts';
import { coloured, plain } from '../../src/report/paint.ts';

const checks = [
  { name: 'server', status: 'ok', text: 'Mattermost 11.6.1 at https://chat.example.com' },
  { name: 'rate limit', status: 'note', text: 'none', hint: 'switch it on' },
  { name: 'caller', status: 'bad', text: 'ada is no administrator', hint: 'use another token' },
] as const;

test('shows a line a check, and what to do below', () => {
  expect(checksText(checks, plain)).toBe(`ok    server      Mattermost 11.6.1 at https://chat.example.com
note  rate limit  none
      → switch it on
bad   caller      ada is no administrator
      → use another token
`);
});

test('is coloured the same', () => {
  expect(checksText(checks, coloured)).toContain('\u001b[31mbad\u001b[39m');
  expect(stripVTControlCharacters(checksText(checks, coloured))).toBe(checksText(checks, plain));
});

test('lets nothing through to the terminal', () => {
  const evil = '\u001b[31m\r\u202e';

  expect(checksText([{ name: evil, status: 'ok', text: evil, hint: evil }], plain).replaceAll('\n', '')).not.toMatch(
    /[\p{Cc}\u202e]/u,
  );
});
