import { type CallOf, isCallOf } from '../../model/calls.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { Action, CreateTokenCall } from '../../model/plan.ts';
import { isMarkOf } from '../../model/token-mark.ts';
import type { Verdict } from '../../model/verdict.ts';

/** Whether a call may still be made, beside the tokens that are there now. */
export function judge(action: Action, call: CallOf<'token'>, tokens: readonly LiveToken[]): Verdict {
  if (call.operation === 'create-token') {
    // A token that is there already was made by another run, and its secret is where that one delivers.
    const found = tokens.find((one) => isMadeBy(call, one));
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

/** Whether a token is what a call makes, rather than one that the call replaces. */
export const isMadeBy = (call: CreateTokenCall, { id, description }: LiveToken): boolean =>
  isMarkOf(call, description) && call.replaces?.includes(id) !== true;

/**
 * Whether a token is there already as an action of an older plan makes it. Of a new one that is never sure: its secret is where
 * the run delivered that made it.
 */
export function isTokenDone(action: Action, tokens: readonly LiveToken[] | undefined): boolean {
  const { call } = action;
  if (tokens === undefined || !isCallOf('token', call) || call.operation === 'create-token') return false;
  return judge(action, call, tokens).go === 'already';
}
