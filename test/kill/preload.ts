/**
 * Loaded into a muster process before its own code: gives it a clock whose waits take no time, and ends the process at
 * one step of its writing of files. The program itself knows nothing of it.
 */
import { constants, writeFileSync, writeSync } from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { get } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { systemClock } from '../../src/api/index.ts';
import { type FileKind, fastNow, kindOfFile, orderFrom, waitingPath } from './preload-order.ts';

const { clockMs, fast, countInto, kill } = orderFrom(process.env);

const longWaitMs = 10_000;
const { MUSTER_SERVER: server = '' } = process.env;

if (clockMs !== undefined) {
  const startedMs = performance.now();
  let waitedMs = 0;
  Object.assign(systemClock, {
    now: () => clockMs + waitedMs + (performance.now() - startedMs),
    // What is under way on loopback still arrives before time passes.
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      signal?.throwIfAborted();
      for (let i = 0; i < 20; i++) await turn();
      if (ms >= longWaitMs) await tellOfWaiting();
      waitedMs += ms;
      signal?.throwIfAborted();
    },
  });
}

if (fast !== undefined) {
  Object.assign(systemClock, {
    now: () => fastNow(fast),
    sleep: (ms: number, signal?: AbortSignal) => pause(ms / fast.speed, undefined, { signal }),
  });
}

/** What may still come from a process before comes while this one waits long enough. */
function tellOfWaiting(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${server}${waitingPath}`, (answer) => {
      answer.resume().once('end', resolve);
    }).once('error', reject);
  });
}

const steps: Record<FileKind, number> = { journal: 0, state: 0, sink: 0 };

/** @param tear - does the first part of the step alone */
async function step<Result>(path: unknown, act: () => Promise<Result>, tear?: () => void): Promise<Result> {
  const kind = kindOfFile(String(path));
  if (kind === undefined) return await act();
  steps[kind]++;
  const isLast = kill?.files === kind && kill.nth === steps[kind];
  if (isLast && kill.when !== 'after') {
    if (kill.when === 'torn') tear?.();
    die();
  }
  const result = await act();
  if (isLast) die();
  return result;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const { open, rename, link, rm, writeFile } = promises;

Object.assign(promises, {
  open: async (path: string, flags: number | string = 'r', mode?: number): Promise<FileHandle> => {
    const file = doesMake(flags) ? await step(path, () => open(path, flags, mode)) : await open(path, flags, mode);
    return watched(file, path);
  },
  rename: (from: string, to: string) => step(to, () => rename(from, to)),
  link: (from: string, to: string) => step(to, () => link(from, to)),
  rm: (path: string, options?: object) => step(path, () => rm(path, options)),
  writeFile: (path: string, ...rest: [data: string, options?: object]) => step(path, () => writeFile(path, ...rest)),
});
syncBuiltinESMExports();

const doesMake = (flags: number | string): boolean =>
  typeof flags === 'number' ? (flags & constants.O_CREAT) !== 0 : !flags.startsWith('r');

function watched(file: FileHandle, path: string): FileHandle {
  const { share = 0.5 } = kill ?? {};
  const writing = (write: (data: string | Uint8Array) => Promise<void>) => (data: string | Uint8Array) => {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    const tear = (): void => void writeSync(file.fd, bytes.subarray(0, Math.floor(bytes.length * share)));
    return step(path, () => write(data), tear);
  };
  const [append, write] = [file.appendFile.bind(file), file.writeFile.bind(file)];
  const [sync, datasync, truncate] = [file.sync.bind(file), file.datasync.bind(file), file.truncate.bind(file)];
  return Object.assign(file, {
    appendFile: writing(append),
    writeFile: writing(write),
    sync: () => step(path, sync),
    datasync: () => step(path, datasync),
    truncate: (length: number) => step(path, () => truncate(length)),
  });
}

if (countInto !== undefined) process.on('exit', () => writeFileSync(countInto, JSON.stringify(steps)));
