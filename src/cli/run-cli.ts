import { CommanderError } from 'commander';
import { MusterError } from '../model/muster-error.ts';
import { codeOfError, type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { makeProgram } from './program.ts';
import { InterruptedError, Shutdown } from './shutdown.ts';

/** Runs one command line and says what to exit with. Never throws, never exits. */
export async function runCli(args: readonly string[], given: CliIo): Promise<ExitCode> {
  const io = { ...given, shutdown: given.shutdown ?? new Shutdown(given.signal) };
  let code: ExitCode = exitCodes.done;
  const set = (result: ExitCode): void => {
    code = result;
  };
  const program = makeProgram(io, set, args);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end in an error, too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { reportError } = await import('./report-error.ts');
    if (error instanceof CommanderError) {
      // A command that is only there for its subcommands has shown its help.
      if (error.code !== 'commander.help') {
        const { usageError } = await import('./usage-error.ts');
        reportError(usageError(error, args), args, io);
      }
      return exitCodes.input;
    }
    reportError(isOfShutdown(error, io.shutdown) ? new InterruptedError() : error, args, io);
    return io.signal.aborted ? exitCodes.interrupted : codeOfError(error);
  }
}

/** Whether a failure says no more than that what was under way was ended. */
function isOfShutdown(error: unknown, { signal }: Shutdown): boolean {
  return (
    signal.aborted && error instanceof MusterError && (error.code === 'API_ABORTED' || error.code === 'INTERRUPTED')
  );
}
