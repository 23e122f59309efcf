/**
 * What a schema cannot say: rules inside one entry, and clashes between entries, in one file or across files.
 * Pure: takes entries with their places, returns problems.
 */
import { count } from '../model/count.ts';
import type { DesiredUser, EntryPart } from '../model/desired-state.ts';
import { flawOfEmail } from '../model/email-rules.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { isServerLocale, offeredLocales } from '../model/locale-rules.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import { suggestNames } from '../model/suggest.ts';
import { isGuest, reservedUsernames, systemRoles, temporaryUsernamePrefix } from '../model/user-rules.ts';
import { endOf, isRealMoment, startOf } from '../model/written-moment.ts';
import { flawsOfRotation } from './check-rotation.ts';
import { checkTeams } from './check-teams.ts';

/** An entry as written and as understood, with the way to its place. */
export interface PlacedUser {
  readonly entry: UserEntry;
  readonly user: DesiredUser;
  problem(part: PlacedPart, problem: ProblemText): Problem;
  position(part: PlacedPart): SourcePosition;
  /** Where the value stands that the entry has from the defaults of its file. */
  defaultPosition(part: string): SourcePosition;
}

type PlacedPart = EntryPart | 'starts' | 'ends' | 'previous_usernames';

export interface PeopleRules {
  readonly timeZone: string;
  readonly allowRoles: ReadonlySet<string>;
  /** Names that `muster.yaml` defines. */
  readonly sinks: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
}

/** Something that is wrong, and whose entries cannot be used for it: of two that clash, it is not known which one is right. */
export interface PeopleProblem<Person extends PlacedUser> {
  readonly people: readonly Person[];
  readonly problem: Problem;
}

/** @param broken - of which only a part is understood: what they share with others is not known */
export function checkPeople<Person extends PlacedUser>(
  people: readonly Person[],
  broken: readonly Person[],
  rules: PeopleRules,
): ReadonlyArray<PeopleProblem<Person>> {
  const problems: PeopleProblem<Person>[] = [];
  for (const group of [people, broken])
    for (const person of group)
      for (const check of checks) {
        const found = check(person, rules);
        if (found.length > 0) for (const problem of found) problems.push({ people: [person], problem });
      }
  return [...problems, ...checkClashes(people)];
}

type Check = (person: PlacedUser, rules: PeopleRules) => readonly Problem[];

/** What can be wrong inside one entry. */
const checks: readonly Check[] = [
  checkUsername,
  checkEmail,
  checkLocale,
  checkAuth,
  checkRoles,
  checkWindow,
  checkTokens,
  checkPasswordSource,
  (person) => checkTeams(person.user, (part, problem) => person.problem(part, problem)),
];

function checkUsername(person: PlacedUser): readonly Problem[] {
  const { username } = person.user;
  if (reservedUsernames.has(username))
    return [person.problem('username', refuse('reserved-username', { is: 'server', username }))];
  return username.startsWith(temporaryUsernamePrefix)
    ? [person.problem('username', refuse('reserved-username', { is: 'swap', prefix: temporaryUsernamePrefix }))]
    : [];
}

function checkEmail(person: PlacedUser): readonly Problem[] {
  const { username, values } = person.user;
  const flaw = values.email === undefined ? undefined : flawOfEmail(values.email, `the e-mail of ${username}`);
  return flaw === undefined ? [] : [person.problem('email', flaw)];
}

function checkLocale(person: PlacedUser): readonly Problem[] {
  const { entry, user } = person;
  const flaw = entry.locale === undefined ? undefined : refusedLocale(entry.locale, user.username);
  return flaw === undefined ? [] : [person.problem('locale', flaw)];
}

/** What is wrong with a language, for any person. */
export function refusedLocale(locale: string, whose: string): ProblemText | undefined {
  if (isServerLocale(locale)) return undefined;
  return refuse('unknown-locale', { whose, locale, offered: offeredLocales.join(', ') });
}

const maxAuthBytes = 128;

/** The server stores longer data, and then refuses every change of the account. */
function checkAuth(person: PlacedUser): readonly Problem[] {
  const { username, values } = person.user;
  const data = values.auth?.data;
  if (data === undefined) return [];
  const bytes = new TextEncoder().encode(data).length;
  if (bytes <= maxAuthBytes) return [];
  return [person.problem('auth', refuse('auth-data-too-long', { username, bytes, max: maxAuthBytes }))];
}

function checkRoles(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { entry, user } = person;
  const refused = refusedRoles(entry.roles ?? none, user.username, rules);
  return refused.length === 0 ? none : refused.map((one) => person.problem('roles', one));
}

/** A slip of the pen in the name of a role that may stand here, or a role of another sort. */
function roleNotAllowed(role: string, { allowRoles }: PeopleRules): ProblemText {
  const near = suggestNames(role, [...systemRoles, ...allowRoles]);
  return near.length === 0
    ? refuse('role-not-allowed', { is: 'other', role })
    : refuse('role-not-allowed', { is: 'near', role, near: near.join(' or ') });
}

/** What is wrong with a set of roles, for any person. */
export function refusedRoles(roles: readonly string[], whose: string, rules: PeopleRules): readonly ProblemText[] {
  const isForeign = (name: string): boolean => !name.startsWith('system_') && !rules.allowRoles.has(name);
  const foreign = roles.some(isForeign) ? roles.filter(isForeign).map((name) => roleNotAllowed(name, rules)) : none;
  if (!isGuest(roles)) return foreign;
  if (roles.includes('system_user')) return [refuse('guest-and-member', { whose }), ...foreign];
  return roles.includes('system_admin') ? [refuse('guest-and-admin', { whose }), ...foreign] : foreign;
}

