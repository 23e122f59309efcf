import { createInterface } from 'node:readline/promises';
import { runCli } from './run-cli.ts';
import { takeEnvironment } from './take-environment.ts';

/** Runs a command line on the real process. */
export async function runProcess(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) process.exit(130); // oxlint-disable-line unicorn/no-process-exit -- the second signal means now
    process.stderr.write('\ninterrupted: finishing what is under way (again to stop at once)\n');
    interrupt.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A reader that has gone away (head, less) is not an error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    return await runCli(args, {
      stdout: asStream(process.stdout),
      stderr: asStream(process.stderr),
      ask: process.stdin.isTTY && process.stderr.isTTY ? (question) => ask(question, interrupt.signal) : undefined,
      env: takeEnvironment(process.env),
      workingDir: process.cwd(),
      signal: interrupt.signal,
    });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function asStream(stream: NodeJS.WriteStream): { write(text: string): unknown; isTTY: boolean } {
  return { write: (text) => stream.write(text), isTTY: stream.isTTY };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  reader.on('SIGINT', () => process.emit('SIGINT'));
  try {
    return await reader.question(question, { signal });
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    reader.close();
  }
}
