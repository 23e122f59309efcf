/** Whole processes: what one costs, and several kinds in turn, so that a noisy machine is noisy for all of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const reporter = fileURLToPath(new URL('report-usage.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-usage-'));

/** Where a company has certificates of its own, each process of Node reads them before anything else: then so does the floor. */
const { NODE_EXTRA_CA_CERTS } = process.env;
const certificates = NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS };

/**
 * Runs node once.
 *
 * @returns wall and CPU in milliseconds, peak memory in MiB, and what it printed
 * @throws when it ends with a code that is not allowed
 */
export async function run({ args, env = {}, cwd, codes = [0] }) {
  const report = join(folder, `${performance.now()}.json`);
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', reporter, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: folder, ...certificates, ...env, MUSTER_BENCH_USAGE: report },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const [code] = await once(child, 'close');
  const wall = performance.now() - started;
  if (!codes.includes(code))
    throw new Error(`node ${args.join(' ')} ended with ${code}:\n${(await err).slice(0, 2000)}`);
  return { wall, ...JSON.parse(readFileSync(report, 'utf8')), out: await out, err: await err };
}

/** Each kind of process in turn, several times: of each the run with the least CPU. */
export async function inTurn(kinds, runs) {
  const least = kinds.map(() => undefined);
  for (let nth = 0; nth < runs; nth++) {
    for (const [i, kind] of kinds.entries()) {
      const measured = await run(typeof kind === 'function' ? await kind() : kind);
      if (least[i] === undefined || measured.cpu < least[i].cpu)
        least[i] = { ...measured, wall: Math.min(measured.wall, least[i]?.wall ?? measured.wall) };
    }
  }
  return least;
}

/**
 * Each kind of process between two runs of its floor, several times: the medians of what it costs and of its ratio to the two.
 * On a machine that others use the shortest process finds a quiet moment more often, so that the least of each compares badly.
 */
export async function paired(kinds, floor, runs) {
  const found = kinds.map(() => []);
  let before = await run(floor);
  for (let nth = 0; nth < runs; nth++) {
    for (const [i, kind] of kinds.entries()) {
      const own = await run(kind);
      const after = await run(floor);
      const ratio = (of) => (2 * own[of]) / (before[of] + after[of]);
      found[i].push({
        cpu: own.cpu,
        wall: own.wall,
        memory: own.memory,
        cpuRatio: ratio('cpu'),
        wallRatio: ratio('wall'),
      });
      before = after;
    }
  }
  return found.map((all) =>
    Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))])),
  );
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function textOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** The rows of a process beside its floor. */
export function rowsOf(name, what, { wall, cpu, memory }, floor, units = {}) {
  return [
    row(name, `${what}: CPU, as a multiple of ${floor.what}`, cpu / floor.cpu, 'x'),
    row(name, `${what}: wall, as a multiple of ${floor.what}`, wall / floor.wall, 'x'),
    row(name, `${what}: CPU`, cpu, 'ms'),
    row(name, `${what}: peak memory`, memory, 'MiB'),
    ...Object.entries(units).map(([unit, [value, label]]) => row(name, `${what}: ${label}`, value, unit)),
  ];
}

export const row = (name, what, value, unit) => ({ case: name, what, value: Number(value.toPrecision(4)), unit });
