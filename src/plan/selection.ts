/**
 * A plan file as a selection. What is carried out is always a plan made for this moment; the file only says which of its
 * actions. An action counts as the same only where every field is equal that decides what is sent, and to whom.
 */
import type { SetAside } from '../match/match-people.ts';
import { callRowOf } from '../model/calls.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { rowOf } from '../model/change-classes.ts';
import { fromTo } from '../model/from-to.ts';
import { isRecord } from '../model/is-record.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Action, Change } from '../model/plan.ts';
import type { Person, ResourceDefinition } from '../model/resource-definition.ts';
import type { AccountId } from '../model/user-values.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import { placeOfUnusable } from './unusable.ts';

/** The actions that may be carried out, of those that the fresh plan contains, too. */
export interface PlanSelection {
  readonly actions: readonly Action[];
  /** People to whom the older plan was limited: only what concerns them counts. */
  readonly concerned?: ReadonlySet<string>;
  /** Ids of changes that the older plan shows as blocked or held: they are shown again where they still are. */
  readonly stopped?: ReadonlySet<string>;
  /** Accounts that an earlier process made for these actions, by the person's username. */
  readonly created?: ReadonlyMap<string, AccountId>;
  /** Ids of actions that may have been carried out by an earlier process. */
  readonly uncertain?: ReadonlySet<string>;
  /** Why an action is refused whatever the fresh plan says; `undefined` where it is not. */
  readonly refuse?: (action: Action) => string | undefined;
}

/** A selected action that is not carried out, and why. */
export interface SettledAction {
  readonly action: Action;
  readonly outcome: Outcome;
}

export interface Selected {
  /** The actions of the selection, by the ids of the fresh actions that stand for them. */
  readonly chosen: ReadonlyMap<string, Action>;
  /** Accounts that actions of the selection have made already, by the person's username. */
  readonly created: ReadonlyMap<string, AccountId>;
  readonly settled: readonly SettledAction[];
}

/** A selected action with the changes of the fresh plan that it makes. */
interface Candidate {
  readonly action: Action;
  readonly changes: readonly PersonChange[];
}

/** What is planned of a selection. */
interface Planned {
  /** Before what is counted. */
  readonly uncounted: Sorted;
  readonly sorted: Sorted;
  readonly actions: readonly Action[];
}

export interface SelectionInput {
  readonly selection: PlanSelection;
  /** Everything that the fresh plan could do, before what is counted. */
  readonly possible: Sorted;
  readonly people: readonly Person[];
  /** Entries that cannot be used. */
  readonly unusable: readonly SetAside[];
  readonly kinds: readonly ResourceDefinition[];
  /** Plans just these changes, with every rail that counts; a change whose prerequisite is not among them is left out. */
  readonly planOf: (passed: readonly PersonChange[]) => Planned;
}

export function planSelection(given: SelectionInput): Planned & { readonly selected: Selected } {
  const selection = withMadeAccounts(given);
  const input: SelectionInput = { ...given, selection };
  const { possible, planOf } = input;
  const settled: SettledAction[] = [];
  let open: readonly Candidate[] = candidatesOf(input, settled);
  for (;;) {
    const planned = planOf(changesIn(possible.passed, open));
    const madeBy = new Map(
      planned.actions.flatMap((action) => action.changes.map((change) => [change, action] as const)),
    );
    const chosen = new Map<string, Action>();
    const kept: Candidate[] = [];
    for (const one of open) {
      const verdict = judge(one, planned, madeBy, selection);
      if (verdict === undefined) continue;
      if ('fresh' in verdict) {
        chosen.set(verdict.fresh.id, one.action);
        kept.push(one);
      } else settled.push({ action: one.action, outcome: verdict.outcome });
    }
    if (kept.length === open.length) {
      const { created = new Map() } = selection;
      return { ...planned, selected: { chosen, created, settled } };
    }
    // What fell away may have been what another one needs.
    open = kept;
  }
}

