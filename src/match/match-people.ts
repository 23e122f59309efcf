/**
 * Whom an entry means. An `id` alone decides; otherwise the set of accounts that username, previous usernames, auth
 * and e-mail hit: none is a new person, one is that account, several are an error that names each.
 */

import { type AccountIndex, accountIndex } from '../model/account-index.ts';
import { count } from '../model/count.ts';
import { switchesAfter } from '../model/dated-switches.ts';
import type { DesiredState, DesiredUser, UnusableEntry } from '../model/desired-state.ts';
import type { LiveUser } from '../model/live-state.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import type { Match, MatchKey, Transition } from '../model/resource-definition.ts';
import { asUnusable, Doubts, everyUser, inOrderOfPlaces } from '../model/unusable.ts';
import type { AccountId } from '../model/user-values.ts';

interface Hit {
  readonly live: LiveUser;
  readonly keys: readonly MatchKey[];
}

type Hits = readonly Hit[];
const noHits: Hits = [];
type HitsByUser = ReadonlyMap<DesiredUser, Hits>;

/** What an entry hits. Of nearly everyone the account says it all: its name and its e-mail are those of the entry. */
type Found = LiveUser | Hits;
const hitsIn = (found: Found): Hits => ('id' in found ? [{ live: found, keys: nameAndEmail }] : found);

/** An entry that cannot be used, with the accounts that are left alone for it. */
export interface SetAside extends UnusableEntry {
  readonly accounts: readonly LiveUser[];
  /** What the entry means beside this server, if that is where it cannot be used. */
  readonly match?: Match;
}

/** Who every entry means: worked out once per run, and read by all that comes after. */
export interface Matching {
  /** Of the entries that can be used, in their order. */
  readonly people: readonly Match[];
  /** The others, in the order of their places. */
  readonly unusable: readonly SetAside[];
  readonly doubts: Doubts;
}

/** Whom entries mean beside this server, those that cannot be used there included: they may be used by a later date. */
export const everyMatch = ({ people, unusable }: Matching): readonly Match[] => [
  ...people,
  ...unusable.flatMap(({ match }) => match ?? []),
];

/** What was read of the server, as far as it tells people apart. */
type Accounts = ReadonlyMap<AccountId, LiveUser>;

/**
 * Matches every entry that can be used, and sets aside those that cannot beside this server.
 *
 * @param refusedEmails - which the server called malformed when it was asked for them
 */
export function matchPeople(
  desired: DesiredState,
  users: Accounts,
  refusedEmails: ReadonlySet<string> = new Set(),
): Matching {
  const index = accountIndex(users);
  // Who cannot be used claims names all the same: no other person becomes unclear for it.
  const everyone = everyUser(desired);
  const all = everyone.map((user) => find(user, users, index));
  const settled = settleHits(everyone, all);
  const { momentMs } = desired;
  const problems = new Map<DesiredUser, readonly Problem[]>();
  // They come first among everyone.
  const people = desired.users.map((user, i): Match => {
    const own = hitsIn(settled[i] ?? noHits);
    const hits = refuseHits(user, own, desired);
    const email = refuseEmail(user, refusedEmails, desired);
    if (hits !== undefined || email !== undefined)
      problems.set(
        user,
        [hits, email].filter((problem) => problem !== undefined),
      );
    return toMatch(user, own[0], hitsIn(all[i] ?? noHits), momentMs);
  });
  const certain = problems.size === 0 ? people : people.filter((match) => !problems.has(match.desired));
  // Where no two entries hit the same account, no two claim it.
  for (const { problem, both } of settled === all ? [] : claimedTwice(certain, desired)) {
    for (const match of both) problems.set(match.desired, [...(problems.get(match.desired) ?? []), problem]);
  }
  const unusable = desired.unusable.map((entry) => ({ ...entry, accounts: [] }));
  return setAside({ people, unusable, doubts: new Doubts([]) }, problems, desired, users);
}

