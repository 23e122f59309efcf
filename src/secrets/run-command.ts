import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { openInputChannel, sendInput } from './input-channel.ts';

export interface CommandResult {
  /** Exit code, or what ended it: a signal, too much output, or the time that was over. */
  readonly ended: number | string;
  readonly stdout: string;
  /** Whether the output had its end; what the program left running may still have had something to say. */
  readonly isWhole: boolean;
  /** Whether all of its input was read. */
  readonly hasReadInput: boolean;
}

export interface CommandOptions {
  /** Without it the standard input is empty. */
  readonly input?: string;
  /** The whole environment of the program; see {@link commandEnvironment}. */
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** How long after its end the program's input and output may be held by others that it has started. */
  readonly graceMs?: number;
}

/** Secrets are small; more than this is not one. */
const maxOutput = 64 * 1024;
const defaultGraceMs = 1000;

/**
 * Runs a program without a shell, in a process group of its own: nothing that it starts there outlives it, or muster. Its
 * standard error is thrown away: it could repeat the secret.
 *
 * @throws when the program cannot be started
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { input, env, timeoutMs, graceMs = defaultGraceMs } = options;
  const [program = '', ...args] = argv;
  const channel = input === undefined ? undefined : await openInputChannel();
  try {
    const child = spawn(program, args, { env, stdio: [channel?.far ?? 'ignore', 'pipe', 'ignore'], detached: true });
    // The program has its own by now; only the last to let go of it counts.
    channel?.far.destroy();
    const release = endWithMuster(child);
    let cutShort: string | undefined;
    const cut = (why: string): void => {
      cutShort ??= why;
      killGroup(child);
    };
    const timer = setTimeout(() => cut(`a timeout after ${timeoutMs / 1000} s`), timeoutMs);
    const output = collect(child.stdout, () => cut(`more than ${maxOutput} characters of output`));
    const reading = channel === undefined ? Promise.resolve(true) : sendInput(channel.near, input ?? '');
    try {
      const ended = await exitOf(child);
      clearTimeout(timer);
      const isWhole = (await within(graceMs, output.ended)) ?? false;
      killGroup(child);
      const hasReadInput = (await within(graceMs, reading)) ?? false;
      return { ended: cutShort ?? ended, stdout: output.text(), isWhole, hasReadInput };
    } finally {
      clearTimeout(timer);
      release();
      child.stdout.destroy();
    }
  } finally {
    channel?.near.destroy();
    channel?.far.destroy();
  }
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'no reason'));
  });
}

function collect(
  stream: Readable,
  onTooMuch: () => void,
): { readonly text: () => string; readonly ended: Promise<boolean> } {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (more: string) => {
    // What comes after is let go, so that its end is still seen.
    if (text.length <= maxOutput) text += more;
    if (text.length > maxOutput) onTooMuch();
  });
  const ended = new Promise<boolean>((resolve) => {
    stream.on('end', () => resolve(true)).on('close', () => resolve(false));
  });
  return { text: () => text, ended };
}

/** @returns `undefined` when it took longer */
async function within<Value>(ms: number, waiting: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([waiting, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Not asked but killed: it, or a program that it has started, may not care for a polite signal. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

const running = new Set<ChildProcess>();
const killRunning = (): void => running.forEach(killGroup);

/** In a group of its own a program does not hear the terminal: it ends when muster does. */
function endWithMuster(child: ChildProcess): () => void {
  if (running.size === 0) process.once('exit', killRunning);
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killRunning);
  };
}

/** What every command gets; everything else is named in muster.yaml. */
const passedOn: readonly string[] = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
];

/** The environment for a command: what every command gets, and what is named for it; never anything of muster's own. */
export function commandEnvironment(env: NodeJS.ProcessEnv, named: readonly string[] = []): NodeJS.ProcessEnv {
  const names = [...passedOn, ...named].filter((name) => !/^MUSTER_/i.test(name) && env[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

/** `exit code 3`, or what else ended a program, for people. */
export function endingText({ ended }: CommandResult): string {
  return typeof ended === 'number' ? `exit code ${ended}` : ended;
}
