import { validate } from '../../app/validate.ts';
import { assertNever } from '../../model/assert-never.ts';
import { comparisonLines } from '../../report/comparison.ts';
import { validationAnnotations, validationMarkdown, validationText } from '../../report/validation.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, inputOptions, type ValidateFlags } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function validateCommand(flags: ValidateFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true) return await (await import('./validate-all.ts')).validateAllCommand(flags, io);
  const { ports, paint } = openSession(io);
  const validated = await validate({ ...inputOptions(flags), ...connectionOptions(flags) }, ports);
  const { users, files, compared } = validated;
  const valid = { people: users.length, files, compared };
  const { format } = flags;
  switch (format) {
    case 'json':
      printJson(io, {
        people: users.length,
        files,
        digest: validated.digest,
        ...(compared !== undefined && { compared }),
      });
      break;
    case 'markdown':
      io.stdout.write(validationMarkdown(valid));
      break;
    case 'github':
      io.stdout.write(validationAnnotations(valid));
      break;
    case 'text':
      for (const line of comparisonLines(compared, paint)) printText(io.stdout, `${line}\n`);
      io.stdout.write(validationText(valid, paint));
      break;
    default:
      assertNever(format);
  }
  return exitCodes.done;
}