/** Takes out the people whose entries cannot be used, and leaves alone whatever one of their readings hits. */
export function setAside(
  { people, unusable }: Matching,
  problems: ReadonlyMap<DesiredUser, readonly Problem[]>,
  desired: DesiredState,
  users: Accounts,
): Matching {
  const refused = problems.size === 0 ? [] : people.filter((match) => problems.has(match.desired));
  const added = refused.map((match): Omit<SetAside, 'accounts'> => {
    const own = problems.get(match.desired) ?? [];
    return { ...asUnusable(match.desired, desired.locate(match.desired), own), match };
  });
  const entries = inOrderOfPlaces<Omit<SetAside, 'accounts'>>([...unusable, ...added]);
  const doubts = new Doubts(entries);
  if (entries.length === 0) return { people, unusable: [], doubts };
  const hit = hitBy(doubts, users);
  return {
    people: people.filter((match) => !problems.has(match.desired)).map((match) => withDoubt(match, doubts)),
    unusable: entries.map((entry) => ({ ...entry, accounts: hit.get(entry) ?? [] })),
    doubts,
  };
}

function hitBy(doubts: Doubts, users: Accounts): ReadonlyMap<UnusableEntry, LiveUser[]> {
  const hit = new Map<UnusableEntry, LiveUser[]>();
  for (const live of users.values()) {
    for (const entry of doubts.about(live)) {
      const own = hit.get(entry);
      if (own === undefined) hit.set(entry, [live]);
      else own.push(live);
    }
  }
  return hit;
}

/** A person who lost their account to such an entry is shown beside it, and left alone there. */
function withDoubt(match: Match, doubts: Doubts): Match {
  const { desired, hits } = match;
  const [doubtedBy] = hits.flatMap((live) => doubts.about(live));
  if (doubtedBy === undefined) return match;
  const [only, ...others] = hits;
  if (match.account !== undefined || only === undefined || others.length > 0) return { ...match, doubtedBy };
  return { ...match, account: only, transition: transitionOf(desired, only), doubtedBy };
}

function toMatch(desired: DesiredUser, hit: Hit | undefined, all: readonly Hit[], momentMs: number): Match {
  const transition = transitionOf(desired, hit?.live);
  const hits = all.map(({ live }) => live);
  if (hit === undefined) return { desired, by: [], hits, transition };
  const match: Match = { desired, account: hit.live, by: hit.keys, hits, transition };
  const switches = switchesAfter(desired, momentMs);
  if (switches.length === 0) return match;
  return { ...match, later: new Set(switches.map(({ active }) => (active ? 'returns' : 'leaves'))) };
}

/** What the plan means for a person's ability to sign in. An inactive account that the entry does not speak of stays so. */
export function transitionOf(desired: DesiredUser, account: LiveUser | undefined): Transition {
  if (account === undefined) return desired.values.active === false ? 'stays-away' : 'joins';
  const wanted = desired.values.active ?? account.values.active;
  if (account.values.active) return wanted ? 'stays' : 'leaves';
  return wanted ? 'returns' : 'stays-away';
}

function find(user: DesiredUser, users: Accounts, index: AccountIndex): Found {
  if (user.id !== undefined) {
    const live = users.get(user.id);
    return live === undefined ? noHits : [{ live, keys: ['id'] }];
  }
  const settled = byNameAndEmail(user, index);
  if (settled !== undefined) return settled;
  const found: Array<{ readonly live: LiveUser; readonly keys: MatchKey[] }> = [];
  const add = (key: MatchKey, live: LiveUser | undefined): void => {
    if (live === undefined) return;
    const known = found.find((hit) => hit.live === live);
    if (known === undefined) found.push({ live, keys: [key] });
    else if (!known.keys.includes(key)) known.keys.push(key);
  };
  const { email, auth } = user.values;
  add('username', index.byUsername(user.username));
  for (const name of user.previousUsernames) add('previous username', index.byUsername(name));
  if (auth?.data !== undefined) add('auth', index.byAuth(auth));
  if (email !== undefined) add('e-mail', index.byEmail(email));
  return found;
}

/** Nearly everyone: the account of the name has the e-mail, too, and the entry says nothing else of who it is. */
function byNameAndEmail(
  { username, previousUsernames, values }: DesiredUser,
  index: AccountIndex,
): LiveUser | undefined {
  const { email, auth } = values;
  if (email === undefined || auth?.data !== undefined || previousUsernames.length > 0) return undefined;
  const live = index.byUsername(username);
  return live !== undefined && live === index.byEmail(email) ? live : undefined;
}

const nameAndEmail: readonly MatchKey[] = ['username', 'e-mail'];

const byNameAlone = ({ keys }: Hit): boolean => keys.every((key) => key === 'username' || key === 'previous username');
const byCurrentNameAlone = ({ keys }: Hit): boolean => keys.length === 1 && keys[0] === 'username';

