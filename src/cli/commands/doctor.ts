import { doctor, doctorHere } from '../../app/doctor.ts';
import { MusterError } from '../../model/muster-error.ts';
import { checksText } from '../../report/checks-text.ts';
import { codeOfChecks, doctorOptions } from '../doctor-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { DoctorFlags } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function doctorCommand(flags: DoctorFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true) return await (await import('./doctor-all.ts')).doctorAllCommand(flags, io);
  const session = openSession(io);
  const options = doctorOptions(flags, io);
  const checks = await doctor(options, session.ports).catch(async (error: unknown) => {
    // The reason may be on this machine. A program gets the error alone, as one answer.
    if (error instanceof MusterError && flags.format === 'text' && !io.signal.aborted) {
      const here = await doctorHere(options, session.ports).catch(() => []);
      if (here.length > 0) printText(io.stdout, checksText(here, session.paint));
    }
    throw error;
  });
  if (flags.format === 'json') printJson(io, { checks });
  else printText(io.stdout, checksText(checks, session.paint));
  return codeOfChecks(checks);
}
