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
import { flawsOfRotation } from './check-rotation.ts';
import { endOf, isRealMoment, startOf } from './window.ts';

/** An entry as written and as understood, with the way to its place. */
export interface PlacedUser {
  readonly entry: UserEntry;
  readonly user: DesiredUser;
  readonly problem: (part: PlacedPart, problem: Omit<Problem, 'at' | 'excerpt'>) => Problem;
  readonly position: (part: PlacedPart) => SourcePosition;
  /** Where the value stands that the entry has from the defaults of its file. */
  readonly defaultPosition: (part: string) => SourcePosition;
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
export interface PeopleProblem {
  readonly people: readonly PlacedUser[];
  readonly problem: Problem;
}

/** @param broken - of which only a part is understood: what they share with others is not known */
export function checkPeople(
  people: readonly PlacedUser[],
  broken: readonly PlacedUser[],
  rules: PeopleRules,
): readonly PeopleProblem[] {
  return [
    ...[...people, ...broken].flatMap((person) =>
      checkEntry(person, rules).map((problem) => ({ people: [person], problem })),
    ),
    ...checkClashes(people),
  ];
}

function checkEntry(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  return [
    ...checkUsername(person),
    ...checkEmail(person),
    ...checkLocale(person),
    ...checkAuth(person),
    ...checkRoles(person, rules),
    ...checkWindow(person, rules),
    ...checkTokens(person, rules),
    ...checkPasswordSource(person, rules),
  ];
}

function checkUsername({ user, problem }: PlacedUser): readonly Problem[] {
  if (reservedUsernames.has(user.username)) {
    return [
      problem('username', {
        code: 'reserved-username',
        message: `the server keeps the username ${user.username} for itself`,
        hint: 'choose another name',
      }),
    ];
  }
  if (user.username.startsWith(temporaryUsernamePrefix)) {
    return [
      problem('username', {
        code: 'reserved-username',
        message: `names that begin with ${temporaryUsernamePrefix} are muster's own, for swaps`,
        hint: 'choose another name',
      }),
    ];
  }
  return [];
}

function checkEmail({ user, problem }: PlacedUser): readonly Problem[] {
  const flaw = user.values.email === undefined ? undefined : flawOfEmail(user.values.email);
  if (flaw === undefined) return [];
  return [
    problem('email', { code: flaw.code, message: `the e-mail of ${user.username} ${flaw.what}`, hint: flaw.hint }),
  ];
}

function checkLocale({ entry, user, problem }: PlacedUser): readonly Problem[] {
  const flaw = entry.locale === undefined ? undefined : refusedLocale(entry.locale, user.username);
  return flaw === undefined ? [] : [problem('locale', flaw)];
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
function checkAuth({ user, problem }: PlacedUser): readonly Problem[] {
  const length = new TextEncoder().encode(user.values.auth?.data ?? '').length;
  if (length <= maxAuthBytes) return [];
  return [
    problem('auth', {
      code: 'auth-data-too-long',
      message: `the auth data of ${user.username} has ${length} bytes`,
      hint: `the server takes at most ${maxAuthBytes}`,
    }),
  ];
}

function checkRoles({ entry, user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  return refusedRoles(entry.roles ?? [], user.username, rules).map((refused) => problem('roles', refused));
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

function checkWindow({ entry, user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const problems: Problem[] = [];
  for (const part of ['starts', 'ends'] as const) {
    const text = entry[part];
    if (text !== undefined && !isRealMoment(text)) {
      problems.push(
        problem(part, {
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
    problem('ends', {
      code: 'ends-before-start',
      message: `${user.username} ends ${entry.ends}, before the start ${entry.starts}`,
      hint: 'swap or fix the dates',
    }),
  ];
}

function checkTokens({ user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  const twice = new Set<string>();
  for (const token of user.tokens ?? []) {
    const part: EntryPart = `tokens.${token.name}`;
    if (names.has(token.name) && !twice.has(token.name)) {
      twice.add(token.name);
      problems.push(
        problem(part, {
          code: 'duplicate-token',
          message: `${user.username} has two tokens named ${token.name}`,
          hint: 'give each its own name',
        }),
      );
    }
    names.add(token.name);
    problems.push(...flawsOfRotation(token).map((flaw) => problem(part, flaw)));
    if (token.sink !== undefined && !rules.sinks.has(token.sink)) {
      problems.push(
        problem(part, {
          code: 'unknown-sink',
          message: `the token ${token.name} of ${user.username} goes to the sink ${token.sink}, which muster.yaml does not define`,
          hint: knownNames('secrets.sinks', rules.sinks),
        }),
      );
    }
  }
  return problems;
}

function checkPasswordSource({ user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const source = user.initialPassword;
  if (source === undefined || rules.sources.has(source)) return [];
  return [
    problem('initial_password', {
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
  readonly key: string;
  readonly part: PlacedPart;
  readonly code: string;
  readonly text: string;
  readonly hint: string;
}

function checkClashes(people: readonly PlacedUser[]): readonly PeopleProblem[] {
  const problems: PeopleProblem[] = [];
  const owners = new Map<string, { person: PlacedUser; claim: Claim }>();
  for (const person of people) {
    for (const claim of claimsOf(person)) {
      const previous = owners.get(claim.key);
      if (previous === undefined) {
        owners.set(claim.key, { person, claim });
        continue;
      }
      if (previous.person === person) continue;
      problems.push({
        people: [previous.person, person],
        problem: {
          ...person.problem(claim.part, { code: claim.code, message: claim.text, hint: claim.hint }),
          also: previous.person.position(previous.claim.part),
        },
      });
    }
  }
  return [...problems, ...checkPreviousNames(people)];
}

function claimsOf({ entry, user }: PlacedUser): readonly Claim[] {
  const claims: Claim[] = [
    {
      key: `username ${user.username}`,
      part: 'username',
      code: 'duplicate-user',
      text: `${entry.username} is declared twice`,
      hint: 'keep one entry; names that differ only in case are the same person',
    },
  ];
  if (user.id !== undefined) {
    claims.push({
      key: `id ${user.id}`,
      part: 'id',
      code: 'duplicate-id',
      text: `the id ${user.id} stands at two people`,
      hint: 'an account belongs to one entry',
    });
  }
  if (user.values.email !== undefined) {
    claims.push({
      key: `email ${user.values.email}`,
      part: 'email',
      code: 'duplicate-email',
      text: `the e-mail ${user.values.email} stands at two people`,
      hint: 'the server allows an e-mail once',
    });
  }
  const data = user.values.auth?.data;
  if (data !== undefined) {
    claims.push({
      key: `auth ${data}`,
      part: 'auth',
      code: 'duplicate-auth',
      text: `the auth data ${data} stands at two people`,
      hint: 'the server allows it once, over all services',
    });
  }
  for (const name of user.previousUsernames) {
    claims.push({
      key: `previous ${name}`,
      part: 'previous_usernames',
      code: 'duplicate-previous-username',
      text: `two people name ${name} as a previous username`,
      hint: 'a previous name leads to one account',
    });
  }
  return claims;
}

/** A previous name that another entry has now is only a swap if that person, too, says where they come from. */
function checkPreviousNames(people: readonly PlacedUser[]): readonly PeopleProblem[] {
  const byName = new Map(people.map((person) => [person.user.username, person]));
  const problems: PeopleProblem[] = [];
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
