import type { IsSame } from '../model/action-runner.ts';
import type { LiveToken } from '../model/live-state.ts';
import type { Action, CreateTokenCall, PlanValue } from '../model/plan.ts';
import { isMarkOf } from '../model/token-marker.ts';
import { type AccountView, fieldsWritten } from './account-view.ts';
import { NotVerifiedError } from './errors.ts';

export type Verdict =
  | { readonly go: 'write' }
  /** Everything is as wanted already: nothing is sent. */
  | { readonly go: 'already' }
  | { readonly go: 'stale'; readonly expected: string; readonly found: string };

/**
 * Whether an action may still run: its account is as the plan saw it, or already as wanted. A patch of which a part
 * is already as wanted goes on with the whole.
 */
export function checkPrecondition(action: Action, view: AccountView, isSame: IsSame): Verdict {
  if (isAsWanted(action, view, isSame)) return { go: 'already' };
  const wanted = fieldsWritten(action, view);
  const isWanted = (field: string): boolean => wanted.has(field) && isSame(field, view.get(field), wanted.get(field));
  for (const [field, expected] of Object.entries(action.precondition.fields)) {
    if (isSame(field, view.get(field), expected) || isWanted(field)) continue;
    return { go: 'stale', expected: `${field} ${show(expected)}`, found: show(view.get(field)) };
  }
  return { go: 'write' };
}

/** Whether every field that an action writes has its value already; of tokens fields say nothing. */
export function isAsWanted(action: Action, view: AccountView, isSame: IsSame): boolean {
  const wanted = fieldsWritten(action, view);
  return wanted.size > 0 && [...wanted].every(([field, value]) => isSame(field, view.get(field), value));
}

/** What a read after the write does not show. */
export function flawIn(action: Action, view: AccountView | undefined, isSame: IsSame): NotVerifiedError | undefined {
  if (view === undefined) return new NotVerifiedError('the account', 'there', 'no such account');
  const missed = [...fieldsWritten(action, view)].find(([field, value]) => !isSame(field, view.get(field), value));
  if (missed === undefined) return undefined;
  const [field, value] = missed;
  return new NotVerifiedError(field, show(value), show(view.get(field)));
}

/** A token that is there already was made by another run, and its secret is where that one delivers. */
export function checkNewToken(call: CreateTokenCall, tokens: readonly LiveToken[]): Verdict {
  const found = tokens.find(({ description }) => isMarkOf(call, description));
  if (found === undefined) return { go: 'write' };
  return {
    go: 'stale',
    expected: `no token ${call.name}@${call.generation}`,
    found: `one (id ${found.id}) that another run made`,
  };
}

export function checkToken(action: Action, tokens: readonly LiveToken[]): Verdict {
  const expected = action.precondition.token;
  if (expected === undefined) return { go: 'write' };
  const live = tokens.find(({ id }) => id === expected.id);
  const { operation } = action.call;
  if (live === undefined) {
    return operation === 'revoke-token'
      ? { go: 'already' }
      : { go: 'stale', expected: `a token ${expected.id}`, found: 'no such token' };
  }
  if (operation === 'revoke-token') return { go: 'write' };
  return live.enabled === (operation === 'enable-token') ? { go: 'already' } : { go: 'write' };
}

export function show(value: PlanValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
}
