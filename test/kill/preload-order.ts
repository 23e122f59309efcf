/** What the preload is told to do, by one environment variable. */

/** `state`: whatever else than a journal lies in the state directory. */
export type FileKind = 'journal' | 'state' | 'sink';

/** Where in its writing of files a process ends itself. */
export interface FileKill {
  readonly files: FileKind;
  /** Counted from 1. */
  readonly nth: number;
  /** `torn`: in the middle of a write; of a step that cannot be torn, before it. */
  readonly when: 'before' | 'torn' | 'after';
  /** How much of a torn write is done, 0..1. */
  readonly share: number;
}

export interface FastClock {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly speed: number;
}

export const fastNow = ({ sinceMs, speed }: FastClock): number => sinceMs + (Date.now() - sinceMs) * speed;

export interface PreloadOrder {
  /** What the clock says at the start, in milliseconds since the epoch; waits take no time then. Absent: the real clock. */
  readonly clockMs?: number;
  /** A clock that runs so many times as fast as the real one, from a moment on: the same for all who are given it. */
  readonly fast?: FastClock;
  /** A file that is told at the end how many steps there were, by kind. */
  readonly countInto?: string;
  readonly kill?: FileKill;
}

/** Where a process tells of a long wait. */
export const waitingPath = '/waiting';

const variable = 'MUSTER_TEST_ORDER';

export const environmentOf = (order: PreloadOrder): NodeJS.ProcessEnv => ({ [variable]: JSON.stringify(order) });

export const orderFrom = (env: NodeJS.ProcessEnv): PreloadOrder => JSON.parse(env[variable] ?? '{}') as PreloadOrder;

export function kindOfFile(path: string): FileKind | undefined {
  if (/\/run-[^/]*\.jsonl$/.test(path)) return 'journal';
  if (/\/state(\/|$)/.test(path)) return 'state';
  return /\/secrets(\/|$)/.test(path) ? 'sink' : undefined;
}
