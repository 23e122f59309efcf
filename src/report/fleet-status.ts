/** How muster reconcile stands on many servers: one line for each. */
import { healthOf } from '../model/reconcile-health.ts';
import { type FleetLine, fleetTable } from './fleet-text.ts';
import type { Paint } from './paint.ts';
import { driftText } from './reconcile-line.ts';
import { healthColours, type Seen, seenJson, spanText, whyText } from './status-text.ts';

interface Standing {
  readonly name: string;
  readonly url?: string;
  /** Absent: nothing is known. */
  readonly seen?: Seen;
}

export const fleetStatusText = (standings: readonly Standing[], nowMs: number, paint: Paint): string =>
  fleetTable(
    standings.map((one) => lineOf(one, nowMs)),
    paint,
  );

function lineOf({ name, seen }: Standing, nowMs: number): FleetLine {
  if (seen === undefined)
    return { name, word: 'unknown', colour: 'yellow', text: 'muster reconcile has left nothing here' };
  const { state } = seen;
  const health = healthOf(state, nowMs);
  const parts = [
    whyText(state, health),
    state.drift.length === 0 ? undefined : `drift: ${driftText(state.drift)}`,
    state.looked === undefined ? 'never looked' : `looked ${spanText((nowMs - Date.parse(state.looked)) / 1000)} ago`,
  ];
  const text = parts.filter((part) => part !== undefined).join('; ');
  return { name, word: health.is, colour: healthColours[health.is], text };
}

/** For programs. */
export const fleetStatusJson = (standings: readonly Standing[], nowMs: number): object => ({
  servers: standings.map(({ name, url, seen }) => ({
    name,
    ...(seen === undefined
      ? { ...(url !== undefined && { server: url }), health: { is: 'unknown', reason: '' } }
      : seenJson(seen, nowMs)),
  })),
});
