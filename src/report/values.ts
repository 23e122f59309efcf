import { isPlanMap, type PlanValue } from '../model/plan.ts';
import { printable } from './printable.ts';

/** A value as a reader of a plan wants to see it: bare where that is clear, quoted where it is not. */
export function showValue(value: PlanValue | undefined): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'string') return showText(value, /^["(]|→/);
  return isPlanMap(value) ? showParts(value) : showPart(value);
}

type Part = Exclude<PlanValue, Readonly<Record<string, unknown>>> | Readonly<Record<string, string>>;

const showParts = (map: Readonly<Record<string, Part>>): string =>
  Object.entries(map)
    // A service reads before the person's id at it, also in a plan file, where keys are sorted.
    .toSorted(([a], [b]) => Number(b === 'service') - Number(a === 'service'))
    .map(([name, part]) => `${printable(name)} ${showPart(part)}`)
    .join(', ');

function showPart(part: Part): string {
  if (typeof part === 'string') return showText(part, /^["(]|[→,[\]{}]/);
  if (typeof part === 'boolean' || typeof part === 'number') return String(part);
  if (isPlanMap(part)) return `{${showParts(part)}}`;
  return `[${part.map(showPart).join(', ')}]`;
}

/** @param unclear - what a bare text could be mistaken for */
function showText(text: string, unclear: RegExp): string {
  const needsQuotes = text === '' || text !== text.trim() || unclear.test(text);
  return needsQuotes ? `"${printable(text)}"` : printable(text);
}

export { count } from '../model/count.ts';
