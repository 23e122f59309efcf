/** Addresses that no one has seen yet, judged by Go itself where it is on the path: building its program takes long. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isServerEmail } from '../../src/model/email-rules.ts';
import { isEmail } from '../../src/sandbox/rules/check-user.ts';
import { addresses } from './email-addresses.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const recorded: { readonly accepted: readonly string[]; readonly refused: readonly string[] } = JSON.parse(
  readFileSync(fixture('email-verdicts.json'), 'utf8'),
);
const judges = [
  ['muster', isServerEmail],
  ['the sandbox', isEmail],
] as const;

test('where Go is on the path, it says the same of addresses that no one has seen yet', () => {
  const hasGo = spawnSync('go', ['version']).status === 0;
  const texts = [...recorded.accepted, ...recorded.refused, ...fc.sample(addresses, 3000)];
  const output = hasGo
    ? execFileSync('go', ['run', fixture('verdicts.go')], { input: JSON.stringify(texts), maxBuffer: 1e8 })
    : JSON.stringify(texts.map((text) => isServerEmail(text)));
  const verdicts: readonly boolean[] = JSON.parse(output.toString());

  for (const [who, judge] of judges) {
    expect({ who, differ: texts.filter((text, i) => judge(text) !== verdicts[i]) }).toEqual({ who, differ: [] });
  }
});
