import type { Change, ChangeClass, Reason } from '../../model/plan.ts';
import { noFindings, type ResourceDefinition } from '../../model/resource-definition.ts';
import type { AccountId } from '../../model/user-values.ts';
import { tokenActions, tokenChange } from './definition-actions.ts';

/** What a token must be again; `revoked` for one that was made. */
export type FormerToken = { readonly token: string; readonly wanted: 'revoked' | 'enabled' | 'disabled' };

/** Tokens as they were before a run: known by their ids, whatever the entry says. */
export function formerTokens(goals: ReadonlyMap<AccountId, readonly FormerToken[]>): ResourceDefinition {
  return {
    kind: 'token',
    dependsOn: ['user'],
    actions: tokenActions,
    diff: (person, context) => {
      const { live, liveTokens = [], transition, desired } = person;
      if (live === undefined) return noFindings;
      const { file, line, column } = context.desired.locate(desired);
      const reason: Reason = { text: 'as before the run', rule: 'undo', file, line, column };
      const known = new Map((goals.get(live.id) ?? []).map(({ token, wanted }) => [token, wanted]));
      const changes = liveTokens.flatMap((token): readonly Change[] => {
        // Whoever is deactivated again keeps no token that would live after a return.
        const wanted = known.get(token.id) ?? (transition === 'leaves' ? 'disabled' : undefined);
        const change = wanted === undefined ? undefined : changeFor(wanted, token.enabled);
        return change === undefined ? [] : [tokenChange(person, change, token, reason)];
      });
      return { ...noFindings, changes };
    },
  };
}

function changeFor(wanted: FormerToken['wanted'], isEnabled: boolean): ChangeClass | undefined {
  if (wanted === 'revoked') return 'token-revoke';
  if (wanted === 'enabled') return isEnabled ? undefined : 'token-enable';
  return isEnabled ? 'token-disable' : undefined;
}
