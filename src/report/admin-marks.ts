/** How reports show what concerns administration and what is due later: the same words in every format. */
import { groupBy } from '../model/group-by.ts';
import type { Change, Plan, ScheduledChange } from '../model/plan.ts';
import { printable } from './printable.ts';

/** The class, and what the change does to administration where the class does not say it. */
export function classLabel({ class: name, concerns_admin: concern }: Change): string {
  if (concern === undefined || name === 'admin-gain' || name === 'admin-loss') return name;
  return concern === 'touch' ? `${name} (admin)` : `${name} (admin ${concern})`;
}

const concernsAdmin = (changes: readonly Change[]): boolean =>
  changes.some(({ concerns_admin: concern }) => concern !== undefined);

/** Changes that actions make, person by person; administrators first, the others in the order of the plan. */
export function changesByPerson({
  actions,
}: Pick<Plan, 'actions'>): ReadonlyArray<readonly [string, readonly Change[]]> {
  const people = [...groupBy(actions, ({ person }) => person)].map(
    ([person, own]) => [person, own.flatMap(({ changes }) => changes)] as const,
  );
  return people.toSorted(([, a], [, b]) => Number(concernsAdmin(b)) - Number(concernsAdmin(a)));
}

/** Changes of actions that concern administration. */
export const administrativeChanges = ({ actions }: Pick<Plan, 'actions'>): readonly Change[] =>
  actions.flatMap(({ changes }) => changes).filter(({ concerns_admin: concern }) => concern !== undefined);

export const dueText = ({ due }: ScheduledChange): string => `${due.slice(0, 16).replace('T', ' ')} UTC`;

/** One line for a scheduled change: who, class, field, day. */
export const scheduledLine = (one: ScheduledChange): string =>
  printable(`${one.change.person}: ${classLabel(one.change)} ${one.change.attribute}, due ${dueText(one)}`);

/** How many more there are than a plan lists. */
export const laterText = ({ summary: { scheduled_later: later = 0 } }: Pick<Plan, 'summary'>): string =>
  later === 0 ? '' : `${later} more due later than in 30 days`;
