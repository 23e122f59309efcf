/**
 * What is kept from one job to the next: state directories of servers, and plans that wait for their review. Unsealed in a
 * folder it is used where it lies; else it is brought into a private folder, and what has changed is taken back.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readRegularFile, writeWholeFile } from '../../disk/durable-files.ts';
import { count } from '../../model/count.ts';
import { dayMs, utcDay } from '../../model/duration.ts';
import { warning } from '../../model/messages/warning-rows.ts';
import type { Plan } from '../../model/plan.ts';
import { longestLifetimeMs } from '../../model/plan-lifetime.ts';
import { systemCodeOf } from '../../model/system-error.ts';
import { planFileText } from '../../plan/plan-file.ts';
import type { Seal } from '../../secrets/state-seal.ts';
import type { AppPorts } from '../ports.ts';
import { CiStateError } from './errors.ts';
import { StateBranch, type StateBranchPlace } from './state-branch.ts';

/** Where it is kept. */
export type StatePlace =
  | { readonly is: 'folder' /** Absolute. */; readonly dir: string }
  | ({ readonly is: 'branch' } & Pick<StateBranchPlace, 'url' | 'branch' | 'credential'>);

export interface CiState {
  /** Absolute: where the state directories of servers lie. */
  readonly dir: string;
  keepPlan(plan: Plan): Promise<void>;
  /** The text of a plan file that was kept; `undefined`: there is none. */
  findPlan(digest: string): Promise<string | undefined>;
  /** Keeps other jobs that apply away until it is saved, where the place knows how. */
  claim(): Promise<void>;
  /** Makes what has changed so far last, in the midst of a run: a job that is killed leaves it. One at a time. */
  checkpoint(): Promise<void>;
  /** Makes what has changed last for the jobs to come. */
  save(): Promise<void>;
}

const maxFile = 64 * 1024 * 1024;

/**
 * @param workDir - absolute: private, empty, and gone after the job
 * @param seal - absent: as it is
 */
export async function openState(
  place: StatePlace,
  seal: Seal | undefined,
  workDir: string,
  ports: Pick<AppPorts, 'clock' | 'env' | 'signal' | 'emit'>,
): Promise<CiState> {
  if (place.is === 'folder') {
    if (seal === undefined) return { ...shelfIn(place.dir, ports), claim: nothing, checkpoint: nothing, save: nothing };
    const save: Keep = (files, gone) => writeInto(place.dir, files, gone);
    const store = { claim: nothing, checkpoint: save, save };
    return await broughtFrom(place.dir, seal, join(workDir, 'state'), store, ports);
  }
  const { url, branch, credential } = place;
  const stored = join(workDir, 'branch');
  const store = new StateBranch({
    url,
    branch,
    dir: stored,
    gitDir: join(workDir, 'branch.git'),
    env: ports.env,
    clock: ports.clock,
    ...(credential !== undefined && { credential }),
    ...(ports.signal !== undefined && { signal: ports.signal }),
  });
  await store.load();
  return await broughtFrom(stored, seal ?? noSeal, join(workDir, 'state'), store, ports);
}

/** Where files go that have changed. */
interface Store {
  claim(): Promise<void>;
  checkpoint: Keep;
  save: Keep;
}

type Keep = (files: ReadonlyMap<string, Uint8Array>, gone: readonly string[]) => Promise<void>;

const nothing = (): Promise<void> => Promise.resolve();
const noSeal: Seal = { close: (_, content) => content, open: (_, content) => content };

