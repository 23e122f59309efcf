/** Lines of a log: what muster reconcile does, for people or for programs. */
import { assertNever } from '../model/assert-never.ts';
import { count } from '../model/count.ts';
import { fromTo } from '../model/from-to.ts';
import type { DriftCount } from '../model/generated/reconcile-state.ts';
import type { ReconcileEvent } from '../model/reconcile-event.ts';
import type { HealthReport } from '../model/reconcile-health.ts';
import { jsonLine } from './json-text.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { requestText } from './request-text.ts';

export interface LineLayout {
  readonly format: 'text' | 'json';
  /** Without names of people. */
  readonly redact: boolean;
  readonly nowMs: number;
  readonly paint: Paint;
  /** The name of one of several. */
  readonly server?: string | undefined;
}

/** One line, without its end. */
export function reconcileLine(event: ReconcileEvent, { format, redact, nowMs, paint, server }: LineLayout): string {
  const time = new Date(nowMs).toISOString();
  if (format === 'json')
    return jsonLine({ time, ...(server !== undefined && { server }), ...(redact ? withoutNames(event) : event) });
  const name = server === undefined ? '' : `${paint('bold', printable(server))} `;
  return `${paint('dim', time)} ${name}${printable(reconcileText(event, redact))}`;
}

const hidden = '(redacted)';

/** Messages of errors may name people. */
export function withoutNames(event: ReconcileEvent): ReconcileEvent {
  if (event.type === 'contested' || event.type === 'contest-over')
    return { ...event, person: hidden, key: hidden, place: hidden };
  if (event.type === 'request') return { ...event, path: event.template };
  return 'text' in event ? { ...event, text: hidden } : event;
}

/** What happened, in one sentence. */
export function reconcileText(event: ReconcileEvent, redact: boolean): string {
  switch (event.type) {
    case 'started':
      return `started in mode ${event.mode}, a cycle each ${Math.round(event.interval_ms / 1000)} s`;
    case 'cycle':
      return cycleText(event, redact);
    case 'health':
      return `${fromTo(healthText(event.from), healthText(event.to))}${textAfter(redact ? undefined : event.text)}`;
    case 'drift':
      return `drift: ${driftText(event.drift)}`;
    case 'drift-gone':
      return 'no drift any more';
    case 'class-quarantined':
      return `${event.budget} waits: ${event.reason}; the other classes go on`;
    case 'class-released':
      return `${event.budget} no longer waits`;
    case 'contested':
      return `contested: ${contestedText(event, redact)}: muster wrote it at ${timesText(event.written)}, and it was changed back, as found at ${timesText(event.found)}; it is held from now on`;
    case 'contest-over':
      return `no longer contested: ${contestedText(event, redact)}`;
    case 'warning':
      return redact
        ? `warning: ${event.code}`
        : `warning: ${event.text}${event.hint === undefined ? '' : ` (${event.hint})`}`;
    case 'notice':
      return event.outcome === 'sent'
        ? `notice sent to ${event.to}`
        : `notice to ${event.to} given up after ${count(event.tries, 'try', 'tries')}: ${event.why ?? ''}`;
    case 'request':
      return requestText(event, redact ? 'without names' : 'each');
    case 'reload':
      return 'the files have changed';
    case 'stopped':
      return 'stopped';
    default:
      return assertNever(event);
  }
}

function cycleText(event: Extract<ReconcileEvent, { readonly type: 'cycle' }>, redact: boolean): string {
  const { outcome, mode, done = 0, failed = 0, left = 0, code = '', text, next } = event;
  const then = next === undefined ? '' : `; next at ${next.slice(0, 19)}Z`;
  switch (outcome) {
    case 'paused':
      return `paused${then}`;
    case 'busy':
      return `another run works on this server${then}`;
    case 'put-off':
      return `not tried: the cycle before failed${then}`;
    case 'failed':
      return `failed: ${code}${textAfter(redact ? undefined : text)}${then}`;
    case 'looked': {
      const read = event.read === 'warm' ? ', read warm' : '';
      const made = mode === 'enforce' ? `${count(done, 'action')} done, ${failed} failed, ` : '';
      return `${mode}: ${made}${count(left, 'change')} left${closedText(event.closed_until)}${read}${then}`;
    }
  }
}

function closedText(until: string | undefined): string {
  if (until === undefined) return '';
  return `, window closed${until === '' ? '' : ` until ${until.slice(0, 19)}Z`}: only looking`;
}

const textAfter = (text: string | undefined): string => (text === undefined ? '' : `: ${text}`);

const healthText = ({ is, reason }: HealthReport): string => (reason === '' ? is : `${is} (${reason})`);

/** `2 update, 1 email`. */
export const driftText = (drift: readonly DriftCount[]): string =>
  drift.map((one) => `${one.planned + one.blocked + one.held} ${one.class}`).join(', ') || 'none';

const contestedText = (
  { person, class: name, attribute }: Extract<ReconcileEvent, { readonly type: 'contested' | 'contest-over' }>,
  redact: boolean,
): string => `${name}${redact ? '' : ` of ${person} (${attribute ?? ''})`}`;

const timesText = (times: readonly string[]): string => times.map((time) => `${time.slice(0, 16)}Z`).join(' and ');
