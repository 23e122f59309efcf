import { harmlessRoles, isAdministrative } from '../model/admin-rules.ts';
import { batchesOf } from '../model/batches.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import { EmailNotTakenError, type ExpectedTexts, type LiveReader } from '../model/live-reader.ts';
import type { LivePeople, LiveUser, ServerFacts } from '../model/live-state.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import {
  areAllActive,
  areMany,
  emailsToLookUp,
  idsToAsk,
  isListingCheaper,
  namesToAsk,
  type OpenQuestions,
  openQuestions,
  type Whom,
} from './choose-reads.ts';
import { InsufficientVisibilityError } from './errors.ts';
import { listUsersCounted } from './list-users.ts';
import { readEach } from './read-each.ts';

/** Answers of 10,000 people are some megabytes each. */
export const batchesAtOnce = 2;

/**
 * Reads the facts of the server and every account that an entry could mean. What accounts own comes later, by `readOwned`,
 * once it is known whose matters.
 *
 * @param whom - who has to be known beside those whom entries may mean
 * @throws {InsufficientVisibilityError} when the caller is shown only part of the data
 * @throws {ReadNotCompleteError} when the listing could not be proven
 */
export async function readPeople(
  reader: LiveReader,
  desired: DesiredState,
  whom: Whom,
  emit: EmitRunEvent,
): Promise<LivePeople> {
  const facts = await reader.facts(rolesNamed(desired));
  if (!facts.caller.permissions.has('manage_system')) throw new InsufficientVisibilityError(facts.caller.username);

  const names = namesToAsk(desired);
  const ids = idsToAsk(desired);
  const asked = new Map<AccountId, LiveUser>();
  const keep = (found: Iterable<LiveUser>): void => {
    for (const user of found) asked.set(user.id, user);
  };
  emit({ type: 'reading', what: 'names', done: 0, total: names.length });
  const expected = expectedTexts(desired.users);
  for (const found of await readEach(batchesOf(names), (batch) => reader.usersByNames(batch, expected), batchesAtOnce))
    keep(found);
  if (ids.length > 0) keep(await reader.usersByIds(ids));
  keep(facts.admins);

  const open = openQuestions(desired, asked);
  const isListed = whom === 'everybody' || open.needsListing || (await isListingCheapest(open, reader));
  const areCounted = !isListed && whom === 'active people' && (await countsShowAll(asked, facts, reader));
  const listing = isListed || (whom === 'active people' && !areCounted);
  const listed = listing ? await listUsersCounted(reader, emit) : undefined;
  const beyond = listed === undefined ? asked : withThese(asked, listed.users.values());
  const emails = emailsToLookUp({ emails: open.emails, listing }, beyond.values());
  const { found, refused } = await lookUpEmails(reader, emails, emit);
  const users = withThese(beyond, found);
  return {
    facts: await withRolesOf(users.values(), facts, reader),
    users,
    coverage: {
      emails: new Set(emails.filter((email) => !refused.has(email))),
      ...(refused.size > 0 && { refusedEmails: refused }),
      ids: new Set(ids),
      listed: listing,
      hasActivePeople: listing || areCounted,
      ...(listed !== undefined && { counted: { before: listed.before, after: listed.after } }),
      requests: reader.requests(),
    },
  };
}

/** What entries say, by name. They come in the order of their names; where one does not, it may not be found. */
function expectedTexts(users: readonly DesiredUser[]): (username: string) => ExpectedTexts | undefined {
  return (username) => {
    let [from, to] = [0, users.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((users[middle]?.username ?? '') < username) from = middle + 1;
      else to = middle;
    }
    const found = users[from];
    return found?.username === username ? found.values : undefined;
  };
}

/** What was found later says how it is. Nothing that others may have an index of is changed. */
function withThese(
  known: ReadonlyMap<AccountId, LiveUser>,
  found: Iterable<LiveUser>,
): ReadonlyMap<AccountId, LiveUser> {
  const added = [...found];
  if (added.length === 0) return known;
  const users = new Map(known);
  for (const user of added) users.set(user.id, user);
  return users;
}

async function isListingCheapest(open: OpenQuestions, reader: LiveReader): Promise<boolean> {
  return areMany(open) && isListingCheaper(open, await reader.countUsers());
}

/** The server counted once with the facts, before the names were asked for. */
async function countsShowAll(
  users: ReadonlyMap<AccountId, LiveUser>,
  { seats }: ServerFacts,
  reader: LiveReader,
): Promise<boolean> {
  return areAllActive(users.values(), [seats.used]) && areAllActive(users.values(), [await reader.countActivePeople()]);
}

/** What roles that people have and no entry names may do decides whether a change concerns an administrator. */
async function withRolesOf(users: Iterable<LiveUser>, facts: ServerFacts, reader: LiveReader): Promise<ServerFacts> {
  // Most people share one list.
  const lists = new Set<readonly string[]>();
  for (const { values } of users) lists.add(values.roles);
  const held = new Set([...lists].flat());
  const unknown = [...held].filter(
    (role) => !facts.roles.has(role) && !harmlessRoles.has(role) && !isAdministrative(role),
  );
  if (unknown.length === 0) return facts;
  const { administrativeRoles } = await reader.roles(unknown.toSorted());
  return { ...facts, administrativeRoles: new Set([...facts.administrativeRoles, ...administrativeRoles]) };
}

function rolesNamed(desired: DesiredState): readonly string[] {
  const named = new Set<string>();
  for (const { values, onCreate } of desired.users) {
    for (const role of values.roles ?? []) named.add(role);
    for (const role of onCreate.roles ?? []) named.add(role);
  }
  return [...named].toSorted();
}

async function lookUpEmails(
  reader: LiveReader,
  emails: readonly string[],
  emit: EmitRunEvent,
): Promise<{ readonly found: readonly LiveUser[]; readonly refused: ReadonlySet<string> }> {
  const refused = new Set<string>();
  const found = await readEach(emails, async (email, done) => {
    emit({ type: 'reading', what: 'e-mails', done, total: emails.length });
    try {
      return await reader.userByEmail(email);
    } catch (error) {
      // That stops one person alone.
      if (!(error instanceof EmailNotTakenError)) throw error;
      refused.add(email);
      return undefined;
    }
  });
  return { found: found.filter((user) => user !== undefined), refused };
}
