/** A whole run on a stage: a sandbox, a folder with files, and a clock whose waits take no time. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { apply } from '../../../src/app/apply.ts';
import type { ApplyResult, CarryOutOptions } from '../../../src/app/carry-out.ts';
import { type PlanOptions, plan } from '../../../src/app/plan.ts';
import type { AppPorts, ConnectionOptions } from '../../../src/app/ports.ts';
import { resume } from '../../../src/app/resume.ts';
import { type UndoOptions, undo } from '../../../src/app/undo.ts';
import { codeOfApply, codeOfPlan, type ExitCode } from '../../../src/cli/exit-codes.ts';
import { budgetNames } from '../../../src/model/change-classes.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { ConfigFile, PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { FinishedAction, Outcome, RunResult } from '../../../src/model/outcome.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { RunEvent } from '../../../src/model/run-event.ts';
import {
  type PersonState,
  type RequestRecord,
  type Sandbox,
  type SandboxOptions,
  type SeedTeam,
  type SeedUser,
  seededRandomness,
  startSandbox,
} from '../../../src/sandbox/index.ts';
import { closeLater, isClosed } from '../../support/opened.ts';

export const noon: number = Date.parse('2026-06-15T12:00:00Z');

/** Event-loop turns in which everything that is under way on loopback arrives. */
const turnsPerWait = 40;

