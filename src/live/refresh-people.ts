/**
 * Brings what a full read saw up to date, or says why that cannot be exact. What is wanted is a state from which the same plan
 * follows as from a full read; whatever speaks against that makes a full read, and no rule here guesses.
 *
 * An account that was seen, and that the server does not show as changed since, is as it was seen, with these exceptions:
 * it was deleted (then the server counts fewer accounts than there should be), it was made a bot (bots are listed), the server's
 * data were set back to an earlier day (then the account that changed last shows it), or what differs moves no time of a change
 * (entries that name such a field have their people asked for by name). Who was not seen then is found as in a full
 * read: each name that no account seen has is asked for.
 */
import { batchesOf } from '../model/batches.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser, ServerFacts } from '../model/live-state.ts';
import { newestShown, type SeenPeople, type WarmSource, type WhyFull } from '../model/seen-people.ts';
import { everyUser } from '../model/unusable.ts';
import { attributeNames, showsItsChange } from '../model/user-attributes.ts';
import type { AccountId, UserAttribute } from '../model/user-values.ts';
import { namesToAsk } from './choose-reads.ts';
import { readEach } from './read-each.ts';

/** How much earlier than its beginning a read counts from: what was stamped and not yet written then shows later. */
export const marginMs = 60_000;
/** A header tells the time in whole seconds. */
const headerMs = 1000;
/** Accounts that did not change are looked at again, those that changed last before. */
const witnesses = 20;
const batchesAtOnce = 2;
/** Above both a full read is made: it is no dearer, and the next ones are cheap again. */
const muchChanged = { count: 1000, share: 0.2 };

export const isMuch = (changed: number, seen: number): boolean =>
  changed > Math.max(muchChanged.count, seen * muchChanged.share);

/** What is known now. */
export interface WarmPeople {
  /** An account that was seen, as it is now. */
  account(id: AccountId): LiveUser | undefined;
  /** Every one of them. */
  all(): readonly LiveUser[];
  /** Of people, and of every name that was asked for. */
  byName(username: string): LiveUser | undefined;
  /** Whether the server was asked for a name just now. */
  isAsked(username: string): boolean;
  /** Whether it showed an account just now. */
  isFresh(id: AccountId): boolean;
  /** Whether `all` may stand for a listing of everybody. */
  readonly mayList: boolean;
}

/**
 * From when on an account that changed shows it: the read's beginning, or the last change that it saw if that is earlier,
 * since only this moment is certain to come from the clock that stamps changes. A proxy tells its own.
 */
export function sinceOf({ serverStartedMs, users }: Pick<SeenPeople, 'serverStartedMs' | 'users'>): number {
  const before = serverStartedMs + headerMs;
  let newest = 0;
  for (const { dates } of users.values())
    if (dates !== undefined && dates.updatedMs > newest && dates.updatedMs <= before) newest = dates.updatedMs;
  return Math.max(0, Math.min(serverStartedMs, newest) - marginMs);
}

