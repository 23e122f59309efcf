/** Many servers: one line for each, so that what needs a look stands out; what there is to say stands below. */
import type { RunResult } from '../model/outcome.ts';
import type { Plan, SettingsComparison } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { alignColumns } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

/** How one server stands. */
export interface FleetLine {
  readonly name: string;
  readonly word: string;
  readonly colour: Colour;
  readonly text: string;
}

export function fleetTable(lines: readonly FleetLine[], paint: Paint): string {
  const rows = lines.map(({ name, word, colour, text }) => [
    { text: printable(name) },
    { text: word, paint: (cell: string) => paint(colour, cell) },
    { text: printable(text) },
  ]);
  return `${alignColumns(rows, '').join('\n')}\n`;
}

/** Above what there is to say of one server. */
export const fleetHeading = (name: string, url: string | undefined, paint: Paint): string =>
  `\n${paint('bold', `── ${printable(name)}${url === undefined ? '' : ` (${printable(url)})`}`)}\n`;

export function planLine(name: string, { summary, held, compared }: Plan): FleetLine {
  const { actions, blocked, unusable = 0 } = summary;
  const text = sums([
    [actions, 'action'],
    [blocked, 'blocked'],
    [unusable, 'unusable'],
    [held.length, 'held'],
    [differencesIn(compared), 'settings or entries not as in the base'],
  ]);
  if (unusable > 0) return { name, word: 'unusable', colour: 'red', text };
  if (blocked > 0) return { name, word: 'blocked', colour: 'red', text };
  if (actions > 0) return { name, word: 'changes', colour: 'yellow', text };
  return { name, word: 'no changes', colour: 'green', text };
}

/** Settings, approvals and entries that a base has otherwise. */
export const differencesIn = (compared: SettingsComparison | undefined): number => compared?.differences.length ?? 0;

export interface Applied {
  readonly plan: Plan;
  readonly result?: RunResult;
  readonly declined: boolean;
  readonly refused?: 'unusable';
}

export function applyLine(name: string, { plan, result, declined, refused }: Applied): FleetLine {
  const planned = planLine(name, plan);
  if (refused !== undefined) return { ...planned, word: 'refused', colour: 'red' };
  if (declined) return { ...planned, word: 'declined', colour: 'yellow' };
  if (result === undefined) return planned;
  const of = (status: string): number => result.results.filter(({ outcome }) => outcome.status === status).length;
  const rest = planned.text === '' ? '' : ` of ${planned.text}`;
  const [failed, stale, skipped] = [of('failed'), of('stale'), of('skipped')];
  const text = `${of('done')} done${rest}${sums([
    [failed, 'failed'],
    [stale, 'stale'],
    [skipped, 'skipped'],
  ]).replace(/^(?=.)/, ', ')}`;
  const isWhole = failed + stale + skipped === 0;
  return isWhole ? { name, word: 'applied', colour: 'green', text } : { name, word: 'failed', colour: 'red', text };
}

export function errorLine(name: string, error: unknown): FleetLine {
  return { name, word: 'error', colour: 'red', text: errorSentence(error) };
}

/** The first line of what went wrong. */
function errorSentence(error: unknown): string {
  const [first, ...others] = error instanceof InputError ? error.problems : [];
  if (first !== undefined) return `${first.message}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

function sums(parts: ReadonlyArray<readonly [number: number, what: string]>): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => (what === 'action' ? count(number, what) : `${number} ${what}`))
    .join(', ');
}
