/** A few of what `npm run sim` does by the hundred thousand, and the long suite by the hundred. */
import { describe, expect, test } from 'vitest';
import { scenarioOf, tryScenario } from './campaign.ts';

const runs = 8;

describe('up to three crashes in any world', () => {
  test('cost nothing, whatever the weather, and wherever they fall', async () => {
    let crashes = 0;
    for (let seed = 1; seed <= runs; seed++) crashes += (await tryScenario(await scenarioOf(seed))).crashes;

    expect(crashes).toBeGreaterThan(runs);
  });
});
