/**
 * How much is used of what a server's rate limit permits, and how often it had to refuse: by the client alone and by a
 * whole apply. On a virtual clock that client and sandbox share nothing waits; in real time the sandbox is a process of
 * its own. An idle bucket permits the burst and one more, then its rate, until the last request of the run has passed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { apply, createClient, Secret } from '../dist/index.js';
import { startSandbox } from '../dist/sandbox/index.js';

const calls = 2000;
const people = 1500;
const slow = { perSecond: 10, burst: 100 };
const fast = { perSecond: 200, burst: 50 };

/** @param folder - for files of the run */
export async function benchLimiter(folder) {
  const rows = [];
  for (const concurrent of [4, 1]) {
    rows.push(
      ...rowsOf(`${named(slow)}, virtual, client x${concurrent}`, await clientOnVirtualClock(slow, concurrent)),
    );
    rows.push(...rowsOf(`${named(fast)}, real, client x${concurrent}`, await bestInRealTime(fast, concurrent)));
  }
  for (const limit of [slow, fast])
    rows.push(...rowsOf(`${named(limit)}, virtual, apply x4`, await applyOnVirtualClock(limit, folder)));
  return rows;
}

const named = ({ perSecond, burst }) => `${perSecond}/s burst ${burst}`;

function rowsOf(what, { passed, refused, elapsedMs, limit }) {
  const permitted = limit.burst + 1 + (elapsedMs / 1000) * limit.perSecond;
  return [
    { what: `limiter: ${what}: used of the permitted, %`, value: ((100 * passed) / permitted).toFixed(2) },
    { what: `limiter: ${what}: refused (429) of ${passed}`, value: String(refused) },
  ];
}

/** Waiting moves it; what is under way on loopback arrives before time passes. */
class VirtualClock {
  #now = Date.UTC(2026, 0, 1);

  now() {
    return this.#now;
  }

  async sleep(ms) {
    const until = this.#now + ms;
    for (let i = 0; i < 40; i++) await turn();
    this.#now = Math.max(this.#now, until);
  }
}

const switches = ({ perSecond, burst }) => ({
  'RateLimitSettings.Enable': true,
  'RateLimitSettings.PerSec': perSecond,
  'RateLimitSettings.MaxBurst': burst,
});

function useOf(requests, limit) {
  const passed = requests.filter(({ status }) => status !== 429);
  return {
    limit,
    passed: passed.length,
    refused: requests.length - passed.length,
    elapsedMs: passed.at(-1).at - passed[0].at,
  };
}

async function clientOnVirtualClock(limit, maxConcurrent) {
  const clock = new VirtualClock();
  const sandbox = await startSandbox({ clock: () => clock.now(), config: switches(limit) });
  const client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken), clock, maxConcurrent });
  await Promise.all(Array.from({ length: calls }, () => client.users.me()));
  await client.close();
  await sandbox.close();
  return useOf(sandbox.requests, limit);
}

async function applyOnVirtualClock(limit, base) {
  const folder = mkdtempSync(join(base, 'limiter-'));
  const names = Array.from({ length: people }, (_, i) => `person.${i}`);
  const users = names.map((username) => ({ username, nickname: 'new' }));
  writeFileSync(join(folder, 'users.yaml'), JSON.stringify({ version: 1, users }));
  writeFileSync(join(folder, 'muster.yaml'), 'files: [users.yaml]\npolicy: { min_admins: 1 }\n');
  const clock = new VirtualClock();
  const sandbox = await startSandbox({
    clock: () => clock.now(),
    config: switches(limit),
    seed: { users: names.map((username) => ({ username })) },
  });
  const { result } = await apply(
    { confirm: async () => true },
    {
      workingDir: folder,
      env: {
        MUSTER_SERVER: sandbox.url,
        MUSTER_TOKEN: sandbox.adminToken,
        XDG_STATE_HOME: join(folder, 'state'),
      },
      clock,
      emit: () => undefined,
      toolVersion: 'bench',
    },
  );
  await sandbox.close();
  const done = result.results.filter(({ outcome }) => outcome.status === 'done').length;
  if (done !== people) throw new Error(`${done} of ${people} updates were done`);
  return useOf(sandbox.requests, limit);
}

/** The better of two runs: a machine that stands still for a quarter of a second lets the bucket run empty. */
async function bestInRealTime(limit, maxConcurrent) {
  const runs = [await clientInRealTime(limit, maxConcurrent), await clientInRealTime(limit, maxConcurrent)];
  const refused = Math.max(...runs.map((run) => run.refused));
  const [best] = runs.toSorted((a, b) => a.elapsedMs - b.elapsedMs);
  return { ...best, refused };
}

/** The sandbox itself, in a process of its own, says when what arrived. */
async function clientInRealTime(limit, maxConcurrent) {
  const server = fork(fileURLToPath(new URL('limited-sandbox.mjs', import.meta.url)), [
    JSON.stringify(switches(limit)),
  ]);
  const [{ url, token }] = await once(server, 'message');
  const client = createClient({ url, token: new Secret(token), maxConcurrent });
  await Promise.all(Array.from({ length: calls }, () => client.users.me()));
  await client.close();
  server.send('end');
  const [requests] = await once(server, 'message');
  return useOf(requests, limit);
}
