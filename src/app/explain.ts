import type { Settings } from '../config/settings.ts';
import { stateDirOf } from '../journal/state-dir.ts';
import type { DesiredState, DesiredUser, Origin } from '../model/desired-state.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { BlockedChange, Change, HeldChange, Notice, Plan, PlanValue, ScheduledChange } from '../model/plan.ts';
import { InputError, type Problem } from '../model/problem.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import { kinds } from '../resources/index.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import { readOwedRoles } from './owed-roles.ts';
import { compare, noSuchEntry, type PlanOptions, type Recall } from './plan.ts';
import type { AppPorts } from './ports.ts';
import { withServerAfter } from './with-server.ts';

/** A field that the entry manages: what it wants, and where that is written. */
export interface ManagedField {
  readonly name: string;
  readonly wanted: PlanValue;
  readonly origin: Origin;
}

/** Everything that muster knows about one person. */
export interface Explanation {
  readonly username: string;
  readonly entry: Origin;
  /** Absent: nobody on the server is meant. */
  readonly account?: {
    readonly id: string;
    readonly username: string;
    readonly active: boolean;
    readonly by: readonly string[];
  };
  readonly managed: readonly ManagedField[];
  readonly unmanaged: readonly string[];
  /** Why there is no plan for anybody. */
  readonly problems: readonly Problem[];
  readonly changes: readonly Change[];
  readonly held: readonly HeldChange[];
  readonly blocked: readonly BlockedChange[];
  readonly scheduled: readonly ScheduledChange[];
  readonly notices: readonly Notice[];
}

/** How a person is matched, where each field comes from, what is not managed, and what holds or blocks what. Reads only. */
export function explain(name: string, options: PlanOptions, given: AppPorts): Promise<Explanation> {
  const load = async (settings: Settings): Promise<Entry> => {
    const desired = await loadDesired(settings, options, given);
    return { desired, user: findEntry(name, desired) };
  };
  return withServerAfter(options, given, load, (server, entry) => explainEntry(entry, server, options));
}

/** An entry among all. */
interface Entry {
  readonly desired: DesiredState;
  readonly user: DesiredUser;
}

async function explainEntry(
  { desired, user }: Entry,
  { settings, client, requests, ports }: Server,
  options: PlanOptions,
): Promise<Explanation> {
  const recall: Recall = async (key) => ({
    declared: new Map(),
    shown: [],
    owedRoles: await readOwedRoles(stateDirOf(options.stateDir, key, ports.env), ports),
  });
  const input = { settings, desired, options: {}, client: client.readOnly(), requests };
  const { matching, result } = await compare(input, ports, recall);
  const match = matching.people.find((one) => one.desired === user);
  const entry = desired.locate(user);
  const problems = 'problems' in result ? result.problems : [];
  const isCertain = !problems.some((problem) => isAboutIdentity(problem, entry));
  return {
    username: user.username,
    entry,
    ...(match?.account !== undefined && isCertain && { account: accountOf(match.account, match.by) }),
    managed: managedFields(user, desired),
    unmanaged: kinds.flatMap((kind) => kind.describe(user).unmanaged),
    problems,
    ...('plan' in result
      ? partsOf(result.plan, user.username)
      : { changes: [], held: [], blocked: [], scheduled: [], notices: [] }),
  };
}

function findEntry(name: string, desired: DesiredState): DesiredUser {
  const wanted = normalizeUsername(name);
  const user = desired.users.find(
    ({ username, previousUsernames, values }) =>
      username === wanted || values.email === wanted || previousUsernames.includes(wanted),
  );
  if (user !== undefined) return user;
  throw new InputError([
    noSuchEntry(
      name,
      desired.users.map(({ username }) => username),
    ),
  ]);
}

const identityProblems: ReadonlySet<string> = new Set(['ambiguous-person', 'another-person', 'account-claimed-twice']);

/** Whether a problem says that it is not clear whom this entry means. */
function isAboutIdentity({ code, at, also }: Problem, entry: Origin): boolean {
  const isEntry = (place: Problem['at']): boolean => place?.file === entry.file && place.line === entry.line;
  return identityProblems.has(code) && (isEntry(at) || isEntry(also));
}

function accountOf({ id, values }: LiveUser, by: readonly string[]): NonNullable<Explanation['account']> {
  return { id, username: values.username, active: values.active, by };
}

function managedFields(user: DesiredUser, desired: DesiredState): readonly ManagedField[] {
  return kinds
    .flatMap((kind) => kind.describe(user).managed)
    .map(({ name, wanted }) => ({ name, wanted, origin: desired.locate(user, name) }));
}

function partsOf(
  plan: Plan,
  username: string,
): Pick<Explanation, 'changes' | 'held' | 'blocked' | 'scheduled' | 'notices'> {
  const isOwn = ({ change }: { readonly change: Change }): boolean => change.person === username;
  return {
    changes: plan.actions.filter(({ person }) => person === username).flatMap(({ changes }) => changes),
    held: plan.held.filter(isOwn),
    blocked: plan.blocked.filter(isOwn),
    scheduled: plan.scheduled.filter(isOwn),
    notices: plan.notices.filter(({ person }) => person === username),
  };
}
