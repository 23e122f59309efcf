import { resolve } from 'node:path';
import type { Check } from '../../app/check.ts';
import { doctor } from '../../app/doctor.ts';
import type { HereOptions } from '../../app/doctor-here.ts';
import { checksText } from '../../report/checks-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, type DoctorFlags, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function doctorCommand(flags: DoctorFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true) return await (await import('./doctor-all.ts')).doctorAllCommand(flags, io);
  const session = openSession(io);
  const checks = await doctor(doctorOptions(flags, io), session.ports);
  if (flags.format === 'json') printJson(io, { checks });
  else io.stdout.write(checksText(checks, session.paint));
  return codeOfChecks(checks);
}

export const doctorOptions = (flags: DoctorFlags, { workingDir }: Pick<CliIo, 'workingDir'>): HereOptions => ({
  ...inputOptions(flags),
  ...connectionOptions(flags),
  defaults: flags.verbose === true || flags.format === 'json',
  ...(flags.stateDir !== undefined && { stateDir: resolve(workingDir, flags.stateDir) }),
});

/** The one thing that is bad rather than worth knowing is a caller who is shown only part of the data. */
export const codeOfChecks = (checks: readonly Check[]): ExitCode =>
  checks.some(({ status }) => status === 'bad') ? exitCodes.unreadable : exitCodes.done;
