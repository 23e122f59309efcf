import { type AccountIndex, accountIndex } from '../model/account-index.ts';
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import { fitsPath } from '../model/email-rules.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { Policy } from '../model/settings.ts';
import type { AccountId } from '../model/user-values.ts';

const pageSize = 200;
/** Up to here each e-mail is asked for by itself, since an answer about one person is the surest. */
const freeLookUps = 100;

/** Every name that could be an account of an entry. */
export function namesToAsk({ users }: DesiredState): readonly string[] {
  const names: string[] = [];
  for (const { username, previousUsernames } of users) names.push(username, ...previousUsernames);
  // Entries come by their names, so that nearly always nothing is to do.
  const isInOrder = names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name);
  return isInOrder ? names : [...new Set(names)].toSorted();
}

export function idsToAsk({ users }: DesiredState): readonly AccountId[] {
  return users.flatMap((user) => (user.id === undefined ? [] : [user.id])).toSorted();
}

/** Who has to be known beside those whom entries may mean. */
export type Whom = 'no one else' | 'active people' | 'everybody';

export const whomToKnow = ({ undeclaredUsers }: Pick<Policy, 'undeclaredUsers'>): Whom =>
  undeclaredUsers === 'report' ? 'active people' : 'no one else';

/** What is still open once the names are known. */
export interface OpenQuestions {
  /** E-mails that must be proven to be in use or free: those that a listing does not show are looked up. */
  readonly emails: readonly string[];
  /** Whether some of it can only be found in a listing. */
  readonly needsListing: boolean;
}

export interface FurtherReads {
  readonly emails: readonly string[];
  readonly listing: boolean;
}

/**
 * What else has to be found out once the names are known: as little as is enough. Pure.
 *
 * A name hit or a pinned id with the wanted e-mail needs no more. Auth data, and e-mails that no path can carry, can only
 * be found in a listing.
 *
 * @param known - accounts found so far; it stays as it is
 */
export function openQuestions(desired: DesiredState, known: ReadonlyMap<AccountId, LiveUser>): OpenQuestions {
  const index = accountIndex(known);
  const open = desired.users.filter((user) => !isSettled(user, index, known));
  const emails = open.flatMap(({ values }) => (values.email === undefined ? [] : [values.email]));
  const needsAuth = open.some(({ id, values }) => id === undefined && values.auth?.data !== undefined);
  return { emails: emails.toSorted(), needsListing: needsAuth || !emails.every(fitsPath) };
}

/** Whether so many look-ups could cost more than a listing: then it matters how many accounts there are. */
export const areMany = ({ emails }: OpenQuestions): boolean => emails.length > freeLookUps;

/**
 * E-mails are looked up one by one, after a listing where that finds most of them with fewer requests.
 *
 * @param total - accounts on the server
 */
export const isListingCheaper = ({ emails }: OpenQuestions, total: number): boolean =>
  emails.length > Math.max(freeLookUps, Math.ceil(total / pageSize));

/**
 * Whether every active person is among the accounts that are known: as many are active as the server counts before and
 * after. One who goes while another one comes stays unseen, as in a listing.
 */
export function areAllActive(known: Iterable<LiveUser>, counts: readonly number[]): boolean {
  let active = 0;
  for (const { values, isBot, isRemote } of known) if (values.active && !isBot && !isRemote) active++;
  return counts.every((count) => count === active);
}

function isSettled(user: DesiredUser, index: AccountIndex, known: ReadonlyMap<AccountId, LiveUser>): boolean {
  if (user.id !== undefined) return !wantsAnotherEmail(user, known.get(user.id));
  const live = onlyOneOf(user, index);
  if (live === undefined) return false;
  const { email, auth } = user.values;
  if (email !== undefined) return live.values.email === email;
  return auth?.data === undefined || live.values.auth.data === auth.data;
}

/** The account that has one of the names, where no second one of them is in use. */
function onlyOneOf({ username, previousUsernames }: DesiredUser, index: AccountIndex): LiveUser | undefined {
  let found = index.byUsername(username);
  for (const name of previousUsernames) {
    const live = index.byUsername(name);
    if (live !== undefined && found !== undefined) return undefined;
    found ??= live;
  }
  return found;
}

/** Whose e-mail the wanted one is now has to be known, although the id alone says whom the entry means. */
function wantsAnotherEmail({ values }: DesiredUser, live: LiveUser | undefined): boolean {
  return live !== undefined && values.email !== undefined && values.email !== live.values.email;
}

/** So many look-ups at most once the listing was read: a first plan for a whole company must not take hours. */
const maxLookUps = 1000;

/**
 * The e-mails to look up after what was read: only a look-up proves that no account has one. Only where far more
 * people are new than that is the proven listing believed; an apply looks each of them up again before it creates anybody.
 */
export function emailsToLookUp({ emails, listing }: FurtherReads, known: Iterable<LiveUser>): readonly string[] {
  if (emails.length === 0) return [];
  const seen = new Set<string>();
  for (const { values } of known) seen.add(values.email);
  const unseen = emails.filter((email) => !seen.has(email) && fitsPath(email));
  return listing && unseen.length > maxLookUps ? [] : unseen;
}
