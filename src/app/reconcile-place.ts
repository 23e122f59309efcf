/** Where muster reconcile keeps what it knows of a server: beside the state directories of servers, which are known by their keys only once they answer. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lookAtLock, takeLock } from '../journal/lock.ts';
import { type FoundMemory, readReconcileMemory, writeReconcileMemory } from '../journal/reconcile-memory.ts';
import { ensureStateDir, isStateDirThere, StateDirError, stateDirOf, stateHomeOf } from '../journal/state-dir.ts';
import { isOwnStateDir, refuseUnlessBelieved, unlessNotBelieved } from '../journal/trust.ts';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { ownersIn } from '../model/pipeline.ts';
import { journalKeyOf } from '../secrets/journal-key.ts';
import { validateReconcileState } from '../source/generated/validate-reconcile-state.ts';
import { closing } from './closing.ts';
import { credentialsOf } from './connect.ts';
import { loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

export interface ReconcilePlaceOptions extends InputOptions, ConnectionOptions {
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string;
}

/** The memory of one server, held by this process alone. */
export interface ReconcilePlace {
  /** The server's name: its address. */
  readonly server: string;
  /** Absolute: of this server alone. */
  readonly dir: string;
  /** What the process before knew; `undefined`: nothing, or it is not believed. */
  readonly before: ReconcileState | undefined;
  /** @throws {StateDirError} when it cannot be written */
  remember(state: ReconcileState): Promise<void>;
  /** Shows other machines that this process lives. */
  renew(): Promise<void>;
}

const prefix = 'reconcile_';

const dirOf = (stateDir: string | undefined, server: string, env: NodeJS.ProcessEnv): string =>
  stateDirOf(stateDir, `${prefix}${server}`, env);

/**
 * Holds the memory of the server that the settings name while `work` runs: a second process is refused.
 *
 * @throws {LockedError} when another process has it
 * @throws {CallerTokenError} when there is no token
 */
export async function withReconcilePlace<Result>(
  options: ReconcilePlaceOptions,
  ports: AppPorts,
  work: (place: ReconcilePlace) => Promise<Result>,
): Promise<Result> {
  const { env, clock, emit } = ports;
  const { base: _base, requireBase: _require, ...inputs } = options;
  const settings = await loadSettings(inputs, ports);
  const { url: named, token } = await credentialsOf(ports).credentialFor(settings.servers, settings.name);
  const url = named.replace(/\/+$/, '');
  const key = journalKeyOf(token, url);
  const dir = dirOf(options.stateDir, url, env);
  await ensureStateDir(dir, ownersIn(env, process.getuid?.()));
  const lock = await takeLock(dir, clock.now());
  return await closing(
    async () => {
      const isOwn = await isOwnStateDir(dir, env);
      const trust = { key, isOwn, warn: emit };
      const before = await unlessNotBelieved(trust, 'cycles-forgotten', async () => {
        const found = await readReconcileMemory(dir, key);
        if (found === undefined) return undefined;
        refuseUnlessBelieved(trust, found.name, found.signature ?? 'none');
        const state = stateIn(found, dir);
        if (state.server !== url) return undefined;
        return found.signature === 'another key' ? withoutTrouble(state) : state;
      });
      return await work({
        server: url,
        dir,
        before,
        remember: (state) => writeReconcileMemory(dir, state, key),
        renew: () => lock.renew(),
      });
    },
    () => lock.release(),
  );
}

/** Another token is a new try: what was put off for the one before is not. */
function withoutTrouble(state: ReconcileState): ReconcileState {
  const { trouble: _trouble, quarantine: _quarantine, next: _next, ...rest } = state;
  return rest;
}

/** @throws {StateDirError} when it is not as it was written */
function stateIn({ content, name }: FoundMemory, dir: string): ReconcileState {
  if (validateReconcileState(content)) return content;
  throw new StateDirError({ is: 'reconcile-changed', path: join(dir, name) });
}

/** What is remembered of one server. */
export interface SeenReconcile {
  readonly dir: string;
  readonly state: ReconcileState;
  /** The process that holds it; absent: none does. */
  readonly heldBy?: string;
}

/**
 * What every process of muster reconcile knows, for those who only look. Needs no server and no token.
 *
 * @throws {StateDirError} when a folder is not safe, or what lies there is not as it was written
 */
export async function lookAtReconcile(
  stateDir: string | undefined,
  { env }: Pick<AppPorts, 'env'>,
): Promise<readonly SeenReconcile[]> {
  const home = stateHomeOf(stateDir, env);
  const owners = ownersIn(env, process.getuid?.());
  if (!(await isStateDirThere(home, owners))) return [];
  const seen: SeenReconcile[] = [];
  for (const name of (await readdir(home)).filter((one) => one.startsWith(prefix)).toSorted()) {
    const dir = join(home, name);
    if (!(await isStateDirThere(dir, owners))) continue;
    const found = await readReconcileMemory(dir, undefined);
    if (found === undefined) continue;
    const holder = await lookAtLock(dir);
    seen.push({ dir, state: stateIn(found, dir), ...(holder !== undefined && { heldBy: holder.who }) });
  }
  return seen;
}
