import type { KindRunner, WrittenCall } from '../../model/action-runner.ts';
import { assertNever } from '../../model/assert-never.ts';
import { type CallOf, isCallOf } from '../../model/calls.ts';
import { groupBy } from '../../model/group-by.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { MusterError } from '../../model/muster-error.ts';
import { ProgrammingError } from '../../model/muster-error.ts';
import type { Action } from '../../model/plan.ts';
import type { AccountId } from '../../model/user-values.ts';
import { NotVerifiedError } from '../../model/verdict.ts';
import type { KindPorts } from '../kind-ports.ts';
import { isMadeBy, judge } from './definition-judge.ts';
import { tokensOf } from './live.ts';
import { LostTokens } from './lost-tokens.ts';
import { markOfToken, runChangeTokenCall, runCreateTokenCall } from './operations.ts';

/** What an apply does with tokens. */
export function tokenRunner({ client, secrets, waits }: KindPorts): KindRunner {
  const lost = new LostTokens(client, waits);
  const read = async (account: AccountId): Promise<readonly LiveToken[]> =>
    // A list may still show what this run has revoked.
    (await tokensOf(client.readOnly(), account)).filter(({ id }) => !lost.isRevoked(id));
  return {
    run: (action, account = '', attempt) => {
      const call = tokenCallOf(action);
      return call.operation === 'create-token'
        ? runCreateTokenCall(action, call, { account, attempt, client, sink: secrets, lost, pause: waits.pause })
        : runChangeTokenCall(call, client);
    },
    look: async (action, account = '') => judge(action, tokenCallOf(action), await read(account)),
    verify: (written) => verifyTokens(written, read),
    markFor: (action, attempt) => {
      const call = tokenCallOf(action);
      return call.operation === 'create-token' ? markOfToken(call, attempt) : undefined;
    },
    clear: (one) => lost.clear(one),
    sweep: () => lost.sweep(),
  };
}

function tokenCallOf({ call }: Action): CallOf<'token'> {
  if (isCallOf('token', call)) return call;
  throw new ProgrammingError({ is: 'no-token-call', operation: call.operation });
}

async function verifyTokens(
  written: readonly WrittenCall[],
  read: (account: AccountId) => Promise<readonly LiveToken[]>,
): Promise<ReadonlyMap<string, MusterError>> {
  const flaws = new Map<string, MusterError>();
  for (const [account, own] of groupBy(written, (one) => one.account)) {
    const tokens = await read(account);
    for (const { action } of own) {
      const flaw = flawOf(tokenCallOf(action), tokens);
      if (flaw !== undefined) flaws.set(action.id, flaw);
    }
  }
  return flaws;
}

function flawOf(call: CallOf<'token'>, tokens: readonly LiveToken[]): NotVerifiedError | undefined {
  switch (call.operation) {
    case 'create-token':
      return tokens.some((one) => isMadeBy(call, one))
        ? undefined
        : new NotVerifiedError('the token', `${call.name}@${call.generation}`, 'no such token');
    case 'enable-token':
    case 'disable-token': {
      const wanted = call.operation === 'enable-token';
      const live = tokens.find(({ id }) => id === call.token);
      if (live?.enabled === wanted) return undefined;
      const found = live === undefined ? 'no such token' : 'the opposite';
      return new NotVerifiedError(`token ${call.token}`, wanted ? 'enabled' : 'disabled', found);
    }
    case 'revoke-token':
      return tokens.some(({ id }) => id === call.token)
        ? new NotVerifiedError(`token ${call.token}`, 'revoked', 'it is still there')
        : undefined;
    default:
      return assertNever(call);
  }
}
