/**
 * What a schema cannot say: rules inside one entry, and clashes between entries, in one file or across files.
 * Pure: takes entries with their places, returns problems.
 */
import { count } from '../model/count.ts';
import type { DesiredUser, EntryPart } from '../model/desired-state.ts';
import { flawOfEmail } from '../model/email-rules.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import { isServerLocale, offeredLocales } from '../model/locale-rules.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import { suggestNames } from '../model/suggest.ts';
import { isGuest, reservedUsernames, systemRoles, temporaryUsernamePrefix } from '../model/user-rules.ts';
import { endOf, isRealMoment, startOf } from '../model/written-moment.ts';
import { flawsOfRotation } from './check-rotation.ts';

/** An entry as written and as understood, with the way to its place. */
export interface PlacedUser {
  readonly entry: UserEntry;
  readonly user: DesiredUser;
  problem(part: PlacedPart, problem: Omit<Problem, 'at' | 'excerpt'>): Problem;
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
      for (const check of checks)
        for (const problem of check(person, rules)) problems.push({ people: [person], problem });
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
];

function checkUsername(person: PlacedUser): readonly Problem[] {
  const { user } = person;
  if (reservedUsernames.has(user.username)) {
    return [
      person.problem('username', {
        code: 'reserved-username',
        message: `the server keeps the username ${user.username} for itself`,
        hint: 'choose another name',
      }),
    ];
  }
  if (user.username.startsWith(temporaryUsernamePrefix)) {
    return [
      person.problem('username', {
        code: 'reserved-username',
        message: `names that begin with ${temporaryUsernamePrefix} are muster's own, for swaps`,
        hint: 'choose another name',
      }),
    ];
  }
  return [];
}

function checkEmail(person: PlacedUser): readonly Problem[] {
  const { user } = person;
  const flaw = user.values.email === undefined ? undefined : flawOfEmail(user.values.email);
  if (flaw === undefined) return [];
  return [
    person.problem('email', {
      code: flaw.code,
      message: `the e-mail of ${user.username} ${flaw.what}`,
      hint: flaw.hint,
    }),
  ];
}

function checkLocale(person: PlacedUser): readonly Problem[] {
  const { entry, user } = person;
  const flaw = entry.locale === undefined ? undefined : refusedLocale(entry.locale, user.username);
  return flaw === undefined ? [] : [person.problem('locale', flaw)];
}

/** What is wrong with a language, for any person. */
export function refusedLocale(locale: string, whose: string): Omit<Problem, 'at' | 'excerpt'> | undefined {
  if (isServerLocale(locale)) return undefined;
  return {
    code: 'unknown-locale',
    message: `the locale of ${whose} is ${locale}, which the server refuses`,
    hint: `write one that it offers: ${offeredLocales.join(', ')}`,
  };
}

const maxAuthBytes = 128;

/** The server stores longer data, and then refuses every change of the account. */
function checkAuth(person: PlacedUser): readonly Problem[] {
  const { user } = person;
  const data = user.values.auth?.data;
  if (data === undefined) return [];
  const length = new TextEncoder().encode(data).length;
  if (length <= maxAuthBytes) return [];
  return [
    person.problem('auth', {
      code: 'auth-data-too-long',
      message: `the auth data of ${user.username} has ${length} bytes`,
      hint: `the server takes at most ${maxAuthBytes}`,
    }),
  ];
}

function checkRoles(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { entry, user } = person;
  return refusedRoles(entry.roles ?? none, user.username, rules).map((refused) => person.problem('roles', refused));
}

/** A slip of the pen in the name of a role that may stand here, or a role of another sort. */
function hintForRole(name: string, { allowRoles }: PeopleRules): string {
  const near = suggestNames(name, [...systemRoles, ...allowRoles]);
  return near.length === 0
    ? 'roles of teams and channels do not belong here; a custom role must stand in policy.allow_roles of muster.yaml'
    : `did you mean ${near.join(' or ')}? a custom role must stand in policy.allow_roles of muster.yaml`;
}

/** What is wrong with a set of roles, for any person. */
export function refusedRoles(
  roles: readonly string[],
  whose: string,
  rules: PeopleRules,
): ReadonlyArray<Omit<Problem, 'at' | 'excerpt'>> {
  const foreign = roles
    .filter((name) => !name.startsWith('system_') && !rules.allowRoles.has(name))
    .map((name) => ({
      code: 'role-not-allowed',
      message: `the role ${name} is not a system role`,
      hint: hintForRole(name, rules),
    }));
  if (!isGuest(roles)) return foreign;
  const other = ['system_user', 'system_admin'].find((name) => roles.includes(name));
  if (other === undefined) return foreign;
  const contradiction = {
    code: other === 'system_user' ? 'guest-and-member' : 'guest-and-admin',
    message: `${whose} is both guest and ${other === 'system_user' ? 'member' : 'admin'}`,
    hint: `keep one of system_guest and ${other}`,
  };
  return [contradiction, ...foreign];
}

