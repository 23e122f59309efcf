/** What muster doctor has in common for one server and for all. */
import { resolve } from 'node:path';
import type { Check } from '../app/check.ts';
import type { HereOptions } from '../app/doctor-here.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { connectionOptions, type DoctorFlags, inputOptions } from './options.ts';

export const doctorOptions = (flags: DoctorFlags, { workingDir }: Pick<CliIo, 'workingDir'>): HereOptions => ({
  ...inputOptions(flags),
  ...connectionOptions(flags),
  defaults: flags.verbose === true || flags.format === 'json',
  ...(flags.stateDir !== undefined && { stateDir: resolve(workingDir, flags.stateDir) }),
});

/** The one thing that is bad rather than worth knowing is a caller who is shown only part of the data. */
export const codeOfChecks = (checks: readonly Check[]): ExitCode =>
  checks.some(({ status }) => status === 'bad') ? exitCodes.unreadable : exitCodes.done;
