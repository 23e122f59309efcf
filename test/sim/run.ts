/** One run of the simulation: processes that start, die and start again on the same disk and server, until all is done. */
import type { ApplyResult } from '../../src/app/carry-out.ts';
import type { DesiredState } from '../../src/model/desired-state.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import { InputError } from '../../src/model/problem.ts';
import type { EmitRunEvent } from '../../src/model/run-event.ts';
import { moment } from '../support/build-states.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { SimDisk } from './disk.ts';
import { Ledger, Violation } from './ledger.ts';
import { clientOf } from './model-client.ts';
import { ModelServer } from './model-server.ts';
import { calm, Network, type Weather } from './network.ts';
import { applyOnce, type Planned, type Process, resumeOnce } from './program.ts';
import { Life, Scheduler, type Watch } from './scheduler.ts';
import { SecretKeeper } from './secret-store.ts';
import type { SimWorld } from './world.ts';

export interface RunOptions {
  readonly world: SimWorld;
  /** Of latencies, fates and what a crash leaves. */
  readonly seed: number;
  /** Numbers of steps that do not happen any more, ascending. */
  readonly crashes?: readonly number[];
  /** Numbers of steps before which somebody presses Ctrl-C, ascending. */
  readonly interrupts?: readonly number[];
  readonly weather?: Weather;
  /** How the next process goes on after a crash; `either` by default. */
  readonly goOn?: 'resume' | 'apply' | 'either';
  /** The state directory is lost with each crash. */
  readonly losesState?: boolean;
  /** The plan of the first process, if it shall not spend its steps on reading. */
  readonly planned?: Planned;
  /** Several processes work at once, and none sees the others' locks. */
  readonly isRace?: boolean;
  readonly watch?: Watch;
  readonly emit?: EmitRunEvent;
}

/** Where a run ended, to be looked at. */
export interface Ended {
  readonly world: SimWorld;
  readonly server: ModelServer;
  readonly ledger: Ledger;
  readonly keeper: SecretKeeper;
  readonly disk: SimDisk;
  readonly scheduler: Scheduler;
  /** Crashes that happened. */
  readonly crashes: number;
  /** Processes that were interrupted, and lived on to say so. */
  readonly interrupted: number;
  /** Processes that found the lease of a dead one, and came back when it was over. */
  readonly lockedOut: number;
  readonly lives: number;
  /** A rail stopped a part of the last plan: what a previous process had done in part is more than it lets pass at once. */
  readonly isBlocked: boolean;
}

/** So many runs at most that neither crash nor are locked out, until one ends well. */
const maxRuns = 10;

/** Everything but the processes. */
export class Sim {
  readonly world: SimWorld;
  readonly pick: (below: number) => number;
  readonly scheduler: Scheduler;
  readonly server: ModelServer;
  readonly ledger: Ledger;
  readonly network: Network;
  readonly disk: SimDisk;
  readonly keeper: SecretKeeper;
  readonly #emit: EmitRunEvent;

  constructor(options: RunOptions) {
    const { world, seed, weather = calm, losesState = false, isRace = false, watch, emit = () => undefined } = options;
    this.world = world;
    this.pick = randomFrom(seed);
    this.scheduler = new Scheduler(moment, watch);
    this.server = new ModelServer({ ...world.server, forgetsPreferences: isRace });
    const { returners, policy } = world;
    this.ledger = new Ledger(this.server, { minAdmins: policy.minAdmins, returners, isLax: losesState || isRace });
    this.network = new Network(this.scheduler, this.pick, weather);
    this.disk = new SimDisk(this.scheduler, this.pick);
    this.keeper = new SecretKeeper(this.scheduler, this.pick, weather);
    this.#emit = emit;
  }

  /** @param desired - by default what the world wants */
  processOf(life: Life, disk: SimDisk = this.disk, desired: DesiredState = this.world.desired): Process {
    const { server, network, ledger, scheduler, keeper } = this;
    return {
      world: { ...this.world, desired },
      client: clientOf({ server, network, ledger, scheduler, life }),
      store: disk.storeOf(life),
      secrets: keeper.storeOf(life),
      clock: scheduler.clockOf(life),
      emit: this.#emit,
    };
  }

  /** What is still on its way arrives, too. */
  async ended(): Promise<Pick<Ended, 'world' | 'server' | 'ledger' | 'keeper' | 'disk' | 'scheduler'>> {
    await this.scheduler.run(() => false);
    const { world, server, ledger, keeper, disk, scheduler } = this;
    return { world, server, ledger, keeper, disk, scheduler };
  }

  crash(life: Life): void {
    life.end();
    this.network.crash(life);
    this.disk.crash(life);
  }
}

