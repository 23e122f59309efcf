import { type CallOf, isCallOf } from '../../model/calls.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { Action } from '../../model/plan.ts';
import { isMarkOf } from '../../model/token-marker.ts';
import type { Verdict } from '../../model/verdict.ts';

/** Whether a call may still be made, beside the tokens that are there now. */
export function judge(action: Action, call: CallOf<'token'>, tokens: readonly LiveToken[]): Verdict {
  if (call.operation === 'create-token') {
    // A token that is there already was made by another run, and its secret is where that one delivers.
    const found = tokens.find(({ description }) => isMarkOf(call, description));
    return found === undefined
      ? { go: 'write' }
      : {
          go: 'stale',
          expected: `no token ${call.name}@${call.generation}`,
          found: `one (id ${found.id}) that another run made`,
        };
  }
  const id = action.precondition.token?.id ?? call.token;
  const live = tokens.find((one) => one.id === id);
  if (live === undefined) {
    return call.operation === 'revoke-token'
      ? { go: 'already' }
      : { go: 'stale', expected: `a token ${id}`, found: 'no such token' };
  }
  if (call.operation === 'revoke-token') return { go: 'write' };
  return live.enabled === (call.operation === 'enable-token') ? { go: 'already' } : { go: 'write' };
}

/** Whether a token is there already as an action of an older plan makes it. */
export function isTokenDone(action: Action, tokens: readonly LiveToken[] | undefined): boolean {
  const { call } = action;
  if (tokens === undefined || !isCallOf('token', call)) return false;
  if (call.operation === 'create-token') return tokens.some(({ description }) => isMarkOf(call, description));
  return judge(action, call, tokens).go === 'already';
}
