import { asTold } from '../model/machine-error.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Plan, SettingDifference, SettingsComparison } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { administrativeLines, classLabel, laterText, scheduledLine } from './admin-marks.ts';
import { showDifference } from './change-text.ts';
import { comparisonSummary, differenceName, differenceText, isOfEntry } from './comparison.ts';
import { defaultHint } from './default-hints.ts';
import { nameList } from './names.ts';
import { limitLines, summaryLine } from './plan-text.ts';
import { previouslyAbout, previouslyCure } from './previously-declared.ts';
import { printable } from './printable.ts';
import { takenBackText } from './run-text.ts';
import { signInGroups } from './sign-in.ts';
import { unusableProblems } from './unusable.ts';
import { blockedGroups } from './verdict-groups.ts';

/**
 * Problems and plans as annotations of a GitHub workflow. The one place where text from outside becomes a workflow command:
 * every line is ours from its first character, and what could end a property or a line is encoded.
 */
export const errorAnnotations = (error: unknown): string => annotations(annotationsOfError(error));

export function annotationsOfError(thrown: unknown): readonly Annotation[] {
  const error = asTold(thrown);
  if (error instanceof InputError) {
    return error.problems.map(({ at, message, hint, standsFor }) => ({
      level: 'error',
      ...(at !== undefined && { at: { file: at.file, line: String(at.line), col: String(at.column) } }),
      text: hint === undefined ? message : `${message} (${hint})`,
      ...(standsFor !== undefined && { standsFor }),
    }));
  }
  const text = error instanceof Error ? error.message : String(error);
  const hint = error instanceof MusterError ? (error.hint ?? defaultHint(error.code)) : undefined;
  return [{ level: 'error', text: hint === undefined ? text : `${text} (${hint})` }];
}

/** One line in the margin of a pull request, or above it. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title?: string;
  readonly at?: Readonly<Record<'file' | 'line', string>> & { readonly col?: string };
  readonly text: string;
  /** A total, that never gives way to details. */
  readonly isTotal?: true;
  /** How many it stands for, where it counts others. */
  readonly standsFor?: number;
}

/** Of each level GitHub shows ten of a step, the first ones (`actions/toolkit`, docs/problem-matchers.md). */
export const maxOfLevel = 10;

/** As many as GitHub shows; what it would not show is counted, so that no reader takes a part for the whole. */
export function annotations(all: readonly Annotation[]): string {
  const left = levels.map((level) => leftOut(all.filter((one) => one.level === level)));
  const dropped = new Set(left.flat());
  const counts = new Map(left.map((own) => [own[0], own.reduce((sum, { standsFor = 1 }) => sum + standsFor, 0)]));
  return all
    .flatMap((one) => {
      if (!dropped.has(one)) return [lineOf(one)];
      const count = counts.get(one);
      if (count === undefined) return [];
      return [lineOf({ level: one.level, title: 'muster', text: `and ${count} more: other formats show them` })];
    })
    .join('');
}

const levels: ReadonlyArray<Annotation['level']> = ['error', 'warning', 'notice'];

/** The last of one level, where they and a line that counts them would be too many. */
function leftOut(own: readonly Annotation[]): readonly Annotation[] {
  if (own.length <= maxOfLevel) return [];
  const totals = own.filter(({ isTotal }) => isTotal === true).length;
  return own.filter(({ isTotal }) => isTotal !== true).slice(maxOfLevel - totals - 1);
}

const lineOf = ({ level, title, at, text }: Annotation): string =>
  command(level, { ...at, ...(title !== undefined && { title }) }, text);

export const planAnnotations = (plan: Plan): string => annotations(annotationsOfPlan(plan));

const notice = (text: string): Annotation => ({ level: 'notice', title: 'muster plan', text });

