/** What an undo says of what it leaves as it is. */

import { classesOf } from '../model/action-name.ts';
import { callRowOf } from '../model/calls.ts';
import { note } from '../model/messages/notice-rows.ts';
import type { Action, Notice } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';

export const willBeRedone: Notice = note('files-will-redo', {});

export const gone = (id: AccountId, person: string): Notice => note('account-gone', { person, id });

export const notDeleted = (person: string): Notice => ({ ...note('not-deleted', {}), person });

export function cannotBeUndone(person: string, action: Action): Notice {
  const what = {
    classes: classesOf(action).join(', '),
    attributes: [...new Set(action.changes.map(({ attribute }) => attribute))].join(', '),
  };
  const { finalBecause: because } = callRowOf(action.call);
  const text =
    because === undefined
      ? note('cannot-be-undone', { is: 'final', ...what })
      : note('cannot-be-undone', { is: 'final-because', ...what, because });
  return { ...text, person };
}

export const rolesAreGone = (person: string, roles: readonly string[]): Notice => ({
  ...note('cannot-be-undone', { is: 'role-gone', roles: roles.join(', ') }),
  person,
});

/** @param what - such as `roles (team_admin)`, `tokens (2)` */
export const staysTaken = (person: string, what: readonly string[]): Notice => ({
  ...note('cannot-be-undone', { is: 'stays-taken', taken: what.join(' and ') }),
  person,
});

export const changedSince = (person: string, attribute: string): Notice => ({
  ...note('changed-since', { attribute }),
  person,
});

export const keyStays = (person: string, attribute: string): Notice => ({
  ...note('cannot-be-undone', { is: 'key-stays', attribute }),
  person,
});
