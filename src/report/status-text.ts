/** How muster reconcile stands, server by server. */
import { count } from '../model/count.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { type Health, type HealthReport, healthOf } from '../model/reconcile-health.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { driftText } from './reconcile-line.ts';

export interface Seen {
  readonly state: ReconcileState;
  /** The process that holds it; absent: none runs. */
  readonly heldBy?: string;
}

export const healthColours: Readonly<Record<Health, Parameters<Paint>[0]>> = {
  ok: 'green',
  paused: 'yellow',
  quarantined: 'red',
  failing: 'red',
  stale: 'red',
};

export function statusText(seen: readonly Seen[], nowMs: number, paint: Paint): string {
  return seen.map((one) => serverText(one, nowMs, paint)).join('\n');
}

function serverText({ state, heldBy }: Seen, nowMs: number, paint: Paint): string {
  const health = healthOf(state, nowMs);
  const lines: ReadonlyArray<readonly [name: string, text: string | undefined]> = [
    ['why', whyText(state, health)],
    ['mode', `${state.mode}${windowText(state)}`],
    ['last look', momentText(state.looked, nowMs)],
    ['read', readText(state.read, nowMs)],
    ['last success', momentText(state.succeeded, nowMs)],
    ['next', nextText({ state, ...(heldBy !== undefined && { heldBy }) }, nowMs)],
    [
      'commit',
      state.branch === undefined
        ? undefined
        : `${state.branch.commit.slice(0, 12)} of ${state.branch.branch} (${state.branch.url})`,
    ],
    ['drift', driftText(state.drift)],
    [
      'unusable',
      state.unusable === undefined || state.unusable === 0 ? undefined : count(state.unusable, 'entry', 'entries'),
    ],
    ...state.classes.map(
      (one) => ['waits', `${one.budget}: ${one.reason}; next try ${momentText(one.retry, nowMs)}`] as const,
    ),
    ...state.contested
      .filter(({ told }) => told !== undefined)
      .map(
        (one) =>
          [
            'contested',
            `${one.person} ${one.attribute ?? ''} (${one.class}): written ${timesText(one.written)}, found changed back ${timesText(one.found)}`,
          ] as const,
      ),
    ['process', heldBy ?? 'none'],
  ];
  const title = `${paint('bold', printable(state.server))}  ${paint(healthColours[health.is], health.is)}`;
  const rows = lines.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(13)}${printable(text)}`]));
  return [title, ...rows, ''].join('\n');
}

export function whyText(
  { pause, quarantine, trouble, beat }: ReconcileState,
  { is, reason }: HealthReport,
): string | undefined {
  switch (is) {
    case 'ok':
      return undefined;
    case 'paused':
      return pause === undefined ? reason : `${pause.reason} (${pause.by}), until ${pause.until}`;
    case 'quarantined':
      return quarantine === undefined
        ? reason
        : `${reason} since ${quarantine.since}, ${count(quarantine.tries, 'try', 'tries')}${trouble === undefined ? '' : `: ${trouble.text}`}`;
    case 'failing':
      return trouble === undefined
        ? reason
        : `${reason}, ${trouble.count} in a row since ${trouble.since}: ${trouble.text}`;
    case 'stale':
      return `no sign of life since ${beat}: what stands here may no longer be so`;
  }
}

export function readText(read: ReconcileState['read'], nowMs: number): string | undefined {
  if (read === undefined) return undefined;
  return read.is === 'full' ? 'everything' : `what changed since a full read, ${momentText(read.full, nowMs)}`;
}

function windowText({ window }: ReconcileState): string {
  if (window === undefined) return '';
  const until = window.until === undefined ? '' : ` until ${window.until}`;
  return window.open ? `, window open${until}` : `, window closed${until}: only looking`;
}

function nextText({ state: { next }, heldBy }: Seen, nowMs: number): string {
  if (next !== undefined) return momentText(next, nowMs);
  return heldBy === undefined ? 'when it is started again' : 'a cycle is under way';
}

export function momentText(at: string | undefined, nowMs: number): string {
  if (at === undefined) return 'never';
  const seconds = Math.round((Date.parse(at) - nowMs) / 1000);
  return `${at} (${seconds > 0 ? `in ${spanText(seconds)}` : `${spanText(-seconds)} ago`})`;
}

export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const timesText = (times: readonly string[]): string => times.map((time) => time.slice(0, 19)).join(' and ');

/** For programs: everything that is known, with the health of this moment. */
export const statusJson = (seen: readonly Seen[], nowMs: number): object => ({
  servers: seen.map((one) => seenJson(one, nowMs)),
});

export const seenJson = ({ state, heldBy }: Seen, nowMs: number): object => ({
  server: state.server,
  health: healthOf(state, nowMs),
  ...(heldBy !== undefined && { held_by: heldBy }),
  state,
});