/** A copy of what is stored, opened, and what of it has changed by the end. */
async function broughtFrom(
  stored: string,
  seal: Seal,
  dir: string,
  store: Store,
  ports: Pick<AppPorts, 'clock' | 'emit'>,
): Promise<CiState> {
  const before = new Map<string, Buffer>();
  let closed = 0;
  for (const [name, content] of await filesBelow(stored)) {
    const opened = seal.open(name, content);
    if (opened === undefined) closed += 1;
    else before.set(name, Buffer.from(opened));
  }
  if (closed > 0) ports.emit(warning('sealed-by-others', { files: count(closed, 'file') }));
  await writeInto(dir, before, []);
  const keepBy = async (keep: Keep): Promise<void> => {
    const after = await filesBelow(dir);
    const changed = [...after].filter(([name, content]) => before.get(name)?.equals(content) !== true);
    const gone = [...before.keys()].filter((name) => !after.has(name));
    await keep(new Map(changed.map(([name, content]) => [name, seal.close(name, content)])), gone);
    for (const [name, content] of changed) before.set(name, content);
    for (const name of gone) before.delete(name);
  };
  return {
    ...shelfIn(dir, ports),
    claim: () => store.claim(),
    checkpoint: () => keepBy((files, gone) => store.checkpoint(files, gone)),
    save: () => keepBy((files, gone) => store.save(files, gone)),
  };
}

/** The plans and the state directories in a folder. */
function shelfIn(dir: string, { clock }: Pick<AppPorts, 'clock'>): Pick<CiState, 'dir' | 'keepPlan' | 'findPlan'> {
  const plans = join(dir, 'plans');
  return {
    dir: join(dir, 'state'),
    keepPlan: async (plan) => {
      try {
        await mkdir(plans, { recursive: true, mode: 0o700 });
        await forgetOldPlans(plans, clock.now());
        await keepFile(plans, planName(plan, clock.now()), planFileText(plan));
      } catch (error) {
        throw new CiStateError({ is: 'unwritable', path: plans, why: systemCodeOf(error) }, { cause: error });
      }
    },
    findPlan: async (digest) => {
      const name = (await namesIn(plans)).findLast((one) => one.endsWith(`-${hexOf(digest)}.json`));
      if (name === undefined) return undefined;
      const read = await readRegularFile(join(plans, name), maxFile);
      return typeof read === 'string' ? undefined : new TextDecoder().decode(read);
    },
  };
}

const hexOf = (digest: string): string => digest.replace('sha256:', '');
const planName = ({ digest = '' }: Plan, nowMs: number): string => `${utcDay(nowMs)}-${hexOf(digest)}.json`;

/** Two jobs may keep the same at once: the draft is their own. */
const keepFile = (dir: string, name: string, content: Uint8Array | string): Promise<void> =>
  writeWholeFile(dir, name, content, `.${name}.${randomBytes(6).toString('hex')}.tmp`);

/** No plan is taken that is older, and no draft of a job that was killed is left for long. */
async function forgetOldPlans(plans: string, nowMs: number): Promise<void> {
  const oldest = utcDay(nowMs - longestLifetimeMs - dayMs);
  for (const name of await namesIn(plans)) {
    const [, day = oldest] = /^\.?(\d{4}-\d\d-\d\d)-/.exec(name) ?? [];
    if (day < oldest) await rm(join(plans, name), { force: true });
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(dir).catch(() => []);
  return names.toSorted();
}

/** Held by a process, or half written: of no use to another job. */
const isPassing = (name: string): boolean => /(?:^|\/)(?:\.|lock|claim$)/.test(name);

/** By their paths, with slashes. */
async function filesBelow(dir: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(dir, path).split(sep).join('/');
    if (!entry.isFile() || isPassing(name)) continue;
    const read = await readRegularFile(path, maxFile);
    if (typeof read === 'string') throw new CiStateError({ is: 'too-large', file: name });
    files.set(name, Buffer.from(read));
  }
  return files;
}

async function writeInto(dir: string, files: ReadonlyMap<string, Uint8Array>, gone: readonly string[]): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (const name of gone) await rm(join(dir, name), { force: true });
    for (const [name, content] of files) {
      const path = join(dir, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await keepFile(dirname(path), basename(path), content);
    }
  } catch (error) {
    throw new CiStateError({ is: 'unwritable', path: dir, why: systemCodeOf(error) }, { cause: error });
  }
}
