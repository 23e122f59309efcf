/** One change in the words of a report for people. */
import { diffLines } from 'diff';
import { assertNever } from '../model/assert-never.ts';
import { type ChangeClassRow, rowOf } from '../model/change-classes.ts';
import { fromTo } from '../model/from-to.ts';
import { groupBy } from '../model/group-by.ts';
import { type Change, isPlanMap, type PlanValue } from '../model/plan.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';
import { showValue } from './values.ts';

/** The colour of a class. */
export const colourOf: Readonly<Record<ChangeClassRow['tone'], Colour>> = {
  comes: 'green',
  goes: 'red',
  grave: 'magenta',
  plain: 'yellow',
};

/** What differs, in a few words. */
export const showDifference = (change: Change): string => [valuesText(change), ...secretTexts(change)].join(', ');

function valuesText(change: Change): string {
  const { attribute, before, after } = change;
  const { shown } = rowOf(change);
  switch (shown) {
    case 'new-person':
      return whoIsNew(after);
    case 'gained':
      return `+ ${showValue(after, attribute)}`;
    case 'lost':
      return `- ${showValue(before, attribute)}`;
    case 'new-thing':
      return isBounded(after) ? `new, ${showValue(after, attribute)}` : 'new';
    case 'gone':
      return fromTo(showValue(before, attribute), 'gone');
    case 'difference':
      return fromTo(showValue(before, attribute), showValue(after, attribute));
    default:
      return assertNever(shown);
  }
}

/** Where a new secret goes, and where a given one comes from: who has access afterwards hangs on it. */
export const secretTexts = ({ destination, source }: Pick<Change, 'destination' | 'source'>): readonly string[] => [
  ...(destination === undefined ? [] : [`to ${printable(destination)}`]),
  ...(source === undefined ? [] : [`with the password of the source ${printable(source)}`]),
];

/** Whether a new thing is said to end: otherwise that it is enabled goes without saying. */
const isBounded = (after: PlanValue | undefined): boolean => typeof after === 'string' && after !== 'enabled';

/** Of a new person the address and the way to sign in first; the rest on a line of its own. */
export function whoIsNew(after: PlanValue | undefined): string {
  if (!isPlanMap(after)) return showValue(after);
  const { email, auth } = after;
  return [showValue(email, 'email'), ...(auth === undefined ? [] : [showValue(auth)])].join(', ');
}

/** What else a new person has; empty where there is nothing. */
export function restOfNew({ class: changeClass, after }: Change): string {
  if (changeClass !== 'create' || !isPlanMap(after)) return '';
  const { username: _username, email: _email, auth: _auth, ...rest } = after;
  return Object.keys(rest).length === 0 ? '' : showValue(rest);
}

const hasLines = (value: unknown): boolean => typeof value === 'string' && value.includes('\n');
/** Whether the value has several lines. */
export const isLong = ({ before, after }: Change): boolean => hasLines(before) || hasLines(after);

/** Such a value, line by line. */
export function longText(change: Change, paint: Paint): readonly string[] {
  if (!isLong(change)) return [];
  return diffLines(textOf(change.before), textOf(change.after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `        ${diffLine(printable(line), added, removed, paint)}`.trimEnd()),
  );
}

function textOf(value: PlanValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : showValue(value);
}

function diffLine(line: string, added: boolean, removed: boolean, paint: Paint): string {
  if (added) return paint('green', `+ ${line}`);
  return removed ? paint('red', `- ${line}`) : `  ${line}`;
}

/** The rule, where more than the file speaks. */
export const ruleText = ({ reason }: Change): string => (reason.text === 'declared' ? '' : printable(reason.text));

const placeText = ({ reason }: Change): string =>
  reason.file === undefined ? '' : `${printable(reason.file)}:${reason.line ?? 1}`;

/** Where it is written, and the rule. */
export const reasonText = (change: Change): string =>
  [placeText(change), ruleText(change)].filter((part) => part !== '').join('  ');

/** More lines of one file are not listed. */
const maxLines = 5;

/** Where all of them are written: file by file, with the lines, or the first and the last of many. */
export function placesText(changes: readonly Change[]): string {
  const inFiles = changes.filter(({ reason }) => reason.file !== undefined);
  return [...groupBy(inFiles, ({ reason }) => reason.file ?? '')]
    .map(([file, own]) => {
      const lines = [...new Set(own.map(({ reason }) => reason.line ?? 1))].toSorted((a, b) => a - b);
      const shown = lines.length > maxLines ? `${lines[0] ?? 1} to ${lines.at(-1) ?? 1}` : lines.join(', ');
      return `${printable(file)}:${shown}`;
    })
    .join('; ');
}
