/**
 * `npm run bench [case …]`: ratios within one run, so that they hold on a noisy machine; requests, bytes, memory.
 * Cases: start, load, plan, limiter. Prints a table, and JSON with --json.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const settings = {
  policy: {
    undeclaredUsers: 'ignore',
    foreignTokens: 'report',
    leaverTokens: 'disable',
    protect: [],
    minAdmins: 1,
    timeZone: 'UTC',
    allowRoles: [],
    authServiceOff: 'block',
  },
  secrets: { dir: join(folder, 'secrets'), sinks: {}, sources: {} },
};

const cases = {
  start: benchStart,
  load: benchLoad,
  plan: benchPlan,
  limiter: async () => (await import('./limiter.mjs')).benchLimiter(folder),
};

const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const rows = [];
for (const [name, run] of Object.entries(cases))
  if (named.length === 0 || named.includes(name)) rows.push(...(await run()));
if (process.argv.includes('--json')) console.log(JSON.stringify(rows, undefined, 2));
else for (const { what, value } of rows) console.log(`${what.padEnd(66)} ${value}`);

/** Milliseconds of a whole process, the smallest of several runs taken in turn with the others. */
function wholeProcess(commands, runs = 9) {
  const least = commands.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run++) {
    for (const [i, args] of commands.entries()) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', cwd: folder });
      if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
      least[i] = Math.min(least[i], performance.now() - started);
    }
  }
  return least;
}

function benchStart() {
  writeFileSync(join(folder, 'ten.yaml'), usersFile(10));
  const commands = [
    ['-e', '0'],
    [program, '--version'],
    [program, '--help'],
    [program, 'validate', '-f', 'ten.yaml'],
  ];
  const [floor, ...others] = wholeProcess(commands);
  return ['muster --version', 'muster --help', 'muster validate (10 people)'].map((what, i) => ({
    what: `start: ${what}, as a multiple of node -e 0`,
    value: (others[i] / floor).toFixed(2),
  }));
}

function people(number) {
  return Array.from({ length: number }, (_, i) => ({
    username: `person.${i}`,
    email: `person.${i}@example.com`,
    first_name: `First${i}`,
    last_name: `Last${i}`,
    position: 'Engineer',
    roles: ['system_user'],
    active: true,
    auth: { service: 'email' },
  }));
}

function usersFile(number) {
  const lines = people(number).map(
    ({ username, email, first_name, last_name, position }) =>
      `  - username: ${username}\n    email: ${email}\n    first_name: ${first_name}\n    last_name: ${last_name}\n    position: ${position}\n    roles: [system_user]\n    active: true\n    auth: { service: email }\n`,
  );
  return `version: 1\nusers:\n${lines.join('')}`;
}

async function benchLoad() {
  const { loadDesiredState } = await import('../dist/index.js');
  const results = [];
  for (const number of [1_000, 10_000, 50_000]) {
    const file = join(folder, `users-${number}.yaml`);
    writeFileSync(file, usersFile(number));
    const json = JSON.stringify({ version: 1, users: people(number) });
    const floor = best(5, () => JSON.parse(json));
    const time = await bestAsync(3, () =>
      loadDesiredState({ files: [file], base: folder, momentMs: Date.UTC(2026, 0, 1), ...settings }),
    );
    results.push({
      what: `load: ${number} people, as a multiple of JSON.parse of the same`,
      value: (time / floor).toFixed(1),
    });
    results.push({ what: `load: ${number} people, microseconds each`, value: ((time * 1000) / number).toFixed(1) });
  }
  return results;
}

async function benchPlan() {
  const [{ createClient, plan, Secret }, { startSandbox }] = await Promise.all([
    import('../dist/index.js'),
    import('../dist/sandbox/index.js'),
  ]);
  const results = [];
  for (const number of [1_000, 10_000]) {
    const sandbox = await startSandbox({
      seed: { users: people(number).map(({ auth: _auth, ...user }) => user) },
      licence: 'enterprise',
    });
    writeFileSync(join(folder, 'users.yaml'), usersFile(number));
    writeFileSync(
      join(folder, 'muster.yaml'),
      'files: [users.yaml]\npolicy: { undeclared_users: ignore, min_admins: 1 }\n',
    );
    const client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken) });
    const names = people(number).map(({ username }) => username);
    const floor = await bestAsync(3, async () => {
      for (let from = 0; from < names.length; from += 1000)
        await client.users.byUsernames(names.slice(from, from + 1000));
    });
    const before = sandbox.requests.length;
    const started = performance.now();
    const planned = await plan(
      {},
      {
        workingDir: folder,
        env: { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: join(folder, 'state') },
        clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
        emit: () => undefined,
        toolVersion: 'bench',
      },
    );
    const time = performance.now() - started;
    if (planned.plan.actions.length > 0) throw new Error('the plan was expected to have no actions');
    await client.close();
    await sandbox.close();
    results.push({
      what: `plan: ${number} people as wanted, requests`,
      value: String(sandbox.requests.length - before),
    });
    results.push({
      what: `plan: ${number} people, as a multiple of reading their names alone`,
      value: (time / floor).toFixed(1),
    });
    results.push({
      what: `plan: peak memory of the whole bench so far, MiB`,
      value: (process.resourceUsage().maxRSS / 1024).toFixed(0),
    });
  }
  return results;
}

function best(runs, work) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

async function bestAsync(runs, work) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}
