/** A server, files and a clock that passes only when something waits: what a day of muster reconcile takes is its requests. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { defaultPorts } from '../../../src/app/ports.ts';
import { lookAtReconcile } from '../../../src/app/reconcile-place.ts';
import type { LoopOptions } from '../../../src/daemon/cycle.ts';
import { type LoopPorts, reconcileLoop } from '../../../src/daemon/loop.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { ReconcileState } from '../../../src/model/generated/reconcile-state.ts';
import type { ReconcileEvent } from '../../../src/model/reconcile-event.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';
import { makeWorkplace } from '../../support/run-muster.ts';

export const minute: number = 60_000;
export const hour: number = 60 * minute;
export const day: number = 24 * hour;

export class VirtualClock implements Clock {
  nowMs: number;
  /** Called each time that time has passed. */
  onPass: (nowMs: number) => void = () => undefined;
  #end: { readonly atMs: number; readonly control: AbortController } | undefined;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await turn();
    const end = this.#end;
    this.nowMs = Math.min(this.nowMs + ms, end?.atMs ?? Number.POSITIVE_INFINITY);
    this.onPass(this.nowMs);
    if (end !== undefined && this.nowMs >= end.atMs) end.control.abort(new Error('the time is over'));
    signal?.throwIfAborted();
  }

  /** Aborted once the clock shows this moment. */
  until(atMs: number): AbortSignal {
    const control = new AbortController();
    this.#end = { atMs, control };
    return control.signal;
  }
}

export interface Loops {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly dir: string;
  readonly events: ReconcileEvent[];
  readonly ports: LoopPorts;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs the loop for a time, from its start to its end: one process. */
  run(forMs: number, options?: Partial<LoopOptions>): Promise<void>;
  /** The same with ports of one's own. */
  runWith(forMs: number, own: Partial<LoopPorts>, options?: Partial<LoopOptions>): Promise<void>;
  /** What `muster status` would read. */
  state(): Promise<ReconcileState>;
  /** What was told of one kind. */
  told<Type extends ReconcileEvent['type']>(type: Type): readonly Extract<ReconcileEvent, { readonly type: Type }>[];
  close(): Promise<void>;
}

/** @param startMs - what the clock shows at first */
export async function startLoops(
  files: Readonly<Record<string, string>>,
  seed: SandboxOptions['seed'] = {},
  startMs: number = Date.parse('2027-01-04T08:00:00Z'),
): Promise<Loops> {
  const clock = new VirtualClock(startMs);
  let drawn = 0;
  // A fixed row of numbers, so that each try is the same.
  const random = (): number => (drawn = (drawn * 16_807 + 11) % 2_147_483_647) / 2_147_483_647;
  const sandbox = await startSandbox({
    clock: () => clock.now(),
    random,
    seed: { licence: 'enterprise', ...seed },
    config: { 'ServiceSettings.EnableUserAccessTokens': true, 'RateLimitSettings.Enable': false },
  });
  const workplace = await makeWorkplace(files);
  const { dir } = workplace;
  const events: ReconcileEvent[] = [];
  const ports: LoopPorts = {
    ...defaultPorts({
      workingDir: dir,
      env: { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: join(dir, 'state') },
      clock,
    }),
    random: () => 0.5,
    tell: (event) => events.push(event),
  };
  return {
    sandbox,
    clock,
    dir,
    events,
    ports,
    write: (added) => workplace.write(added),
    run: (forMs, options = {}) =>
      reconcileLoop({ lookMs: day, signal: clock.until(clock.now() + forMs), ...options }, ports),
    runWith: (forMs, own, options = {}) =>
      reconcileLoop({ lookMs: day, signal: clock.until(clock.now() + forMs), ...options }, { ...ports, ...own }),
    state: async () => {
      const [seen] = await lookAtReconcile(undefined, ports);
      if (seen === undefined) throw new Error('nothing is remembered');
      return seen.state;
    },
    told: <Type extends ReconcileEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<ReconcileEvent, { readonly type: Type }> => event.type === type),
    close: async () => {
      await sandbox.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
