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
/** Of all keys together, in characters: what is remembered has to be read again, by a process that refuses a large file. */
const maxRemembered = 2_000_000;

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
  const isBegun = (one: Contested): boolean => one.told === undefined && isFight(one) && wanted.has(one.key);
  const begun = seen.filter(isBegun);
  const byPlace = new Map(seen.map((one) => [one.place, isBegun(one) ? { ...one, told: at } : one]));
  const writes = (result?.results ?? []).filter(({ outcome }) => outcome.status === 'done' && outcome.as === 'written');
  for (const { action, endedMs } of writes) {
    for (const change of action.changes) noteWrite(byPlace, change, new Date(endedMs).toISOString());
  }
  const all = [...byPlace.values()];
  const contested = withinRoom(all.filter((one) => nowMs - lastMsOf(one) < memoryMs));
  const kept = new Set(contested);
  return { contested, begun, ended: all.filter((one) => one.told !== undefined && !kept.has(one)) };
}

/** Where all are too many: those that were found changed back, then those that were written last. */
function withinRoom(all: readonly Contested[]): readonly Contested[] {
  const kept = new Set<Contested>();
  let room = maxRemembered;
  for (const one of [...all.filter(isSuspect), ...all.filter((other) => !isSuspect(other)).toReversed()]) {
    room -= one.key.length + one.place.length;
    if (room < 0) break;
    kept.add(one);
  }
  return kept.size === all.length ? all : all.filter((one) => kept.has(one));
}

const isSuspect = ({ found, told }: Contested): boolean => found.length > 0 || told !== undefined;

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
function noteWrite(byPlace: Map<string, Contested>, change: Change, at: string): void {
  const key = contestedKeyOf(change);
  const place = placeOfChange(change);
  const before = byPlace.get(place);
  const { person, class: name, attribute } = change;
  const entry = before?.key === key ? before : { key, place, person, class: name, attribute, written: [], found: [] };
  // What was written last stands last.
  byPlace.delete(place);
  byPlace.set(place, { ...entry, written: [...entry.written, at].slice(-maxWrites) });
}