/**
 * Names change hands: a name that one entry bears now, or bore before, may be another one's account. Such hits are dropped
 * as long as it is certain whose the account is; what stays uncertain stays, and is an error.
 */
function settleHits(users: readonly DesiredUser[], all: readonly Found[]): readonly Found[] {
  const twice = hitTwice(all);
  if (twice.size === 0) return all;
  const isDisputed = (own: Hits): boolean => own.some(({ live }) => twice.has(live));
  const disputed = users.flatMap((user, i) => {
    const own = hitsIn(all[i] ?? noHits);
    return isDisputed(own) ? [[user, own] as const] : [];
  });
  const settled = settleDisputed(new Map(disputed));
  return users.map((user, i) => settled.get(user) ?? all[i] ?? noHits);
}

/** Accounts that several entries mean: of those entries, no other one has a say in who gets them. */
function hitTwice(all: readonly Found[]): ReadonlySet<LiveUser> {
  const seen = new Set<LiveUser>();
  const twice = new Set<LiveUser>();
  const see = (live: LiveUser): void => {
    if (seen.has(live)) twice.add(live);
    else seen.add(live);
  };
  for (const found of all) {
    if ('id' in found) see(found);
    else for (const { live } of found) see(live);
  }
  return twice;
}

function settleDisputed(all: HitsByUser): HitsByUser {
  let hits = dropHits(
    all,
    (hit, own, others) => byNameAlone(hit) && own.some((other) => !byNameAlone(other)) && others.length > 0,
  );
  for (;;) {
    const next = settleOnce(hits);
    if (next === undefined) return hits;
    hits = next;
  }
}

/**
 * An entry that means one account alone takes it, and so others may come to mean one alone. First those who say where they come
 * from, then those whose account just bears the name.
 */
function settleOnce(hits: HitsByUser): HitsByUser | undefined {
  const certain = dropHits(
    hits,
    (hit, own, others) => (own.length > 1 ? byNameAlone(hit) : byCurrentNameAlone(hit)) && isTaken(others),
  );
  if (countHits(certain) < countHits(hits)) return certain;
  const byName = dropHits(
    hits,
    (hit, own, others) => own.length > 1 && byNameAlone(hit) && others.some(({ isOnly }) => isOnly),
  );
  return countHits(byName) < countHits(hits) ? byName : undefined;
}

const isTaken = (others: readonly OtherHit[]): boolean =>
  others.some(({ hit, isOnly }) => isOnly && !byCurrentNameAlone(hit));

/** What another entry has to say about the same account. */
interface OtherHit {
  readonly hit: Hit;
  /** Whether that entry means no other account. */
  readonly isOnly: boolean;
}

/** Takes out the hits that a rule drops; the rule sees one hit, all of that entry's, and those of others on the same account. */
function dropHits(
  all: HitsByUser,
  drops: (hit: Hit, own: readonly Hit[], others: readonly OtherHit[]) => boolean,
): HitsByUser {
  const byAccount = new Map<LiveUser, Array<OtherHit & { readonly user: DesiredUser }>>();
  for (const [user, own] of all) {
    for (const hit of own) {
      const claims = byAccount.get(hit.live);
      const claim = { user, hit, isOnly: own.length === 1 };
      if (claims === undefined) byAccount.set(hit.live, [claim]);
      else claims.push(claim);
    }
  }
  const othersOf = (user: DesiredUser, { live }: Hit): readonly OtherHit[] =>
    (byAccount.get(live) ?? []).filter((claim) => claim.user !== user);
  return new Map([...all].map(([user, own]) => [user, own.filter((hit) => !drops(hit, own, othersOf(user, hit)))]));
}

const countHits = (hits: HitsByUser): number => [...hits.values()].reduce((sum, own) => sum + own.length, 0);

function refuseHits(user: DesiredUser, hits: readonly Hit[], desired: DesiredState): Problem | undefined {
  const [hit] = hits;
  if (user.id !== undefined && hit === undefined) {
    return {
      ...refuse('id-not-found', { id: user.id, username: user.username }),
      at: desired.locate(user, 'id'),
    };
  }
  if (hit === undefined) return undefined;
  if (hits.length > 1) {
    return { ...ambiguous(user, hits, desired), at: desired.locate(user) };
  }
  return refuseAccount(user, hit, desired);
}

