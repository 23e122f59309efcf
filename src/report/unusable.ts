/** Entries that cannot be used, in every format. What is wrong with a part that many entries share is said once. */
import { canonicalJson } from '../model/canonical-json.ts';
import { groupBy } from '../model/group-by.ts';
import type { Plan, UnusableEntry } from '../model/plan.ts';
import { code } from './markdown.ts';
import { nameList } from './names.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

type EntryProblem = UnusableEntry['problems'][number];

/** Entries with the same problems. */
interface Group {
  readonly who: readonly string[];
  readonly problems: readonly EntryProblem[];
  readonly leftAlone: readonly string[];
}

function groupsOf({ unusable = [] }: Plan): readonly Group[] {
  return [...groupBy(unusable, ({ problems }) => canonicalJson(problems)).values()].map((entries) => ({
    who: entries.map(({ person, file, line }) => person ?? `${file}:${line}`),
    problems: entries[0]?.problems ?? [],
    leftAlone: [...new Set(entries.flatMap(({ left_alone: alone = [] }) => alone))].toSorted(),
  }));
}

const placeOf = ({ file, line, column }: EntryProblem): string =>
  file === undefined ? '' : `${file}:${line ?? 1}:${column ?? 1}`;

/** As many as a person goes through before the next try. */
const maxGroups = 50;

const moreText = (more: number): string => `and ${more} more: --format json has them all`;

const about = 'entries that cannot be used; everybody else is planned: exit code 3';

/** For people: who, where, why, what to do, and which accounts are left alone for it. */
export function unusableText(plan: Plan, paint: Paint): string {
  if (plan.unusable === undefined) return '';
  const groups = groupsOf(plan);
  const more = groups.length - maxGroups;
  const lines = groups
    .slice(0, maxGroups)
    .flatMap(({ who, problems, leftAlone }) => [
      `  ${nameList(who)}`,
      ...problems.flatMap((problem) => [
        `      ${`${paint('bold', printable(placeOf(problem)))} ${printable(problem.message)}`.trimStart()}`,
        ...(problem.hint === undefined ? [] : [`      ${paint('cyan', `→ ${printable(problem.hint)}`)}`]),
      ]),
      ...(leftAlone.length === 0 ? [] : [`      ${paint('dim', `left alone: ${nameList(leftAlone)}`)}`]),
    ]);
  return [
    `${paint('bold', paint('red', `Unusable: ${plan.unusable.length}`))}  ${paint('dim', about)}`,
    ...lines,
    ...(more > 0 ? [`  ${moreText(more)}`] : []),
  ].join('\n');
}

/** Each problem once, in a line. */
export function unusableLines(plan: Plan): readonly string[] {
  const groups = groupsOf(plan);
  const more = groups.length - maxGroups;
  const lines = groups.slice(0, maxGroups).flatMap(({ who, problems, leftAlone }) =>
    problems.map((problem) => {
      const hint = problem.hint === undefined ? '' : ` (${printable(problem.hint)})`;
      const what = `${printable(`${placeOf(problem)} ${problem.message}`.trimStart())}${hint}${leftAloneText(leftAlone)}`;
      return `Unusable: ${nameList(who)}: ${what}`;
    }),
  );
  return more > 0 ? [...lines, `Unusable: ${moreText(more)}`] : lines;
}

/** An entry may be made unusable so that an account is left alone: no format keeps quiet about whom. */
const leftAloneText = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; left alone: ${nameList(names)}`;

/** Each problem once, with its place, and what is left alone for it. */
export const unusableProblems = (
  plan: Plan,
): ReadonlyArray<{ readonly problem: EntryProblem; readonly also: string }> =>
  groupsOf(plan).flatMap(({ problems, leftAlone }) =>
    problems.map((problem) => ({ problem, also: leftAloneText(leftAlone) })),
  );

export const unusableTitle = ({ unusable = [] }: Plan): string => `Unusable: ${unusable.length} (exit code 3)`;
export const unusableHead: readonly string[] = [
  '| who | where | what | what to do | left alone |',
  '|---|---|---|---|---|',
];

/** Rows of a table in Markdown. */
export function unusableRows(plan: Plan): readonly string[] {
  return groupsOf(plan).flatMap(({ who, problems, leftAlone }) =>
    problems.map(
      (problem) =>
        `| ${code(nameList(who))} | ${code(placeOf(problem))} | ${code(problem.message)} | ${problem.hint === undefined ? '' : code(problem.hint)} | ${leftAlone.length === 0 ? '' : code(nameList(leftAlone))} |`,
    ),
  );
}

/** What a run left out, once it has ended or is asked about. */
export function leftOutText({ unusable = [] }: Plan): string {
  return unusable.length === 0
    ? ''
    : `${count(unusable.length, 'entry', 'entries')} cannot be used, and nothing is done for them`;
}
