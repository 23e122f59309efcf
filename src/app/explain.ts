import { ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError, type ReadClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import type { DesiredState, DesiredUser, Origin } from '../model/desired-state.ts';
import type { ExplainedAccount, Explanation, ManagedField } from '../model/explanation.ts';
import type { LiveUser } from '../model/live-state.ts';
import { type ProblemCode, refuse } from '../model/messages/problems.ts';
import type { Change, Plan } from '../model/plan.ts';
import { InputError, type Problem } from '../model/problem.ts';
import { protectRules } from '../model/protect-rules.ts';
import { suggestNames } from '../model/suggest.ts';
import { everyUser, problemsOfEntries } from '../model/unusable.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { PlanResult } from '../plan/make-plan.ts';
import { concerning } from '../plan/unusable.ts';
import { kinds } from '../resources/index.ts';
import type { Server } from './connect.ts';
import { declaredNames } from './declared-names.ts';
import { findAccounts } from './find-accounts.ts';
import { loadDesired } from './load.ts';
import { compare, type PlanOptions } from './plan.ts';
import { recallFrom } from './plan-inputs.ts';
import type { AppPorts } from './ports.ts';
import { withServerAfter } from './with-server.ts';

/**
 * How a person is matched, where each field comes from, what is not managed, and what holds or blocks what. A name that
 * no entry has may be that of an account. Reads only.
 *
 * @throws {InputError} when neither an entry nor an account is called so
 */
export function explain(name: string, options: PlanOptions, given: AppPorts): Promise<Explanation> {
  const load = (settings: Settings): Promise<DesiredState> => loadDesired(settings, options, given);
  return withServerAfter(options, given, load, async (server, desired) => {
    const entry = findEntry(name, desired);
    if (entry !== undefined) return await explainEntry(entry, await compareFor(server, desired, options), server);
    const account = (await findAccounts(server.reader, [name])).get(name);
    if (account === undefined) throw nobodyCalled(name, desired);
    const comparison = await compareFor(server, desired, options);
    const match = comparison.matching.people.find((one) => one.account?.id === account.id);
    if (match === undefined) return await explainAccount(account, comparison, server);
    const { desired: user } = match;
    return await explainEntry({ username: user.username, user, at: desired.locate(user) }, comparison, server);
  });
}

async function compareFor(
  { settings, client, requests, ports }: Server,
  desired: DesiredState,
  options: PlanOptions,
): Promise<Compared> {
  // Who was declared before says nothing about one person.
  const recall = recallFrom(options.stateDir, ports, () => Promise.resolve(new Map()));
  const input = { settings, desired, options: {}, client: client.readOnly(), requests };
  const { result } = await compare(input, ports, recall);
  return { desired, ...result };
}

interface Compared extends PlanResult {
  readonly desired: DesiredState;
}

async function explainEntry(entry: Entry, { desired, plan, matching }: Compared, server: Server): Promise<Explanation> {
  const { username, user, at } = entry;
  const match = matching.people.find((one) => one.desired === user);
  const own = matching.unusable.find((one) => (user === undefined ? one.at === at : one.user === user));
  const means = match ?? (own?.problems.some(isAboutIdentity) === true ? undefined : own?.match);
  return {
    username,
    entry: at,
    ...(means?.account !== undefined && { account: await accountOf(means.account, means.by, server) }),
    managed: user === undefined ? [] : managedFields(user, desired),
    unmanaged: user === undefined ? [] : kinds.flatMap((kind) => kind.describe(user).unmanaged),
    problems: problemsOfEntries(concerning(matching.unusable, new Set([username]), matching.people)),
    ...partsOf(plan, username),
  };
}

async function explainAccount(account: LiveUser, { matching }: Compared, server: Server): Promise<Explanation> {
  return {
    username: account.values.username,
    account: await accountOf(account, [], server),
    managed: [],
    unmanaged: [],
    problems: problemsOfEntries(
      matching.unusable.filter(({ accounts }) => accounts.some(({ id }) => id === account.id)),
    ),
    ...noParts,
  };
}

const noParts: ReturnType<typeof partsOf> = { changes: [], held: [], blocked: [], scheduled: [], notices: [] };

/** An entry of the files; `user`: as far as it is understood. */
interface Entry {
  readonly username: string;
  readonly user?: DesiredUser;
  readonly at: Origin;
}

function findEntry(name: string, desired: DesiredState): Entry | undefined {
  const wanted = normalizeUsername(name);
  const user = everyUser(desired).find(
    ({ username, previousUsernames, values }) =>
      username === wanted || values.email === wanted || previousUsernames.includes(wanted),
  );
  if (user !== undefined) return { username: user.username, user, at: desired.locate(user) };
  const unread = desired.unusable.find(({ person, readings }) => person === wanted || readings.emails.has(wanted));
  return unread === undefined ? undefined : { username: unread.person ?? wanted, at: { ...unread.at, from: 'entry' } };
}

function nobodyCalled(name: string, desired: DesiredState): InputError {
  const near = suggestNames(name, declaredNames(desired));
  return new InputError([
    near.length === 0
      ? refuse('no-such-entry', { is: 'no-account', name })
      : refuse('no-such-entry', { is: 'no-account-near', name, near: near.join(' or ') }),
  ]);
}

const identityProblems: ReadonlySet<ProblemCode> = new Set([
  'ambiguous-person',
  'another-person',
  'account-claimed-twice',
]);

/** Whether a problem says that it is not clear whom an entry means. */
const isAboutIdentity = ({ code }: Problem): boolean => identityProblems.has(code);

async function accountOf(
  account: LiveUser,
  by: readonly string[],
  { settings, client }: Server,
): Promise<ExplainedAccount> {
  const { id, isBot, isRemote, values } = account;
  const lastSeenMs = isBot ? undefined : await lastSeen(account, client.readOnly());
  const isProtected = protectRules(settings.policy.protect)({ id, usernames: [values.username] });
  const beyond = isBot ? 'bot' : isRemote ? 'remote' : isProtected ? 'protected' : undefined;
  return {
    id,
    username: values.username,
    email: values.email,
    active: values.active,
    by,
    ...(lastSeenMs !== undefined && { last_seen: new Date(lastSeenMs).toISOString() }),
    ...(beyond !== undefined && { beyond }),
  };
}

const notTold = [ApiForbiddenError, ApiNotFoundError, ApiNotImplementedError];

/** Nothing where the server has no such report, or does not show it. */
async function lastSeen({ id, values }: LiveUser, client: ReadClient): Promise<number | undefined> {
  try {
    const rows = await client.reports.users({ searchTerm: values.username, perPage: 100 });
    const row = rows.find((one) => one.id === id);
    const moments = [row?.last_login ?? 0, row?.last_status_at ?? 0, row?.last_post_date ?? 0];
    const last = Math.max(...moments);
    return last > 0 ? last : undefined;
  } catch (error) {
    if (notTold.some((one) => error instanceof one)) return undefined;
    throw error;
  }
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
