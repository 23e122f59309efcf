import { isAbsolute, relative } from 'node:path';
import type { ReadClient } from '../api/index.ts';
import { loadApprovals } from '../config/load-approvals.ts';
import type { Settings } from '../config/settings.ts';
import { type DeclaredMemory, recallDeclared } from '../journal/declared-memory.ts';
import { stateDirOf } from '../journal/state-dir.ts';
import { readPeople } from '../live/read-people.ts';
import { readTokens } from '../live/read-tokens.ts';
import type { Approval } from '../model/approval.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveState } from '../model/live-state.ts';
import type { ChangeClass, Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { OwedByRun } from '../plan/first-roles.ts';
import { type Match, matchPeople } from '../plan/identity.ts';
import { makePlan, type PlanResult } from '../plan/make-plan.ts';
import type { Narrowing } from '../plan/narrow.ts';
import type { FormerlyDeclared } from '../plan/not-declared.ts';
import { tokenOwners } from '../plan/token-owners.ts';
import { createLiveReader, kinds } from '../resources/index.ts';
import { suggest } from '../source/suggest.ts';
import { type Connection, connect } from './connect.ts';
import { lookAtFormer } from './declared-memory.ts';
import { loadDesired, loadSettings } from './load.ts';
import { readOwedRoles } from './owed-roles.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { warnOfOpenRun } from './settle-run.ts';

export interface PlanOptions extends InputOptions, ConnectionOptions {
  /** Usernames to which the plan is limited, after the rails have seen everything. */
  readonly users?: readonly string[];
  /** Classes to which the plan is limited, likewise. */
  readonly classes?: readonly ChangeClass[];
  /** Absolute; where muster remembers things about servers. A plan only looks there. */
  readonly stateDir?: string;
}

/** A plan with what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly settings: Settings;
  readonly matches: readonly Match[];
  /** Accounts that an earlier apply knew as declared, and that no entry means any more: active or not, as they were seen. */
  readonly formerlyDeclared: readonly FormerlyDeclared[];
}

/** Loads, reads and plans. Everything after loading goes through a client that has no method that writes. */
export async function plan(options: PlanOptions, ports: AppPorts): Promise<Planned> {
  const settings = await loadSettings(options, ports);
  const desired = await loadDesired(settings, options, ports);
  const connection = await connect(settings, options, ports);
  try {
    const planned = await planWith(
      { settings, desired, options, client: connection.client.readOnly(), requests: connection.requests },
      ports,
    );
    await warnOfOpenRun(stateDirOf(options.stateDir, planned.live.facts.key, ports.env), ports);
    return planned;
  } finally {
    await connection.client.close();
  }
}

export interface PlanWith {
  readonly settings: Settings;
  readonly desired: DesiredState;
  readonly options: PlanOptions;
  readonly client: ReadClient;
  readonly requests: Connection['requests'];
}

/** @throws {InputError} with the problems of the files that only show beside the server */
export async function planWith(input: PlanWith, ports: AppPorts): Promise<Planned> {
  const { desired, settings, options } = input;
  const recall: Recall = async (key) => {
    const dir = stateDirOf(options.stateDir, key, ports.env);
    return { declared: await recallDeclared(dir), owedRoles: await readOwedRoles(dir, ports) };
  };
  const { live, matches, formerlyDeclared, result } = await compare(input, ports, recall);
  if ('problems' in result) throw new InputError(result.problems);
  return { plan: result.plan, desired, live, settings, matches, formerlyDeclared };
}

/** What former runs left in the state directory. */
interface Remembered {
  /** Who was declared before. */
  readonly declared: DeclaredMemory;
  readonly owedRoles: readonly OwedByRun[];
}

/** By the key of the server. */
export type Recall = (serverKey: string) => Promise<Remembered>;

const recallNothing: Recall = () => Promise.resolve({ declared: new Map(), owedRoles: [] });

/** What the comparison of the two states found, be it a plan or problems. */
export interface Comparison {
  readonly live: LiveState;
  readonly matches: readonly Match[];
  readonly formerlyDeclared: readonly FormerlyDeclared[];
  readonly result: PlanResult;
}

export async function compare(
  { settings, desired, options, client, requests }: PlanWith,
  ports: AppPorts,
  recall: Recall = recallNothing,
): Promise<Comparison> {
  const { policy } = settings;
  const narrowing = narrowingOf(options, desired);
  const approvals = await readApprovals(settings, desired, ports);
  const reader = createLiveReader(client, requests);
  const people = await readPeople(reader, desired, policy, ports.emit);
  const { matches } = matchPeople(desired, people.users);
  const { declared: memory, owedRoles } = await recall(people.facts.key);
  const { timeZone } = policy;
  const lookout = { memory, matches, live: people, reader, timeZone, emit: ports.emit };
  const formerlyDeclared = await lookAtFormer(lookout);
  const live = await readTokens(reader, people, tokenOwners(matches, policy), ports.emit);
  const { toolVersion } = ports;
  const result = makePlan({
    desired,
    live,
    policy,
    kinds,
    toolVersion,
    approvals,
    narrowing,
    formerlyDeclared,
    owedRoles,
  });
  return { live, matches, formerlyDeclared, result };
}

async function readApprovals(
  { approvals, configDir, policy }: Settings,
  desired: DesiredState,
  ports: AppPorts,
): Promise<readonly Approval[]> {
  if (approvals === undefined) return [];
  const name = relative(ports.workingDir, approvals);
  // A day is a day where the people are, as everywhere in the files.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: policy.timeZone }).format(desired.momentMs);
  const shown = name.startsWith('..') || isAbsolute(name) ? approvals : name;
  return loadApprovals({ path: approvals, name: shown, below: configDir }, today);
}

/** @throws {InputError} when a name is nobody's: a mistyped limit would pass for "nothing to do" */
function narrowingOf({ users, classes }: PlanOptions, desired: DesiredState): Narrowing {
  const known = new Set(desired.users.map(({ username }) => username));
  const names = users?.map(normalizeUsername);
  const unknown = names?.filter((name) => !known.has(name)) ?? [];
  if (unknown.length > 0) throw new InputError(unknown.map((name) => noSuchEntry(name, known)));
  return {
    ...(names !== undefined && { users: new Set(names) }),
    ...(classes !== undefined && { classes: new Set(classes) }),
  };
}

export function noSuchEntry(name: string, known: Iterable<string>): InputError['problems'][number] {
  const near = suggest(name, known);
  return {
    code: 'no-such-entry',
    message: `no entry is called ${name}`,
    hint: near === undefined ? 'name a username as the users files declare it' : `did you mean ${near}?`,
  };
}
