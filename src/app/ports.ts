import type { Clock } from '../model/clock.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { Secret } from '../model/secret.ts';
import type { ServerRef } from '../model/server-ref.ts';

/** What a use case may touch of the world; the command line fills it in, and so does whoever uses the library. */
export interface AppPorts {
  /** Absolute. */
  readonly workingDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly emit: EmitRunEvent;
  readonly toolVersion: string;
  /** By default one token for every server: `MUSTER_TOKEN`, or the file that `MUSTER_TOKEN_FILE` names. */
  readonly credentials?: Credentials;
}

/** Where the token comes from that muster acts with. */
export interface Credentials {
  /** Asked each time that a server is connected to. */
  tokenFor(server: ServerRef): Promise<Secret>;
}

/** How to reach the server; from flags. */
export interface ConnectionOptions {
  readonly server?: string;
  readonly caFile?: string;
  readonly allowPlainHttp?: boolean;
  /** Requests per second, to go slower than the server would allow. */
  readonly rate?: number;
  /** Requests, and people, at the same time. */
  readonly concurrency?: number;
}

/** What to read; from flags. */
export interface InputOptions {
  readonly config?: string;
  readonly files?: readonly string[];
  /** The moment as of which `starts` and `ends` are read; milliseconds since the epoch. */
  readonly atMs?: number;
  /** What the config and its approvals are compared with: a git ref; or a folder, beginning with `./`, `../` or `/`. */
  readonly base?: string;
  /** Whether it is an error to name no base. */
  readonly requireBase?: boolean;
}
