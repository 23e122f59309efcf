import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPorts } from '../../src/app/ports.ts';
import type { LoopPorts } from '../../src/daemon/loop.ts';
import type { Job, JobQueue } from '../../src/daemon/queue.ts';
import { keepSchedule, workOnQueue } from '../../src/daemon/queue-fleet.ts';
import { serveWorkerWhile } from '../../src/daemon/served-loop.ts';
import { WorkerPulse } from '../../src/daemon/worker-pulse.ts';
import type { Warning } from '../../src/model/messages/warning-rows.ts';
import type { ReconcileEvent } from '../../src/model/reconcile-event.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { hour, minute, VirtualClock } from './support/world.ts';

const startMs = Date.parse('2027-01-04T08:00:00Z');

/** A queue that may be out of reach. */
class ListQueue implements JobQueue {
  readonly asked: string[] = [];
  readonly finished: string[] = [];
  isDown = false;
  readonly #waiting: Job[] = [];

  ask(server: string): Promise<void> {
    if (this.isDown) return Promise.reject(new Error('out of reach'));
    this.asked.push(server);
    if (this.#waiting.every((one) => one.server !== server)) this.#waiting.push({ id: `${this.asked.length}`, server });
    return Promise.resolve();
  }

  take(): Promise<Job | undefined> {
    return Promise.resolve(this.#waiting.shift());
  }

  finish({ server }: Job): Promise<void> {
    this.finished.push(server);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const config = (): string =>
  JSON.stringify({
    version: 1,
    files: ['users.yaml'],
    policy: { min_admins: 1 },
    reconcile: { mode: 'enforce', every: '15m', jitter: '0s' },
    servers: {
      eu: { url: sandbox.url },
      night: { reconcile: { cron: '0 22 * * *' } },
      us: { url: 'https://us.example', reconcile: { every: '1h' } },
    },
  });

test('the schedule asks for each server when it is due, and once more for what the queue did not take', async () => {
  const work = await makeWorkplace({ 'muster.yaml': config() });
  const clock = new VirtualClock(startMs);
  const signal = clock.until(startMs + 2 * hour - minute);
  const queue = new ListQueue();
  clock.onPass = (nowMs) => {
    queue.isDown = nowMs < startMs + 5 * minute;
  };
  queue.isDown = true;

  await keepSchedule({ parallel: 1, signal, lookMs: minute }, queue, {
    clock,
    workingDir: work.dir,
    random: () => 0,
    warn: () => undefined,
  });

  const asked = (name: string): number => queue.asked.filter((one) => one === name).length;
  expect([asked('eu'), asked('us'), asked('night')]).toEqual([8, 2, 0]);
  await rm(work.dir, { recursive: true, force: true });
});

test('the schedule says once why muster.yaml cannot be used, and asks again once it can', async () => {
  const work = await makeWorkplace({ 'muster.yaml': config() });
  const clock = new VirtualClock(startMs);
  const signal = clock.until(startMs + hour);
  const queue = new ListQueue();
  const warnings: Warning[] = [];
  clock.onPass = (nowMs) => {
    const isBroken = nowMs >= startMs + 10 * minute && nowMs < startMs + 40 * minute;
    writeFileSync(join(work.dir, 'muster.yaml'), isBroken ? 'servers: [' : config());
  };

  await keepSchedule({ parallel: 1, signal, lookMs: minute }, queue, {
    clock,
    workingDir: work.dir,
    random: () => 0,
    warn: (warning) => warnings.push(warning),
  });

  expect(warnings).toMatchObject([{ code: 'fleet-unusable', text: expect.stringContaining('muster.yaml:1') }]);
  // At 0 and 45 minutes, and at 40 what was due at 15.
  expect(queue.asked.filter((name) => name === 'eu')).toHaveLength(3);
  await rm(work.dir, { recursive: true, force: true });
});

test('a worker makes the cycles that it takes, and finishes also those that fail', async () => {
  const work = await makeWorkplace({
    'muster.yaml': config(),
    'users.yaml': 'version: 1\nusers: [{ username: ada, email: ada@example.com }]\n',
  });
  const clock = new VirtualClock(startMs);
  const signal = clock.until(startMs + hour);
  const queue = new ListQueue();
  for (const name of ['us', 'eu', 'gone']) await queue.ask(name);
  const told: { readonly name: string; readonly event: ReconcileEvent }[] = [];
  const ports = defaultPorts({
    workingDir: work.dir,
    env: { XDG_STATE_HOME: join(work.dir, 'state'), MUSTER_TOKEN_EU: sandbox.adminToken },
    clock,
  });

  await workOnQueue({ parallel: 1, signal, lookMs: minute, deadlineForMs: 10 * minute }, queue, {
    of: (name) => ({ ...ports, random: () => 0, tell: (event) => told.push({ name, event }) }),
    clock,
    workingDir: work.dir,
  });

  expect(sandbox.control.user('ada')).toBeDefined();
  expect(queue.finished.toSorted()).toEqual(['eu', 'gone', 'us']);
  const codes = told.flatMap(({ name, event }) =>
    event.type === 'cycle' ? [[name, event.outcome, event.code] as const] : [],
  );
  expect(codes).toContainEqual(['eu', 'looked', undefined]);
  expect(codes).toContainEqual(['us', 'failed', 'CALLER_TOKEN']);
  expect(codes).toContainEqual(['gone', 'failed', 'INPUT_REFUSED']);
  await rm(work.dir, { recursive: true, force: true });
});

/** One that nothing listens at now. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a worker that is asked from outside says what it did, and whether its queue answers', async () => {
  const work = await makeWorkplace({
    'muster.yaml': config(),
    'users.yaml': 'version: 1\nusers: [{ username: grace, email: grace@example.com }]\n',
  });
  const clock = new VirtualClock(startMs);
  const queue = new ListQueue();
  await queue.ask('eu');
  const pulse = new WorkerPulse(clock);
  const listen = { host: '127.0.0.1', port: await freePort() };
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${listen.port}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  const env = { XDG_STATE_HOME: join(work.dir, 'state'), MUSTER_TOKEN_EU: sandbox.adminToken };
  const ports = defaultPorts({ workingDir: work.dir, env, clock });

  await serveWorkerWhile(listen, clock, pulse.health, async (watched) => {
    expect(await ask('/healthz')).toBe('200 {"status":"ok","reason":"starting"}\n');
    expect(await ask('/readyz')).toBe('503 {"status":"waiting","reason":"starting"}\n');
    const options = { parallel: 1, signal: clock.until(startMs + hour), lookMs: minute, deadlineForMs: 10 * minute };
    const of = (name: string): LoopPorts => watched.ports(name, { ...ports, random: () => 0, tell: () => undefined });
    await workOnQueue(
      options,
      queue,
      { of, clock, workingDir: work.dir, forget: (name) => watched.forget(name) },
      pulse,
    );

    expect(await ask('/readyz')).toBe('200 {"status":"ok","reason":""}\n');
    const metrics = await ask('/metrics');
    expect(metrics).toContain(`muster_cycles_total{server="${sandbox.url}",outcome="looked"} 1\n`);
    expect(metrics).not.toContain('muster_state{');
    pulse.asked(false);
    expect(await ask('/readyz')).toBe('503 {"status":"waiting","reason":"queue"}\n');
    expect(await ask('/healthz')).toMatch(/^200 /);
  });
  await rm(work.dir, { recursive: true, force: true });
});

test('a worker of which a cycle does nothing for ten minutes is stale, and one that waits for its queue is not', () => {
  const clock = new VirtualClock(startMs);
  const pulse = new WorkerPulse(clock);
  const isAlive: boolean[] = [];
  const after = (ms: number): void => {
    clock.nowMs += ms;
    isAlive.push(pulse.health().isAlive);
  };

  after(hour);
  pulse.asked(true);
  pulse.beat('eu');
  pulse.beat('us');
  after(9 * minute);
  pulse.beat('us');
  after(minute);
  pulse.end('eu');
  after(0);
  pulse.end('us');
  after(0);

  expect(isAlive).toEqual([true, true, false, true, false]);
});
