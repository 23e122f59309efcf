/**
 * What a schema cannot say: rules inside one entry, and clashes between entries, in one file or across files.
 * Pure: takes entries with their places, returns problems.
 */
import type { DesiredUser, EntryPart } from '../model/desired-state.ts';
import type { UserEntry } from '../model/generated/users-file.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import { isGuest, reservedUsernames, temporaryUsernamePrefix } from '../model/user-rules.ts';
import { endOf, isRealMoment, startOf } from './window.ts';

/** An entry as written and as understood, with the way to its place. */
export interface PlacedUser {
  readonly entry: UserEntry;
  readonly user: DesiredUser;
  problem(
    part: EntryPart | 'starts' | 'ends' | 'previous_usernames',
    problem: Omit<Problem, 'at' | 'excerpt'>,
  ): Problem;
  position(part: EntryPart | 'previous_usernames'): SourcePosition;
}

export interface PeopleRules {
  readonly timeZone: string;
  readonly allowRoles: ReadonlySet<string>;
  /** Names that `muster.yaml` defines. */
  readonly sinks: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
}

export function checkPeople(people: readonly PlacedUser[], rules: PeopleRules): readonly Problem[] {
  return [...people.flatMap((person) => checkEntry(person, rules)), ...checkClashes(people)];
}

function checkEntry(person: PlacedUser, rules: PeopleRules): readonly Problem[] {
  return [
    ...checkUsername(person),
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

function checkRoles({ entry, user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const roles = entry.roles ?? [];
  const problems: Problem[] = [];
  if (roles.includes('system_guest') && roles.includes('system_user')) {
    problems.push(
      problem('roles', {
        code: 'guest-and-member',
        message: `${user.username} is both guest and member`,
        hint: 'keep one of system_guest and system_user',
      }),
    );
  } else if (isGuest(roles) && roles.includes('system_admin')) {
    problems.push(
      problem('roles', {
        code: 'guest-and-admin',
        message: `${user.username} is both guest and admin`,
        hint: 'keep one of the two',
      }),
    );
  }
  for (const role of roles.filter((name) => !name.startsWith('system_') && !rules.allowRoles.has(name))) {
    problems.push(
      problem('roles', {
        code: 'role-not-allowed',
        message: `the role ${role} is not a system role`,
        hint: 'roles of teams and channels do not belong here; a custom role must stand in policy.allow_roles of muster.yaml',
      }),
    );
  }
  return problems;
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
      hint: 'swap or mend the dates',
    }),
  ];
}

function checkTokens({ user, problem }: PlacedUser, rules: PeopleRules): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  for (const token of user.tokens ?? []) {
    const part: EntryPart = `tokens.${token.name}`;
    if (names.has(token.name)) {
      problems.push(
        problem(part, {
          code: 'duplicate-token',
          message: `${user.username} has two tokens named ${token.name}`,
          hint: 'give each its own name',
        }),
      );
    }
    names.add(token.name);
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
      message: `the initial password of ${user.username} comes from the source ${source}, which muster.yaml does not define`,
      hint: knownNames('secrets.sources', rules.sources),
    }),
  ];
}

function knownNames(where: string, names: ReadonlySet<string>): string {
  return names.size === 0
    ? `define it in ${where} of muster.yaml`
    : `${where} of muster.yaml defines: ${[...names].sort().join(', ')}`;
}

/** What no two people can share. */
interface Claim {
  readonly key: string;
  readonly part: EntryPart | 'previous_usernames';
  readonly code: string;
  readonly text: string;
  readonly hint: string;
}

function checkClashes(people: readonly PlacedUser[]): readonly Problem[] {
  const problems: Problem[] = [];
  const owners = new Map<string, { person: PlacedUser; claim: Claim }>();
  for (const person of people) {
    for (const claim of claimsOf(person)) {
      const former = owners.get(claim.key);
      if (former === undefined) {
        owners.set(claim.key, { person, claim });
        continue;
      }
      if (former.person === person) continue;
      problems.push({
        ...person.problem(claim.part, { code: claim.code, message: claim.text, hint: claim.hint }),
        also: former.person.position(former.claim.part),
      });
    }
  }
  return [...problems, ...checkFormerNames(people)];
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
      hint: 'a former name leads to one account',
    });
  }
  return claims;
}

/** A former name that another entry has now is only a swap if that person, too, says where they come from. */
function checkFormerNames(people: readonly PlacedUser[]): readonly Problem[] {
  const byName = new Map(people.map((person) => [person.user.username, person]));
  const problems: Problem[] = [];
  for (const person of people) {
    for (const name of person.user.previousUsernames) {
      const holder = byName.get(name);
      if (
        holder === undefined ||
        holder === person ||
        holder.user.previousUsernames.length > 0 ||
        holder.user.id !== undefined
      )
        continue;
      problems.push({
        ...person.problem('previous_usernames', {
          code: 'previous-username-in-use',
          message: `${name} is a previous username of ${person.user.username} and the username of another entry`,
          hint: `name the previous username or the id of ${name} too, so that each account is clear`,
        }),
        also: holder.position('username'),
      });
    }
  }
  return problems;
}
