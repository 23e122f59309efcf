import { access } from '../../app/access.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type AccessFlags, connectionOptions, inputOptions, recordOptions } from '../options.ts';
import { renderAccess } from '../render-chain.ts';
import { openSession, printAs } from '../session.ts';

export async function accessCommand({ at, user, format, ...flags }: AccessFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const options = { ...inputOptions(flags), ...connectionOptions(flags), ...recordOptions(flags, io) };
    const report = await access(
      { ...options, ...(at !== undefined && { moment: at }), ...(user !== undefined && { user }) },
      session.ports,
    );
    session.endProgress();
    printAs(format, io, renderAccess(report, format, session.paint));
    return exitCodes.done;
  } finally {
    session.endProgress();
  }
}
