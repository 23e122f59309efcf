/** Files of other programs as a users file: no server, no token, no secret. */
import { resolve } from 'node:path';
import { fromBulk } from '../desired/from-bulk.ts';
import { type ColumnMap, type Converted, fromCsv } from '../desired/from-csv.ts';
import { checkEntries } from '../desired/load-desired-state.ts';
import { writtenFile } from '../desired/write-users-file.ts';
import { byText } from '../model/compare.ts';
import type { Encoding } from '../model/encodings.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { decodeText } from '../source/decode-text.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import type { Imported } from './import-users.ts';
import { loadSettings } from './load.ts';
import { momentOf } from './moment.ts';
import type { AppPorts, InputOptions } from './ports.ts';

/** The file, and what it is. */
export type ForeignFile =
  | { readonly kind: 'csv'; readonly path: string; readonly map: ColumnMap; readonly encoding?: Encoding }
  | { readonly kind: 'bulk'; readonly path: string };

/**
 * The people of a table, or of a bulk export, as a users file that names what their file says and nothing else.
 *
 * @throws {InputError} with everything that is wrong: what is no table, what no entry can say, people who clash
 */
export async function importFile(file: ForeignFile, options: InputOptions, ports: AppPorts): Promise<Imported> {
  const settings = await loadSettings(options, ports);
  const { source, entries, problems: found, leftOut } = convert(file, await readText(file, ports));
  const momentMs = momentOf(options, settings, ports);
  const { policy, secrets } = settings;
  const checked = checkEntries(source, entries, { policy, secrets, momentMs });
  const problems = [...found, ...checked.problems];
  if (problems.length === 0 && entries.length === 0) {
    problems.push(source.problem(0, refuse('no-one-declared', { is: 'file' })));
  }
  if (problems.length > 0 || checked.users === undefined) throw new InputError(sortProblems(problems));
  const users = checked.users.toSorted(byText(({ username }) => username)).map((entry) => ({ entry }));
  const written = writtenFile({ onCreate: { roles: ['system_user'] }, users });
  return Object.assign(written, { people: users.length, leftOut, declared: [], problems: [] });
}

const convert = (file: ForeignFile, text: string): Converted =>
  file.kind === 'csv' ? fromCsv(file.path, text, file.map) : fromBulk(file.path, text);

async function readText(file: ForeignFile, { workingDir }: AppPorts): Promise<string> {
  const read = await readTextFile({
    path: resolve(workingDir, file.path),
    place: { namedFrom: workingDir },
    maxBytes: file.kind === 'csv' ? fileLimits.table : fileLimits.bulk,
    decode: (bytes) => decodeText(bytes, file.kind === 'csv' ? file.encoding : undefined),
  });
  if (!isRefusal(read)) return read.text;
  const { why, hint: todo, line, column = 1 } = read;
  const problem = refuse('file-unreadable', { is: 'any', name: file.path, why, todo });
  throw new InputError([{ ...problem, ...(line !== undefined && { at: { file: file.path, line, column } }) }]);
}
