/** A clock that is set back leaves moments that are later than was meant: who waits for one would wait too long. */
import type { Clock } from '../model/clock.ts';
import type { ClassQuarantine, Contested, LastCycle, ReconcileState } from '../model/generated/reconcile-state.ts';

/** Notices that a clock was set back. */
export class ClockWatch {
  readonly #clock: Pick<Clock, 'now'>;
  #lastMs: number;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#lastMs = clock.now();
  }

  /** @returns by how much at least, since it was asked last; 0: it was not */
  setBackMs(): number {
    const nowMs = this.#clock.now();
    const byMs = Math.max(0, this.#lastMs - nowMs);
    this.#lastMs = nowMs;
    return byMs;
  }
}

/**
 * What is known as it would be had the clock been right before. It was set back where the process showed that it worked at a
 * moment that is still to come. What people chose, such as the end of a pause, stays.
 */
export function afterSetBack(state: ReconcileState, nowMs: number): ReconcileState {
  const byMs = Date.parse(state.beat) - nowMs;
  if (!(byMs > 0)) return state;
  const moved = (at: string): string => (Date.parse(at) > nowMs ? isoOf(Date.parse(at) - byMs) : at);
  const movedIn = <Of extends object>(of: Of, ...keys: ReadonlyArray<keyof Of>): Of => ({
    ...of,
    ...Object.fromEntries(keys.flatMap((key) => (typeof of[key] === 'string' ? [[key, moved(of[key])]] : []))),
  });
  const cycle = (one: LastCycle): LastCycle => movedIn(one, 'at');
  const { read, trouble, quarantine, last, recent } = state;
  return {
    ...movedIn(state, 'beat', 'looked', 'succeeded', 'next', 'drift_told'),
    ...(read !== undefined && { read: movedIn(read, 'full') }),
    ...(trouble !== undefined && { trouble: movedIn(trouble, 'since') }),
    ...(quarantine !== undefined && { quarantine: movedIn(quarantine, 'since') }),
    classes: state.classes.map((one): ClassQuarantine => movedIn(one, 'since', 'retry')),
    contested: state.contested.map(
      (one): Contested => ({ ...movedIn(one, 'told'), written: one.written.map(moved), found: one.found.map(moved) }),
    ),
    ...(last !== undefined && { last: cycle(last) }),
    ...(recent !== undefined && { recent: recent.map(cycle) }),
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
