/**
 * What a change needs: another change without which it is wrong or refused. A change whose prerequisite does not pass
 * does not pass either, for that reason.
 */

import { accessOf, rowOf } from '../model/change-classes.ts';
import { groupBy } from '../model/group-by.ts';
import type { LiveUser } from '../model/live-state.ts';
import { block } from '../model/messages/blocked-rows.ts';
import { hold } from '../model/messages/held-rows.ts';
import { type Change, isPlanMap, type PlanValue } from '../model/plan.ts';
import type { Need as NeedOfKind, ResourceDefinition } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import type { PersonChange, Sorted } from './person-change.ts';

/** `change` does not pass unless `needs` does. */
export interface Need {
  readonly change: PersonChange;
  readonly needs: PersonChange;
  readonly because: string;
  /** Only the fate is shared: the order is free, or the other way round. */
  readonly isUnordered?: true;
}

/** @param held - changes that were held back: what waits for one of them waits in vain */
export function needsOf(
  changes: readonly PersonChange[],
  held: readonly PersonChange[],
  users: ReadonlyMap<AccountId, LiveUser>,
  kinds: readonly ResourceDefinition[],
): readonly Need[] {
  return [...needsWithinPeople([...changes, ...held], kinds), ...needsForNames(changes, [...changes, ...held], users)];
}

function needsWithinPeople(changes: readonly PersonChange[], kinds: readonly ResourceDefinition[]): readonly Need[] {
  return [...groupBy(changes, ({ change }) => change.person).values()].flatMap((own) =>
    own.flatMap((one) =>
      own.flatMap((other): readonly Need[] => {
        const need = one === other ? undefined : needWithin(one.change, other.change, kinds);
        return need === undefined ? [] : [{ change: one, needs: other, ...need }];
      }),
    ),
  );
}

/** What holds for every kind; the rest each kind says of its own changes. */
function needWithin(change: Change, other: Change, kinds: readonly ResourceDefinition[]): NeedOfKind | undefined {
  if (other.class === 'create') return { because: 'the account is not created' };
  if (change.class === 'activate' && isLeftover(other))
    return { because: 'the person would come back with what they had before' };
  const { kind: own } = rowOf(change);
  const need = kinds.find(({ kind }) => kind === own)?.needs(change, other);
  if (need !== undefined) return need;
  if (change.part_of === 'return' && other.class === 'activate')
    return { because: 'the account stays inactive', isUnordered: true };
  return undefined;
}

/** What an account must have lost before it is active again; a rotation comes after that. */
function isLeftover(change: Change): boolean {
  return (accessOf(change) === 'takes' || change.class === 'guest') && change.part_of !== 'rotation';
}

/** A username, an e-mail or the data of a sign-in is free only once its holder has given it up. */
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

/** Changes that take a name, an e-mail or auth data which another account has now. */
function namesInUse(
  changes: readonly PersonChange[],
  users: ReadonlyMap<AccountId, LiveUser>,
): ReadonlyArray<{ change: PersonChange; name: string; holder: LiveUser }> {
  const wanted = changes.flatMap((change) => namesTaken(change.change).map((name) => ({ change, name: keyOf(name) })));
  const holders = holdersOf(new Set(wanted.map(({ name }) => name)), users);
  return wanted.flatMap(({ change, name }) => {
    const holder = holders.get(name);
    return holder === undefined || holder.id === change.person.live.user?.id ? [] : [{ change, name, holder }];
  });
}

function holdersOf(names: ReadonlySet<string>, users: ReadonlyMap<AccountId, LiveUser>): ReadonlyMap<string, LiveUser> {
  const holders = new Map<string, LiveUser>();
  if (names.size === 0) return holders;
  for (const live of users.values()) {
    const { username, email, auth } = live.values;
    for (const name of [`username ${username}`, `email ${email}`, `auth ${auth.data ?? ''}`])
      if (names.has(name)) holders.set(name, live);
  }
  return holders;
}

const bareName = (name: string): string => name.slice(name.indexOf(' ') + 1);

/** In words: what a name that is taken is to its holder. */
const whatIsTaken = (name: string): string =>
  ({ email: 'e-mail', auth: 'auth data' })[name.slice(0, name.indexOf(' '))] ?? 'username';

