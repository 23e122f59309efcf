/**
 * Fifty servers and three workers on PostgreSQL: one worker is killed while it writes, and PostgreSQL is restarted. Each
 * server gets what its files say, once. Then the same with one worker, to compare. The clocks of all run twenty times as fast.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lookAtLock } from '../../src/journal/lock.ts';
import { stateDirOf } from '../../src/journal/state-dir.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { fastNow } from '../kill/preload-order.ts';
import { type Program, type Running, sharedProgram } from '../kill/program.ts';
import { findPostgres, Postgres } from '../support/postgres.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const bin = findPostgres();
const fast = { sinceMs: Date.now(), speed: 20 };
const people = ['ada', 'grace'];

let postgres: Postgres | undefined;
let program: Program;
let sandboxes: readonly Sandbox[] = [];
let work: Workplace;

beforeAll(async () => {
  if (bin === undefined) return;
  postgres = await Postgres.start(bin);
  program = await sharedProgram();
  sandboxes = await Promise.all(Array.from({ length: 50 }, () => startSandbox({ clock: () => fastNow(fast) })));
  for (const { faults } of sandboxes)
    faults.add({ kind: 'latency', ms: 10, isReal: true, times: Number.POSITIVE_INFINITY });
  const servers = sandboxes.map(({ url }, i) => [`s${i}`, { url }]);
  const config = {
    version: 1,
    files: ['users.yaml'],
    policy: { min_admins: 1 },
    // Once in the time of the test.
    reconcile: { mode: 'enforce', every: '6h', jitter: '0s' },
    servers: Object.fromEntries(servers),
  };
  work = await makeWorkplace({ 'muster.yaml': JSON.stringify(config), 'users.yaml': usersWith('') });
});
afterAll(async () => {
  await Promise.all(sandboxes.map((one) => one.close()));
  await postgres?.close();
});
beforeEach((context) => {
  if (bin === undefined)
    context.skip('no PostgreSQL: name the folder of initdb and postgres in MUSTER_TEST_POSTGRES, or put it on PATH');
});

const usersWith = (nickname: string): string =>
  JSON.stringify({
    version: 1,
    users: people.map((username) => ({ username, email: `${username}@example.com`, nickname })),
  });

const running = new Set<Running>();

function start(...args: readonly string[]): Running {
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: work.dir,
    XDG_STATE_HOME: join(work.dir, 'state'),
    MUSTER_QUEUE_URL: postgres?.url ?? '',
  };
  for (const [i, { url, adminToken }] of sandboxes.entries()) {
    env[`MUSTER_TOKEN_S${i}`] = adminToken;
    env[`MUSTER_SERVER_S${i}`] = url;
  }
  const started = program.start(['reconcile', '--log', 'json', ...args], { dir: work.dir, env, order: { fast } });
  running.add(started);
  return started;
}

const startWorker = (): Running => start('--worker', '--parallel', '1');
const startSchedule = (): Running => start('--all', '--queue');

async function endAll(): Promise<readonly string[]> {
  const ended = await Promise.all(
    [...running].map(async (one) => {
      one.process.kill('SIGTERM');
      return (await one.ended).stderr;
    }),
  );
  running.clear();
  return ended;
}

/** Against hangs alone. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await pause(20);
}

const created = ({ control }: Sandbox): number => people.filter((name) => control.user(name) !== undefined).length;
const called =
  (nickname: string) =>
  (sandbox: Sandbox): number =>
    people.filter((name) => sandbox.control.user(name)?.nickname === nickname).length;
const whole = (count: (sandbox: Sandbox) => number): readonly Sandbox[] =>
  sandboxes.filter((one) => count(one) === people.length);

async function untilNoneIsOpen(): Promise<void> {
  const open = "SELECT count(*) FROM muster_queue.job WHERE state < 'completed'";
  while ((await postgres?.sql(open)) !== '0') await pause(100);
}

/** A worker that has written a part of what one server gets. */
async function whoWrites(workers: readonly Running[]): Promise<Running> {
  for (;;) {
    const server = sandboxes.find((one) => created(one) % people.length > 0);
    const dir = stateDirOf(join(work.dir, 'state', 'muster'), `reconcile_${server?.url ?? ''}`, {});
    const holder = server === undefined ? undefined : await lookAtLock(dir);
    const found = workers.find((one) => holder?.who.startsWith(`process ${one.process.pid} `) === true);
    if (found !== undefined) return found;
    await pause(5);
  }
}

/** Writes to accounts that the server carried out. */
const writes = ({ requests }: Sandbox): number =>
  requests.filter(
    ({ method, path, status }) =>
      status < 300 && (path === '/api/v4/users' || path.endsWith('/patch')) && (method === 'POST' || method === 'PUT'),
  ).length;

test('each of fifty servers gets what its files say once, though a worker is killed and PostgreSQL is restarted', async ({
  annotate,
}) => {
  const startedMs = performance.now();
  startSchedule();
  const workers = [startWorker(), startWorker(), startWorker()];
  await until(() => whole(created).length >= 5);
  const victim = await whoWrites(workers);
  await victim.kill();
  running.delete(victim);
  await until(() => whole(created).length >= 25);
  await postgres?.restart(300);
  await until(() => whole(created).length >= sandboxes.length - 1);
  const threeMs = performance.now() - startedMs;
  // What the dead worker had is given out again only after its expiry, which is brought forward.
  await pause(500);
  await postgres?.sql("UPDATE muster_queue.job SET started_on = started_on - interval '1 day' WHERE state = 'active'");
  await untilNoneIsOpen();
  expect(whole(created)).toHaveLength(sandboxes.length);
  const allMs = performance.now() - startedMs;
  const said = await endAll();

  expect(sandboxes.map(writes)).toEqual(sandboxes.map(() => people.length));
  expect(said.join('')).toContain('"code":"queue-silent"');
  expect(said.join('')).toContain('"code":"queue-answers"');

  await work.write({ 'users.yaml': usersWith('one') });
  const oneStartedMs = performance.now();
  startSchedule();
  startWorker();
  await until(() => whole(called('one')).length === sandboxes.length);
  const oneMs = performance.now() - oneStartedMs;
  await endAll();

  expect(sandboxes.map(writes)).toEqual(sandboxes.map(() => 2 * people.length));
  const seconds = [threeMs, allMs, oneMs].map((ms) => (ms / 1000).toFixed(1));
  await annotate(
    `49 of 50 servers in ${seconds[0]} s by three workers, of which one was killed, and PostgreSQL restarted; the last after ${seconds[1]} s. By one worker: ${seconds[2]} s`,
  );
});
