/** The loop with what others may see of it. */
import type { Clock } from '../model/clock.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { refuse } from '../model/messages/problems.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { LoopOptions } from './cycle.ts';
import { type Address, type EndpointSources, type Endpoints, openEndpoints, type Page } from './endpoints.ts';
import type { Keeper } from './keeper.ts';
import { type LoopPorts, reconcileLoop } from './loop.ts';
import { Metrics } from './metrics.ts';
import type { DaemonPorts } from './ports.ts';
import type { ProcessHealth } from './worker-pulse.ts';

/** A server with the name that it has among several; one that has none is called by the empty text. */
export type WatchedServer =
  | { readonly name: string; readonly state: ReconcileState }
  /** Its loop could not begin. */
  | { readonly name: string; readonly failure: { readonly code: string; readonly text: string } };

/** Makes the page that people look at. */
export type MakePage = (servers: readonly WatchedServer[], nowMs: number) => Page;

/** What loops do, for those who ask from outside. */
export class Watched {
  readonly #keepers = new Map<string, Pick<Keeper, 'state'>>();
  readonly #failures = new Map<string, { readonly code: string; readonly text: string }>();
  readonly metrics: Metrics;

  constructor(clock: Pick<Clock, 'now'>) {
    this.metrics = new Metrics({ states: this.states, now: () => clock.now() });
  }

  readonly servers = (): readonly WatchedServer[] => [
    ...[...this.#keepers].map(([name, { state }]) => ({ name, state })),
    ...[...this.#failures].map(([name, failure]) => ({ name, failure })),
  ];

  readonly states = (): readonly ReconcileState[] => [...this.#keepers.values()].map(({ state }) => state);

  /** The ports of a loop that is seen from outside. */
  ports(name: string, ports: LoopPorts): LoopPorts {
    const state = (): ReconcileState | undefined => this.#keepers.get(name)?.state;
    return {
      ...ports,
      show: (shown) => {
        this.#failures.delete(name);
        this.#keepers.set(name, shown);
      },
      tell: (event) => {
        if (event.type === 'cycle' && event.outcome === 'failed' && !this.#keepers.has(name))
          this.#failures.set(name, { code: event.code ?? '', text: event.text ?? '' });
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
    this.#failures.delete(name);
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
  makePage: MakePage,
  work: (watched: Watched) => Promise<Result>,
): Promise<Result> {
  const watched = new Watched(clock);
  const { states, servers, metrics } = watched;
  const page = (): Page => makePage(servers(), clock.now());
  const endpoints = await listenAt(listen, { states, now: () => clock.now(), metrics: () => metrics.text(), page });
  try {
    return await work(watched);
  } finally {
    await endpoints.close();
  }
}

/** The same of a worker, which has no server of its own: what it says is of its cycles and of itself. */
export async function serveWorkerWhile<Result>(
  listen: Address,
  clock: Pick<Clock, 'now'>,
  ofProcess: () => ProcessHealth,
  work: (watched: Watched) => Promise<Result>,
): Promise<Result> {
  const watched = new Watched(clock);
  const { states, metrics } = watched;
  const endpoints = await listenAt(listen, {
    states,
    now: () => clock.now(),
    metrics: () => metrics.text(),
    ofProcess,
  });
  try {
    return await work(watched);
  } finally {
    await endpoints.close();
  }
}

/** Cycles of one server until the signal is aborted, and answers at an address meanwhile. */
export async function serveLoop(
  listen: Address,
  makePage: MakePage,
  options: LoopOptions,
  ports: DaemonPorts,
): Promise<void> {
  await serveWhile(listen, ports.clock, makePage, (watched) => reconcileLoop(options, watched.ports('', ports)));
}

async function listenAt(listen: Address, sources: EndpointSources): Promise<Endpoints> {
  try {
    return await openEndpoints(listen, sources);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new InputError([refuse('cannot-listen', { ...listen, why: systemCodeOf(error) })]);
  }
}
