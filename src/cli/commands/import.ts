import { type ForeignFile, importFile } from '../../app/import-file.ts';
import { type ImportOptions, importUsers } from '../../app/import-users.ts';
import { checkNewFile, writeNewFile } from '../../app/users-file.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { printable } from '../../report/printable.ts';
import { problemsText } from '../../report/problems-text.ts';
import { count } from '../../report/values.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, type ImportFlags, inputOptions } from '../options.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function importCommand(flags: ImportFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const { out, user, undeclared = false, memberships } = flags;
  const isPart = user !== undefined || undeclared;
  const options: ImportOptions = {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    ...(user !== undefined && { users: user }),
    undeclared,
    ...(memberships !== undefined && { memberships }),
  };
  const file = foreignFile(flags);
  try {
    if (out !== undefined) await checkNewFile(out, session.ports);
    const imported =
      file === undefined
        ? await importUsers(options, session.ports)
        : await importFile(file, inputOptions(flags), session.ports);
    const { people, leftOut, declared, problems } = imported;
    session.endProgress();
    // A part of the people joins a file that is there; without any there is nothing to write.
    const isWritten = out !== undefined && (people > 0 || !isPart);
    if (isWritten) await writeNewFile(out, imported.pieces, session.ports);
    if (flags.format === 'json')
      printJson(io, {
        people,
        leftOut,
        declared,
        problems,
        ...(isWritten ? { file: out } : isPart ? { users: imported.content.users } : imported.content),
      });
    else if (out === undefined && isPart) io.stdout.write(imported.entries);
    else if (out === undefined) for (const piece of imported.pieces) io.stdout.write(piece);
    const next = file === undefined ? 'muster plan should now show no actions' : 'muster plan shows what would change';
    io.stderr.write(`${sumText(people, isWritten ? out : undefined, isPart, next)}\n`);
    for (const line of leftOut) printText(io.stderr, `left out: ${printable(line)}\n`);
    for (const line of declared) printText(io.stderr, `declared already: ${printable(line)}\n`);
    if (problems.length === 0) return exitCodes.done;
    printText(io.stderr, `${problemsText(problems, session.paintErr)}what these entries may mean is not among them\n`);
    return exitCodes.input;
  } finally {
    session.endProgress();
  }
}

/** @throws {InputError} when flags of a table come without one */
function foreignFile({ fromCsv, fromBulk, map, encoding }: ImportFlags): ForeignFile | undefined {
  if (fromCsv !== undefined)
    return { kind: 'csv', path: fromCsv, map: map ?? new Map(), ...(encoding !== undefined && { encoding }) };
  if (map !== undefined || encoding !== undefined) throw new InputError([refuse('no-table', {})]);
  return fromBulk === undefined ? undefined : { kind: 'bulk', path: fromBulk };
}

function sumText(people: number, out: string | undefined, isPart: boolean, next: string): string {
  if (isPart && people === 0) return 'no such account: nothing to adopt';
  if (!isPart) {
    return `${count(people, 'person', 'people')} written${out === undefined ? '' : ` to ${out}`}; ${next}`;
  }
  const entries = count(people, 'entry', 'entries');
  return out === undefined
    ? `${entries}: put them below users: of a users file`
    : `${entries} written to ${out}; name it in files of muster.yaml`;
}
