import type { DesiredUser } from './desired-state.ts';

/** A date of an entry makes the person active, or inactive. */
export interface DatedSwitch {
  readonly atMs: number;
  readonly active: boolean;
}

/** When dates of an entry will make the person active, or inactive, after a moment; in their order. */
export function switchesAfter({ dates = {} }: Pick<DesiredUser, 'dates'>, momentMs: number): readonly DatedSwitch[] {
  const { startsMs, endsMs } = dates;
  const all: readonly DatedSwitch[] = [
    ...(startsMs === undefined ? [] : [{ atMs: startsMs, active: true }]),
    ...(endsMs === undefined ? [] : [{ atMs: endsMs, active: false }]),
  ];
  return all.filter(({ atMs }) => atMs > momentMs).toSorted((a, b) => a.atMs - b.atMs);
}
