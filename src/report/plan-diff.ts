import { diffLines } from 'diff';
import { type Change, isPlanMap, type Plan, type PlanValue } from '../model/plan.ts';
import { administrativeChanges, changesByPerson, classLabel, laterText, scheduledLine } from './admin-marks.ts';
import { alignColumns } from './columns.ts';
import { formerlyAbout, formerlyCure, formerlyRow } from './formerly-declared.ts';
import { type Paint, plain } from './paint.ts';
import { limitLines, summaryLine } from './plan-text.ts';
import { printable } from './printable.ts';

/** A plan as a unified diff of what the accounts are and what the files want, person by person, in the files' own words. */
export function planDiff(plan: Plan, paint: Paint): string {
  const hunks = changesByPerson(plan).map(([person, changes]) => personDiff(person, changes, paint));
  const remarks = [
    ...limitLines(plan),
    ...administrativeChanges(plan).map((change) =>
      printable(`Admin: ${change.person}: ${classLabel(change)} ${change.attribute}`),
    ),
    ...plan.scheduled.map((one) => `Scheduled: ${scheduledLine(one)}`),
    ...[laterText(plan)].filter((line) => line !== '').map((line) => `Scheduled: ${line}`),
    ...formerlyLines(plan),
    summaryLine(plan),
  ];
  return `${hunks.join('')}${remarks.map((line) => `${paint('dim', `# ${line}`)}\n`).join('')}`;
}

/** Accounts that no file speaks of any more have no place in a diff of files, and yet have to be seen. */
function formerlyLines({ formerly_declared: accounts = [] }: Plan): readonly string[] {
  if (accounts.length === 0) return [];
  const rows = accounts.map((account) => formerlyRow(account, plain));
  return [
    `Formerly declared: ${accounts.length}, ${formerlyAbout}`,
    ...alignColumns(rows, '  '),
    `  → ${formerlyCure}`,
  ];
}

function personDiff(person: string, changes: readonly Change[], paint: Paint): string {
  const name = printable(person);
  const isNew = changes.some((change) => change.class === 'create');
  const place =
    changes
      .map(({ reason }) => (reason.file === undefined ? '' : `${reason.file}:${reason.line ?? 1}`))
      .find((text) => text !== '') ?? '';
  const lines = [
    paint('bold', isNew ? '--- /dev/null' : `--- live/${name}`),
    paint('bold', `+++ desired/${name}`),
    paint('cyan', `@@ ${printable(place)} @@`),
    ...changes.flatMap((change) => changeLines(change, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function changeLines(change: Change, paint: Paint): readonly string[] {
  const { attribute, before, after } = change;
  if (change.class === 'create' && isPlanMap(after)) {
    return Object.entries(after).map(([field, value]) => paint('green', `+${printable(field)}: ${yamlText(value)}`));
  }
  const isLong = [before, after].some((value) => typeof value === 'string' && value.includes('\n'));
  if (isLong && typeof before === 'string' && typeof after === 'string')
    return longLines(attribute, before, after, paint);
  return [
    ...(before === undefined ? [] : [paint('red', `-${printable(attribute)}: ${yamlText(before)}`)]),
    ...(after === undefined ? [] : [paint('green', `+${printable(attribute)}: ${yamlText(after)}`)]),
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
function yamlText(value: PlanValue): string {
  if (typeof value === 'string') return needsQuotes(value) ? printable(JSON.stringify(value)) : printable(value);
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`;
  if (isPlanMap(value))
    return `{ ${Object.entries(value)
      .map(([name, part]) => `${printable(name)}: ${yamlText(part)}`)
      .join(', ')} }`;
  return String(value);
}

const needsQuotes = (text: string): boolean =>
  !/^[A-Za-z][A-Za-z0-9 ._@+/-]*$/.test(text) ||
  /^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ||
  text.endsWith(' ');
