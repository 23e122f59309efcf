import { access } from '../../app/access.ts';
import { accessCsv } from '../../report/access-csv.ts';
import { accessText } from '../../report/access-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type AccessFlags, connectionOptions, inputOptions, recordOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function accessCommand({ at, user, format, ...flags }: AccessFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const options = { ...inputOptions(flags), ...connectionOptions(flags), ...recordOptions(flags, io) };
    const report = await access(
      { ...options, ...(at !== undefined && { moment: at }), ...(user !== undefined && { user }) },
      session.ports,
    );
    session.endProgress();
    if (format === 'json') printJson(io, report);
    else io.stdout.write(format === 'csv' ? accessCsv(report) : accessText(report, session.paint));
    return exitCodes.done;
  } finally {
    session.endProgress();
  }
}