/** What a reviewer has to see: what changes of the rules, what is blocked, at its line, and the totals. */
export function annotationsOfPlan(plan: Plan): readonly Annotation[] {
  const blocked = blockedGroups(plan.blocked).map(({ kind, items }): Annotation => {
    const [{ change, rail, reason }] = items;
    const people = nameList([...new Set(items.map((one) => one.change.person))]);
    const what = kind === 'same' ? `${change.attribute} (${showDifference(change)})` : change.attribute;
    return {
      level: 'warning',
      ...placeOf(change.reason),
      title: `blocked: ${rail}`,
      text: `${classLabel(change)} ${what} of ${people}: ${reason}`,
      standsFor: items.length,
    };
  });
  const grave = [
    ...administrativeLines(plan),
    ...plan.scheduled.map((one) => `Scheduled: ${scheduledLine(one)}`),
    ...[laterText(plan)].filter((line) => line !== ''),
  ];
  return [
    ...unusableAnnotations(plan),
    ...annotationsOfComparison(plan.compared, 'muster plan'),
    ...blocked,
    ...lockedOut(plan),
    ...annotationsOfEntries(plan.compared),
    ...[takenBackText(plan), ...limitLines(plan)].filter((line) => line !== '').map(notice),
    ...previouslyDeclared(plan),
    ...grave.map(notice),
    { ...notice(summaryLine(plan)), isTotal: true },
  ];
}

function unusableAnnotations(plan: Plan): readonly Annotation[] {
  return unusableProblems(plan).map(({ problem: { file, line, column, message, hint }, also }): Annotation => {
    const at = file === undefined ? {} : { at: { file, line: String(line ?? 1), col: String(column ?? 1) } };
    const text = hint === undefined ? message : `${message} (${hint})`;
    return { level: 'error', ...at, title: 'unusable', text: `${text}${also}` };
  });
}

/** Where something stands in a file, if it does. */
export function placeOf({
  file,
  line = 1,
}: {
  readonly file?: string;
  readonly line?: number;
}): Pick<Annotation, 'at'> {
  return file === undefined ? {} : { at: { file, line: String(line) } };
}

/** @param title - of the line that sums it up */
export function annotationsOfComparison(
  compared: SettingsComparison | undefined,
  title: string,
): readonly Annotation[] {
  if (compared === undefined) return [];
  const { differences, status } = compared;
  return [
    {
      level: status === 'different' ? 'warning' : 'notice',
      title,
      text: comparisonSummary(compared),
      isTotal: true,
    },
    ...differences.filter((one) => !isOfEntry(one)).map(ofDifference),
  ];
}

/** Of people there may be many: they come after what is rarer and weighs more. */
export const annotationsOfEntries = (compared: SettingsComparison | undefined): readonly Annotation[] =>
  (compared?.differences ?? []).filter(isOfEntry).map(ofDifference);

const ofDifference = (one: SettingDifference): Annotation => ({
  level: 'warning',
  ...placeOf(one),
  title: 'differs from the base',
  text: `${differenceName(one)}: ${differenceText(one)}`,
});

/** New people whom nothing lets in: one warning for each cause. */
function lockedOut(plan: Plan): readonly Annotation[] {
  return signInGroups(plan).flatMap(({ text, hint, people }): readonly Annotation[] =>
    hint === undefined
      ? []
      : [{ level: 'warning', title: 'new people', text: `${nameList(people)}: ${text} (${hint})` }],
  );
}

/** One for all: their lines, to which it could point, are gone. */
function previouslyDeclared({ previously_declared: accounts = [] }: Plan): readonly Annotation[] {
  if (accounts.length === 0) return [];
  const names = nameList(accounts.map(({ username, last_declared }) => `${username} (last ${last_declared})`));
  return [{ level: 'notice', title: 'previously declared', text: `${names}: ${previouslyAbout} (${previouslyCure})` }];
}

/** One line, whatever its parts are. */
export function command(name: Annotation['level'], properties: Readonly<Record<string, string>>, text: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${encodeProperty(printable(value))}`);
  return `::${name}${list.length === 0 ? '' : ` ${list.join(',')}`}::${encodeText(printable(text))}\n`;
}

const encodeText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const encodeProperty = (text: string): string => encodeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
