import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../src/cli/run-cli.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  readonly dir: string;
  /** Runs a command line in this folder, without a terminal unless `answer` is given. */
  muster(args: readonly string[], options?: MusterOptions): Promise<Run>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

export interface MusterOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What the person at the terminal types. */
  readonly answer?: string;
  readonly signal?: AbortSignal;
  /** Of a terminal that stdout and stderr go to; without it there is none. */
  readonly columns?: number;
  /** A folder of the workplace, to run it in. */
  readonly in?: string;
}

/** A folder of its own with files in it, its own state home, and an environment for every run in it. */
export async function makeWorkplace(
  files: Readonly<Record<string, string>> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Workplace> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-test-'));
  const write = async (added: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(added)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text);
    }
  };
  await write(files);
  return {
    dir,
    write,
    muster: (args, options = {}) =>
      run(args, dir, { XDG_STATE_HOME: join(dir, 'state'), ...env, ...options.env }, options),
  };
}

async function run(args: readonly string[], dir: string, env: NodeJS.ProcessEnv, options: MusterOptions): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const { answer, columns } = options;
  const terminal = columns === undefined ? { isTTY: false } : { isTTY: true, columns: () => columns };
  const code = await runCli(args, {
    stdout: { write: (text) => out.push(text), ...terminal },
    stderr: { write: (text) => err.push(text), ...terminal },
    ask: answer === undefined ? undefined : () => Promise.resolve(answer),
    env,
    workingDir: options.in === undefined ? dir : join(dir, options.in),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}