/** Waiting moves it, and takes no time; but what is under way arrives before time passes, as it does in the world. */
export class StageClock implements Clock {
  readonly waits: number[] = [];
  onWait: (ms: number) => void = () => undefined;
  #now = noon;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    const until = this.#now + ms;
    for (let i = 0; i < turnsPerWait; i++) await turn();
    this.#now = Math.max(this.#now, until);
    this.onWait(ms);
    signal?.throwIfAborted();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** So wide that nothing is over them. */
export const openBudgets: NonNullable<PolicyFile['budgets']> = Object.fromEntries(
  budgetNames.map((name) => [name, { share: 1, floor: 1_000_000 }]),
);

export interface StageOptions extends Omit<SandboxOptions, 'seed' | 'random'> {
  readonly users?: readonly SeedUser[];
  readonly teams?: readonly (string | SeedTeam)[];
  /** `muster.yaml`; where nothing is said `min_admins` is 1, and no budget is ever exceeded. */
  readonly muster?: ConfigFile;
  readonly seed?: number;
  /** What stands between muster and the sandbox. */
  readonly front?: (target: string) => Promise<{ readonly url: string; close(): Promise<void> }>;
}

export interface RunOptions
  extends ConnectionOptions,
    Pick<PlanOptions, 'users' | 'classes'>,
    Omit<CarryOutOptions, 'confirm' | 'concurrency'> {
  readonly env?: NodeJS.ProcessEnv;
  /** Happens after planning and before the first write. */
  readonly meanwhile?: () => void | Promise<void>;
}

export interface StageRun {
  readonly plan: Plan;
  readonly results: readonly FinishedAction[];
  readonly interrupted: boolean;
  readonly stopped?: string;
  /** `0` where there was nothing to do, the plan's where it was refused. */
  readonly code: ExitCode;
  /** The requests of the apply proper, after planning. */
  readonly requests: readonly RequestRecord[];
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: StageClock;
  readonly dir: string;
  readonly events: RunEvent[];
  readonly ports: AppPorts;
  readonly declare: (users: readonly UserEntry[]) => Promise<void>;
  readonly configure: (muster: ConfigFile) => Promise<void>;
  readonly plan: (options?: ConnectionOptions) => Promise<Plan>;
  readonly apply: (options?: RunOptions) => Promise<StageRun>;
  /** `undefined`: there was nothing to go on with. */
  readonly resume: (options?: RunOptions) => Promise<StageRun | undefined>;
  readonly undo: (options?: RunOptions & Pick<UndoOptions, 'run'>) => Promise<StageRun>;
  readonly user: (name: string) => PersonState;
  /** Earlier than the end of the test, where a test opens many. */
  readonly close: () => Promise<void>;
}

/** Closed after the test. Tokens are switched on, and everything is repeatable. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { users = [], teams = [], muster, seed = 1, front, config, ...others } = options;
  const clock = new StageClock();
  const sandbox = await startSandbox({
    clock: () => clock.now(),
    random: seededRandomness(seed),
    ...others,
    seed: { users, teams },
    config: { 'ServiceSettings.EnableUserAccessTokens': true, ...config },
  });
  const door = await front?.(sandbox.url);
  const dir = await mkdtemp(join(tmpdir(), 'muster-stage-'));
  const events: RunEvent[] = [];
  const ports: AppPorts = {
    workingDir: dir,
    env: {
      MUSTER_SERVER: door?.url ?? sandbox.url,
      MUSTER_TOKEN: sandbox.adminToken,
      XDG_STATE_HOME: join(dir, 'state'),
    },
    clock,
    emit: (event) => events.push(event),
    toolVersion: '0.1.0',
  };
  const stage: Stage = {
    sandbox,
    clock,
    dir,
    events,
    ports,
    // JSON is YAML.
    declare: (entries) => writeFile(join(dir, 'users.yaml'), JSON.stringify({ version: 1, users: entries })),
    configure: (file) =>
      writeFile(
        join(dir, 'muster.yaml'),
        JSON.stringify({
          files: ['users.yaml'],
          ...file,
          policy: { min_admins: 1, budgets: openBudgets, ...file.policy },
        }),
      ),
    plan: async (connection = {}) => (await plan(connection, ports)).plan,
    apply: (run = {}) => runApply(stage, run),
    resume: (run = {}) => runResume(stage, run),
    undo: (by = {}) => carryOut(stage, by, (confirm, world) => undo({ ...by, confirm }, world)),
    user: (name) => {
      const found = sandbox.control.user(name);
      if (found === undefined) throw new Error(`nobody is called ${name}`);
      return found;
    },
    close: async () => {
      isClosed(stage);
      await door?.close();
      await sandbox.close();
    },
  };
  closeLater(stage);
  await stage.configure(muster ?? {});
  return stage;
}

async function runApply(stage: Stage, options: RunOptions): Promise<StageRun> {
  return await carryOut(stage, options, (confirm, ports) => apply({ ...options, confirm }, ports));
}

async function runResume(stage: Stage, options: RunOptions): Promise<StageRun | undefined> {
  let isThere = true;
  const ended = await carryOut(stage, options, async (confirm, ports) => {
    const applied = await resume({ ...options, confirm }, ports);
    isThere = applied !== undefined;
    return applied;
  });
  return isThere ? ended : undefined;
}

async function carryOut(
  { sandbox, ports }: Stage,
  { meanwhile, env }: RunOptions,
  work: (confirm: () => Promise<boolean>, ports: AppPorts) => Promise<ApplyResult | undefined>,
): Promise<StageRun> {
  let from = sandbox.requests.length;
  const confirm = async (): Promise<boolean> => {
    await meanwhile?.();
    from = sandbox.requests.length;
    return true;
  };
  const applied = await work(confirm, { ...ports, env: { ...ports.env, ...env } });
  const ended: RunResult = applied?.result ?? { results: [], created: new Map(), interrupted: false };
  return {
    plan: applied?.plan ?? (await plan({}, ports)).plan,
    ...ended,
    code: applied?.refused === undefined ? codeOfApply(ended) : codeOfPlan(applied.plan, false),
    // The lease of a run is no part of what it does.
    requests: sandbox.requests.slice(from).filter(({ path }) => !path.includes('/preferences')),
  };
}

const readingPosts: ReadonlySet<string> = new Set([
  '/users/ids',
  '/users/usernames',
  '/users/search',
  '/users/tokens/search',
  '/roles/names',
]);

export const apiPath = ({ path }: Pick<RequestRecord, 'path'>): string => path.replace(/^\/api\/v4/, '');

export const isWrite = (request: Pick<RequestRecord, 'method' | 'path'>): boolean =>
  request.method !== 'GET' &&
  !(request.method === 'POST' && (readingPosts.has(apiPath(request)) || apiPath(request).endsWith('/members/ids')));

export const writesOf = (requests: readonly RequestRecord[]): readonly RequestRecord[] => requests.filter(isWrite);

/** `PUT /users/ada/roles`: a write with names for ids, as far as they are known. */
export function describeWrites({ sandbox }: Stage, requests: readonly RequestRecord[]): readonly string[] {
  const { people, tokens } = sandbox.snapshot();
  const names = new Map(people.map(({ id, username }) => [id, username]));
  const descriptions = new Map(tokens.map(({ id, description }) => [id, description.split(' ')[0] ?? '']));
  return writesOf(requests).map((request) => {
    const path = apiPath(request).replace(/[a-z0-9]{26}/g, (id) => names.get(id) ?? id);
    const { token_id: token } = (request.body ?? {}) as { token_id?: string };
    return `${request.method} ${path}${token === undefined ? '' : ` ${descriptions.get(token) ?? 'gone'}`}`;
  });
}

/** `done`, `found`, `skipped`, `stale` or `failed: CODE`. */
export function wordFor(outcome: Outcome): string {
  switch (outcome.status) {
    case 'done':
      return outcome.as === 'found' ? 'found' : 'done';
    case 'failed':
      return `failed: ${outcome.error.code}`;
    case 'skipped':
    case 'stale':
      return outcome.status;
  }
}

/** `ada set-roles: done` for every action, in the order of the plan. */
export function outcomesOf({ plan: { actions }, results }: StageRun): readonly string[] {
  const byId = new Map(results.map(({ action, outcome }) => [action.id, outcome]));
  return actions.map(({ id, person, call }) => {
    const outcome = byId.get(id);
    return `${person} ${call.operation}: ${outcome === undefined ? 'lost' : wordFor(outcome)}`;
  });
}

export function outcomeOf({ results }: StageRun, person: string, operation: string): Outcome {
  const found = results.find(({ action }) => action.person === person && action.call.operation === operation);
  if (found === undefined) throw new Error(`no ${operation} of ${person}`);
  return found.outcome;
}

/** Usernames `one`, `two`, … of people to come. */
export const crowd = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `p${String(i).padStart(3, '0')}`);

export const mark = (name: string, generation = 1, op = 'aaaaaaaaaa'): string =>
  `${name}@${generation} muster:2026-06-01:${op}`;
