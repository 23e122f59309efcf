import { diffLines } from 'diff';
import { type Action, type Change, isPlanMap, type Plan, type PlanValue } from '../model/plan.ts';
import { actionsByPerson, administrativeLines, laterText, scheduledLine } from './admin-marks.ts';
import { secretTexts } from './change-text.ts';
import { alignColumns } from './columns.ts';
import { baseName, comparisonSummary, differenceName, onceMerged, placeOf } from './comparison.ts';
import { type Paint, plain } from './paint.ts';
import { limitLines, summaryLine } from './plan-text.ts';
import { previouslyAbout, previouslyCure, previouslyRow } from './previously-declared.ts';
import { printable, printableName } from './printable.ts';
import { takenBackText } from './run-text.ts';
import { unusableLines } from './unusable.ts';
import { isName } from './values.ts';

/** A plan as a unified diff of what the accounts are and what the files want, person by person, in the files' own words. */
export function planDiff(plan: Plan, paint: Paint): string {
  const hunks = actionsByPerson(plan).map(([person, own]) => personDiff(person, own, paint));
  const unusable = unusableLines(plan).map((line) => `${paint('red', `# ${line}`)}\n`);
  const remarks = [
    takenBackText(plan),
    comparisonSummary(plan.compared),
    ...limitLines(plan),
    ...administrativeLines(plan).map(printable),
    ...plan.scheduled.map((one) => `Scheduled: ${scheduledLine(one)}`),
    ...[laterText(plan)].filter((line) => line !== '').map((line) => `Scheduled: ${line}`),
    ...previouslyLines(plan),
    summaryLine(plan),
  ];
  return `${unusable.join('')}${settingsDiff(plan, paint)}${hunks.join('')}${remarks
    .filter((line) => line !== '')
    .map((line) => `${paint('dim', `# ${line}`)}\n`)
    .join('')}`;
}

function settingsDiff({ compared }: Plan, paint: Paint): string {
  if (compared === undefined || compared.differences.length === 0) return '';
  const lines = [
    paint('bold', `--- ${baseName(compared)}`),
    paint('bold', '+++ settings, approvals and entries'),
    ...compared.differences.flatMap((difference) => [
      paint('cyan', `@@ ${placeOf(difference)} @@`),
      ...valueLines(printable(differenceName(difference)), difference, paint),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Accounts that no file speaks of any more have no place in a diff of files, and yet have to be seen. */
function previouslyLines({ previously_declared: accounts = [] }: Plan): readonly string[] {
  if (accounts.length === 0) return [];
  const rows = accounts.map((account) => previouslyRow(account, plain));
  return [
    `Previously declared: ${accounts.length}, ${previouslyAbout}`,
    ...alignColumns(rows, '  '),
    `  → ${previouslyCure}`,
  ];
}

function personDiff(person: string, actions: readonly Action[], paint: Paint): string {
  const name = printable(person);
  const changes = actions.flatMap((action) => action.changes);
  const isNew = changes.some((change) => change.class === 'create');
  const place =
    changes
      .map(({ reason }) => (reason.file === undefined ? '' : `${reason.file}:${reason.line ?? 1}`))
      .find((text) => text !== '') ?? '';
  const lines = [
    paint('bold', isNew ? '--- /dev/null' : `--- live/${name}`),
    paint('bold', `+++ desired/${name}`),
    paint('cyan', `@@ ${printable(place)} @@`),
    ...actions.flatMap((action) => [
      ...(action.conditional === true ? [paint('dim', `# ${onceMerged}:`)] : []),
      ...action.changes.flatMap((change) => changeLines(change, paint)),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function changeLines(change: Change, paint: Paint): readonly string[] {
  const { attribute, before, after } = change;
  if (change.class === 'create' && isPlanMap(after)) {
    return [
      ...Object.entries(after).map(([field, value]) =>
        paint('green', `+${printable(field)}: ${yamlText(value, field)}`),
      ),
      ...secretLines(change, paint),
    ];
  }
  const isLong = [before, after].some((value) => typeof value === 'string' && value.includes('\n'));
  if (isLong && typeof before === 'string' && typeof after === 'string')
    return longLines(attribute, before, after, paint);
  return [...valueLines(printable(attribute), change, paint), ...secretLines(change, paint)];
}

/** Files say it elsewhere: in a field of the same entry. */
const secretLines = (change: Change, paint: Paint): readonly string[] =>
  secretTexts(change).map((text) => paint('green', `+# ${text}`));

function valueLines(
  name: string,
  { before, after }: Pick<Change, 'before' | 'after'>,
  paint: Paint,
): readonly string[] {
  return [
    ...(before === undefined ? [] : [paint('red', `-${name}: ${yamlText(before, name)}`)]),
    ...(after === undefined ? [] : [paint('green', `+${name}: ${yamlText(after, name)}`)]),
  ];
}

function longLines(attribute: string, before: string, after: string, paint: Paint): readonly string[] {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) =>
        added
          ? paint('green', `+  ${printable(line)}`)
          : removed
            ? paint('red', `-  ${printable(line)}`)
            : `   ${printable(line)}`,
      ),
  );
  return [` ${printable(attribute)}: |`, ...lines];
}

/** As it would stand in a users file. */
function yamlText(value: PlanValue, field: string): string {
  if (typeof value === 'string') {
    const shown = isName(field) ? printableName : printable;
    return shown(needsQuotes(value) ? JSON.stringify(value) : value);
  }
  if (Array.isArray(value)) return `[${value.map((one) => yamlText(one, field)).join(', ')}]`;
  if (isPlanMap(value))
    return `{ ${Object.entries(value)
      .map(([name, part]) => `${printable(name)}: ${yamlText(part, name)}`)
      .join(', ')} }`;
  return String(value);
}

const needsQuotes = (text: string): boolean =>
  !/^[A-Za-z][A-Za-z0-9 ._@+/-]*$/.test(text) ||
  /^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ||
  text.endsWith(' ');
