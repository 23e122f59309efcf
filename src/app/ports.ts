import { isAbsolute } from 'node:path';
import type { KeptAnswer } from '../api/index.ts';
import { systemClock } from '../api/system-clock.ts';
import type { Machine } from '../config/machine.ts';
import type { ReconcileFlags } from '../config/reconcile-settings.ts';
import type { Clock } from '../model/clock.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { Warning } from '../model/messages/warning-rows.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { Credential, NamedServer } from '../secrets/caller-token.ts';
import { toolVersion } from './version.ts';

/** What a use case may touch of the world; the command line fills it in, and so does a program that uses the library. */
export interface AppPorts {
  /** Absolute. */
  readonly workingDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly emit: EmitRunEvent;
  readonly toolVersion: string;
  /** By default `MUSTER_TOKEN`, or the file that `MUSTER_TOKEN_FILE` names, with the server that it is bound to. */
  readonly credentials?: Credentials;
  /** Aborted: calls end, and none is made any more. For what must not be cut off there is {@link AppPorts.letFinish}. */
  readonly signal?: AbortSignal;
  /** Runs one step of a use case: tells how long it took. By default just runs it. */
  readonly inStep?: InStep;
  /** Told once there is much to keep in memory, such as the people of a large file; more than once where there are several. */
  readonly expectMuch?: () => void;
  /** Runs what writes to the server; {@link AppPorts.signal} is not aborted before it has ended. By default just runs it. */
  readonly letFinish?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** `load`: settings and files; `plan`: the server is read and compared; `apply`: the plan is carried out, and read back. */
export type Step = 'load' | 'plan' | 'apply';
export type InStep = <Result>(step: Step, work: () => Promise<Result>) => Promise<Result>;

/** Runs a step, and tells of it where someone wants to know. The first thing that a use case does with its ports. */
export async function inStep<Result>(ports: AppPorts, step: Step, work: () => Promise<Result>): Promise<Result> {
  refuseMissingPorts(ports);
  const { inStep: tell } = ports;
  return await (tell === undefined ? work() : tell(step, work));
}

/** From TypeScript the compiler says so; a program in JavaScript hears it here. */
export function refuseMissingPorts(ports: Partial<AppPorts> | undefined): void {
  refuseMissingPlace(ports);
  if (typeof ports?.clock?.now !== 'function' || typeof ports.emit !== 'function')
    throw new ProgrammingError({ is: 'ports-incomplete' });
}

/** The same, for what only looks at files of this machine. */
export function refuseMissingPlace(ports: Partial<Pick<AppPorts, 'env' | 'workingDir'>> | undefined): void {
  const isWhole =
    typeof ports?.workingDir === 'string' && isAbsolute(ports.workingDir) && typeof ports.env === 'object';
  if (!isWhole) throw new ProgrammingError({ is: 'ports-incomplete' });
}

/** The world as it is: this process, its clock and its environment; reports no progress. */
export function defaultPorts(own: Partial<AppPorts> = {}): AppPorts {
  return {
    workingDir: process.cwd(),
    env: process.env,
    clock: systemClock,
    emit: () => undefined,
    toolVersion: toolVersion(),
    ...own,
  };
}

/** Ports of a use case that works on one server. */
export interface ServerPorts extends AppPorts {
  /** What the journals of this server are signed with: comes from the caller's token. */
  readonly journalKeyFor: (serverKey: string) => JournalKey;
  /** Whether a run left a note on the server which says that it did not come to its end. */
  readonly isLeftOpen: (run: string) => Promise<boolean>;
  /** Tells a person, and the same thing once only. */
  readonly warnOnce: (warning: Warning) => void;
}

/** Where the token comes from that muster acts with. */
export interface Credentials {
  /**
   * The token together with the one server that it may be sent to. Asked each time that a server is connected to.
   *
   * @param servers - every server that is named, the one that counts first
   * @param name - of a server among several
   */
  credentialFor(servers: readonly NamedServer[], name?: string): Promise<Credential>;
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
  /** Gets the data of every call that ended, to keep them as evidence. */
  readonly onAnswer?: (answer: KeptAnswer) => void;
}

/** What to read; from flags. */
export interface InputOptions {
  readonly config?: string;
  readonly files?: readonly string[];
  /** The moment as of which `starts` and `ends` are read, or the date at whose start, as files write them. */
  readonly at?: string;
  /** What the config and its approvals are compared with: a git ref; or a folder, beginning with `./`, `../` or `/`. */
  readonly base?: string;
  /** Whether it is an error to name no base. */
  readonly requireBase?: boolean;
  /** Of the command reconcile. */
  readonly reconcile?: ReconcileFlags;
  /** Settings and files come from there. */
  readonly checkout?: Checkout;
  /** Users files come from another folder than settings: those of a pull request are data, and no more. */
  readonly usersFrom?: UsersFrom;
}

/** A folder that stands in the place of another one. */
export interface UsersFrom {
  /** Absolute: what `muster.yaml` lies in, or below. */
  readonly root: string;
  /** Absolute: holds the users files, and the approvals that are not merged yet, at the same paths. */
  readonly instead: string;
}

/** A commit of a branch that muster pulled by itself. */
export interface Checkout {
  readonly url: string;
  readonly branch: string;
  readonly commit: string;
  /** Absolute: the folder in which muster.yaml and the files lie. */
  readonly dir: string;
  readonly machine: Machine;
}
