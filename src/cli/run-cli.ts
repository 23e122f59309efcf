import { CommanderError } from 'commander';
import { codeOfError, type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { makeProgram } from './program.ts';

/** Runs one command line and says what to exit with. Never throws, never exits. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = makeProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.input;
    const { reportError } = await import('./report-error.ts');
    reportError(error, args, io);
    return io.signal.aborted ? exitCodes.interrupted : codeOfError(error);
  }
}
