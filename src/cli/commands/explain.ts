import { explain } from '../../app/explain.ts';
import { explanationText } from '../../report/explanation-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function explainCommand(user: string, flags: CommonFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const explanation = await explain(user, { ...inputOptions(flags), ...connectionOptions(flags) }, session.ports);
    session.endProgress();
    if (flags.format === 'json') printJson(io, explanation);
    else printText(io.stdout, explanationText(explanation, session.paint));
    return explanation.problems.length > 0 ? exitCodes.input : exitCodes.done;
  } finally {
    session.endProgress();
  }
}
