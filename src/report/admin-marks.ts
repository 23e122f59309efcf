/** How reports show what concerns administration and what is due later: the same words in every format. */
import { administratorsName } from '../model/borne-names.ts';
import { groupBy } from '../model/group-by.ts';
import type { Action, Change, Plan, ScheduledChange } from '../model/plan.ts';
import { showDifference } from './change-text.ts';
import { onceMerged } from './comparison.ts';
import { printable } from './printable.ts';

/** The class, and what the change does to administration where the class does not say it. */
export function classLabel({ class: name, concerns_admin: concern }: Change): string {
  if (concern === undefined || name === 'admin-gain' || name === 'admin-loss') return name;
  return concern === 'touch' ? `${name} (admin)` : `${name} (admin ${concern})`;
}

const concernsAdmin = (actions: readonly Action[]): boolean =>
  actions.some(({ changes }) => changes.some(({ concerns_admin: concern }) => concern !== undefined));

/** A change that an action makes. */
export interface MadeChange {
  readonly change: Change;
  /** Whether it passes by an approval that is not in the base yet. */
  readonly isConditional: boolean;
}

export const madeChanges = ({ actions }: Pick<Plan, 'actions'>): readonly MadeChange[] =>
  actions.flatMap(({ changes, conditional }) =>
    changes.map((change) => ({ change, isConditional: conditional === true })),
  );

/** Actions, person by person; administrators first, the others in the order of the plan. */
export function actionsByPerson({
  actions,
}: Pick<Plan, 'actions'>): ReadonlyArray<readonly [string, readonly Action[]]> {
  return [...groupBy(actions, ({ person }) => person)].toSorted(
    ([, a], [, b]) => Number(concernsAdmin(b)) - Number(concernsAdmin(a)),
  );
}

/** One line for each change of an action that concerns administration: who, class, field, what becomes of it; and for each name of an administrator. */
export const administrativeLines = (plan: Pick<Plan, 'actions' | 'notices'>): readonly string[] => [
  ...madeChanges(plan)
    .filter(({ change }) => change.concerns_admin !== undefined)
    .map(({ change, isConditional }) => `Admin: ${becomes(change)}${isConditional ? `, only ${onceMerged}` : ''}`),
  ...namesOfAdministrators(plan).map(({ person = '', text }) => `Admin: ${person} ${text}`),
];

/** Names that administrators have or had, and that others take. */
export const namesOfAdministrators = ({ notices }: Pick<Plan, 'notices'>): Plan['notices'] =>
  notices.filter(({ code }) => code === administratorsName);

export const dueText = ({ due }: ScheduledChange): string => `${due.slice(0, 16).replace('T', ' ')} UTC`;

const becomes = (change: Change): string =>
  `${printable(`${change.person}: ${classLabel(change)} ${change.attribute}`)}: ${showDifference(change)}`;

/** One line for a scheduled change: who, class, field, what becomes of it, day. */
export const scheduledLine = ({ change, due }: ScheduledChange): string =>
  `${becomes(change)}, due ${printable(dueText({ change, due }))}`;

/** How many more there are than a plan lists. */
export const laterText = ({ summary: { scheduled, scheduled_later: later = 0 } }: Pick<Plan, 'summary'>): string =>
  later === 0 ? '' : `${later}${scheduled > 0 ? ' more' : ''} due later than in 30 days`;

/** Those that are listed, and those that are not due for long. */
export const scheduledTotal = ({ summary: { scheduled, scheduled_later: later = 0 } }: Pick<Plan, 'summary'>): number =>
  scheduled + later;
