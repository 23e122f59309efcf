/** Tokens as they were before a run: known by their ids, whatever the entry says. */
import { isCallOf } from '../../model/calls.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { Change, ChangeClass, Reason } from '../../model/plan.ts';
import {
  type Findings,
  noFindings,
  type Person,
  type PlanContext,
  type ResourceDefinition,
  type Undo,
} from '../../model/resource-definition.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { WrittenAction } from '../../model/written-action.ts';
import { tokenChange } from './definition-actions.ts';
import { leftWithoutToken } from './definition-afterwards.ts';

/** What a token must be again; `revoked` for one that was made. */
interface TokenGoal {
  readonly token: string;
  readonly wanted: 'revoked' | 'enabled' | 'disabled';
}

type Goals = ReadonlyMap<AccountId, readonly TokenGoal[]>;

export function undoTokens(
  token: ResourceDefinition<'token'>,
  written: ReadonlyMap<AccountId, readonly WrittenAction[]>,
  leaving: ReadonlySet<AccountId>,
): Undo {
  const goals = new Map<AccountId, readonly TokenGoal[]>();
  const notGivenBack = new Map<AccountId, string>();
  for (const [account, own] of written) {
    const all = own.flatMap(goalOf);
    // An account that leaves again is given nothing: it would be there for a moment, and again after a return.
    const kept = leaving.has(account) ? all.filter(({ wanted }) => wanted !== 'enabled') : all;
    goals.set(account, kept);
    if (kept.length < all.length) notGivenBack.set(account, `tokens (${all.length - kept.length})`);
  }
  const definition: ResourceDefinition<'token'> = {
    ...token,
    reads: ({ account }) => {
      const isConcerned =
        account !== undefined && (leaving.has(account.id) || hasTokenCall(written.get(account.id) ?? []));
      return isConcerned ? 'needed' : 'nothing';
    },
    lists: () => false,
    diff: (person, context) => diffToGoals(person, context, goals),
    afterwards: (person, changes) =>
      leftWithoutToken(person, changes, isRobbed(written.get(person.live.user?.id ?? ''))),
  };
  return { definition, notGivenBack };
}

/** Whether a token was revoked for good. */
const isRobbed = (own: readonly WrittenAction[] = []): boolean =>
  own.some(({ action: { call } }) => call.operation === 'revoke-token');

/** What was revoked cannot come back, and yet it counts what is left. */
const hasTokenCall = (own: readonly WrittenAction[]): boolean =>
  own.some(({ action: { call } }) => isCallOf('token', call));

function goalOf({ action: { call }, token }: WrittenAction): readonly TokenGoal[] {
  if (!isCallOf('token', call)) return [];
  switch (call.operation) {
    case 'create-token':
      return token === undefined ? [] : [{ token, wanted: 'revoked' }];
    case 'enable-token':
      return [{ token: call.token, wanted: 'disabled' }];
    case 'disable-token':
      return [{ token: call.token, wanted: 'enabled' }];
    case 'revoke-token':
      return [];
  }
}

function diffToGoals(person: Person, context: PlanContext, goals: Goals): Findings {
  const { live, transition, desired } = person;
  if (live.user === undefined) return noFindings;
  const { file, line, column } = context.desired.locate(desired);
  const reason: Reason = { text: 'as before the run', rule: 'undo', file, line, column };
  const known = new Map((goals.get(live.user.id) ?? []).map(({ token, wanted }) => [token, wanted]));
  const changes = (live.token ?? []).flatMap((one: LiveToken): readonly Change[] => {
    // A person who is deactivated again keeps no token that would live after a return.
    const wanted = known.get(one.id) ?? (transition === 'leaves' ? 'disabled' : undefined);
    const change = wanted === undefined ? undefined : changeFor(wanted, one.enabled);
    return change === undefined ? [] : [tokenChange(person, change, one, reason)];
  });
  return { ...noFindings, changes };
}

function changeFor(wanted: TokenGoal['wanted'], isEnabled: boolean): ChangeClass | undefined {
  if (wanted === 'revoked') return 'token-revoke';
  if (wanted === 'enabled') return isEnabled ? undefined : 'token-enable';
  return isEnabled ? 'token-disable' : undefined;
}
