import { createHash } from 'node:crypto';
import { ApiUnauthorizedError, type NewToken, type WriteClient } from '../../api/index.ts';
import type { Attempt, CallResponse, LostToken } from '../../model/action-runner.ts';
import { utcDay } from '../../model/duration.ts';
import { MusterError } from '../../model/muster-error.ts';
import type { Action, ChangeTokenCall, CreateTokenCall } from '../../model/plan.ts';
import { maxReadings } from '../../model/replica-lag.ts';
import { formatMark } from '../../model/token-mark.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { TokenSink, Waits } from '../kind-ports.ts';
import { runCall } from '../run-call.ts';
import type { LostTokens } from './lost-tokens.ts';
import { NewTokenError } from './new-token-error.ts';

export function runChangeTokenCall({ operation, token }: ChangeTokenCall, client: WriteClient): Promise<CallResponse> {
  return runCall(async () => {
    if (operation === 'enable-token') await client.tokens.enable(token);
    else if (operation === 'disable-token') await client.tokens.disable(token);
    else await client.tokens.revoke(token);
    return [];
  });
}

export interface TokenMaking {
  readonly account: AccountId;
  readonly attempt: Attempt;
  readonly client: WriteClient;
  readonly sink: TokenSink;
  readonly lost: LostTokens;
  readonly pause: Waits['pause'];
}

/**
 * Makes a token, delivers its secret, and tries it by a call: in this order, since the server tells a secret once.
 * Whatever fails on the way, no unknown token stays behind.
 */
export function runCreateTokenCall(
  { id, person }: Action,
  call: CreateTokenCall,
  making: TokenMaking,
): Promise<CallResponse> {
  const { account, attempt, sink, lost } = making;
  return runCall(async () => {
    const one = { action: id, account, mark: markOfToken(call, attempt) };
    const made = await lost.make(
      one,
      // Counted from the try itself, so that a plan that waits for a day takes nothing from the token's life.
      call.expires_in === undefined ? {} : { expiresAt: attempt.nowMs + call.expires_in * 1000 },
    );
    const { name, generation } = call;
    const whose = {
      user: person,
      name,
      generation,
      ...(call.replaces !== undefined && { day: utcDay(attempt.nowMs) }),
    };
    const where = await keepOrTakeBack(one, made, lost, () => sink.deliver(call.sink, whose, made.secret));
    if (call.check) await keepOrTakeBack(one, made, lost, () => checkToken(made, making));
    return { status: 'written', token: made.id, notes: [`secret delivered to ${where}`] };
  });
}

/** The mark, with ten characters that only this attempt has. */
export function markOfToken({ name, generation }: CreateTokenCall, { nowMs, key }: Attempt): string {
  const op = BigInt(`0x${createHash('sha256').update(key).digest('hex').slice(0, 16)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
  return formatMark({ name, generation, date: utcDay(nowMs), op });
}

async function keepOrTakeBack<Result>(
  one: LostToken,
  made: NewToken,
  lost: LostTokens,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const why = error instanceof MusterError ? error : new NewTokenError({ is: 'secret-lost' }, { cause: error });
    await lost.takeBack(one, made.id, why.message);
    // The token is gone again, so nothing was written, whatever the step's own error would say of itself.
    const { message, hint: todo } = why;
    throw new NewTokenError(
      todo === undefined ? { is: 'revoked', why: message } : { is: 'revoked-with-advice', why: message, todo },
      { cause: why },
    );
  }
}

/** A replica may not know the token at once. */
async function checkToken(made: NewToken, { account, client, pause }: TokenMaking): Promise<void> {
  const newcomer = client.readOnly().withToken(made.secret);
  for (let reading = 1; ; reading++) {
    try {
      const me = await newcomer.users.me();
      if (me.id !== account) throw new NewTokenError({ is: 'other-account' });
      return;
    } catch (error) {
      if (!(error instanceof ApiUnauthorizedError) || reading === maxReadings) throw error;
      await pause();
    }
  }
}
