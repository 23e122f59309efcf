/**
 * What can go wrong between muster and a server: a row each. Every row strikes a call before it is carried out, or right
 * after; a new fault costs one row.
 */
import {
  answered,
  cutShort,
  dripped,
  errorOf,
  hungUp,
  jumped,
  limited,
  ofAnotherType,
  overTheAnswer,
  page,
  restarted,
  type Strike,
  timedOut,
} from './strikes.ts';

export interface FaultRow {
  readonly name: string;
  /** The first meets the call, the others one request each of those that come next. */
  readonly strikes: readonly Strike[];
  /** For so long, in milliseconds, every request that comes next meets the last one. */
  readonly lastsMs?: number;
  /** It outlasts the call, so that calls about other people meet it too. */
  readonly isLong?: true;
  /** It says that nothing was done, so it cannot follow a commit: after it the requests that come next are struck. */
  readonly isRefusal?: true;
  /** A limiter goes by the clock: one that was put back refuses for as long. */
  readonly movesClocks?: true;
  /** A look after the loss may show less than what was done, or will be: a write may be carried out a second time. */
  readonly deceives?: true;
}

const hourMs = 3_600_000;

export const faultRows: readonly FaultRow[] = [
  {
    name: '429 with Retry-After of every kind',
    isLong: true,
    isRefusal: true,
    strikes: [
      limited('1'),
      limited('60'),
      limited(undefined),
      limited('-5'),
      limited(({ time }) => new Date(time.serverNow() + 30_000).toUTCString()),
      limited('1000000000'),
    ],
  },
  { name: 'a storm of 429 for ten minutes', isLong: true, isRefusal: true, strikes: [limited('1')], lastsMs: 600_000 },
  { name: '500 of the server', strikes: [answered(errorOf(500))] },
  {
    name: '502, 503 and 504 with the page of a proxy',
    isLong: true,
    strikes: [answered(page(502)), answered(page(503)), answered(page(504))],
  },
  {
    name: '401 in the middle of the run',
    isLong: true,
    isRefusal: true,
    strikes: [answered(errorOf(401, 'api.context.session_expired.app_error'))],
    lastsMs: 60_000,
  },
  { name: 'a connection closed before the request gets through', isRefusal: true, strikes: [hungUp('close')] },
  { name: 'a reset before the headers', strikes: [hungUp('reset')] },
  { name: 'a reset within the body', strikes: [overTheAnswer((visit, reply) => visit.breakOff(reply))] },
  { name: 'JSON cut short with 200', strikes: [overTheAnswer((visit, reply) => visit.garble(cutShort(reply)))] },
  { name: 'JSON of another type', strikes: [overTheAnswer((visit, reply) => visit.garble(ofAnotherType(reply)))] },
  { name: 'headers or a body of one byte a second', strikes: [dripped()] },
  { name: 'a time-out, and a commit 30 s later', strikes: [timedOut()], deceives: true },
  { name: 'a restart: refused for 20 s, then old data', isLong: true, strikes: [restarted()], deceives: true },
  {
    name: 'clocks that jump by an hour, ours and the server’s',
    isLong: true,
    movesClocks: true,
    strikes: [
      jumped({ hostMs: hourMs }),
      jumped({ hostMs: -2 * hourMs }),
      jumped({ hostMs: hourMs }),
      jumped({ serverMs: hourMs }),
      jumped({ serverMs: -2 * hourMs }),
      jumped({ serverMs: hourMs }),
    ],
  },
];