/** Blocks what takes a name that stays in use: its holder is an account that no entry moves away. */
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
        holder: holder.values.username,
        ...block('prerequisite', {
          is: holder.values.active ? 'name-taken' : 'name-kept',
          name: bareName(name),
          holder: holder.values.username,
          id: holder.id,
          thing: whatIsTaken(name),
        }),
      })),
    ],
  };
}

/** What no two accounts can share. */
export interface Name {
  readonly kind: 'username' | 'email' | 'auth';
  readonly text: string;
}

const keyOf = ({ kind, text }: Name): string => `${kind} ${text}`;

function namesFreed(change: Change): readonly string[] {
  const { class: changeClass, before } = change;
  const { names: kind } = rowOf(change);
  const freed = kind !== undefined && typeof before === 'string' ? [{ kind, text: before }] : [];
  return [...freed, ...(changeClass === 'auth' ? authData(before) : [])].map(keyOf);
}

/** What an account has after a change that no other may have. */
export function namesTaken(change: Change): readonly Name[] {
  const { class: changeClass, after } = change;
  const { names: kind } = rowOf(change);
  if (kind !== undefined) return typeof after === 'string' ? [{ kind, text: after }] : [];
  if (changeClass === 'auth') return authData(after);
  if (changeClass !== 'create' || !isPlanMap(after)) return [];
  const { username, email, auth } = after;
  return [
    ...(typeof username === 'string' ? [{ kind: 'username', text: username } as const] : []),
    ...(typeof email === 'string' ? [{ kind: 'email', text: email } as const] : []),
    ...authData(auth),
  ];
}

/** The server allows the same data once, over all services. */
function authData(auth: PlanValue | undefined): readonly Name[] {
  const data = isPlanMap(auth) ? auth['data'] : undefined;
  return typeof data === 'string' ? [{ kind: 'auth', text: data }] : [];
}

/** Takes along, until nothing more moves, every change whose prerequisite did not pass. */
export function followPrerequisites(sorted: Sorted, needs: readonly Need[]): Sorted {
  const passed = new Set(sorted.passed.map(({ change }) => change));
  let lost = needs.filter(({ change, needs: other }) => passed.has(change.change) && !passed.has(other.change));
  if (lost.length === 0) return sorted;
  const held = new Map(sorted.held.map((one) => [one.change, one]));
  const blocked = [...sorted.blocked];
  const byNeeded = groupBy(needs, ({ needs: other }) => other.change);
  const isHeld = ({ needs: other }: Need): boolean => held.has(other.change);
  while (lost.length > 0) {
    // Of several lost prerequisites one is named: a blocked one first, since only that can be fixed here.
    const byWeight = lost.toSorted(
      (a, b) => Number(isHeld(b)) - Number(isHeld(a)) || (a.needs.change.id < b.needs.change.id ? 1 : -1),
    );
    const moved = [...new Map(byWeight.map((need) => [need.change.change, need])).values()];
    const newlyHeld = moved.filter(isHeld).map((need) => holdFor(need, held.get(need.needs.change)?.owner ?? ''));
    for (const need of moved) if (!isHeld(need)) blocked.push(blockFor(need));
    for (const one of newlyHeld) held.set(one.change, one);
    for (const { change } of moved) passed.delete(change.change);
    // A change that needs what moved before has moved, too: only what needs these is left to follow.
    lost = moved
      .flatMap(({ change }) => byNeeded.get(change.change) ?? [])
      .filter(({ change }) => passed.has(change.change));
  }
  return { passed: sorted.passed.filter(({ change }) => passed.has(change)), held: [...held.values()], blocked };
}

function holdFor({ change, needs, because }: Need, owner: string): Sorted['held'][number] {
  const { attribute: field, person } = needs.change;
  return { change: change.change, ...hold('prerequisite-held', owner, { because, field, person }) };
}

function blockFor({ change, needs, because }: Need): Sorted['blocked'][number] {
  const { attribute: field, person } = needs.change;
  return { change: change.change, ...block('prerequisite', { is: 'blocked', because, field, person }) };
}
