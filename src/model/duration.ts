/** Durations as files write them: `90d`, `12h`, `30m`, `45s`; the largest unit that fits first. */

export const dayMs = 86_400_000;
/** The UTC day of a moment in milliseconds since the epoch, `YYYY-MM-DD`. */
export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const hourMs = 3_600_000;
export const minuteMs = 60_000;
const unitsMs = { d: dayMs, h: hourMs, m: minuteMs, s: 1000 } as const;

const isUnit = (text: string): text is keyof typeof unitsMs => text in unitsMs;

/** @param text - as the schemas allow it */
export function durationMs(text: string): number {
  const unit = text.slice(-1);
  return Number(text.slice(0, -1)) * (isUnit(unit) ? unitsMs[unit] : 0);
}

export function durationText(ms: number): string {
  const [unit, size] = Object.entries(unitsMs).find(([, one]) => ms % one === 0) ?? ['m', unitsMs.m];
  return `${Math.round(ms / size)}${unit}`;
}
