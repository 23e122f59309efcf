import { init } from '../../app/init.ts';
import { errorJson } from '../../report/error-json.ts';
import { initText, nextSteps } from '../../report/init-text.ts';
import { errorText } from '../../report/problems-text.ts';
import { calledAs } from '../called-as.ts';
import { codeOfError, type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, type InitFlags } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function initCommand(flags: InitFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const muster = calledAs(io.env);
  try {
    const done = await init({ ...connectionOptions(flags), imports: flags.import }, session.ports);
    session.endProgress();
    const { files, leftOut, failure } = done;
    if (flags.format === 'json') {
      const next = nextSteps(done, muster).map(([line]) => line);
      printJson(io, { files, leftOut, next, ...(failure !== undefined && errorJson(failure.error)) });
    } else io.stdout.write(initText(done, muster, session.paint));
    if (failure === undefined) return exitCodes.done;
    printText(io.stderr, errorText(failure.error, session.paintErr));
    return io.signal.aborted ? exitCodes.interrupted : codeOfError(failure.error);
  } finally {
    session.endProgress();
  }
}
