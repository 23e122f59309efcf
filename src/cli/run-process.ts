import { createInterface } from 'node:readline/promises';
import { say } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import { codeOfError, exitCodes, mostSerious } from './exit-codes.ts';
import type { CliIo, OutputStream } from './io.ts';
import { runCli } from './run-cli.ts';
import { Shutdown } from './shutdown.ts';
import { takeEnvironment } from './take-environment.ts';

/** How long what was told to end may take: it ends by itself at once, unless the system does not let go of it. */
const graceMs = 1000;

/** A reader that has gone away (head, less, a log, a terminal that hung up) is not an error of ours, and ends no run half way. */
const readerIsGone: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/**
 * The signals that end a command in an orderly way, and whether a second one ends it at once. A terminal that closes sends
 * its own more than once, by the shell and by the system: no one asks for haste by it.
 */
const isHastyAgain = { SIGINT: true, SIGTERM: true, SIGHUP: false } as const;
type EndingSignal = keyof typeof isHastyAgain;
const endingSignals: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The working directory was removed, or may not be entered any more. */
class WorkingDirGoneError extends MusterError {
  override readonly name = 'WorkingDirGoneError';

  constructor(cause: unknown) {
    super(say('WORKING_DIR_GONE', {}), { cause });
  }
}

/** What was printed is not whole: a file on a full disk, say. */
class OutputNotWrittenError extends MusterError {
  override readonly name = 'OutputNotWrittenError';

  constructor(cause: NodeJS.ErrnoException) {
    super(say('OUTPUT_NOT_WRITTEN', { is: 'failed', why: cause.code ?? cause.message }), { cause });
  }
}

/** Runs a command line on the real process. */
export async function runProcess(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const shutdown = new Shutdown(interrupt.signal);
  const onSignal = (signal: EndingSignal): void => {
    if (interrupt.signal.aborted) return isHastyAgain[signal] ? endNow(signal) : undefined;
    interrupt.abort(new Error('interrupted'));
    if (shutdown.isWriting) {
      process.stderr.write('\ninterrupted: finishing what is under way (again to stop at once)\n');
    } else {
      setTimeout(() => endNow(signal, 0), graceMs).unref();
    }
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  // No failure to tell of something ends a run half way. What stdout did not take is an error in the end.
  let notWritten: OutputNotWrittenError | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerIsGone.has(error.code)) notWritten ??= new OutputNotWrittenError(error);
  });
  process.stderr.on('error', () => undefined);
  const io: Omit<CliIo, 'workingDir'> = {
    stdout: asStream(process.stdout),
    stderr: asStream(process.stderr),
    // Looked at last: to open what is no terminal takes time.
    ask: process.stderr.isTTY && process.stdin.isTTY ? (question) => ask(question, interrupt.signal) : undefined,
    env: takeEnvironment(process.env),
    signal: interrupt.signal,
    shutdown,
  };
  const workingDir = findWorkingDir();
  if (workingDir instanceof MusterError) {
    const { reportError } = await import('./report-error.ts');
    reportError(workingDir, args, { ...io, workingDir: '/' });
    return codeOfError(workingDir);
  }
  try {
    const code = await runCli(args, { ...io, workingDir });
    // A stream tells of its errors later.
    await new Promise((resolve) => setImmediate(resolve));
    if (notWritten === undefined) return code;
    const { reportOnStderr } = await import('./report-error.ts');
    reportOnStderr(notWritten, io);
    return mostSerious([code, codeOfError(notWritten)]);
  } finally {
    for (const signal of endingSignals) process.off(signal, onSignal);
  }
}

function findWorkingDir(): string | WorkingDirGoneError {
  try {
    return process.cwd();
  } catch (error) {
    return new WorkingDirGoneError(error);
  }
}

/** These are with threads of the system that may never come back, and that an orderly exit waits for. */
const withThreads = /^(?:FSReq|GetAddrInfo|GetNameInfo)/;

/** How often is looked whether such a thread has come back. */
const lookMs = 5;

/** Ends the process as soon as no thread is out; by the signal itself where one does not come back. */
function endNow(signal: NodeJS.Signals, leftMs: number = graceMs): void {
  if (!process.getActiveResourcesInfo().some((name) => withThreads.test(name))) {
    // oxlint-disable-next-line unicorn/no-process-exit -- the signal asks for an end
    process.exit(exitCodes.interrupted);
  } else if (leftMs > 0) {
    setTimeout(() => endNow(signal, leftMs - lookMs), lookMs);
  } else {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
}

function asStream(stream: NodeJS.WriteStream): OutputStream {
  return { write: (text) => stream.write(text), isTTY: stream.isTTY, columns: () => widthOf(stream) };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  reader.on('SIGINT', () => process.emit('SIGINT'));
  try {
    // Who goes away says no.
    const left = new Promise<string>((resolve) => {
      reader.once('close', () => resolve(''));
    });
    return await Promise.race([reader.question(question, { signal }), left]);
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    reader.close();
  }
}

/** A terminal that does not know its size says 0. */
const widthOf = ({ columns }: NodeJS.WriteStream): number | undefined => (columns > 0 ? columns : undefined);
