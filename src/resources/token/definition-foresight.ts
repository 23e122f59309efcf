/** The tokens of a person as a plan will have left them. */

import { type CallOf, isCallOf } from '../../model/calls.ts';
import { utcDay } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { ActionDraft } from '../../model/plan.ts';
import type { PlanContext } from '../../model/resource-definition.ts';
import { formatMark } from '../../model/token-mark.ts';

export function tokensAfter(
  actions: readonly ActionDraft[],
  { user, token }: Partial<LiveByKind>,
  { desired: { momentMs } }: PlanContext,
): readonly LiveToken[] | undefined {
  // An account that this plan makes has none of before.
  const before = token ?? (user?.id === '' ? [] : undefined);
  return before === undefined
    ? undefined
    : actions.reduce(
        (tokens, { call }) => (isCallOf('token', call) ? after(tokens, call, user?.id ?? '', momentMs) : tokens),
        before,
      );
}

function after(
  tokens: readonly LiveToken[],
  call: CallOf<'token'>,
  userId: string,
  momentMs: number,
): readonly LiveToken[] {
  switch (call.operation) {
    case 'create-token':
      return [...tokens, made(call, userId, momentMs)];
    case 'revoke-token':
      return tokens.filter(({ id }) => id !== call.token);
    case 'enable-token':
    case 'disable-token': {
      const enabled = call.operation === 'enable-token';
      return tokens.map((one) => (one.id === call.token ? { ...one, enabled } : one));
    }
  }
}

/** The server's id for it is not known yet: it is known by its name. */
function made(
  { name, generation, expires_in: seconds }: Extract<CallOf<'token'>, { operation: 'create-token' }>,
  userId: string,
  momentMs: number,
): LiveToken {
  const date = utcDay(momentMs);
  return {
    id: `${name}@${generation}`,
    userId,
    description: formatMark({ name, generation, date, op: '0'.repeat(10) }),
    enabled: true,
    ...(seconds !== undefined && { expiresAt: momentMs + seconds * 1000 }),
  };
}
