import { resolve } from 'node:path';
import { tellRuns, type VerifyOptions, verifyJournals } from '../../app/journals.ts';
import type { RunSummary, ServerRuns } from '../../model/run-summary.ts';
import { journalsJson, journalsText, verifiedText } from '../../report/journals.ts';
import { storiesJson, storiesMarkdown, storiesText } from '../../report/story.ts';
import { type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type JournalFlags, type JournalShowFlags, sinceMs } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function journalListCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, 'never', io);
  if (flags.format === 'json') printJson(io, journalsJson(servers));
  else printText(io.stdout, journalsText(servers, paint));
  return codeOf(servers);
}

export async function journalVerifyCommand(flags: JournalFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const servers = await read(flags, flags.authenticate === true ? 'always' : 'if-possible', io);
  const isHeadThere =
    flags.head === undefined || servers.some(({ runs }) => runs.some(({ head }) => head === flags.head));
  if (flags.format === 'json')
    printJson(io, { ...journalsJson(servers), ...(flags.head !== undefined && { head_found: isHeadThere }) });
  else printText(io.stdout, verifiedText(servers, isHeadThere ? undefined : flags.head, paint));
  return mostSerious([
    codeOf(servers),
    ...(isHeadThere ? [] : [exitCodes.input]),
    ...(flags.authenticate === true && !areSigned(servers) ? [exitCodes.input] : []),
  ]);
}

/** @param run - name or number; absent: the newest, or all where people or a time are named */
export async function journalShowCommand(
  run: string | undefined,
  { format, stateDir, user, since }: JournalShowFlags,
  io: CliIo,
): Promise<ExitCode> {
  const { paint, ports } = openSession(io);
  const stories = await tellRuns(
    {
      ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
      ...(run !== undefined && { run }),
      ...(user !== undefined && { users: user }),
      ...(since !== undefined && { sinceMs: sinceMs(since, ports.clock.now()) }),
    },
    io,
  );
  switch (format) {
    case 'json':
      printJson(io, storiesJson(stories));
      break;
    case 'markdown':
      io.stdout.write(storiesMarkdown(stories));
      break;
    case 'text':
      printText(io.stdout, storiesText(stories, paint));
  }
  return codeOfRuns(stories);
}

function read(
  { stateDir, config }: JournalFlags,
  authenticate: VerifyOptions['authenticate'],
  io: CliIo,
): Promise<readonly ServerRuns[]> {
  return verifyJournals(
    {
      authenticate,
      ...(config !== undefined && { config }),
      ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
    },
    io,
  );
}

const runsOf = (servers: readonly ServerRuns[]): readonly RunSummary[] => servers.flatMap(({ runs }) => runs);

const areSigned = (servers: readonly ServerRuns[]): boolean =>
  runsOf(servers).every(({ how, signature }) => how === 'never begun' || signature === 'fits');

const codeOf = (servers: readonly ServerRuns[]): ExitCode => codeOfRuns(runsOf(servers));

const codeOfRuns = (runs: readonly RunSummary[]): ExitCode =>
  mostSerious(
    runs.flatMap(({ flaws, tampered }) =>
      flaws.length === 0 ? [] : [tampered ? exitCodes.tampered : exitCodes.input],
    ),
  );
