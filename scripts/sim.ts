/**
 * `npm run sim -- --crashes N --seed S`: N crashes at random moments, from seed S on; the first broken promise ends it, and is named by
 * its seed and steps. `--seed S --step K[,K…]` replays one run with its trace; `--races N` runs two executors at once, N times.
 */
import { parseArgs } from 'node:util';
import {
  referenceFor,
  rough as roughWeather,
  type Scenario,
  scenarioOf,
  tryRace,
  tryScenario,
} from '../test/sim/campaign.ts';
import { Violation } from '../test/sim/ledger.ts';
import { calm } from '../test/sim/network.ts';
import type { Ended } from '../test/sim/run.ts';
import type { Watch } from '../test/sim/scheduler.ts';
import type { SimWorld } from '../test/sim/world.ts';
import { moment } from '../test/support/build-states.ts';

const { values } = parseArgs({
  options: {
    crashes: { type: 'string', default: '1000' },
    races: { type: 'string' },
    seed: { type: 'string', default: '1' },
    step: { type: 'string' },
  },
});
const firstSeed = Number(values.seed);

/** One line for each event; accounts by the names that they had at first. */
function printer({ server }: SimWorld): Watch {
  const names = new Map(server.users.map(({ id, username }) => [id, username]));
  return (step, nowMs, life, { what, detail }) => {
    const seconds = ((nowMs - moment) / 1000).toFixed(4).padStart(10);
    const who = life === undefined ? 'the world' : `process ${life.number}`;
    console.log(`${String(step).padStart(5)} ${seconds} s  ${who}  ${what}  ${names.get(detail) ?? detail}`.trimEnd());
  };
}

const describeScenario = ({ world, crashes, interrupts, weather, goOn, losesState }: Scenario): string =>
  [
    `world "${world.name}"`,
    `crashes before the steps ${crashes.join(', ')}`,
    ...(interrupts.length > 0 ? [`interrupted before the step ${interrupts.join(', ')}`] : []),
    `${weather.name} weather`,
    `goes on by ${goOn === 'either' ? 'resume or apply' : goOn}`,
    ...(losesState ? ['the state directory is lost with each crash'] : []),
  ].join('; ');

const counts = {
  runs: 0,
  crashes: 0,
  interrupted: 0,
  processes: 0,
  steps: 0,
  writes: 0,
  lockedOut: 0,
  blocked: 0,
  rough: 0,
  lagging: 0,
  withoutState: 0,
};

function count({ crashes, interrupted, lives, scheduler, ledger, lockedOut, isBlocked }: Ended): void {
  counts.runs += 1;
  counts.crashes += crashes;
  counts.interrupted += interrupted;
  counts.processes += lives;
  counts.steps += scheduler.steps;
  counts.writes += ledger.entries.length;
  counts.lockedOut += lockedOut;
  counts.blocked += isBlocked ? 1 : 0;
}

function printCounts(startedMs: number): void {
  const seconds = (performance.now() - startedMs) / 1000;
  const { runs, crashes, interrupted, processes, steps, writes, lockedOut, blocked, rough, lagging, withoutState } =
    counts;
  console.log(
    `${runs} runs with ${crashes} crashes and ${interrupted} interrupts (${processes} processes, ${steps} steps, ${writes} writes) in ${seconds.toFixed(0)} s, ${(crashes / seconds).toFixed(0)} crashes/s`,
  );
  console.log(
    `of them ${rough} in rough weather, ${lagging} with lists that lag, ${withoutState} without a state directory; ${lockedOut} processes waited for the lease of a dead one; ${blocked} runs ended at a rail`,
  );
}

/** Ends the process at a broken promise. */
async function orReport<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    console.error(error instanceof Violation ? `${name}: ${error.message}` : error);
    if (!(error instanceof Violation)) console.error(`in ${name}`);
    return process.exit(1);
  }
}

async function replay(steps: readonly number[]): Promise<void> {
  const scenario = await scenarioOf(firstSeed, steps);
  console.log(`seed ${firstSeed}: ${describeScenario(scenario)}`);
  const { actions } = (await referenceFor(scenario.world)).planned.plan;
  for (const { id, person, call } of actions) console.log(`  ${id}: ${call.operation} of ${person}`);
  const print = printer(scenario.world);
  const ended = await orReport(`seed ${firstSeed}, steps ${steps.join(',')}`, () => tryScenario(scenario, print));
  console.log(`all is well: ${ended.crashes} of ${steps.length} crashes came about, in ${ended.lives} processes`);
}

async function crashMany(wanted: number): Promise<void> {
  const startedMs = performance.now();
  let shownMs = startedMs;
  for (let seed = firstSeed; counts.crashes < wanted; seed++) {
    const scenario = await scenarioOf(seed);
    const name = `seed ${seed}, steps ${scenario.crashes.join(',')} (${describeScenario(scenario)})`;
    count(await orReport(name, () => tryScenario(scenario)));
    if (scenario.weather !== calm) counts[scenario.weather === roughWeather ? 'rough' : 'lagging'] += 1;
    counts.withoutState += scenario.losesState ? 1 : 0;
    if (performance.now() - shownMs < 30_000) continue;
    shownMs = performance.now();
    printCounts(startedMs);
  }
  printCounts(startedMs);
  console.log('nothing was lost, doubled or left over, and no rule about administrators was broken at any moment');
}

async function raceMany(wanted: number): Promise<void> {
  let madeTwice = 0;
  for (let seed = firstSeed; seed < firstSeed + wanted; seed++)
    madeTwice += (await orReport(`race ${seed}`, () => tryRace(seed))).madeTwice;
  console.log(
    `${wanted} races: always an administrator, no mark twice, and one more run brought all to what is wanted`,
  );
  console.log(`${madeTwice} tokens were made by both runs, each with a mark of its own: the next plan says so`);
}

if (values.step !== undefined) await replay(values.step.split(',').map(Number));
else if (values.races !== undefined) await raceMany(Number(values.races));
else {
  // Nobody reads where the errors of refusals were made, and noting it is dear.
  Error.stackTraceLimit = 0;
  await crashMany(Number(values.crashes));
}
