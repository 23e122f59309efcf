/** The loops of all servers of one muster.yaml, in one process: what fails on one leaves the others alone. */
import { fleetNames } from '../app/fleet.ts';
import { Slots } from '../app/slots.ts';
import type { Clock } from '../model/clock.ts';
import { hourMs } from '../model/duration.ts';
import { MusterError } from '../model/muster-error.ts';
import type { ReconcileEvent } from '../model/reconcile-event.ts';
import { retryDelayMs } from './back-off.ts';
import { type LoopOptions, runCycle } from './cycle.ts';
import { type LoopPorts, reconcileLoop } from './loop.ts';

export interface FleetLoopOptions extends Omit<LoopOptions, 'server'> {
  /** Cycles at the same time. */
  readonly parallel: number;
}

export interface FleetPorts {
  /** Of the loop of one server. */
  readonly of: (name: string) => LoopPorts;
  readonly clock: Clock;
  readonly workingDir: string;
  /** Told which server is looked after no more. */
  readonly forget?: (name: string) => void;
}

/** How often muster.yaml is read for servers that are new or gone. */
const lookMs = 30_000;

/**
 * Cycles on all servers until the signal is aborted. A server whose loop cannot begin is told, and tried again; servers that
 * are new in muster.yaml are taken up, and those that are gone are left.
 *
 * @returns why no server could begin; empty: at least one did
 */
export async function reconcileFleet(options: FleetLoopOptions, ports: FleetPorts): Promise<readonly unknown[]> {
  const slots = new Slots(options.parallel);
  const end = new AbortController();
  const signal = options.signal === undefined ? end.signal : AbortSignal.any([options.signal, end.signal]);
  const running = new Map<string, ServerLoop>();
  const begin = (name: string): ServerLoop => {
    const loop = new ServerLoop({ ...options, server: name, signal }, ports.of(name), slots);
    running.set(name, loop);
    return loop;
  };
  const first = (await fleetNames(options, ports)).map(begin);
  const failures = await Promise.all(first.map(({ began }) => began));
  const isVain = failures.every((failure) => failure !== undefined);
  if (!isVain) await watch({ options, ports, running, begin, signal });
  end.abort();
  await Promise.all([...running.values()].map(({ ended }) => ended));
  return isVain ? failures : [];
}

interface Watching {
  readonly options: FleetLoopOptions;
  readonly ports: FleetPorts;
  readonly running: Map<string, ServerLoop>;
  readonly begin: (name: string) => void;
  readonly signal: AbortSignal;
}

async function watch({ options, ports, running, begin, signal }: Watching): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(options.lookMs ?? lookMs, signal).catch(() => undefined);
    // While it cannot be read, each loop says so itself.
    const names = await fleetNames(options, ports).catch(() => undefined);
    if (signal.aborted || names === undefined) continue;
    for (const [name, loop] of running) {
      if (names.includes(name)) continue;
      await loop.stop();
      running.delete(name);
      ports.forget?.(name);
    }
    for (const name of names) if (!running.has(name)) begin(name);
  }
}

/** The loop of one server, begun again whenever it cannot go on. */
class ServerLoop {
  /** Once it works, or with why it does not. */
  readonly began: Promise<unknown>;
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  #settle: (failure: unknown) => void = () => undefined;

  constructor(options: LoopOptions, ports: LoopPorts, slots: Slots) {
    this.began = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const signals = [this.#stop.signal, ...(options.signal === undefined ? [] : [options.signal])];
    this.ended = this.#run({ ...options, signal: AbortSignal.any(signals) }, ports, slots);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  async #run(options: LoopOptions & { readonly signal: AbortSignal }, given: LoopPorts, slots: Slots): Promise<void> {
    let failures = 0;
    const ports: LoopPorts = {
      ...given,
      runCycle: (...cycle) => slots.run(() => runCycle(...cycle)),
      show: (keeper) => {
        failures = 0;
        given.show?.(keeper);
        this.#settle(undefined);
      },
    };
    while (!options.signal.aborted) {
      try {
        await reconcileLoop(options, ports);
      } catch (error) {
        if (options.signal.aborted) break;
        failures += 1;
        const retryMs = ports.clock.now() + retryDelayMs(failures, hourMs, ports.random);
        given.tell(failureOf(error, retryMs));
        this.#settle(error);
        await ports.clock.sleep(retryMs - ports.clock.now(), options.signal).catch(() => undefined);
      }
    }
    this.#settle(undefined);
  }
}

/** @param retryMs - when it is tried again */
export function failureOf(error: unknown, retryMs?: number): ReconcileEvent {
  const next = retryMs === undefined ? {} : { next: new Date(retryMs).toISOString() };
  if (!(error instanceof MusterError))
    return { type: 'cycle', outcome: 'failed', code: 'UNEXPECTED', text: String(error), ...next };
  if (error.code === 'LOCKED') return { type: 'cycle', outcome: 'busy', ...next };
  return { type: 'cycle', outcome: 'failed', code: error.code, text: error.message, ...next };
}
