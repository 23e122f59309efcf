import type { ShownRequests } from '../report/request-text.ts';
import type { Shutdown } from './shutdown.ts';

/** The world as the command line sees it; tests pass their own. */
export interface CliIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** One line from the person at the terminal; `undefined` where there is no one to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Of the requests to a server, on stderr; none by default. */
  readonly requests?: ShownRequests;
  /** Absolute. */
  readonly workingDir: string;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** What that ends at once, and what it lets finish; by default made of the signal. */
  readonly shutdown?: Shutdown;
}

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY: boolean;
  /** How wide a terminal is, now, if it knows. */
  readonly columns?: () => number | undefined;
}
