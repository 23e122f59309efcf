import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPorts } from '../../src/app/ports.ts';
import { reconcileFleet } from '../../src/daemon/fleet-loop.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { ReconcileEvent } from '../../src/model/reconcile-event.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { hour, minute } from './support/world.ts';

const startMs = Date.parse('2027-01-04T08:00:00Z');
const names = ['eu', 'us', 'ap'] as const;
type Name = (typeof names)[number];

/** Time passes once everyone waits: the loop of each server, and who looks for new ones. */
class SharedClock implements Clock {
  onPass: (nowMs: number) => void = () => undefined;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  readonly #all: number;
  readonly #endMs: number;
  readonly #end = new AbortController();
  #nowMs = startMs;

  constructor(all: number, forMs: number) {
    this.#all = all;
    this.#endMs = startMs + forMs;
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper = { atMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort);
      setImmediate(() => this.#pass());
    });
    signal?.throwIfAborted();
  }

  #pass(): void {
    if (this.#sleepers.size < this.#all) return;
    const [first] = [...this.#sleepers].toSorted((one, other) => one.atMs - other.atMs);
    if (first === undefined) return;
    this.#sleepers.delete(first);
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    this.onPass(this.#nowMs);
    first.wake();
    if (this.#nowMs >= this.#endMs) this.#end.abort(new Error('the time is over'));
  }
}

let sandboxes: Readonly<Record<Name, Sandbox>>;
beforeAll(async () => {
  sandboxes = { eu: await startSandbox(), us: await startSandbox(), ap: await startSandbox() };
});
afterAll(async () => {
  for (const one of Object.values(sandboxes)) await one.close();
});

const configOf = (of: readonly Name[]): string =>
  JSON.stringify({
    version: 1,
    policy: { min_admins: 1 },
    reconcile: { mode: 'enforce', every: '15m', jitter: '0s' },
    servers: Object.fromEntries(of.map((name) => [name, { url: sandboxes[name].url, files: [`${name}.yaml`] }])),
  });

const person = (name: string): string => `version: 1\nusers: [{ username: ${name}, email: ${name}@example.com }]\n`;

/** Runs the fleet for a time; `env` tells which servers the tokens are bound to. */
async function run(first: readonly Name[], env: NodeJS.ProcessEnv, change?: { readonly to: readonly Name[] }) {
  const work = await makeWorkplace({
    'muster.yaml': configOf(first),
    ...Object.fromEntries(names.map((name) => [`${name}.yaml`, person(`in-${name}`)])),
  });
  const { dir } = work;
  const clock = new SharedClock(first.length + 1, 1.5 * hour);
  const tokens = names.flatMap((name) => [
    [`MUSTER_TOKEN_${name.toUpperCase()}`, sandboxes[name].adminToken],
    [`MUSTER_SERVER_${name.toUpperCase()}`, sandboxes[name].url],
  ]);
  const told: { readonly name: string; readonly event: ReconcileEvent }[] = [];
  const ports = defaultPorts({
    workingDir: dir,
    env: { XDG_STATE_HOME: join(dir, 'state'), ...Object.fromEntries(tokens), ...env },
    clock,
  });
  if (change !== undefined)
    clock.onPass = (nowMs) => {
      if (nowMs <= startMs + hour / 2) return;
      clock.onPass = () => undefined;
      void work.write({ 'muster.yaml': configOf(change.to) });
    };
  const failures = await reconcileFleet(
    { parallel: 2, signal: clock.signal, lookMs: 5 * minute },
    {
      of: (name) => ({ ...ports, random: () => 0.5, tell: (event) => told.push({ name, event }) }),
      clock,
      workingDir: dir,
    },
  );
  await rm(dir, { recursive: true, force: true });
  const cycles = (name: Name, outcome: string): readonly ReconcileEvent[] =>
    told.flatMap(({ name: of, event }) =>
      of === name && event.type === 'cycle' && event.outcome === outcome ? [event] : [],
    );
  return { failures, told, cycles };
}

test('each server has its own cycles; one whose token is bound to another server is told and asked nothing', async () => {
  const before = sandboxes.us.requests.length;

  const { failures, cycles } = await run(['eu', 'us'], { MUSTER_SERVER_US: 'https://elsewhere.example' });

  expect(failures).toEqual([]);
  expect(sandboxes.eu.control.user('in-eu')).toBeDefined();
  expect(cycles('eu', 'looked').length).toBeGreaterThan(3);
  expect(cycles('us', 'failed')).toContainEqual(expect.objectContaining({ code: 'CALLER_TOKEN' }));
  expect(sandboxes.us.requests.length).toBe(before);
});

test('a server that is new in muster.yaml is taken up, and one that is gone is left', async () => {
  const { told, cycles } = await run(['eu', 'us'], {}, { to: ['eu', 'ap'] });

  expect(sandboxes.ap.control.user('in-ap')).toBeDefined();
  expect(told.filter(({ event }) => event.type === 'stopped').map(({ name }) => name)[0]).toBe('us');
  expect(cycles('us', 'looked').length).toBeLessThan(cycles('eu', 'looked').length);
});

test('where no server can begin, the process ends and says why', async () => {
  const { failures } = await run(['us'], { MUSTER_SERVER_US: 'https://elsewhere.example' });

  expect(failures).toMatchObject([{ code: 'CALLER_TOKEN' }]);
});
