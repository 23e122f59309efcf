/**
 * Fights: muster writes a change, someone changes it back, and so on. After two writes it is held, and reported once. Known
 * across restarts; forgotten a week after it was last seen. Pure.
 */
import { dayMs } from '../model/duration.ts';
import type { Contested } from '../model/generated/reconcile-state.ts';
import type { Change, Plan } from '../model/plan.ts';
import { contestedKeyOf, placeOfChange, type Withheld } from '../model/withheld.ts';
import type { Looked } from './outcome.ts';

/** So many writes of one change, and it is left to people. */
const maxWrites = 2;
const memoryMs = 7 * dayMs;

/** What the next plan must hold. */
export function contestedOf(known: readonly Contested[]): Withheld['contested'] {
  return new Map(known.filter(({ written }) => written.length >= maxWrites).map((one) => [one.key, one]));
}

export interface ContestedAfter {
  readonly contested: readonly Contested[];
  /** Fights that no one was told of. */
  readonly begun: readonly Contested[];
  /** Reported ones that are forgotten. */
  readonly ended: readonly Contested[];
}

/** @param known - before this look */
export function contestedAfter(known: readonly Contested[], { plan, result }: Looked, nowMs: number): ContestedAfter {
  const at = new Date(nowMs).toISOString();
  const wanted = keysIn(plan);
  const seen = known.map((one) => (wanted.has(one.key) ? foundBack(one, at) : one));
  const begun = seen.filter((one) => one.told === undefined && isFight(one) && wanted.has(one.key));
  const told = seen.map((one) => (begun.includes(one) ? { ...one, told: at } : one));
  const writes = (result?.results ?? []).filter(({ outcome }) => outcome.status === 'done' && outcome.as === 'written');
  const all = writes
    .flatMap(({ action, endedMs }) => action.changes.map((change) => ({ change, endedMs })))
    .reduce<readonly Contested[]>(
      (list, one) => withWrite(list, one.change, new Date(one.endedMs).toISOString()),
      told,
    );
  const contested = all.filter((one) => nowMs - lastMsOf(one) < memoryMs);
  return { contested, begun, ended: all.filter((one) => one.told !== undefined && !contested.includes(one)) };
}

/** Only what is found after a write was changed back. A fight that goes on stays known. */
function foundBack(one: Contested, at: string): Contested {
  if (one.found.length < one.written.length) return { ...one, found: [...one.found, at] };
  return one.told === undefined ? one : { ...one, told: at };
}

const isFight = ({ written, found }: Contested): boolean => written.length >= maxWrites && found.length >= maxWrites;

const lastMsOf = ({ written, found, told = '' }: Contested): number =>
  Math.max(...[...written, ...found, told].map((time) => Date.parse(time) || 0));

const keysIn = ({ actions, held, blocked }: Plan): ReadonlySet<string> =>
  new Set(
    [...actions.flatMap(({ changes }) => changes), ...[...held, ...blocked].map(({ change }) => change)].map(
      contestedKeyOf,
    ),
  );

/** Something else that muster wrote there shows that the files have changed: what was written before is no fight. */
function withWrite(known: readonly Contested[], change: Change, at: string): readonly Contested[] {
  const key = contestedKeyOf(change);
  const place = placeOfChange(change);
  const before = known.find((one) => one.key === key);
  const { person, class: name, attribute } = change;
  const entry = before ?? { key, place, person, class: name, attribute, written: [], found: [] };
  const others = known.filter((one) => one.place !== place);
  return [...others, { ...entry, written: [...entry.written, at].slice(-maxWrites) }];
}
