import { resolve } from 'node:path';
import { doctor } from '../../app/doctor.ts';
import { checksText } from '../../report/checks-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, type DoctorFlags, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function doctorCommand(flags: DoctorFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const checks = await doctor(
    {
      ...inputOptions(flags),
      ...connectionOptions(flags),
      defaults: flags.verbose === true || flags.format === 'json',
      ...(flags.stateDir !== undefined && { stateDir: resolve(io.workingDir, flags.stateDir) }),
    },
    session.ports,
  );
  if (flags.format === 'json') printJson(io, { checks });
  else io.stdout.write(checksText(checks, session.paint));
  // The one thing that is bad rather than worth knowing is a caller who is shown only part of the data.
  return checks.some(({ status }) => status === 'bad') ? exitCodes.unreadable : exitCodes.done;
}
