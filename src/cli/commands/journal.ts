import { resolve } from 'node:path';
import { verifyJournals } from '../../app/journals.ts';
import type { ServerRuns } from '../../model/run-summary.ts';
import { journalsJson, journalsText, verifiedText } from '../../report/journals.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { JournalFlags } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function journalListCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, io);
  if (flags.format === 'json') printJson(io, journalsJson(servers));
  else io.stdout.write(journalsText(servers, paint));
  return codeOf(servers);
}

export async function journalVerifyCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, io);
  const isHeadThere =
    flags.head === undefined || servers.some(({ runs }) => runs.some(({ head }) => head === flags.head));
  if (flags.format === 'json')
    printJson(io, { ...journalsJson(servers), ...(flags.head !== undefined && { head_found: isHeadThere }) });
  else io.stdout.write(verifiedText(servers, isHeadThere ? undefined : flags.head, paint));
  return isHeadThere ? codeOf(servers) : exitCodes.input;
}

function read({ stateDir }: JournalFlags, io: CliIo): Promise<readonly ServerRuns[]> {
  return verifyJournals(stateDir === undefined ? {} : { stateDir: resolve(io.workingDir, stateDir) }, io);
}

function codeOf(servers: readonly ServerRuns[]): ExitCode {
  return servers.every(({ runs }) => runs.every(({ flaws }) => flaws.length === 0)) ? exitCodes.done : exitCodes.input;
}