export async function refreshPeople(
  seen: SeenPeople,
  desired: DesiredState,
  { admins }: Pick<ServerFacts, 'admins'>,
  reader: Pick<LiveReader, 'usersByNames' | 'countUsers'>,
  source: WarmSource,
): Promise<WarmPeople | WhyFull> {
  const sinceMs = sinceOf(seen);
  const { changed, newest, bots, total } = await askWhatHappened([...seen.users.keys()], sinceMs, reader, source);
  if (isMuch(changed.length, seen.users.size)) return 'much-changed';
  if (newest === undefined || bots === undefined) return 'not-told';
  const newPeople = newest.filter(
    ({ id, createdMs }) => createdMs > sinceMs && !seen.newest.has(id) && !seen.users.has(id),
  );
  if (newest.length >= newestShown && newest.every(({ createdMs }) => createdMs > sinceMs)) return 'many-new';
  const newBots = bots.filter(({ id }) => !seen.bots.has(id) && !seen.users.has(id));
  if (total !== seen.total + newPeople.length + newBots.length) return 'count-differs';

  const known = new Known(seen.users);
  if (![...changed, ...admins].every((live) => known.take(live))) return 'contradicted';
  const botIds = new Set(bots.map(({ id }) => id));
  const isPerson = ({ id, isBot, isRemote }: LiveUser): boolean => !isBot && !isRemote && !botIds.has(id);
  const added = seen.isEverybody ? [...newPeople, ...newBots] : [];
  known.indexNames();
  const asked = new Set([
    ...namesToAskAnew(known, desired, isPerson),
    ...added.map(({ username }) => username),
    ...(seen.isEverybody ? namesOf(known.where((live) => !isPerson(live))) : []),
  ]);
  const expected = new Set(added.map(({ id }) => id));
  for (const name of asked) {
    const live = known.byName(name);
    if (live !== undefined) expected.add(live.id);
  }
  const batches = batchesOf([...asked].toSorted());
  const answers = (await readEach(batches, (names) => reader.usersByNames(names), batchesAtOnce)).flat();
  const answered = new Set(answers.map(({ id }) => id));
  const isAsExpected =
    answers.every((live) => known.takeByName(live)) && [...expected].every((id) => answered.has(id)) && known.isSound();
  if (!isAsExpected) return 'contradicted';
  if (!holdsAllAuth(desired, known, answered)) return 'auth-unclear';
  return {
    account: (id) => known.account(id),
    all: () => known.all(),
    byName: (username) => {
      const live = known.byName(username);
      return live !== undefined && (answered.has(live.id) || isPerson(live)) ? live : undefined;
    },
    isAsked: (username) => asked.has(username),
    isFresh: (id) => known.isFresh(id),
    mayList: seen.isEverybody && known.count === total,
  };
}

interface Happened {
  readonly changed: readonly LiveUser[];
  readonly newest: Awaited<ReturnType<WarmSource['newestPeople']>>;
  readonly bots: Awaited<ReturnType<WarmSource['bots']>>;
  readonly total: number;
}

/** Who changed, who is new and how many there are: questions that do not wait for each other. */
async function askWhatHappened(
  ids: readonly AccountId[],
  sinceMs: number,
  reader: Pick<LiveReader, 'countUsers'>,
  source: WarmSource,
): Promise<Happened> {
  const changed: LiveUser[] = [];
  let newest: Happened['newest'];
  let bots: Happened['bots'];
  let total = 0;
  const whoIsThere = async (): Promise<void> => {
    newest = await source.newestPeople();
    bots = await source.bots();
    total = await reader.countUsers();
  };
  const whoChanged = batchesOf(ids).map((batch) => async (): Promise<void> => {
    changed.push(...(await source.changedSince(batch, sinceMs)));
  });
  await readEach([whoIsThere, ...whoChanged], (ask) => ask());
  return { changed, newest, bots, total };
}

/** Accounts as they were seen, and what is learnt of them. */
class Known {
  readonly #seen: ReadonlyMap<AccountId, LiveUser>;
  /** Just now. */
  readonly #shown = new Map<AccountId, LiveUser>();
  readonly #byName = new Map<string, LiveUser>();

  constructor(seen: ReadonlyMap<AccountId, LiveUser>) {
    this.#seen = seen;
  }

  account(id: AccountId): LiveUser | undefined {
    return this.#shown.get(id) ?? this.#seen.get(id);
  }

  byName(username: string): LiveUser | undefined {
    return this.#byName.get(username);
  }

  isFresh(id: AccountId): boolean {
    return this.#shown.has(id);
  }

