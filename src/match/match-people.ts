/**
 * Whom an entry means. An `id` alone decides; otherwise the set of accounts that username, previous usernames, auth
 * and e-mail hit: none is a new person, one is that account, several are an error that names each.
 */
import type { DesiredState, DesiredUser } from '../model/desired-state.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { Problem } from '../model/problem.ts';
import type { Match, MatchKey, Transition } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';

interface Hit {
  readonly live: LiveUser;
  readonly keys: readonly MatchKey[];
}

type HitsByUser = ReadonlyMap<DesiredUser, readonly Hit[]>;

/** Who every entry means: worked out once per run, and read by all that comes after. */
export interface Matching {
  /** In the order of the entries. */
  readonly people: readonly Match[];
  /** What is wrong; a list that is not empty means: plan nothing. */
  readonly problems: readonly Problem[];
}

/** Matches every entry, or says what is wrong. */
export function matchPeople(desired: DesiredState, users: ReadonlyMap<AccountId, LiveUser>): Matching {
  const index = new AccountIndex(users);
  const hitsOf = settleHits(new Map(desired.users.map((user) => [user, index.hitsOf(user)])));
  const people: Match[] = [];
  const problems: Problem[] = [];
  for (const user of desired.users) {
    const hits = hitsOf.get(user) ?? [];
    const problem = refuse(user, hits, desired);
    if (problem !== undefined) problems.push(problem);
    people.push(toMatch(user, hits[0]));
  }
  return { people, problems: [...problems, ...claimedTwice(people, desired)] };
}

function toMatch(desired: DesiredUser, hit: Hit | undefined): Match {
  const transition = transitionOf(desired, hit?.live);
  return hit === undefined ? { desired, by: [], transition } : { desired, account: hit.live, by: hit.keys, transition };
}

/** What the plan means for a person's ability to sign in. An inactive account that the entry does not speak of stays so. */
export function transitionOf(desired: DesiredUser, account: LiveUser | undefined): Transition {
  if (account === undefined) return desired.values.active === false ? 'stays-away' : 'joins';
  const wanted = desired.values.active ?? account.values.active;
  if (account.values.active) return wanted ? 'stays' : 'leaves';
  return wanted ? 'returns' : 'stays-away';
}

class AccountIndex {
  readonly #byId: ReadonlyMap<AccountId, LiveUser>;
  readonly #byKey = new Map<string, LiveUser>();

  constructor(users: ReadonlyMap<AccountId, LiveUser>) {
    this.#byId = users;
    for (const live of users.values()) {
      this.#byKey.set(`username ${live.values.username}`, live);
      this.#byKey.set(`email ${live.values.email}`, live);
      const { service, data } = live.values.auth;
      if (data !== undefined) this.#byKey.set(`auth ${service} ${data}`, live);
    }
  }

  hitsOf(user: DesiredUser): readonly Hit[] {
    if (user.id !== undefined) {
      const live = this.#byId.get(user.id);
      return live === undefined ? [] : [{ live, keys: ['id'] }];
    }
    const found = new Map<LiveUser, MatchKey[]>();
    const look = (key: MatchKey, text: string | undefined): void => {
      const live = text === undefined ? undefined : this.#byKey.get(text);
      if (live === undefined) return;
      const keys = found.get(live) ?? [];
      if (!keys.includes(key)) keys.push(key);
      found.set(live, keys);
    };
    const { email, auth } = user.values;
    look('username', `username ${user.username}`);
    for (const name of user.previousUsernames) look('previous username', `username ${name}`);
    look('auth', auth?.data === undefined ? undefined : `auth ${auth.service} ${auth.data}`);
    look('e-mail', email === undefined ? undefined : `email ${email}`);
    return [...found].map(([live, keys]) => ({ live, keys }));
  }
}

const byNameAlone = ({ keys }: Hit): boolean => keys.every((key) => key === 'username' || key === 'previous username');
const byCurrentNameAlone = ({ keys }: Hit): boolean => keys.length === 1 && keys[0] === 'username';

/**
 * Names change hands: a name that one entry bears now, or bore before, may be another one's account. Such hits are dropped
 * as long as it is certain whose the account is; what stays uncertain stays, and is an error.
 */
function settleHits(all: HitsByUser): HitsByUser {
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
 * Whoever means one account alone takes it, and so others may come to mean one alone. First those who say where they come
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

function refuse(user: DesiredUser, hits: readonly Hit[], desired: DesiredState): Problem | undefined {
  const [hit] = hits;
  if (user.id !== undefined && hit === undefined) {
    return {
      code: 'id-not-found',
      message: `no account has the id ${user.id} of ${user.username}`,
      hint: 'the id is of another server or mistyped: mend it, or delete the line',
      at: desired.locate(user, 'id'),
    };
  }
  if (hit === undefined) return undefined;
  if (hits.length > 1) {
    return {
      code: 'ambiguous-person',
      message: `${user.username} means ${hits.length} accounts: ${hits.map(describeHit).join(' and ')}`,
      hint: 'name the right one with id, or mend the field that hits the wrong one',
      at: desired.locate(user),
    };
  }
  return refuseAccount(user, hit, desired);
}

function refuseAccount(user: DesiredUser, hit: Hit, desired: DesiredState): Problem | undefined {
  const { live } = hit;
  if (live.isBot || live.isRemote) {
    return {
      code: live.isBot ? 'is-a-bot' : 'is-remote',
      message: `${user.username} is ${live.isBot ? 'a bot account' : 'an account of a connected server'} (${describeHit(hit)})`,
      hint: 'muster manages people of this server only: choose another username, or take the entry out',
      at: desired.locate(user),
    };
  }
  if (user.adopt || !isNamesake(user, hit)) return undefined;
  return {
    code: 'another-person',
    message: `another person of the same name? ${user.username} is taken by ${live.values.active ? 'an' : 'an inactive'} account with ${contradictions(user, live).join(' and ')}`,
    hint: `if it is the same person, write id: ${live.id} or adopt: true; if not, choose another username`,
    at: desired.locate(user),
  };
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

function claimedTwice(matches: readonly Match[], desired: DesiredState): readonly Problem[] {
  const owners = new Map<LiveUser, Match>();
  const problems: Problem[] = [];
  for (const match of matches) {
    if (match.account === undefined) continue;
    const former = owners.get(match.account);
    if (former === undefined) {
      owners.set(match.account, match);
      continue;
    }
    problems.push({
      code: 'account-claimed-twice',
      message: `${former.desired.username} and ${match.desired.username} both mean ${match.account.values.username} (id ${match.account.id}): the first by ${former.by.join(', ')}, the second by ${match.by.join(', ')}`,
      hint: 'an account is one person: mend one of the two entries',
      at: desired.locate(match.desired),
      also: desired.locate(former.desired),
    });
  }
  return problems;
}
