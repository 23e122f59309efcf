/** Two processes at once on one server, each on a machine of its own, and none sees the other's lock or lease. */
import type { DesiredState } from '../../src/model/desired-state.ts';
import { SimDisk } from './disk.ts';
import { Violation } from './ledger.ts';
import { type Ended, type RunOptions, Sim, start } from './run.ts';
import { Life } from './scheduler.ts';

export interface RaceOptions extends Pick<RunOptions, 'world' | 'seed' | 'watch'> {
  /** What the second wants, where it has other files than the first. */
  readonly other?: DesiredState;
}

export interface Raced extends Ended {
  /** Tokens of which two were made for one declaration: each run looked before the other made its own. */
  readonly madeTwice: number;
}

/** Runs alone that follow, until one has nothing to do any more. */
const maxRuns = 5;

/** @throws {Violation} */
export async function race({ world, seed, watch, other }: RaceOptions): Promise<Raced> {
  const sim = new Sim({ world, seed, isRace: true, ...(watch !== undefined && { watch }) });
  const { scheduler, pick, server } = sim;
  const descriptionsNow = (): readonly string[] =>
    [...server.tokens.values()].map(({ user_id, description }) => `${user_id} ${description}`);
  const before = new Set(descriptionsNow());
  const [one, two] = [new Life(1), new Life(2)];
  const elsewhere = new SimDisk(scheduler, pick);
  const behindMs = pick([1, 100, 2_000][pick(3)] ?? 1);
  const both = [
    start(sim, one, sim.processOf(one), { doesResume: false, pauseMs: 0 }),
    start(sim, two, sim.processOf(two, elsewhere, other), { doesResume: false, pauseMs: behindMs }),
  ];
  const stop = await scheduler.run(() => both.every(({ isSettled }) => isSettled));
  if (stop !== 'done') throw new Violation('two processes wait for ever');
  for (const outcome of both) outcome.end();

  for (let number = 3; number < 3 + maxRuns; number++) {
    const life = new Life(number);
    const outcome = start(sim, life, sim.processOf(life), { doesResume: false, pauseMs: 0 });
    await scheduler.run(() => outcome.isSettled);
    const end = outcome.end();
    // Whom the other branch deactivated may be in doubt for the files of the first one: then a person decides.
    const isForPeople = end === 'refused' && other !== undefined;
    if (end !== 'well' && !isForPeople) continue;
    const descriptions = descriptionsNow();
    const made = descriptions.filter((text) => !before.has(text));
    const marks = descriptions.map((text) => text.replace(/ muster:.*/, ' muster'));
    const twice = (texts: readonly string[]): number =>
      texts.filter((text, i) => text.includes(' muster') && texts.indexOf(text) < i).length;
    if (twice(made) > 0) throw new Violation('two tokens have one mark');
    const { isBlocked } = outcome;
    return {
      ...(await sim.ended()),
      crashes: 0,
      interrupted: 0,
      lockedOut: 0,
      lives: number,
      isBlocked,
      madeTwice: twice(marks),
    };
  }
  throw new Violation(`${maxRuns} runs alone were not enough`);
}
