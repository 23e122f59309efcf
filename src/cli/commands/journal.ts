import { resolve } from 'node:path';
import { type VerifyOptions, verifyJournals } from '../../app/journals.ts';
import type { RunSummary, ServerRuns } from '../../model/run-summary.ts';
import { journalsJson, journalsText, verifiedText } from '../../report/journals.ts';
import { type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { JournalFlags } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function journalListCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, 'never', io);
  if (flags.format === 'json') printJson(io, journalsJson(servers));
  else io.stdout.write(journalsText(servers, paint));
  return codeOf(servers);
}

export async function journalVerifyCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, flags.authenticate === true ? 'always' : 'if-possible', io);
  const isHeadThere =
    flags.head === undefined || servers.some(({ runs }) => runs.some(({ head }) => head === flags.head));
  if (flags.format === 'json')
    printJson(io, { ...journalsJson(servers), ...(flags.head !== undefined && { head_found: isHeadThere }) });
  else io.stdout.write(verifiedText(servers, isHeadThere ? undefined : flags.head, paint));
  return mostSerious([
    codeOf(servers),
    ...(isHeadThere ? [] : [exitCodes.input]),
    ...(flags.authenticate === true && !areSigned(servers) ? [exitCodes.input] : []),
  ]);
}

function read(
  { stateDir }: JournalFlags,
  authenticate: VerifyOptions['authenticate'],
  io: CliIo,
): Promise<readonly ServerRuns[]> {
  return verifyJournals(
    { authenticate, ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }) },
    io,
  );
}

const runsOf = (servers: readonly ServerRuns[]): readonly RunSummary[] => servers.flatMap(({ runs }) => runs);

const areSigned = (servers: readonly ServerRuns[]): boolean =>
  runsOf(servers).every(({ how, signature }) => how === 'never begun' || signature === 'fits');

const codeOf = (servers: readonly ServerRuns[]): ExitCode =>
  mostSerious(
    runsOf(servers).flatMap(({ flaws, tampered }) =>
      flaws.length === 0 ? [] : [tampered ? exitCodes.tampered : exitCodes.input],
    ),
  );
