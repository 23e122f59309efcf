/** Muster as processes of its own: the sources put together once, and started as often as one likes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../support/bundle.ts';
import { environmentOf, type PreloadOrder } from './preload-order.ts';

export interface Program {
  start(args: readonly string[], options: StartOptions): Running;
  remove(): Promise<void>;
}

export interface StartOptions {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absent: the program starts as it is. */
  readonly order?: PreloadOrder;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Resolves when it has said something on stderr. */
  says(text: string): Promise<void>;
  /** Kills it, and resolves when it is gone. */
  kill(): Promise<void>;
}

export interface Ending {
  /** Exit code; absent: a signal ended it. */
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Against hangs alone. */
const longestRunMs = 5 * 60_000;

let shared: Promise<Program> | undefined;

/** Built once for all test files of a process; it goes with the folder of all tests. */
export function sharedProgram(): Promise<Program> {
  shared ??= buildProgram();
  return shared;
}

/** Starts in half the time that the sources would take, and is there without a build. */
export async function buildProgram(): Promise<Program> {
  const to = await bundle(['src/cli/main', 'test/kill/preload']);
  return {
    start: (args, options) => start(to, args, options),
    remove: () => rm(to, { recursive: true, force: true }),
  };
}

function start(program: string, args: readonly string[], { dir, env, order }: StartOptions): Running {
  const preload = pathToFileURL(join(program, 'test/kill/preload.js')).href;
  const child = spawn(
    process.execPath,
    [...(order === undefined ? [] : ['--import', preload]), join(program, 'src/cli/main.js'), ...args],
    {
      cwd: dir,
      // From Node 22 on what was compiled once is kept for the next process.
      env: { ...env, NODE_COMPILE_CACHE: join(program, 'compiled'), ...(order !== undefined && environmentOf(order)) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGABRT'), longestRunMs);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...said, ...(code !== null && { code }), ...(signal !== null && { signal }) });
    });
  });
  return {
    process: child,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.stderr.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        child.once('close', () => reject(new Error(`it ended without saying ${text}: ${said.stderr}`)));
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
