import { describe, expect, test } from 'vitest';
import { isNestedTooDeep } from '../../src/source/json-depth.ts';
import { cpuTimeOf, leastCpuTimeOf } from '../support/cpu-time.ts';

describe('a JSON text', () => {
  test.each([
    ['what opens without end', '['.repeat(65)],
    ['maps in lists', '[{"a":'.repeat(40)],
    ['what opens after a text', `{"a":"]}]}\\"","b":${'['.repeat(65)}`],
  ])('is too deep with %s', (_, text) => {
    expect(isNestedTooDeep(text)).toBe(true);
  });

  test.each([
    ['as many levels as a plan never has', `${'['.repeat(64)}${']'.repeat(64)}`],
    ['lists beside each other', '[],'.repeat(1000)],
    ['brackets in texts', `{"a":"${'['.repeat(1000)}"}`],
    ['brackets behind an escaped quote', `{"a":"\\"${'['.repeat(1000)}"}`],
    ['a text without an end', `"${'['.repeat(1000)}`],
    ['nothing', ''],
  ])('is not with %s', (_, text) => {
    expect(isNestedTooDeep(text)).toBe(false);
  });

  test('of 10 MB of brackets is left after the first ones', async () => {
    const brackets = '['.repeat(10_000_000);
    const texts = `["${'x'.repeat(50_000_000)}"]`;

    const most = await cpuTimeOf(() => isNestedTooDeep(texts));
    expect(await leastCpuTimeOf(() => isNestedTooDeep(brackets), most)).toBeLessThanOrEqual(most);
  });
});