/** An account that a selected action would make, and that is there already as it would make it, is that account. */
function withMadeAccounts({ selection, people, kinds }: SelectionInput): PlanSelection {
  const created = new Map(selection.created);
  const persons = new Map(people.map((person) => [person.desired.username, person]));
  for (const action of selection.actions) {
    if (callRowOf(action.call).look !== 'for-new-account') continue;
    const person = persons.get(action.person);
    const user = person?.live.user;
    const kind = kinds.find((one) => one.kind === callRowOf(action.call).kind);
    if (person === undefined || user === undefined) continue;
    // What a call may have made is that account, even where the server keeps a field in another form.
    const isMade = selection.uncertain?.has(action.id) === true && user.values.active;
    if (isMade || kind?.isDone(action, person.live) === true) created.set(action.person, user.id);
  }
  return { ...selection, created };
}

function changesIn(passed: readonly PersonChange[], candidates: readonly Candidate[]): readonly PersonChange[] {
  const wanted = new Set(candidates.flatMap(({ changes }) => changes));
  return passed.filter((one) => wanted.has(one));
}

function candidatesOf(
  { selection, possible, people, unusable, kinds }: SelectionInput,
  settled: SettledAction[],
): Candidate[] {
  const byId = new Map(possible.passed.map((one) => [one.change.id, one]));
  const persons = new Map(people.map((person) => [person.desired.username, person]));
  const stopped = new Map([...possible.blocked, ...possible.held].map(({ change, reason }) => [change.id, reason]));
  /** Whether the fresh plan has nothing else to say of an account that was made since: it came with the rest already. */
  const isRestOf = (action: Action): boolean =>
    isOfMadeAccount(action, selection) &&
    action.changes.every(
      (change) =>
        freshChange(change, action, byId.get(change.id), selection) !== undefined ||
        !(byId.has(change.id) || stopped.has(change.id)),
    );
  const candidates: Candidate[] = [];
  for (const action of selection.actions) {
    const refusal = selection.refuse?.(action);
    const unusableAt = placeOfUnusable(unusable, action.person);
    const changes = action.changes.map((change) => freshChange(change, action, byId.get(change.id), selection));
    const found = changes.filter((one) => one !== undefined);
    if (refusal !== undefined) settled.push({ action, outcome: stale(action, refusal) });
    else if (unusableAt !== undefined)
      settled.push({ action, outcome: { status: 'skipped', because: `the entry at ${unusableAt} cannot be used` } });
    else if (found.length > 0 && (found.length === changes.length || isRestOf(action)))
      candidates.push({ action, changes: found });
    else if (callRowOf(action.call).look === 'for-new-account' && selection.created?.has(action.person) === true)
      settled.push({ action, outcome: doneBefore(action, selection) });
    else settled.push({ action, outcome: settle(selection, action, persons.get(action.person), kinds, byId, stopped) });
  }
  return candidates;
}

/** The change of the fresh plan that is the same as a selected one. */
function freshChange(
  change: Change,
  action: Action,
  fresh: PersonChange | undefined,
  selection: PlanSelection,
): PersonChange | undefined {
  if (fresh === undefined) return undefined;
  const { class: name, attribute, after, part_of: part } = fresh.change;
  const isSame =
    name === change.class &&
    attribute === change.attribute &&
    isEqual(after, change.after) &&
    // Of an account that the selected plan itself makes, it could not know what it has.
    (isMade(action, fresh.person, selection) || isForeseen(action, change, fresh.change.before)) &&
    meaningOf(part) === meaningOf(change.part_of);
  return isSame ? fresh : undefined;
}

/**
 * A move to or from a provider only says what a write waits for. Where an earlier process made the move already, the
 * write waits for nothing any more and is the same write.
 */
const meaningOf = (part: Change['part_of']): string =>
  part === undefined || part === 'leaving-provider' || part === 'joining-provider' ? '' : part;

/** What the older plan saw, or what it knew that an action of its own would have made of it. */
const isForeseen = (
  { precondition: { fields } }: Action,
  { attribute, before }: Change,
  now: Change['before'],
): boolean => isEqual(now, before) || (Object.hasOwn(fields, attribute) && isEqual(now, fields[attribute]));

const isMade = (action: Action, { live }: Person, selection: PlanSelection): boolean =>
  live.user !== undefined && isOfMadeAccount(action, selection);

const isOfMadeAccount = (action: Action, { created }: PlanSelection): boolean =>
  action.account === undefined && madeAccount(action, created) !== undefined;