/** @throws {Violation} when something happened that never may */
export async function run(options: RunOptions): Promise<Ended> {
  const { goOn = 'either', losesState = false, planned } = options;
  const sim = new Sim(options);
  const crashes = [...(options.crashes ?? [])];
  const interrupts = [...(options.interrupts ?? [])];
  let crashed = 0;
  let interrupted = 0;
  let previous: End | undefined;
  let spent = 0;
  let lockedOut = 0;
  for (let number = 1; spent < maxRuns; number++) {
    const life = new Life(number);
    const ctrlC = new AbortController();
    const doesResume = crashed + interrupted > 0 && (goOn === 'resume' || (goOn === 'either' && sim.pick(2) === 0));
    const { signal } = ctrlC;
    const process = { ...sim.processOf(life), signal, ...(number === 1 && planned !== undefined && { planned }) };
    const outcome = start(sim, life, process, { doesResume, pauseMs: pauseAfter(previous, sim) });
    let stop = await sim.scheduler.run(() => outcome.isSettled, nextOf(sim, crashes, interrupts));
    while (stop === 'trouble' && interrupts[0] !== undefined && interrupts[0] < (crashes[0] ?? Infinity)) {
      interrupts.shift();
      ctrlC.abort(new Error('interrupted'));
      stop = await sim.scheduler.run(() => outcome.isSettled, nextOf(sim, crashes, interrupts));
    }
    if (stop === 'silence') throw new Violation(`process ${number} waits for ever`);
    if (stop === 'trouble') {
      crashes.shift();
      crashed += 1;
      sim.crash(life);
      previous = 'not well';
      if (losesState) sim.disk.wipe();
      continue;
    }
    previous = outcome.end();
    if (previous === 'locked out') lockedOut += 1;
    else spent += 1;
    if (previous === 'interrupted') interrupted += 1;
    if (previous === 'well') {
      const { isBlocked } = outcome;
      return { ...(await sim.ended()), crashes: crashed, interrupted, lives: number, isBlocked, lockedOut };
    }
  }
  throw new Violation(`${maxRuns} runs were not enough`);
}

/** The number of the next step before which something happens to the process. */
const nextOf = ({ scheduler }: Sim, ...troubles: ReadonlyArray<readonly number[]>): number =>
  Math.min(...troubles.flat().filter((step) => step > scheduler.steps));

export type End = 'well' | 'not well' | 'interrupted' | 'locked out' | 'refused';

export interface Outcome {
  readonly isSettled: boolean;
  readonly isBlocked: boolean;
  /** @throws what is no error of muster's own */
  end(): End;
}

/** Who finds another run's lease comes back when it is over. */
const leaseMs = 600_000;

/** Half of the time the next process comes at once, else within a minute. */
function pauseAfter(previous: End | undefined, sim: Sim): number {
  if (previous === undefined) return 0;
  if (previous === 'locked out') return leaseMs;
  return sim.pick(2) === 0 ? 0 : sim.pick(60_000);
}

export interface Start {
  readonly doesResume: boolean;
  readonly pauseMs: number;
}

export function start({ scheduler }: Sim, life: Life, process: Process, { doesResume, pauseMs }: Start): Outcome {
  let applied: ApplyResult | undefined;
  let failure: { readonly error: unknown } | undefined;
  const work = scheduler
    .pass(life, pauseMs, doesResume ? 'resume' : 'apply', '')
    .then(() => (doesResume ? resumeOnce(process) : applyOnce(process)));
  work.then(
    (result) => {
      applied = result;
    },
    (error: unknown) => {
      failure = { error };
    },
  );
  return {
    get isSettled() {
      return applied !== undefined || failure !== undefined;
    },
    get isBlocked() {
      return applied !== undefined && applied.plan.blocked.length > 0;
    },
    end: () => {
      if (failure !== undefined) return endOf(failure.error);
      const { results = [], interrupted = false, stopped } = applied?.result ?? {};
      for (const { action, outcome } of results) {
        if (outcome.status === 'failed' && outcome.error.blame === 'bug')
          throw new Violation(`${action.id} ended with a bug: ${outcome.error.message}`, { cause: outcome.error });
      }
      if (interrupted) return 'interrupted';
      const isWell = stopped === undefined && results.every(({ outcome }) => outcome.status === 'done');
      return isWell ? 'well' : 'not well';
    },
  };
}

/** A process may end with an error that says what to do next; with a broken promise, or an error of no kind, never. */
function endOf(error: unknown): End {
  if (!(error instanceof MusterError) || error.blame === 'bug' || error.code === 'JOURNAL_BROKEN') throw error;
  if (error instanceof InputError) return 'refused';
  return error.code === 'LOCKED' ? 'locked out' : 'not well';
}
