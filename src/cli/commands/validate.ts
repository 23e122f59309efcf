import { validate } from '../../app/validate.ts';
import { comparisonLines } from '../../report/comparison.ts';
import { count } from '../../report/values.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type CommonFlags, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function validateCommand(flags: CommonFlags, io: CliIo): Promise<ExitCode> {
  const { ports, paint } = openSession(io);
  const { users, files, digest, compared } = await validate(inputOptions(flags), ports);
  if (flags.format === 'json') {
    printJson(io, { people: users.length, files, digest, ...(compared !== undefined && { compared }) });
  } else {
    const differences = comparisonLines(compared, paint).map((line) => `${line}\n`);
    io.stdout.write(
      `${differences.join('')}${paint('green', 'valid')}: ${count(users.length, 'person', 'people')} in ${count(files.length, 'file')}\n`,
    );
  }
  return exitCodes.done;
}
