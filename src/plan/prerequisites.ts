/**
 * What a change needs: another change without which it is wrong or refused. A change whose prerequisite does not pass
 * does not pass either, for that reason.
 */
import type { LiveUser } from '../model/live-state.ts';
import { type Change, type ChangeClass, isPlanMap } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';
import type { PersonChange, Sorted } from './person-change.ts';

/** `needs` must be done before `change`. */
export interface Need {
  readonly change: PersonChange;
  readonly needs: PersonChange;
  readonly because: string;
}

/** @param held - changes that were held back: whoever waits for one of them waits in vain */
export function needsOf(
  changes: readonly PersonChange[],
  held: readonly PersonChange[],
  users: ReadonlyMap<AccountId, LiveUser>,
): readonly Need[] {
  return [...needsWithinPeople([...changes, ...held]), ...needsForNames(changes, [...changes, ...held], users)];
}

const takesAway: ReadonlySet<ChangeClass> = new Set([
  'role-revoke',
  'admin-loss',
  'guest',
  'token-disable',
  'token-revoke',
]);

function needsWithinPeople(changes: readonly PersonChange[]): readonly Need[] {
  return [...byPerson(changes).values()].flatMap((own) =>
    own.flatMap((one) => own.flatMap((other) => needWithin(one, other))),
  );
}

function needWithin(one: PersonChange, other: PersonChange): readonly Need[] {
  if (one === other) return [];
  const because = reasonWithin(one.change, other.change);
  return because === undefined ? [] : [{ change: one, needs: other, because }];
}

function reasonWithin(one: Change, other: Change): string | undefined {
  if (other.class === 'create') return 'the account is not created';
  if (one.class === 'activate' && takesAway.has(other.class) && other.reason.rule !== 'rotation') {
    return 'the person would come back with what they had before';
  }
  if ((one.class === 'token-create' || one.class === 'token-enable') && other.class === 'activate')
    return 'the account stays inactive';
  if (one.class === 'token-revoke' && one.reason.rule === 'rotation' && other.class === 'token-create') {
    return tokenName(one) === tokenName(other) ? 'its successor is not made' : undefined;
  }
  if (
    one.class === 'guest' &&
    one.after === 'guest' &&
    (other.class === 'role-revoke' || other.class === 'admin-loss')
  ) {
    return 'becoming a guest takes every other role away';
  }
  if ((one.class === 'rename' || one.class === 'email') && other.class === 'auth' && isMoveToEmail(other)) {
    return 'the provider owns the field until the person signs in by e-mail';
  }
  return undefined;
}

const tokenName = ({ attribute }: Change): string => attribute.slice(0, attribute.lastIndexOf('@'));

function isMoveToEmail({ after }: Change): boolean {
  return isPlanMap(after) && after['service'] === 'email';
}

/** A username or e-mail is free only once its holder has given it up. */
function needsForNames(
  changes: readonly PersonChange[],
  all: readonly PersonChange[],
  users: ReadonlyMap<AccountId, LiveUser>,
): readonly Need[] {
  const freeing = freeingChanges(all);
  return namesInUse(changes, users).flatMap(({ change, name }) => {
    const needs = freeing.get(name);
    return needs === undefined
      ? []
      : [{ change, needs, because: `${bareName(name)} is not given up by ${needs.change.person}` }];
  });
}

function freeingChanges(changes: readonly PersonChange[]): ReadonlyMap<string, PersonChange> {
  return new Map(changes.flatMap((one) => namesFreed(one.change).map((name) => [name, one] as const)));
}

/** Changes that take a name or an e-mail which another account has now. */
function namesInUse(
  changes: readonly PersonChange[],
  users: ReadonlyMap<AccountId, LiveUser>,
): ReadonlyArray<{ change: PersonChange; name: string; holder: LiveUser }> {
  const holders = new Map<string, LiveUser>();
  for (const live of users.values()) {
    holders.set(`rename ${live.values.username}`, live).set(`email ${live.values.email}`, live);
  }
  return changes.flatMap((change) =>
    namesTaken(change.change).flatMap((name) => {
      const holder = holders.get(name);
      return holder === undefined || holder.id === change.person.live?.id ? [] : [{ change, name, holder }];
    }),
  );
}

const bareName = (name: string): string => name.slice(name.indexOf(' ') + 1);

