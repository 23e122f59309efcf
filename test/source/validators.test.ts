import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Validator } from '../../src/model/validator.ts';
import { isConfigFile } from '../../src/source/generated/is-config-file.ts';
import { isUsersFile } from '../../src/source/generated/is-users-file.ts';
import { validateConfigFile as explainConfigFile } from '../../src/source/generated/validate-config-file.ts';
import { validateUsersFile as explainUsersFile } from '../../src/source/generated/validate-users-file.ts';
import { validateConfigFile, validateUsersFile } from '../../src/source/validators.ts';
import { factor } from '../support/every-plan.ts';

const root = join(import.meta.dirname, '../..');
const example = (name: string): unknown => parse(readFileSync(join(root, 'examples', name), 'utf8'));

describe.each<[string, (value: unknown) => boolean, Validator<unknown>, Validator<unknown>, unknown]>([
  ['muster.yaml', isConfigFile, explainConfigFile, validateConfigFile, example('muster.yaml')],
  ['a users file', isUsersFile, explainUsersFile, validateUsersFile, example('users.yaml')],
])('the two validators of %s', (_, isFit, explain, validate, whole) => {
  test('agree about what is as it should be', () => {
    expect(isFit(whole)).toBe(true);
    expect(explain(whole)).toBe(true);
    expect(validate(whole)).toBe(true);
    expect(validate.errors).toBeNull();
  });

  test('agree about every part that is changed', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(), fc.anything(), fc.boolean(), (nth, other, isKey) => {
        const changed = withChange(whole, nth, other, isKey);
        const fits = explain(changed);
        if (!fits) refused++;

        expect(isFit(changed)).toBe(fits);
        expect(validate(changed)).toBe(fits);
        expect(validate.errors ?? null).toEqual(fits ? null : explain.errors);
      }),
      { numRuns: 500 * factor },
    );
    expect(refused).toBeGreaterThan(0);
  });
});

/** A copy whose nth part is another, or has another key. */
function withChange(whole: unknown, nth: number, other: unknown, isKey: boolean): unknown {
  const copy: unknown = structuredClone(whole);
  const places: [Record<string, unknown>, string][] = [];
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const map = part as Record<string, unknown>;
    for (const key of Object.keys(map)) {
      places.push([map, key]);
      look(map[key]);
    }
  };
  look(copy);
  const [map, key] = places[nth % places.length] ?? [{}, ''];
  if (isKey) map[`${key}x`] = map[key];
  else map[key] = other;
  return copy;
}
