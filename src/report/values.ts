import { isPlanMap, type PlanValue } from '../model/plan.ts';
import { printable } from './printable.ts';

/** A value as a reader of a plan wants to see it: bare where that is clear, quoted where it is not. */
export function showValue(value: PlanValue | undefined): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'string') return showText(value);
  if (!isPlanMap(value))
    return Array.isArray(value) ? `[${value.map((item) => printable(String(item))).join(', ')}]` : String(value);
  return Object.entries(value)
    .map(
      ([name, part]) =>
        `${printable(name)} ${typeof part === 'string' ? showText(part) : printable(JSON.stringify(part))}`,
    )
    .join(', ');
}

function showText(text: string): string {
  const needsQuotes = text === '' || text !== text.trim() || text.includes('→');
  return needsQuotes ? `"${printable(text)}"` : printable(text);
}

/** `1 person`, `2 people`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