/** Tells how to say which of several accounts is meant; an e-mail that changes hands is the usual reason. */
function ambiguous(user: DesiredUser, hits: readonly Hit[], desired: DesiredState): ProblemText {
  const code = 'ambiguous-person';
  const what = {
    username: user.username,
    accounts: count(hits.length, 'account'),
    hits: hits.map(describeHit).join(' and '),
  };
  const own = hits.find(({ keys }) => !keys.includes('e-mail'))?.live;
  const holder = hits.find(({ keys }) => keys.every((key) => key === 'e-mail'))?.live;
  if (own === undefined || holder === undefined || hits.length > 2) return refuse(code, { is: 'several', ...what });
  const { username, email, active } = holder.values;
  const other = desired.users.find((one) => one !== user && one.username === username);
  const isGivenUp = other?.values.email !== undefined && other.values.email !== email;
  const change = { ...what, holder: username, id: own.id };
  if (isGivenUp) return refuse(code, { is: 'handed-over', ...change });
  if (other !== undefined) return refuse(code, { is: 'both-declared', ...what, email, holder: username });
  return active ? refuse(code, { is: 'several', ...what }) : refuse(code, { is: 'inactive-holder', ...change });
}

function refuseAccount(user: DesiredUser, hit: Hit, desired: DesiredState): Problem | undefined {
  const { live } = hit;
  if (live.isBot || live.isRemote) {
    const what = { username: user.username, hit: describeHit(hit) };
    return { ...refuse(live.isBot ? 'is-a-bot' : 'is-remote', what), at: desired.locate(user) };
  }
  if (user.adopt || !isNamesake(user, hit)) return undefined;
  const what = {
    is: live.values.active ? ('active' as const) : ('inactive' as const),
    username: user.username,
    id: live.id,
    contradictions: contradictions(user, live).join(' and '),
  };
  return { ...refuse('another-person', what), at: desired.locate(user) };
}

/**
 * Names alone fit, the present one or a previous one: on an inactive account one contradiction is enough to doubt, on an
 * active one it takes both, and also where the entry wants it inactive. So whatever an apply has done of a plan, the next
 * one does not begin to doubt: a rename or a deactivation adds nothing that speaks against the person.
 */
function isNamesake(user: DesiredUser, hit: Hit): boolean {
  if (!byNameAlone(hit)) return false;
  const against = contradictions(user, hit.live).length;
  return hit.live.values.active || user.values.active === false ? against === 2 : against > 0;
}

function contradictions(user: DesiredUser, live: LiveUser): readonly string[] {
  const { email, auth } = user.values;
  const isOtherEmail = email !== undefined && email !== live.values.email;
  const known = live.values.auth;
  const isOtherAuth =
    auth !== undefined &&
    (auth.service !== known.service ||
      (auth.data !== undefined && known.isHidden !== true && auth.data !== known.data));
  return [
    ...(isOtherEmail ? [`the e-mail ${live.values.email}`] : []),
    ...(isOtherAuth
      ? [known.data === undefined ? `${known.service} login` : `${known.service} login ${known.data}`]
      : []),
  ];
}

function describeHit({ live, keys }: Hit): string {
  return `${live.values.username} (id ${live.id}) by ${keys.join(', ')}`;
}

function refuseEmail(user: DesiredUser, refused: ReadonlySet<string>, desired: DesiredState): Problem | undefined {
  const { email } = user.values;
  if (email === undefined || !refused.has(email)) return undefined;
  return {
    ...refuse('email-refused', { is: 'other', what: `the e-mail of ${user.username}` }),
    at: desired.locate(user, 'email'),
  };
}

interface ClaimedTwice {
  readonly problem: Problem;
  readonly both: readonly Match[];
}

function claimedTwice(matches: readonly Match[], desired: DesiredState): readonly ClaimedTwice[] {
  const owners = new Map<LiveUser, Match>();
  const found: ClaimedTwice[] = [];
  for (const match of matches) {
    if (match.account === undefined) continue;
    const previous = owners.get(match.account);
    if (previous === undefined) {
      owners.set(match.account, match);
      continue;
    }
    const what = {
      first: previous.desired.username,
      second: match.desired.username,
      username: match.account.values.username,
      id: match.account.id,
      firstBy: previous.by.join(', '),
      secondBy: match.by.join(', '),
    };
    const problem = {
      ...refuse('account-claimed-twice', what),
      at: desired.locate(match.desired),
      also: desired.locate(previous.desired),
    };
    found.push({ problem, both: [previous, match] });
  }
  return found;
}
