import { MusterError } from '../model/muster-error.ts';
import type { Plan, SettingsComparison } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { administrativeLines, classLabel, laterText, scheduledLine } from './admin-marks.ts';
import { showDifference } from './change-text.ts';
import { comparisonSummary, differenceText } from './comparison.ts';
import { defaultHint } from './default-hints.ts';
import { formerlyAbout, formerlyCure } from './formerly-declared.ts';
import { nameList } from './names.ts';
import { limitLines, summaryLine } from './plan-text.ts';
import { printable } from './printable.ts';
import { takenBackText } from './run-text.ts';
import { signInGroups } from './sign-in.ts';
import { unusableProblems } from './unusable.ts';
import { blockedGroups } from './verdict-groups.ts';

/**
 * Problems and plans as annotations of a GitHub workflow. The one place where text from outside becomes a workflow command:
 * every line is ours from its first character, and what could end a property or a line is encoded.
 */
export function errorAnnotations(error: unknown): string {
  if (error instanceof InputError) {
    return error.problems
      .map(({ at, message, hint }) => {
        const text = hint === undefined ? message : `${message} (${hint})`;
        return at === undefined
          ? command('error', {}, text)
          : command('error', { file: at.file, line: String(at.line), col: String(at.column) }, text);
      })
      .join('');
  }
  const text = error instanceof Error ? error.message : String(error);
  const hint = error instanceof MusterError ? (error.hint ?? defaultHint(error.code)) : undefined;
  return command('error', {}, hint === undefined ? text : `${text} (${hint})`);
}

/** As many warnings as GitHub shows of one step; the rest is counted. */
export const maxWarnings = 9;

/** What a reviewer has to see: what changes of the rules, what is blocked, at its line, and the totals. */
export function planAnnotations(plan: Plan): string {
  const groups = blockedGroups(plan.blocked);
  const blocked = groups.slice(0, maxWarnings).map(({ kind, items }) => {
    const [{ change, rail, reason }] = items;
    const { file, line } = change.reason;
    const people = nameList([...new Set(items.map((one) => one.change.person))]);
    const what =
      kind === 'same' && items.length > 1 ? `${change.attribute} (${showDifference(change)})` : change.attribute;
    const place = file === undefined ? {} : { file, line: String(line ?? 1) };
    return command(
      'warning',
      { ...place, title: `blocked: ${rail}` },
      `${classLabel(change)} ${what} of ${people}: ${reason}`,
    );
  });
  const more = groups.slice(maxWarnings).reduce((sum, { items }) => sum + items.length, 0);
  if (more > 0) blocked.push(command('warning', { title: 'blocked' }, `and ${more} more: muster plan shows them`));
  const limits = [takenBackText(plan), ...limitLines(plan)]
    .filter((line) => line !== '')
    .map((line) => command('notice', { title: 'muster plan' }, line));
  const differences = differenceAnnotations(plan.compared);
  const totals = command('notice', { title: 'muster plan' }, summaryLine(plan));
  const grave = [
    ...administrativeLines(plan),
    ...plan.scheduled.map((one) => `Scheduled: ${scheduledLine(one)}`),
    ...[laterText(plan)].filter((line) => line !== ''),
  ];
  const lines = someOf(grave)
    .map((line) => command('notice', { title: 'muster plan' }, line))
    .join('');
  return `${unusableAnnotations(plan)}${differences}${blocked.join('')}${lockedOut(plan)}${limits.join('')}${lines}${formerlyDeclared(plan)}${totals}`;
}

function unusableAnnotations(plan: Plan): string {
  const problems = unusableProblems(plan);
  const shown = problems.slice(0, maxWarnings).map(({ file, line, column, message, hint }) => {
    const place = file === undefined ? {} : { file, line: String(line ?? 1), col: String(column ?? 1) };
    return command('error', { ...place, title: 'unusable' }, hint === undefined ? message : `${message} (${hint})`);
  });
  const more = problems.length - shown.length;
  if (more > 0) shown.push(command('error', { title: 'unusable' }, `and ${more} more: muster plan shows them`));
  return shown.join('');
}

/** GitHub shows few notices of a step. */
const maxNotices = 5;

function someOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - maxNotices;
  return [...lines.slice(0, maxNotices), ...(more > 0 ? [`and ${more} more: muster plan shows them`] : [])];
}

/** How many of them GitHub shows beside those of what is blocked. */
const maxDifferences = 9;

function differenceAnnotations(compared: SettingsComparison | undefined): string {
  if (compared === undefined) return '';
  const title = 'differs from the base';
  const { differences, status } = compared;
  const summary = command(
    status === 'different' ? 'warning' : 'notice',
    { title: 'muster plan' },
    comparisonSummary(compared),
  );
  const each = differences.slice(0, maxDifferences).map((one) => {
    const place = one.file === undefined ? {} : { file: one.file, line: String(one.line ?? 1) };
    return command('warning', { ...place, title }, `${one.field}: ${differenceText(one)}`);
  });
  const more = differences.length - each.length;
  if (more > 0) each.push(command('warning', { title }, `and ${more} more: muster plan shows them`));
  return `${summary}${each.join('')}`;
}

/** New people whom nothing lets in: one warning for each cause. */
function lockedOut(plan: Plan): string {
  return signInGroups(plan)
    .flatMap(({ text, hint, people }) =>
      hint === undefined ? [] : [command('warning', { title: 'new people' }, `${nameList(people)}: ${text} (${hint})`)],
    )
    .join('');
}

/** One for all: their lines, to which it could point, are gone. */
function formerlyDeclared({ formerly_declared: accounts = [] }: Plan): string {
  if (accounts.length === 0) return '';
  const names = nameList(accounts.map(({ username, last_declared }) => `${username} (last ${last_declared})`));
  return command('notice', { title: 'formerly declared' }, `${names}: ${formerlyAbout} (${formerlyCure})`);
}

/** One line, whatever its parts are. */
export function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  text: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${encodeProperty(printable(value))}`);
  return `::${name}${list.length === 0 ? '' : ` ${list.join(',')}`}::${encodeText(printable(text))}\n`;
}

const encodeText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const encodeProperty = (text: string): string => encodeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
