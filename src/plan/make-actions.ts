import { groupBy } from '../model/group-by.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import type { Action } from '../model/plan.ts';
import type { Person, PlanContext, ResourceDefinition } from '../model/resource-definition.ts';
import { orderActions, type PersonDraft } from './order.ts';
import type { PersonChange, Sorted } from './person-change.ts';
import type { Need } from './prerequisites.ts';
import { areSeatsTight } from './rails/seats.ts';

/** Differences and actions do not fit: a kind made no action of a change, or an action of none. Nothing was written. */
export class PlanNotCompleteError extends MusterError {
  override readonly name = 'PlanNotCompleteError';

  constructor(is: WhatOfError<'PLAN_NOT_COMPLETE'>['is'], ids: readonly string[]) {
    const changes = `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
    super(say('PLAN_NOT_COMPLETE', { is, changes }));
  }
}

/**
 * The actions that make the changes which passed, each after everything that it depends on.
 *
 * @throws {PlanNotCompleteError} where a kind makes no action of a change, or an action of none
 */
export function makeActions(
  people: readonly Person[],
  sorted: Sorted,
  needs: readonly Need[],
  kinds: readonly ResourceDefinition[],
  context: PlanContext,
): readonly Action[] {
  const passed = groupBy(sorted.passed, ({ person }) => person);
  const drafts: PersonDraft[] = people.flatMap((person) => {
    const changes = passed.get(person)?.map(({ change }) => change) ?? [];
    if (changes.length === 0) return [];
    return kinds
      .flatMap((kind) => kind.actions(person, changes, context))
      .map((draft) => ({ username: person.desired.username, draft }));
  });
  checkComplete(sorted.passed, drafts);
  return orderActions(drafts, needs, areSeatsTight(sorted.passed, context.facts));
}

/** The passed changes are exactly the changes of the actions, each in one: a difference must never vanish silently. */
function checkComplete(passed: readonly PersonChange[], drafts: readonly PersonDraft[]): void {
  const open = new Set(passed.map(({ change }) => change));
  const unplanned: string[] = [];
  for (const { draft } of drafts) {
    if (draft.changes.length === 0) unplanned.push(`${draft.call.operation} without a change`);
    for (const change of draft.changes) if (!open.delete(change)) unplanned.push(change.id);
  }
  if (open.size > 0)
    throw new PlanNotCompleteError(
      'no-action',
      [...open].map(({ id }) => id),
    );
  if (unplanned.length > 0) throw new PlanNotCompleteError('odd-action', unplanned);
}