function checkWindow(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { entry, user } = person;
  const problems: Problem[] = [];
  for (const part of ['starts', 'ends'] as const) {
    const text = entry[part];
    if (text !== undefined && !isRealMoment(text)) {
      problems.push(
        person.problem(part, {
          code: 'no-such-date',
          message: `${part} of ${user.username} is ${text}, which is no date`,
          hint: 'write a date such as 2027-06-30',
        }),
      );
    }
  }
  if (problems.length > 0 || entry.starts === undefined || entry.ends === undefined) return problems;
  if (startOf(entry.starts, rules.timeZone) < endOf(entry.ends, rules.timeZone)) return [];
  return [
    person.problem('ends', {
      code: 'ends-before-start',
      message: `${user.username} ends ${entry.ends}, before the start ${entry.starts}`,
      hint: 'swap or fix the dates',
    }),
  ];
}

function checkTokens(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { user } = person;
  const problems: Problem[] = [];
  const names = new Set<string>();
  const twice = new Set<string>();
  for (const token of user.tokens ?? []) {
    const part: EntryPart = `tokens.${token.name}`;
    if (names.has(token.name) && !twice.has(token.name)) {
      twice.add(token.name);
      problems.push(
        person.problem(part, {
          code: 'duplicate-token',
          message: `${user.username} has two tokens named ${token.name}`,
          hint: 'give each its own name',
        }),
      );
    }
    names.add(token.name);
    problems.push(...flawsOfRotation(token).map((flaw) => person.problem(part, flaw)));
    if (token.sink !== undefined && !rules.sinks.has(token.sink)) {
      problems.push(
        person.problem(part, {
          code: 'unknown-sink',
          message: `the token ${token.name} of ${user.username} goes to the sink ${token.sink}, which muster.yaml does not define`,
          hint: knownNames('secrets.sinks', rules.sinks),
        }),
      );
    }
  }
  return problems;
}

function checkPasswordSource(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const { user } = person;
  const source = user.initialPassword;
  if (source === undefined || rules.sources.has(source)) return [];
  return [
    person.problem('initial_password', {
      code: 'unknown-source',
      // The name is not shown: it may be the password itself.
      message: `initial_password of ${user.username} is not the name of a source that muster.yaml defines`,
      hint: knownNames('secrets.sources', rules.sources),
    }),
  ];
}

/** Longer lists don't help, and they would stand in every problem. */
const maxNamesShown = 20;

function knownNames(where: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return `define it in ${where} of muster.yaml`;
  if (names.size > maxNamesShown) return `${where} of muster.yaml defines ${count(names.size, 'other')}`;
  return `${where} of muster.yaml defines: ${[...names].toSorted().join(', ')}`;
}

/** What no two people can share. */
interface Claim {
  readonly part: PlacedPart;
  readonly code: string;
  readonly keysOf: (user: DesiredUser) => readonly string[];
  readonly textOf: (key: string, entry: UserEntry) => string;
  readonly hint: string;
}

const none: readonly string[] = [];
const one = (key: string | undefined): readonly string[] => (key === undefined ? none : [key]);

const claims: readonly Claim[] = [
  {
    part: 'username',
    code: 'duplicate-user',
    keysOf: ({ username }) => [username],
    textOf: (_name, { username }) => `${username} is declared twice`,
    hint: 'keep one entry; names that differ only in case are the same person',
  },
  {
    part: 'id',
    code: 'duplicate-id',
    keysOf: ({ id }) => one(id),
    textOf: (id) => `the id ${id} stands at two people`,
    hint: 'an account belongs to one entry',
  },
  {
    part: 'email',
    code: 'duplicate-email',
    keysOf: ({ values }) => one(values.email),
    textOf: (email) => `the e-mail ${email} stands at two people`,
    hint: 'the server allows an e-mail once',
  },
  {
    part: 'auth',
    code: 'duplicate-auth',
    keysOf: ({ values }) => one(values.auth?.data),
    textOf: (data) => `the auth data ${data} stands at two people`,
    hint: 'the server allows it once, over all services',
  },
  {
    part: 'previous_usernames',
    code: 'duplicate-previous-username',
    keysOf: ({ previousUsernames }) => previousUsernames,
    textOf: (name) => `two people name ${name} as a previous username`,
    hint: 'a previous name leads to one account',
  },
];

function checkClashes<Person extends PlacedUser>(people: readonly Person[]): ReadonlyArray<PeopleProblem<Person>> {
  const owners = claims.map((claim) => ({ claim, byKey: new Map<string, Person>() }));
  const problems: PeopleProblem<Person>[] = [];
  for (const person of people) {
    for (const { claim, byKey } of owners) {
      for (const key of claim.keysOf(person.user)) {
        const previous = byKey.get(key);
        if (previous === undefined) byKey.set(key, person);
        else if (previous !== person) problems.push(clash(claim, key, previous, person));
      }
    }
  }
  return [...problems, ...checkPreviousNames(people)];
}

function clash<Person extends PlacedUser>(
  { part, code, textOf, hint }: Claim,
  key: string,
  previous: Person,
  person: Person,
): PeopleProblem<Person> {
  const problem = person.problem(part, { code, message: textOf(key, person.entry), hint });
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
          ...person.problem('previous_usernames', {
            code: 'previous-username-in-use',
            message: `${name} is a previous username of ${person.user.username} and the username of another entry`,
            hint: `name the id, the e-mail or the previous username of ${name} too, so that each account is clear`,
          }),
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
