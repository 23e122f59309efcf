import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { SandboxConfig } from './config.ts';
import type { Licence } from './licence.ts';
import type { StoredTables } from './store.ts';
import type { World } from './world.ts';

/** What a state file holds. It has passwords as hashes and tokens in clear, as a server's database does: mode 0600. */
interface StoredState {
  readonly sandbox: 1;
  readonly diagnosticId: string;
  readonly installedAt: number;
  readonly adminToken: string;
  readonly config: SandboxConfig;
  readonly licence: Licence | null;
  readonly tables: StoredTables;
}

/** A state file that is not one, or not of this version. */
export class StateFileRefusedError extends Error {
  override readonly name = 'StateFileRefusedError';
}

/** @returns what was loaded into the world, or undefined when there is no such file */
export async function loadState(path: string, world: World): Promise<{ readonly adminToken: string } | undefined> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const state = decodeState(content, path);
  world.diagnosticId = state.diagnosticId;
  world.installedAt = state.installedAt;
  world.config = { ...world.config, ...state.config };
  world.licence = state.licence ?? undefined;
  world.store.load(state.tables);
  return { adminToken: state.adminToken };
}

/** The file is our own, so beyond its mark it is taken at its word. */
function decodeState(content: string, path: string): StoredState {
  try {
    const value: unknown = JSON.parse(content);
    if (isStoredState(value)) return value;
  } catch (cause) {
    throw new StateFileRefusedError(`${path} is not JSON`, { cause });
  }
  throw new StateFileRefusedError(`${path} is not a sandbox state of version 1`);
}

const isStoredState = (value: unknown): value is StoredState =>
  typeof value === 'object' && value !== null && 'sandbox' in value && value.sandbox === 1 && 'tables' in value;

/** Saves the whole state, one save at a time; callers who ask meanwhile share the next one. */
export class StateSaver {
  readonly #path: string | undefined;
  readonly #world: World;
  readonly #adminToken: string;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(path: string | undefined, world: World, adminToken: string) {
    this.#path = path;
    this.#world = world;
    this.#adminToken = adminToken;
  }

  /** Resolves when a state that includes everything done so far is on disk. */
  save(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return Promise.resolve();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = writeAtomically(path, JSON.stringify(this.#state()));
        return this.#running;
      });
    return this.#next;
  }

  #state(): StoredState {
    const world = this.#world;
    return {
      sandbox: 1,
      diagnosticId: world.diagnosticId,
      installedAt: world.installedAt,
      adminToken: this.#adminToken,
      config: world.config,
      licence: world.licence ?? null,
      tables: world.store.save(),
    };
  }
}

/** A reader of the path sees the old content or the new one, never a part. */
async function writeAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