function checkWindow(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { entry, user } = person;
  if (entry.starts === undefined && entry.ends === undefined) return none;
  const problems: Problem[] = [];
  for (const part of ['starts', 'ends'] as const) {
    const text = entry[part];
    if (text !== undefined && !isRealMoment(text))
      problems.push(person.problem(part, refuse('no-such-date', { field: part, username: user.username, text })));
  }
  const { starts, ends } = entry;
  if (problems.length > 0 || starts === undefined || ends === undefined) return problems;
  if (startOf(starts, rules.timeZone) < endOf(ends, rules.timeZone)) return [];
  return [person.problem('ends', refuse('ends-before-start', { username: user.username, starts, ends }))];
}

function checkTokens(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { username, tokens } = person.user;
  if (tokens === undefined) return none;
  const problems: Problem[] = [];
  const names = new Set<string>();
  const twice = new Set<string>();
  for (const token of tokens) {
    const part: EntryPart = `tokens.${token.name}`;
    if (names.has(token.name) && !twice.has(token.name)) {
      twice.add(token.name);
      problems.push(person.problem(part, refuse('duplicate-token', { username, token: token.name })));
    }
    names.add(token.name);
    problems.push(...flawsOfRotation(token).map((flaw) => person.problem(part, flaw)));
    if (token.sink !== undefined && !rules.sinks.has(token.sink)) {
      const what = { username, token: token.name, sink: token.sink };
      problems.push(person.problem(part, refuse('unknown-sink', { ...knownNames(rules.sinks), ...what })));
    }
  }
  return problems;
}

function checkPasswordSource(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { user } = person;
  const source = user.initialPassword;
  if (source === undefined || rules.sources.has(source)) return [];
  const what = { ...knownNames(rules.sources), username: user.username };
  return [person.problem('initial_password', refuse('unknown-source', what))];
}

/** Longer lists don't help, and they would stand in every problem. */
const maxNamesShown = 20;

type KnownNames =
  | { readonly is: 'none' }
  | { readonly is: 'many'; readonly others: string }
  | { readonly is: 'known'; readonly known: string };

function knownNames(names: ReadonlySet<string>): KnownNames {
  if (names.size === 0) return { is: 'none' };
  if (names.size > maxNamesShown) return { is: 'many', others: count(names.size, 'other') };
  return { is: 'known', known: [...names].toSorted().join(', ') };
}

/** What no two people can share. */
interface Claim {
  readonly part: PlacedPart;
  /** One, or several. */
  readonly keysOf: (user: DesiredUser) => string | readonly string[] | undefined;
  readonly say: (key: string, entry: UserEntry) => ProblemText;
}

const none: readonly never[] = [];

const claims: readonly Claim[] = [
  {
    part: 'username',
    keysOf: ({ username }) => username,
    say: (_name, { username }) => refuse('duplicate-user', { username }),
  },
  {
    part: 'id',
    keysOf: ({ id }) => id,
    say: (id) => refuse('duplicate-id', { id }),
  },
  {
    part: 'email',
    keysOf: ({ values }) => values.email,
    say: (email) => refuse('duplicate-email', { email }),
  },
  {
    part: 'auth',
    keysOf: ({ values }) => values.auth?.data,
    say: (data) => refuse('duplicate-auth', { data }),
  },
  {
    part: 'previous_usernames',
    keysOf: ({ previousUsernames }) => previousUsernames,
    say: (name) => refuse('duplicate-previous-username', { name }),
  },
];

function checkClashes<Person extends PlacedUser>(people: readonly Person[]): ReadonlyArray<PeopleProblem<Person>> {
  const problems: PeopleProblem<Person>[] = [];
  const owners = claims.map((claim) => {
    const byKey = new Map<string, Person>();
    const take = (key: string, person: Person): void => {
      const previous = byKey.get(key);
      if (previous === undefined) byKey.set(key, person);
      else if (previous !== person) problems.push(clash(claim, key, previous, person));
    };
    return { keysOf: claim.keysOf, take };
  });
  for (const person of people) {
    for (const { keysOf, take } of owners) {
      const keys = keysOf(person.user);
      if (typeof keys === 'string') take(keys, person);
      else if (keys !== undefined) for (const key of keys) take(key, person);
    }
  }
  return [...problems, ...checkPreviousNames(people)];
}

function clash<Person extends PlacedUser>(
  { part, say }: Claim,
  key: string,
  previous: Person,
  person: Person,
): PeopleProblem<Person> {
  const problem = person.problem(part, say(key, person.entry));
  return { people: [previous, person], problem: { ...problem, also: previous.position(part) } };
}

/** A previous name that another entry has now is only a swap if that person, too, says where they come from. */
function checkPreviousNames<Person extends PlacedUser>(
  people: readonly Person[],
): ReadonlyArray<PeopleProblem<Person>> {
  if (people.every(({ user }) => user.previousUsernames.length === 0)) return [];
  const byName = new Map(people.map((person) => [person.user.username, person]));
  const problems: PeopleProblem<Person>[] = [];
  for (const person of people) {
    for (const name of person.user.previousUsernames) {
      const holder = byName.get(name);
      if (holder === undefined || holder === person || isKnownBeyondItsName(holder)) continue;
      problems.push({
        people: [person, holder],
        problem: {
          ...person.problem(
            'previous_usernames',
            refuse('previous-username-in-use', { name, username: person.user.username }),
          ),
          also: holder.position('username'),
        },
      });
    }
  }
  return problems;
}

function isKnownBeyondItsName({ user }: PlacedUser): boolean {
  const { email, auth } = user.values;
  return user.id !== undefined || user.previousUsernames.length > 0 || email !== undefined || auth?.data !== undefined;
}
