import type { Visit } from './door.ts';
import type { FaultRow } from './fault-rows.ts';
import type { Scene, Side, Strike } from './strikes.ts';

/** A fault in one run: which request it waits for, and what it has done so far. */
export class Episode {
  readonly row: FaultRow;
  readonly side: Side;
  /** Requests that were struck. */
  hits = 0;
  readonly #isCall: (visit: Visit) => boolean;
  #begunAtMs: number | undefined;

  constructor(row: FaultRow, side: Side, isCall: (visit: Visit) => boolean) {
    this.row = row;
    this.side = side;
    this.#isCall = isCall;
  }

  /** Every request comes by here; those that are struck are seen to. */
  meet(visit: Visit, scene: Scene): Promise<void> | undefined {
    const { row, side } = this;
    if (this.#begunAtMs === undefined) {
      if (!this.#isCall(visit)) return undefined;
      this.#begunAtMs = scene.time.passedMs;
      if (row.isRefusal === true && side === 'after') return undefined;
      return this.#strike(row.strikes[0], visit, side, scene);
    }
    const isOver = scene.time.passedMs - this.#begunAtMs >= (row.lastsMs ?? 0);
    const next = row.strikes[this.hits] ?? (isOver ? undefined : row.strikes.at(-1));
    return this.#strike(next, visit, 'before', scene);
  }

  #strike(strike: Strike | undefined, visit: Visit, side: Side, scene: Scene): Promise<void> | undefined {
    if (strike === undefined) return undefined;
    this.hits++;
    return strike(visit, side, scene);
  }
}
