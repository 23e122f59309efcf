/** What an undo says of what it leaves as it is. */
import { classesOf } from '../model/action-name.ts';
import { callRowOf } from '../model/calls.ts';
import type { Action, Notice } from '../model/plan.ts';
import type { AccountId } from '../model/user-values.ts';

export const willBeRedone: Notice = {
  code: 'files-will-redo',
  text: 'the users files still ask for what this takes back: the next apply does it again',
  hint: 'change the users files as well',
};

export function gone(account: AccountId, person: string): Notice {
  return {
    code: 'account-gone',
    text: `${person} (id ${account}) is no longer shown by the server: nothing is undone there`,
  };
}

export function notDeleted(person: string): Notice {
  return {
    code: 'not-deleted',
    person,
    text: 'the run created the account: it is deactivated, never deleted',
  };
}

export function cannotBeUndone(person: string, action: Action): Notice {
  const what = [...new Set(action.changes.map(({ attribute }) => attribute))].join(', ');
  const { finalBecause } = callRowOf(action.call);
  const why = finalBecause === undefined ? '' : `: ${finalBecause}`;
  return { code: 'cannot-be-undone', person, text: `${classesOf(action).join(', ')} (${what}) cannot be undone${why}` };
}

export function rolesAreGone(person: string, roles: readonly string[]): Notice {
  return {
    code: 'cannot-be-undone',
    person,
    text: `the server has no role ${roles.join(', ')} any more: it is not given back`,
  };
}

/** @param what - such as `roles (team_admin)`, `tokens (2)` */
export function staysTaken(person: string, what: readonly string[]): Notice {
  return {
    code: 'cannot-be-undone',
    person,
    text: `is inactive again, so that ${what.join(' and ')} which the run took are not given back`,
  };
}

export function changedSince(person: string, attribute: string): Notice {
  return {
    code: 'changed-since',
    person,
    text: `${attribute} was changed since the run: it is left as it is`,
  };
}

export function keyStays(person: string, attribute: string): Notice {
  return {
    code: 'cannot-be-undone',
    person,
    text: `${attribute} was not there before the run, and a key cannot be taken away: it is left as it is`,
  };
}
