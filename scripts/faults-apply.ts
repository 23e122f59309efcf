/** `npm run faults:apply -- [--runs N] [--seed S]`: many seeded applies among faults; fails at the first broken rule, and names its seed. */
import { parseArgs } from 'node:util';
import { randomFaultRun } from '../test/apply/support/random-fault-run.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const [runs, first] = [Number(values.runs), Number(values.seed)];
const counts = { without: 0, strikes: 0, requests: 0, actions: 0 };
/** How often so many runs were needed until there was nothing to do. */
const needed = new Map<number, number>();
for (let seed = first; seed < first + runs; seed++) {
  const end = await randomFaultRun(seed);
  if (end === undefined) {
    counts.without++;
    continue;
  }
  counts.strikes += end.strikes;
  counts.requests += end.requests;
  counts.actions += end.actions;
  needed.set(end.runs, (needed.get(end.runs) ?? 0) + 1);
}
const histogram = [...needed].toSorted(([a], [b]) => a - b).map(([count, times]) => `${times} after ${count}`);
console.log(
  [
    `${runs} times from seed ${first} plan and apply among faults, until there is nothing to do: no rule broken`,
    `${counts.actions} actions, ${counts.requests} requests, of which ${counts.strikes} met a fault`,
    `nothing left to do: ${histogram.join(', ')} runs; without an end even without a fault: ${counts.without}`,
  ].join('\n'),
);
