/**
 * From drafts to actions in an order. One person's actions form a line; across people, only what must wait does:
 * losses of administration for gains, a taken name for its release, a seat for the person who leaves it.
 */
import { callRowOf, mailsOf } from '../model/calls.ts';
import { accessOf, rowOf } from '../model/change-classes.ts';
import { compareText } from '../model/compare.ts';
import { groupBy } from '../model/group-by.ts';
import type { Action, ActionDraft, Change, Dependency } from '../model/plan.ts';
import { phases } from '../model/plan.ts';
import type { Need } from './prerequisites.ts';

export interface PersonDraft {
  readonly username: string;
  readonly draft: ActionDraft;
}

interface Numbered extends PersonDraft {
  readonly id: string;
}

/**
 * @param drafts - in any order
 * @param areSeatsTight - whether people can only come in after others have left
 * @returns the actions, each after everything that it depends on; the same input gives the same bytes
 */
export function orderActions(
  drafts: readonly PersonDraft[],
  needs: readonly Need[],
  areSeatsTight: boolean,
): readonly Action[] {
  const numbered = number(drafts);
  const dependencies = new Map<string, Map<string, Dependency['need']>>(numbered.map(({ id }) => [id, new Map()]));
  const add = (later: Numbered, earlier: Numbered, need: Dependency['need']): void => {
    if (later !== earlier) dependencies.get(later.id)?.set(earlier.id, need);
  };
  orderWithinPeople(numbered, add);
  orderByNeeds(numbered, needs, add);
  orderAdmins(numbered, areSeatsTight, add);
  if (areSeatsTight) orderSeats(numbered, add);
  return sortTopologically(numbered, dependencies).map(({ id, username, draft }) => {
    const { phase: _, ...action } = draft;
    const after = [...(dependencies.get(id) ?? [])].map(([earlier, need]) => ({ action: earlier, need }));
    const facts = { reversible: callRowOf(action.call).finalBecause === undefined, mails: mailsOf(action.call).length };
    return { id, person: username, ...action, ...facts, after };
  });
}

type AddEdge = (later: Numbered, earlier: Numbered, need: Dependency['need']) => void;

function number(drafts: readonly PersonDraft[]): readonly Numbered[] {
  const sorted = drafts.toSorted(
    (a, b) =>
      compareText(a.username, b.username) ||
      phases.indexOf(a.draft.phase) - phases.indexOf(b.draft.phase) ||
      compareText(a.draft.changes[0]?.id ?? '', b.draft.changes[0]?.id ?? ''),
  );
  const counts = new Map<string, number>();
  return sorted.map((one) => {
    const count = (counts.get(one.username) ?? 0) + 1;
    counts.set(one.username, count);
    return { ...one, id: `${one.username}/${count}` };
  });
}

/**
 * What takes access away only waits for what stands before it; what gives access needs it to have succeeded. So a
 * failed patch never keeps a leaver active, and no one comes back while something old is left.
 */
function orderWithinPeople(numbered: readonly Numbered[], add: AddEdge): void {
  for (const own of groupBy(numbered, ({ username }) => username).values()) {
    for (const [i, later] of own.entries()) {
      for (const earlier of own.slice(0, i)) {
        // Tokens that are silenced together, or made together, do not wait for each other's success.
        const isSibling = earlier.draft.phase === later.draft.phase;
        add(later, earlier, isSibling || takesAway(later.draft) ? 'end' : 'success');
      }
    }
  }
}

/**
 * What a rotation replaces goes only once its successor is there, a guest leaves a channel only for another one, and a leaver
 * leaves teams, which is final, only once the account is deactivated.
 */
const takesAway = ({ changes }: ActionDraft): boolean =>
  changes.every((change) => accessOf(change) === 'takes' && !waitsForSuccess(change));

const waitsForSuccess = ({ part_of: part }: Change): boolean =>
  part === 'rotation' || part === 'guest-move' || part === 'leave';

function orderByNeeds(numbered: readonly Numbered[], needs: readonly Need[], add: AddEdge): void {
  const actionOf = new Map<Change, Numbered>(
    numbered.flatMap((one) => one.draft.changes.map((change) => [change, one] as const)),
  );
  for (const { change, needs: other } of needs) {
    const later = actionOf.get(change.change);
    const earlier = actionOf.get(other.change);
    if (later !== undefined && earlier !== undefined && later.username !== earlier.username)
      add(later, earlier, 'success');
  }
}

/**
 * Losses wait for gains. Where seats are tight a new administrator may need the seat that another one leaves: those
 * who leave then do not wait for those who are new, since the rail counts no gain for any loss in any case. Another way
 * to sign in is in the lane and does not wait: a name that is taken may depend on it.
 */
function orderAdmins(numbered: readonly Numbered[], areSeatsTight: boolean, add: AddEdge): void {
  const gains = numbered.filter(({ draft }) => draft.changes.some((change) => change.class === 'admin-gain'));
  const losses = numbered.filter(({ draft }) => draft.lane === 'admin-loss' && !changesSignIn(draft));
  const leaving = new Set(areSeatsTight ? numbered.filter(leavesSeat).map(({ username }) => username) : []);
  for (const loss of losses) {
    for (const gain of gains) {
      const needsItsSeat = leaving.has(loss.username) && gain.draft.account === undefined;
      if (loss.username !== gain.username && !needsItsSeat) add(loss, gain, 'success');
    }
  }
}

const changesSignIn = ({ call }: ActionDraft): boolean => callRowOf(call).changesSignIn;

const leavesSeat = ({ draft }: Numbered): boolean => draft.changes.some((change) => rowOf(change).seat === 'frees');

function orderSeats(numbered: readonly Numbered[], add: AddEdge): void {
  const leaving = numbered.filter(leavesSeat);
  const coming = numbered.filter(({ draft }) => draft.changes.some((change) => rowOf(change).seat === 'takes'));
  for (const later of coming) for (const earlier of leaving) add(later, earlier, 'end');
}

/** Keeps the given order wherever the dependencies allow it. */
function sortTopologically(
  numbered: readonly Numbered[],
  dependencies: ReadonlyMap<string, ReadonlyMap<string, Dependency['need']>>,
): readonly Numbered[] {
  const byId = new Map(numbered.map((one) => [one.id, one]));
  const sorted: Numbered[] = [];
  const seen = new Set<string>();
  const begin = (one: Numbered): Step[] => {
    if (seen.has(one.id)) return [];
    seen.add(one.id);
    return [{ one, rest: (dependencies.get(one.id) ?? new Map<string, unknown>()).keys() }];
  };
  for (const first of numbered) {
    // A chain may be longer than the stack is deep.
    const way = begin(first);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const { value: id, done } = step.rest.next();
      const earlier = done === true ? undefined : byId.get(id);
      if (done === true) sorted.push(...way.splice(-1).map(({ one }) => one));
      else if (earlier !== undefined) way.push(...begin(earlier));
    }
  }
  return sorted;
}

/** An action on the way, and which of those before it have still to be gone to. */
interface Step {
  readonly one: Numbered;
  readonly rest: Iterator<string, undefined>;
}
