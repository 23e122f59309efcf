/** Who had what at a moment, for a terminal: what is proven, and what stands on either side of what is not. */
import type {
  AccessMark,
  AccessPart,
  AccessReport,
  AccountAccess,
  DeclaredThen,
  FileThen,
} from '../model/generated/access-report.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

export function accessText(report: AccessReport, paint: Paint): string {
  const { at, server, accounts, counts, rests_on: rests, population, files } = report;
  const lines = [
    `${paint('bold', `Access on ${printable(server.url)}`)} at ${at}`,
    `${count(counts.accounts, 'account')}, ${provenText(counts)}`,
    '',
    ...alignColumns(
      accounts.flatMap((account) => rowsOf(account, paint)),
      '  ',
    ),
    ...(accounts.length === 0 ? ['  no account is known to have been there'] : []),
    '',
    `rests on ${count(rests.observations, 'recorded reading')} and ${count(rests.runs, 'run')}${
      population === 'complete' ? '' : '; whether these were all accounts is not known'
    }`,
    ...(counts.not_yet === 0 ? [] : [`${count(counts.not_yet, 'account')} came later`]),
    ...files.map((file) => printable(fileText(file))),
  ];
  return `${lines.join('\n')}\n`;
}

/** A row is what one account has of one kind. */
export function provenText({ known, partly, unknown }: AccessReport['counts']): string {
  return `${count(known + partly + unknown, 'row')}: ${known} proven, ${partly} in part, ${unknown} unknown`;
}

function rowsOf({ username, parts, declared }: AccountAccess, paint: Paint): readonly (readonly Cell[])[] {
  const rows = parts.map((part, i): readonly Cell[] => [
    { text: i === 0 ? printable(username) : '' },
    { text: part.kind },
    {
      text: printable(partText(part)),
      ...(part.state === 'unknown' && { paint: (text: string) => paint('yellow', text) }),
    },
  ]);
  if (declared === undefined) return rows;
  const wish = printable(`declared: ${declaredText(declared)}`);
  return [...rows, [{ text: '' }, { text: 'files' }, { text: wish, paint: (word) => paint('dim', word) }]];
}

/** Not printable yet. */
export function declaredText({ file, line, commit, active, roles = [], teams = [] }: DeclaredThen): string {
  const wish = [active === false ? 'inactive' : 'active', ...roles, ...teams.map((place) => `in ${place}`)].join(', ');
  return `${wish} (${file}:${line} at ${commit.slice(0, 10)})`;
}

const stateWords = { held: '', off: ' (off)', there: ' (there; whether it worked is unknown)' } as const;

/** Not printable yet. */
export function partText({ state, grants, before, after }: AccessPart): string {
  const held = grants.map((grant) => `${grant.text}${stateWords[grant.state]}`).join(', ');
  if (state === 'known') return held || 'nothing';
  const sides = [
    ...(before === undefined ? [] : [`before: ${markText(before)}`]),
    ...(after === undefined ? [] : [`after: ${markText(after)}`]),
  ].join('; ');
  const gap = state === 'partly' ? `${held}; more may have been there` : 'unknown';
  return sides === '' ? gap : `${gap} (${sides})`;
}

const markText = ({ at, text, run }: AccessMark): string =>
  `${at} ${text}${run === undefined ? '' : ` by run ${Number(run.slice(0, 6))}`}`;

/** Not printable yet. */
export function fileText({
  file,
  state,
  why = '',
  commit = '',
  author = '',
  date = '',
  signature = 'not verifiable',
}: FileThen): string {
  const told =
    state === 'committed' ? `${commit.slice(0, 10)} by ${author}, ${date}, ${signature}` : `${state}: ${why}`;
  return `${file}: ${told}`;
}