/** Blocks what takes a name that nobody gives up: its holder is an account that no entry moves away. */
export function blockTakenNames(sorted: Sorted, users: ReadonlyMap<AccountId, LiveUser>): Sorted {
  const held = sorted.held.map(({ change }) => change);
  const freed = new Set([...sorted.passed.map(({ change }) => change), ...held].flatMap(namesFreed));
  const taken = new Map(
    namesInUse(sorted.passed, users)
      .filter(({ name }) => !freed.has(name))
      .map((one) => [one.change, one]),
  );
  if (taken.size === 0) return sorted;
  return {
    ...sorted,
    passed: sorted.passed.filter((one) => !taken.has(one)),
    blocked: [
      ...sorted.blocked,
      ...[...taken.values()].map(({ change, name, holder }) => ({
        change: change.change,
        rail: 'prerequisite' as const,
        reason: `${bareName(name)} belongs to the account ${holder.values.username} (id ${holder.id}), which no entry moves away`,
        hint: 'declare that account with another name, or choose another name here',
      })),
    ],
  };
}

function namesFreed({ class: changeClass, before }: Change): readonly string[] {
  return (changeClass === 'rename' || changeClass === 'email') && typeof before === 'string'
    ? [`${changeClass} ${before}`]
    : [];
}

function namesTaken({ class: changeClass, after }: Change): readonly string[] {
  if ((changeClass === 'rename' || changeClass === 'email') && typeof after === 'string')
    return [`${changeClass} ${after}`];
  if (changeClass !== 'create' || !isPlanMap(after)) return [];
  const { username, email } = after;
  return [
    ...(typeof username === 'string' ? [`rename ${username}`] : []),
    ...(typeof email === 'string' ? [`email ${email}`] : []),
  ];
}

/** Holds back changes that wait for each other in a ring: the server takes one write at a time. */
export function holdCycles(sorted: Sorted, needs: readonly Need[]): Sorted {
  const inCycle = cyclesOf(needs);
  if (inCycle.size === 0) return sorted;
  return {
    ...sorted,
    passed: sorted.passed.filter((one) => !inCycle.has(one)),
    held: [
      ...sorted.held,
      ...sorted.passed
        .filter((one) => inCycle.has(one))
        .map(({ change }) => ({
          change,
          code: change.class === 'email' ? 'email-cycle' : 'username-cycle',
          owner: 'the server',
          reason: `people exchange their ${change.class === 'email' ? 'e-mails' : 'usernames'} among each other, and the server allows no moment in which two have the same`,
          hint: 'give one of them another name first, apply, then write the wanted ones',
        })),
    ],
  };
}

function cyclesOf(needs: readonly Need[]): ReadonlySet<PersonChange> {
  const next = new Map<PersonChange, PersonChange[]>();
  for (const { change, needs: other } of needs) next.set(change, [...(next.get(change) ?? []), other]);
  const inCycle = new Set<PersonChange>();
  for (const start of next.keys()) {
    const seen = new Set<PersonChange>();
    const open = [...(next.get(start) ?? [])];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (one === start) inCycle.add(start);
      if (seen.has(one)) continue;
      seen.add(one);
      open.push(...(next.get(one) ?? []));
    }
  }
  return inCycle;
}

/** Takes along, until nothing more moves, every change whose prerequisite did not pass. */
export function followPrerequisites(sorted: Sorted, needs: readonly Need[]): Sorted {
  let state = sorted;
  for (;;) {
    const passed = new Set(state.passed.map(({ change }) => change));
    const held = new Map(state.held.map((one) => [one.change, one]));
    const lost = needs.filter(({ change, needs: other }) => passed.has(change.change) && !passed.has(other.change));
    if (lost.length === 0) return state;
    const moved = new Map(lost.map((need) => [need.change.change, need]));
    const reasons = [...moved.values()];
    state = {
      passed: state.passed.filter(({ change }) => !moved.has(change)),
      held: [
        ...state.held,
        ...reasons
          .filter(({ needs: other }) => held.has(other.change))
          .map((need) => holdFor(need, held.get(need.needs.change)?.owner ?? '')),
      ],
      blocked: [...state.blocked, ...reasons.filter(({ needs: other }) => !held.has(other.change)).map(blockFor)],
    };
  }
}

function holdFor({ change, needs, because }: Need, owner: string): Sorted['held'][number] {
  return {
    change: change.change,
    code: 'prerequisite-held',
    owner,
    reason: because,
    hint: `see what holds ${needs.change.attribute} of ${needs.change.person}`,
  };
}

function blockFor({ change, needs, because }: Need): Sorted['blocked'][number] {
  return {
    change: change.change,
    rail: 'prerequisite',
    reason: because,
    hint: `see what blocks ${needs.change.attribute} of ${needs.change.person}`,
  };
}

function byPerson(changes: readonly PersonChange[]): ReadonlyMap<string, readonly PersonChange[]> {
  const groups = new Map<string, PersonChange[]>();
  for (const one of changes) {
    const own = groups.get(one.change.person);
    if (own === undefined) groups.set(one.change.person, [one]);
    else own.push(one);
  }
  return groups;
}
