/** Two runs at once, with every lock broken: safety never rests on one. The long suite tries many more. */
import { describe, expect, test } from 'vitest';
import { tryRace } from './campaign.ts';

const interleavings = 8;

describe('two runs that do not know of each other', () => {
  test('leave administrators, no mark twice, and a server on which one more run finds nothing to do', async () => {
    let lives = 0;
    for (let seed = 1; seed <= interleavings; seed++) lives += (await tryRace(seed)).lives;

    expect(lives).toBeGreaterThanOrEqual(3 * interleavings);
  });
});
