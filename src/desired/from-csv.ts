/** A table as desired state: one row a person, and of the columns those that are fields or are mapped to one. */
import { count } from '../model/count.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { suggest } from '../model/suggest.ts';
import { type Cell, type Row, readCsv, separatorOf } from '../source/csv.ts';
import { isSecretName } from '../source/secret-words.ts';
import { SourceText } from '../source/source-text.ts';
import { likelyField, mapFlag } from './column-names.ts';
import type { ForeignEntry } from './foreign-file.ts';

/** Columns to fields; the empty text leaves a column out. */
export type ColumnMap = ReadonlyMap<string, string>;

export interface Converted {
  readonly source: SourceText;
  readonly entries: readonly ForeignEntry[];
  readonly problems: readonly Problem[];
  /** What of the file does not come along, and why. */
  readonly leftOut: readonly string[];
}

type Read = (text: string) => unknown;

const asText: Read = (text) => text;
const asList: Read = (text) => text.split(/[\s,;|]+/).filter((word) => word !== '');
const yes: ReadonlySet<string> = new Set(['true', 'yes', '1']);
const no: ReadonlySet<string> = new Set(['false', 'no', '0']);
const asBoolean: Read = (text) => {
  const word = text.toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : undefined;
};

/** The fields that a cell can hold. What is a secret, or a list of more than words, stays out. */
const fields: Readonly<Record<string, Read>> = {
  username: asText,
  email: asText,
  first_name: asText,
  last_name: asText,
  nickname: asText,
  position: asText,
  locale: asText,
  id: asText,
  previous_usernames: asList,
  roles: asList,
  active: asBoolean,
  starts: asText,
  ends: asText,
  'auth.service': asText,
  'auth.data': asText,
};

/** `notify_props.desktop`: a key of a map. */
const keyOfMap = /^(?:notify_props|timezone|props)\.[\w-]{1,64}$/;

const readerOf = (field: string): Read | undefined =>
  Object.hasOwn(fields, field) ? fields[field] : keyOfMap.test(field) ? asText : undefined;

/** @param name - the file, as problems name it */
export function fromCsv(name: string, text: string, map: ColumnMap): Converted {
  // Problems come without the line: another column of it may be a password.
  const source = new SourceText(name, text, false);
  if (text.trim() === '')
    return { source, entries: [], problems: [source.problem(0, refuse('csv-empty', {}))], leftOut: [] };
  const { rows, problems } = readCsv(source, separatorOf(text));
  const [header = [], ...people] = rows;
  const columns = columnsOf(source, header, map);
  const found = [...problems, ...columns.problems];
  // Without its columns no row says anything.
  if (columns.problems.length > 0) return { source, entries: [], problems: found, leftOut: columns.leftOut };
  const entries = people.flatMap((row) => {
    if (row.length === header.length) return entryOf(source, row, columns.fields, found);
    const what = { cells: count(row.length, 'cell'), columns: count(header.length, 'column') };
    found.push(source.problem(row[0]?.offset ?? 0, refuse('csv-row', what)));
    return [];
  });
  return { source, entries, problems: found, leftOut: columns.leftOut };
}

interface Columns {
  /** By the index of the column. */
  readonly fields: ReadonlyMap<number, string>;
  readonly problems: readonly Problem[];
  readonly leftOut: readonly string[];
}

