import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../journal/journal-store.ts';
import { lookAtLock } from '../journal/lock.ts';
import { readRun } from '../journal/runs.ts';
import { isStateDirThere, stateHomeOf } from '../journal/state-dir.ts';
import { type KeyFor, type VerifiedRun, verifyRuns } from '../journal/verify-runs.ts';
import { byText } from '../model/compare.ts';
import { refuse } from '../model/messages/problems.ts';
import { ownersIn } from '../model/pipeline.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { isRunCalled } from '../model/run-name.ts';
import type { RunStory } from '../model/run-story.ts';
import type { RunSummary, ServerRuns } from '../model/run-summary.ts';
import { parsePlanFile } from '../plan/plan-file.ts';
import { replay } from '../runs/replay.ts';
import { aboutPerson, changesOf } from '../runs/story.ts';
import { summaryOf } from '../runs/summary.ts';
import { keysIfPossible, keysOf } from './journal-keys.ts';
import { type AppPorts, refuseMissingPlace } from './ports.ts';
import { readRunPlan } from './run-histories.ts';

export interface VerifyOptions {
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string;
  /** The muster.yaml that names servers; by default the one that is found. */
  readonly config?: string;
  /** Whether signatures are checked: never, with the tokens in the environment if there are any, or with them or not at all. */
  readonly authenticate: 'never' | 'if-possible' | 'always';
}

const keys: Readonly<Record<VerifyOptions['authenticate'], typeof keysIfPossible>> = {
  never: () => Promise.resolve(undefined),
  'if-possible': keysIfPossible,
  always: keysOf,
};

/**
 * Reads and checks every journal in the state directory, of all servers. Needs no server.
 *
 * @throws {CallerTokenError} when signatures are to be checked always, and there is no token
 */
export async function verifyJournals(
  { stateDir, config, authenticate }: VerifyOptions,
  ports: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<readonly ServerRuns[]> {
  refuseMissingPlace(ports);
  const { env } = ports;
  const home = stateHomeOf(stateDir, env);
  const keyFor = await keys[authenticate](config, ports);
  if (!(await isStateDirThere(home, ownersIn(env, process.getuid?.())))) return [];
  const servers: ServerRuns[] = [];
  for (const dir of await foldersIn(home)) {
    const runs = (await checkRuns(dir, keyFor)).map(({ summary }) => summary);
    if (runs.length > 0) servers.push({ dir, runs });
  }
  return servers;
}

/** A run that was checked, in short, and what its journal says; no records: never begun, or broken. */
export interface CheckedRun extends Pick<VerifiedRun, 'records'> {
  readonly summary: RunSummary;
}

/** Every run of one server's folder, the oldest first. */
export async function checkRuns(dir: string, keyFor: KeyFor | undefined): Promise<readonly CheckedRun[]> {
  // The lock first: a run that ends meanwhile is over, and was not interrupted.
  const isHeld = (await lookAtLock(dir)) !== undefined;
  const verified = await verifyRuns(folderStore(dir), digestOfPlan, keyFor);
  const summaries = markUnderWay(verified.map(toSummary), isHeld);
  return summaries.map((summary, i) => ({ summary, ...recordsOf(verified[i]) }));
}

const recordsOf = (verified: VerifiedRun | undefined): Pick<VerifiedRun, 'records'> =>
  verified?.records === undefined ? {} : { records: verified.records };

/** Only the newest run can be under way. */
function markUnderWay(runs: readonly RunSummary[], isHeld: boolean): readonly RunSummary[] {
  const newest = runs.findLast(({ how }) => how !== 'never begun');
  return runs.map((run) => (isHeld && run === newest && run.how === 'open' ? { ...run, how: 'under way' } : run));
}

const digestOfPlan = (text: string): string => parsePlanFile(text).digest ?? '';

/** The folders of all servers. */
async function foldersIn(home: string): Promise<readonly string[]> {
  const entries = await readdir(home, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.toSorted(byText((entry) => entry.name)).map(({ name }) => join(home, name));
}

export interface StoryOptions {
  /** Absolute; without it the one in the state home. */
  readonly stateDir?: string;
  /** Name of a run, or its number; absent: the newest, or all where people or a time are named. */
  readonly run?: string;
  /** Usernames or ids. */
  readonly users?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number;
}

/**
 * What runs did, the oldest first. Needs no server.
 *
 * @throws {InputError} when there is no such run
 */
export async function tellRuns(
  options: StoryOptions,
  ports: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<readonly RunStory[]> {
  const { stateDir, run: wanted, users, sinceMs } = options;
  const servers = await verifyJournals({ authenticate: 'never', ...(stateDir !== undefined && { stateDir }) }, ports);
  const stories: RunStory[] = [];
  for (const { dir, runs } of servers) {
    const begun = runs.filter(({ how }) => how !== 'never begun');
    const isNewestMeant = wanted === undefined && users === undefined && sinceMs === undefined;
    const meant = isNewestMeant
      ? begun.slice(-1)
      : begun.filter(({ run }) => wanted === undefined || isRunCalled(wanted, run));
    for (const summary of meant) {
      const story = await storyIn(dir, summary, begun);
      // What nothing can be read of may be of any time, and about anybody.
      const isLate = story.last === undefined || Date.parse(story.last) >= (sinceMs ?? 0);
      if (isLate) stories.push(story);
    }
  }
  if (stories.length === 0 && wanted !== undefined) throw noSuchRun(wanted);
  if (users === undefined) return stories;
  return stories
    .map((story) => ({ ...story, changes: users.flatMap((name) => aboutPerson(story, name).changes) }))
    .filter(({ changes, flaws }) => changes.length + flaws.length > 0);
}

async function storyIn(dir: string, summary: RunSummary, runs: readonly RunSummary[]): Promise<RunStory> {
  const store = folderStore(dir);
  const takenBackBy = runs.filter(({ undoes }) => undoes === summary.run).map(({ run }) => run);
  const untold = { ...summary, takenBackBy, changes: [] };
  const found = summary.how === 'unreadable' ? undefined : await readRun(store, summary.run);
  if (found === undefined) return untold;
  const history = replay(found.records);
  const { started } = history;
  const { username, origin, tool, server } = started;
  // A flaw says that the plan is another, or is not there.
  const plan = await readRunPlan(store, started).catch(() => undefined);
  const caller = username ?? plan?.server.caller;
  return {
    ...untold,
    last: new Date(history.lastMs).toISOString(),
    tool,
    server,
    caller: { id: started.caller, ...(caller !== undefined && { username: caller }) },
    ...(origin !== undefined && { origin }),
    ...approvalsOf(plan),
    changes: plan === undefined ? [] : changesOf(plan, history),
  };
}

/** One that was to count only once it was merged lifted nothing. */
function approvalsOf(plan: Plan | undefined): Pick<RunStory, 'approvals'> {
  const approvals = (plan?.approvals ?? []).filter(({ conditional }) => conditional !== true);
  return approvals.length === 0 ? {} : { approvals };
}

const noSuchRun = (run: string): InputError => new InputError([refuse('no-such-run', { is: 'journal', run })]);

const toSummary = ({ records, ...file }: VerifiedRun): RunSummary => summaryOf(file, records && replay(records));
