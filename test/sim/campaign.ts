/** Runs by the thousand: from one number a world, a weather and the moments of the crashes. */
import type { DesiredState } from '../../src/model/desired-state.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { checkEnd, type Reference, referenceOf } from './check.ts';
import { calm, type Weather } from './network.ts';
import { type Raced, race } from './race.ts';
import { type Ended, type RunOptions, run } from './run.ts';
import type { Watch } from './scheduler.ts';
import { fortyActions, type SimWorld, worldOfSeed } from './world.ts';

export type Scenario = Required<
  Pick<RunOptions, 'world' | 'seed' | 'crashes' | 'interrupts' | 'weather' | 'goOn' | 'losesState'>
>;

const howManyWorlds = 60;

/** Many things go wrong. */
export const rough: Weather = { name: 'rough', lostAnswers: 40, failedReads: 3, failedSinks: 60, laggingReads: 100 };

/** Half of what a replica may answer comes from one that lags behind. */
export const lagging: Weather = { ...calm, name: 'lagging', laggingReads: 500 };

const built = new Map<number, SimWorld>();
const known = new Map<SimWorld, Promise<Reference>>();

function worldNumbered(number: number): SimWorld {
  const world = built.get(number) ?? (number === 0 ? fortyActions : worldOfSeed(number));
  built.set(number, world);
  return world;
}

/** How a world ends when nothing goes wrong; worked out once. */
export function referenceFor(world: SimWorld): Promise<Reference> {
  const reference = known.get(world) ?? referenceOf(world);
  known.set(world, reference);
  return reference;
}

/** Of the worlds that properties are tried on some cannot be brought to their end by one run: those are passed over. */
async function anyWorldBy(pick: (below: number) => number): Promise<SimWorld> {
  for (let number = pick(8) === 0 ? 0 : pick(howManyWorlds); ; number++) {
    const world = worldNumbered(number);
    if ((await referenceFor(world)).isPlain) return world;
  }
}

/**
 * One to three crashes; a fifth of the runs in rough weather, and as many with a state directory that each crash takes along.
 *
 * @param crashes - instead of those that the seed gives
 */
export async function scenarioOf(seed: number, crashes?: readonly number[]): Promise<Scenario> {
  const pick = randomFrom(seed);
  const world = await anyWorldBy(pick);
  const { steps } = await referenceFor(world);
  const kind = pick(5);
  const count = 1 + pick(3);
  // A later process has fewer steps to go, or more to wait for.
  const drawn = Array.from({ length: count }, () => 1 + pick(Math.ceil(steps * (1 + count / 4))));
  const interrupts = pick(3) === 0 ? [1 + pick(steps)] : [];
  return {
    world,
    seed,
    interrupts,
    crashes: [...new Set(crashes ?? drawn)].toSorted((a, b) => a - b),
    weather: kind === 1 ? rough : kind === 3 ? lagging : calm,
    goOn: 'either',
    // Roles that only a create names are known by the journal alone afterwards.
    losesState: kind === 2 && !world.givesFirstRoles,
  };
}

/** @throws {Violation} */
export async function tryScenario(scenario: Scenario, watch?: Watch): Promise<Ended> {
  const { world, weather, losesState } = scenario;
  const reference = await referenceFor(world);
  const ended = await run({ ...scenario, planned: reference.planned, ...(watch !== undefined && { watch }) });
  await checkEnd(ended, reference, { onlyCrashes: weather !== rough && !losesState, losesState });
  return ended;
}

/** Half of the time both have the same files; else the second one's are of another branch, on which whoever is active leaves. */
export async function tryRace(seed: number, watch?: Watch): Promise<Raced> {
  const pick = randomFrom(seed);
  const world = await anyWorldBy(pick);
  const other = pick(2) === 0 ? undefined : leaversOf(world);
  const raced = await race({ world, seed, ...(other && { other }), ...(watch && { watch }) });
  if (other === undefined && !world.givesFirstRoles)
    await checkEnd(raced, await referenceFor(world), { onlyCrashes: false, losesState: false, isRace: true });
  return raced;
}

function leaversOf({ desired }: SimWorld): DesiredState {
  const users = desired.users.map((user) => ({
    ...user,
    values: { ...user.values, active: user.values.active === false },
  }));
  return { ...desired, users, digest: `sha256:${'1'.repeat(64)}` };
}