const madeAccount = ({ person }: Action, created: PlanSelection['created']): AccountId | undefined =>
  created?.get(person);

const isEqual = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** What the fresh plan does not contain is there already, is stopped by a rail or an owner, or has changed. */
function settle(
  selection: PlanSelection,
  action: Action,
  person: Person | undefined,
  kinds: readonly ResourceDefinition[],
  byId: ReadonlyMap<string, PersonChange>,
  stopped: ReadonlyMap<string, string>,
): Outcome {
  const [change] = action.changes;
  const kind = change === undefined ? undefined : kinds.find((one) => one.kind === rowOf(change).kind);
  const isMeant = action.account === undefined || action.account === person?.live.user?.id;
  if (person !== undefined && isMeant && kind?.isDone(action, person.live) === true)
    return doneBefore(action, selection);
  const why = action.changes.map(({ id }) => stopped.get(id)).find((reason) => reason !== undefined);
  if (why !== undefined) return { status: 'skipped', because: why };
  if (person === undefined) return stale(action, 'no entry is left for this person');
  const fresh = action.changes.map(({ id }) => byId.get(id)?.change).find((one) => one !== undefined);
  return stale(action, fresh === undefined ? 'a new plan does not contain it' : `now ${differenceOf(fresh)}`);
}

/** What a call of an earlier process may have made counts as made by it. */
function doneBefore({ id }: Action, { uncertain }: PlanSelection): Outcome {
  return { status: 'done', as: uncertain?.has(id) === true ? 'written' : 'found', notes: [] };
}

const differenceOf = ({ class: name, before, after }: Change): string =>
  `${name}, ${fromTo(canonicalJson(before ?? null), canonicalJson(after ?? null))}`;

function stale(action: Action, found: string): Outcome {
  const [change] = action.changes;
  return { status: 'stale', expected: change === undefined ? 'a change' : differenceOf(change), found };
}

/** @returns `undefined` for an action that a rail stopped: the plan lists it as blocked */
function judge(
  { action, changes }: Candidate,
  { sorted }: Planned,
  madeBy: ReadonlyMap<Change, Action>,
  selection: PlanSelection,
): { readonly fresh: Action } | { readonly outcome: Outcome } | undefined {
  const blocked = new Map(sorted.blocked.map((one) => [one.change, one.reason]));
  const why = changes.map(({ change }) => blocked.get(change)).find((reason) => reason !== undefined);
  if (why !== undefined) return { outcome: { status: 'skipped', because: why } };
  const fresh = changes.map(({ change }) => madeBy.get(change));
  const [first] = fresh;
  if (first === undefined || fresh.some((one) => one !== first))
    return { outcome: stale(action, 'what it needs is not part of the plan file') };
  if (first.changes.length !== changes.length) return { outcome: stale(action, 'a new plan makes more of it') };
  return isSameCall(action, first, selection)
    ? { fresh: first }
    : { outcome: stale(action, 'a new plan sends something else, or to another account') };
}

function isSameCall(selected: Action, fresh: Action, { created }: PlanSelection): boolean {
  if (selected.person !== fresh.person) return false;
  const isWhole = fresh.changes.length === selected.changes.length;
  if (!(isWhole ? isEqual(fresh.call, selected.call) : isWithin(fresh.call, selected.call))) return false;
  // The account was made since, by the very run that goes on now.
  if (selected.account === undefined && fresh.account !== undefined)
    return fresh.account === madeAccount(selected, created);
  return selected.account === fresh.account && isPartOf(selected.precondition, fresh.precondition);
}

/** Whether a value is another one, without some keys of its maps at most. */
function isWithin(part: unknown, whole: unknown): boolean {
  if (!isRecord(part) || !isRecord(whole)) return isEqual(part, whole);
  return Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && isWithin(value, whole[name]));
}

/** A fresh plan may ask for more: what the selected plan would have changed itself, and what is done by now. */
const isPartOf = (
  { fields: expected, ...others }: Action['precondition'],
  { fields: found, ...now }: Action['precondition'],
): boolean =>
  isEqual(others, now) &&
  Object.entries(expected).every(([name, value]) => Object.hasOwn(found, name) && isEqual(value, found[name]));
