import { doctor } from '../../app/doctor.ts';
import { checksText } from '../../report/checks-text.ts';
import { codeOfChecks, doctorOptions } from '../doctor-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { DoctorFlags } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function doctorCommand(flags: DoctorFlags, io: CliIo): Promise<ExitCode> {
  if (flags.all === true) return await (await import('./doctor-all.ts')).doctorAllCommand(flags, io);
  const session = openSession(io);
  const checks = await doctor(doctorOptions(flags, io), session.ports);
  if (flags.format === 'json') printJson(io, { checks });
  else io.stdout.write(checksText(checks, session.paint));
  return codeOfChecks(checks);
}
