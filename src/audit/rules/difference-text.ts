import { assertNever } from '../../model/assert-never.ts';
import { rowOf } from '../../model/change-classes.ts';
import { type Change, isPlanMap, type PlanValue } from '../../model/plan.ts';

/** So many differences of one person are written out; the evidence has all of them. */
const maxShown = 3;

/** What separates an account from its entry, for people. */
export function differencesText(changes: readonly Change[]): string {
  const shown = changes.slice(0, maxShown).map(differenceText);
  const more = changes.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`${more} more`])].join('; ');
}

function differenceText(change: Change): string {
  const { attribute, before, after } = change;
  const { shown } = rowOf(change);
  switch (shown) {
    case 'new-person':
      return 'has no account';
    case 'gained':
      return `lacks ${valueText(after)} in ${attribute}`;
    case 'lost':
      return `has ${valueText(before)} in ${attribute}, which the entry does not want`;
    case 'new-thing':
      return `lacks ${attribute}`;
    case 'gone':
      return `has ${attribute}, which the entry does not want`;
    case 'difference':
      return `${attribute} is ${valueText(before)}, expected ${valueText(after)}`;
    default:
      return assertNever(shown);
  }
}

/** A value in a sentence. */
export function valueText(value: PlanValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (!isPlanMap(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${typeof part === 'string' ? part : JSON.stringify(part)}`)
    .join(', ');
}
