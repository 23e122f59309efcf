import { isPlanMap, type PlanValue } from '../model/plan.ts';
import { printable, printableName } from './printable.ts';

/** Whether a field, or a key of a map, tells who someone is. */
type IsName = (field: string) => boolean;

const names: ReadonlySet<string> = new Set(['username', 'email', 'data']);
export const isName: IsName = (field) => names.has(field);

/** Of muster.yaml and of what stands beside it, all but what people write for people. */
const isNoText: IsName = (field) => field !== 'reason';

/**
 * A value as a reader of a plan wants to see it: bare where that is clear, quoted where it is not.
 *
 * @param field - whose value it is, such as `email`
 */
export const showValue = (value: PlanValue | undefined, field = ''): string => show(value, field, isName);

/** The same of a setting. */
export const showSetting = (value: PlanValue | undefined): string => show(value, '', isNoText);

function show(value: PlanValue | undefined, field: string, is: IsName): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'string') return showText(value, /^["(]|→/, is(field));
  return isPlanMap(value) ? showParts(value, is) : showPart(value, field, is);
}

type Part = Exclude<PlanValue, Readonly<Record<string, unknown>>> | Readonly<Record<string, string>>;

const showParts = (map: Readonly<Record<string, Part>>, is: IsName): string =>
  Object.entries(map)
    // A service reads before the person's id at it, also in a plan file, where keys are sorted.
    .toSorted(([a], [b]) => Number(b === 'service') - Number(a === 'service'))
    .map(([name, part]) => `${printable(name)} ${showPart(part, name, is)}`)
    .join(', ');

function showPart(part: Part, field: string, is: IsName): string {
  if (typeof part === 'string') return showText(part, /^["(]|[→,[\]{}]/, is(field));
  if (typeof part === 'boolean' || typeof part === 'number') return String(part);
  if (isPlanMap(part)) return `{${showParts(part, is)}}`;
  return `[${part.map((one) => showPart(one, field, is)).join(', ')}]`;
}

/** @param unclear - what a bare text could be mistaken for */
function showText(text: string, unclear: RegExp, isOfName: boolean): string {
  const needsQuotes = text === '' || text !== text.trim() || unclear.test(text);
  const shown = isOfName ? printableName(text) : printable(text);
  return needsQuotes ? `"${shown}"` : shown;
}

export { count, wordFor } from '../model/count.ts';
