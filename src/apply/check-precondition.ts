import { type AccountView, fieldsWritten, isAsWanted } from '../model/account-view.ts';
import type { Action } from '../model/plan.ts';
import { isSameValue } from '../model/user-attributes.ts';
import { quote, type Verdict } from '../model/verdict.ts';

/**
 * Whether an action may still run: its account is as the plan saw it, or has the wanted values already. A patch of which
 * a part is there already goes on with the whole.
 */
export function checkPrecondition(action: Action, view: AccountView): Verdict {
  if (isAsWanted(action, view)) return { go: 'already' };
  const wanted = fieldsWritten(action, view);
  const isWanted = (field: string): boolean =>
    wanted.has(field) && isSameValue(field, view.get(field), wanted.get(field));
  for (const [field, expected] of Object.entries(action.precondition.fields)) {
    if (isSameValue(field, view.get(field), expected) || isWanted(field)) continue;
    return { go: 'stale', expected: `${field} ${quote(expected)}`, found: quote(view.get(field)) };
  }
  return { go: 'write' };
}
