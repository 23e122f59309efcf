/**
 * `npm run kill -- [--runs N] [--seed S]`: real processes killed at the boundaries of their writing, until there were so
 * many kills; each scenario is made from its seed alone. Ends at the first one after which something is not as it must be,
 * and names its seed.
 */
import { parseArgs } from 'node:util';
import { Campaign, inLanes, type Result, seedsFrom } from '../test/kill/campaign.ts';
import { buildProgram } from '../test/kill/program.ts';
import type { Kill } from '../test/kill/scenario.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const wanted = Number(values.runs ?? 2000);
const first = Number(values.seed ?? 1);

const results: Result[] = [];
const kinds = new Map<string, number>();
const runsNeeded = new Map<number, number>();
let kills = 0;
const add = <Key>(counts: Map<Key, number>, key: Key): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function kindOf(kill: Kill): string {
  switch (kill.at) {
    case 'request':
      return `request ${kill.moment}${kill.moment === 'asked' ? `, carried out ${kill.fate ?? 'at once'}` : ''}`;
    case 'file':
      return `${kill.files} ${kill.when}`;
    case 'sink program':
      return `sink program ${kill.when}`;
    case 'moment':
      return 'any moment';
  }
}

function note(result: Result): void {
  results.push(result);
  kills += result.kills;
  add(runsNeeded, result.runs);
  for (const kill of result.scenario.kills.slice(0, result.kills)) add(kinds, kindOf(kill));
  if (result.flaws.length > 0) {
    console.log(`seed ${result.scenario.seed}: ${JSON.stringify(result.scenario)}`);
    console.log(`  ${result.flaws.slice(0, 10).join('\n  ')}\n${result.said}`);
  }
  if (results.length % 20 === 0) console.log(`${kills} kills in ${results.length} scenarios, ${flawed()} with a flaw`);
}

const flawed = (): number => results.filter(({ flaws }) => flaws.length > 0).length;

const program = await buildProgram();
try {
  const campaign = new Campaign(program);
  await inLanes(
    seedsFrom(first, () => kills < wanted && flawed() === 0),
    async (seed) => note(await campaign.run(await campaign.scenarioOf(seed))),
  );
} finally {
  await program.remove();
}
const table = (counts: ReadonlyMap<unknown, number>): string =>
  [...counts]
    .map(([what, count]) => `  ${String(count).padStart(5)} ${String(what)}`)
    .toSorted()
    .join('\n');
console.log(`${kills} kills in ${results.length} scenarios from seed ${first}, ${flawed()} with a flaw`);
console.log(`kills by kind:\n${table(kinds)}`);
console.log(`scenarios by processes that were needed after the last kill:\n${table(runsNeeded)}`);
process.exitCode = flawed() > 0 ? 1 : 0;
