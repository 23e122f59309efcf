/** The loop with what others may see of it. */
import type { Clock } from '../model/clock.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { LoopOptions } from './cycle.ts';
import { type Address, type EndpointSources, type Endpoints, openEndpoints } from './endpoints.ts';
import type { Keeper } from './keeper.ts';
import { type LoopPorts, reconcileLoop } from './loop.ts';
import { Metrics } from './metrics.ts';
import type { DaemonPorts } from './ports.ts';

/** What loops do, for those who ask from outside. */
export class Watched {
  readonly #keepers = new Map<string, Pick<Keeper, 'state'>>();
  readonly metrics: Metrics;

  constructor(clock: Pick<Clock, 'now'>) {
    this.metrics = new Metrics({ states: this.states, now: () => clock.now() });
  }

  readonly states = (): readonly ReconcileState[] => [...this.#keepers.values()].map(({ state }) => state);

  /** The ports of a loop that is seen from outside. */
  ports(name: string, ports: LoopPorts): LoopPorts {
    const state = (): ReconcileState | undefined => this.#keepers.get(name)?.state;
    return {
      ...ports,
      show: (shown) => this.#keepers.set(name, shown),
      tell: (event) => {
        this.metrics.note(event, state());
        ports.tell(event);
      },
      emit: (event) => {
        if (event.type === 'waiting' && event.isRateLimit === true) this.metrics.noteRateLimitWait(event.ms, state());
        ports.emit(event);
      },
    };
  }

  /** A server that is looked after no more. */
  forget(name: string): void {
    this.#keepers.delete(name);
  }
}

/**
 * Answers at an address until `work` ends.
 *
 * @throws {InputError} when the address cannot be listened at
 */
export async function serveWhile<Result>(
  listen: Address,
  clock: Pick<Clock, 'now'>,
  work: (watched: Watched) => Promise<Result>,
): Promise<Result> {
  const watched = new Watched(clock);
  const { states, metrics } = watched;
  const endpoints = await listenAt(listen, { states, now: () => clock.now(), metrics: () => metrics.text() });
  try {
    return await work(watched);
  } finally {
    await endpoints.close();
  }
}

/** Cycles of one server until the signal is aborted, and answers at an address meanwhile. */
export async function serveLoop(listen: Address, options: LoopOptions, ports: DaemonPorts): Promise<void> {
  await serveWhile(listen, ports.clock, (watched) => reconcileLoop(options, watched.ports('', ports)));
}

async function listenAt(listen: Address, sources: EndpointSources): Promise<Endpoints> {
  try {
    return await openEndpoints(listen, sources);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new InputError([
      {
        code: 'cannot-listen',
        message: `cannot listen at ${listen.host}:${listen.port}: ${systemCodeOf(error)}`,
        hint: 'choose another address with --listen',
      },
    ]);
  }
}
