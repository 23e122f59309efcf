/** Real processes, killed at the boundaries of their writing: whatever comes after ends as if nothing had happened. */
import { beforeAll, expect, test } from 'vitest';
import { Campaign, inLanes, type Result, seedsFrom } from './campaign.ts';
import { sharedProgram } from './program.ts';
import type { Kill } from './scenario.ts';

let campaign: Campaign;

beforeAll(async () => {
  campaign = new Campaign(await sharedProgram());
});

test('thirty kills, up to three in a row: all is as without them, every secret is in its sink, and nothing is left over', async () => {
  const results: Result[] = [];
  const kills = (): number => results.reduce((sum, result) => sum + result.kills, 0);

  await inLanes(
    seedsFrom(1, () => kills() < 30),
    async (seed) => {
      results.push(await campaign.run(await campaign.scenarioOf(seed)));
    },
  );

  expect(results.filter(({ flaws }) => flaws.length > 0)).toEqual([]);
  expect(Math.max(...results.map(({ runs }) => runs))).toBeLessThanOrEqual(2);
});

const atLease: Kill = { at: 'request', among: 'writes', nth: 1, moment: 'done', turns: 0 };
const atFirstLine: Kill = { at: 'file', files: 'journal', nth: 2, when: 'before', share: 0 };

test.each<[where: string, kill: Kill]>([
  ['the lease is taken and no journal begun', atLease],
  ['the journal is there and its first line is not', atFirstLine],
])('no one is locked out by a process that was killed when %s', async (_, kill) => {
  const scenario = { seed: 1, world: 1, kills: [kill], goOn: 'apply', afterMs: 0 } as const;

  expect(await campaign.run(scenario)).toMatchObject({ kills: 1, runs: 1, codes: [0], flaws: [] });
});