function columnsOf(source: SourceText, header: Row, map: ColumnMap): Columns {
  const names = header.map(({ text }) => text.trim());
  const problems: Problem[] = [];
  const taken = new Map<number, string>();
  const ignored: string[] = [];
  for (const column of map.keys())
    if (!names.includes(column)) problems.push(source.problem(0, noColumn(column, names)));
  for (const [i, column] of names.entries()) {
    const offset = header[i]?.offset ?? 0;
    const isMapped = map.has(column);
    const field = isMapped
      ? (map.get(column) ?? '')
      : readerOf(column.toLowerCase()) === undefined
        ? ''
        : column.toLowerCase();
    if (field === '') ignored.push(column);
    else if (isSecretName(column)) problems.push(source.problem(offset, refuse('secret-column', { column })));
    else if (readerOf(field) === undefined) problems.push(source.problem(offset, unknownField(column, field)));
    else if ([...taken.values()].includes(field))
      problems.push(source.problem(offset, refuse('duplicate-column', { field })));
    else taken.set(i, field);
  }
  if (problems.length === 0 && ![...taken.values()].includes('username'))
    problems.push(source.problem(header[0]?.offset ?? 0, noUsername(names, taken)));
  return {
    fields: taken,
    problems,
    leftOut: ignored.map((column) => leftOutText(column, map, taken)),
  };
}

function entryOf(
  source: SourceText,
  row: Row,
  columns: ReadonlyMap<number, string>,
  problems: Problem[],
): readonly ForeignEntry[] {
  const cells = new Map<string, Cell>();
  const entry: Record<string, unknown> = {};
  for (const [i, field] of columns) {
    const cell = row[i];
    const text = cell?.text.trim() ?? '';
    // An empty cell says nothing: a table cannot tell "none" from "not known".
    if (cell === undefined || text === '') continue;
    cells.set(field, cell);
    const value = readerOf(field)?.(text);
    if (value === undefined)
      problems.push(source.problem(cell.offset, refuse('wrong-value', { is: 'boolean', field })));
    else put(entry, field.split('.'), value);
  }
  const offset = row[0]?.offset ?? 0;
  if (cells.has('username')) return [{ entry, offset, offsetOf: (field) => cells.get(field)?.offset }];
  problems.push(source.problem(offset, refuse('missing-field', { is: 'row' })));
  return [];
}

function put(entry: Record<string, unknown>, [name = '', key]: readonly string[], value: unknown): void {
  entry[name] = key === undefined ? value : { ...Object(entry[name]), [key]: value };
}

function leftOutText(column: string, map: ColumnMap, taken: ReadonlyMap<number, string>): string {
  if (column === '') return 'the column without a name';
  if (isSecretName(column)) return `the column ${column} (a secret has no place in a users file)`;
  const field = map.has(column) ? undefined : freeField(column, taken);
  return `the column ${column}${field === undefined ? '' : `; if it is ${field}: ${mapFlag(column, field)}`}`;
}

/** The field that a column may be meant as, if no other column is it. */
function freeField(column: string, taken: ReadonlyMap<number, string>): string | undefined {
  const field = isSecretName(column) ? undefined : likelyField(column);
  return field === undefined || [...taken.values()].includes(field) ? undefined : field;
}

/** Columns are named only where their names are known ones: where the table has none, the first line is a person. */
function noUsername(names: readonly string[], taken: ReadonlyMap<number, string>): ProblemText {
  const likely = names.flatMap((column) => {
    const field = freeField(column, taken);
    return field === undefined ? [] : [{ column, field }];
  });
  const flags = likely.filter((one, i) => likely.findIndex(({ field }) => field === one.field) === i);
  if (!flags.some(({ field }) => field === 'username'))
    return refuse('no-such-column', { is: 'needed', field: 'username' });
  const advice = flags.map(({ column, field }) => mapFlag(column, field)).join(' ');
  return refuse('no-such-column', { is: 'likely', field: 'username', advice });
}

const noColumn = (column: string, names: readonly string[]): ProblemText =>
  refuse('no-such-column', { is: 'mapped', column, names: names.slice(0, 20).join(', ') });

function unknownField(column: string, field: string): ProblemText {
  const known = Object.keys(fields);
  const near = suggest(field, known);
  return near === undefined
    ? refuse('unknown-field', { is: 'column', column, field, known: known.join(', ') })
    : refuse('unknown-field', { is: 'column-near', column, field, near });
}