  all(): readonly LiveUser[] {
    const all: LiveUser[] = [];
    for (const live of this.#seen.values()) all.push(this.#shown.get(live.id) ?? live);
    for (const live of this.#shown.values()) if (!this.#seen.has(live.id)) all.push(live);
    return all;
  }

  get count(): number {
    let added = 0;
    for (const id of this.#shown.keys()) if (!this.#seen.has(id)) added++;
    return this.#seen.size + added;
  }

  where(isMeant: (live: LiveUser) => boolean): readonly LiveUser[] {
    return this.all().filter(isMeant);
  }

  /** Once those are taken who may have another name by now. */
  indexNames(): void {
    for (const live of this.all()) this.#byName.set(live.values.username, live);
  }

  /** A name and an e-mail belong to one account each on a server: otherwise something old is among what is known. */
  isSound(): boolean {
    const emails = new Set<string>();
    for (const { values } of this.all()) emails.add(values.email);
    return this.#byName.size === this.count && emails.size === this.count;
  }

  /** @returns whether it fits: no account shows an earlier change than it did before */
  take(live: LiveUser): boolean {
    if (updatedMs(live) < updatedMs(this.account(live.id))) return false;
    this.#shown.set(live.id, live);
    return true;
  }

  /** @returns the same; nor may an account have got another name without a change that shows */
  takeByName(live: LiveUser): boolean {
    const before = this.account(live.id);
    const isRenamed = before !== undefined && before.values.username !== live.values.username;
    if (isRenamed || !this.take(live)) return false;
    this.#byName.set(live.values.username, live);
    return true;
  }
}

const updatedMs = (live: LiveUser | undefined): number => live?.dates?.updatedMs ?? 0;

/** Whom an entry may mean has to be asked for where it names what no time of a change tells of. */
function hangsOnMore({ values }: DesiredUser): boolean {
  return attributeNames.some((name) => {
    const wanted = values[name];
    return wanted !== undefined && !showsItsChange<UserAttribute>(name, wanted);
  });
}

const namesOf = (users: readonly LiveUser[]): readonly string[] => users.map(({ values }) => values.username);

function namesToAskAnew(known: Known, desired: DesiredState, isPerson: (live: LiveUser) => boolean): readonly string[] {
  const isHeld = (name: string): boolean => {
    const live = known.byName(name);
    return live !== undefined && isPerson(live);
  };
  const hanging = everyUser(desired).filter(hangsOnMore);
  const emails = new Set(hanging.map(({ values }) => values.email));
  const ids = new Set(hanging.map(({ id }) => id));
  const hangs = (live: LiveUser): boolean => isPerson(live) && (emails.has(live.values.email) || ids.has(live.id));
  return [
    ...namesToAsk(desired).filter((name) => !isHeld(name)),
    ...hanging.flatMap(({ username, previousUsernames }) => [username, ...previousUsernames]),
    ...(hanging.length === 0 ? [] : namesOf(known.where(hangs))),
    ...namesOf(lastChanged(known)),
  ];
}

/** Were the server's data set back to an earlier day, these would be the first to show it. */
function lastChanged(known: Known): readonly LiveUser[] {
  const last: LiveUser[] = [];
  for (const live of known.all()) {
    if (known.isFresh(live.id) || (last.length === witnesses && updatedMs(live) <= updatedMs(last.at(-1)))) continue;
    const place = last.findIndex((one) => updatedMs(one) < updatedMs(live));
    last.splice(place === -1 ? last.length : place, 0, live);
    if (last.length > witnesses) last.pop();
  }
  return last;
}

/**
 * Sign-in data belong to one account on a server. Where those that an entry names are held by an account that was shown just
 * now, and by none that only was seen, it is certain whom they hit; of everyone else they may be old.
 */
function holdsAllAuth({ users, unusable }: DesiredState, known: Known, answered: ReadonlySet<AccountId>): boolean {
  if (unusable.some(({ readings }) => readings.authData.size > 0)) return false;
  const wanted = users.flatMap(({ id, values: { auth } }) =>
    id !== undefined || auth?.data === undefined ? [] : [`${auth.service} ${auth.data}`],
  );
  if (wanted.length === 0) return true;
  const [fresh, old] = [new Set<string>(), new Set<string>()];
  for (const { id, values } of known.all()) {
    const { service, data } = values.auth;
    if (data !== undefined) (answered.has(id) ? fresh : old).add(`${service} ${data}`);
  }
  return wanted.every((one) => fresh.has(one) && !old.has(one));
}
