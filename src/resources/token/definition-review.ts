/** What an access review needs to know of tokens: which change gave them, and how an entry takes them away. */
import { isChangeOf } from '../../model/change-classes.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { RevokedFrom } from '../../model/resource-definition.ts';
import {
  accountKey,
  type GrantsOfChange,
  type MadeChange,
  noRemoval,
  type Removal,
  removalsTogether,
} from '../../model/review.ts';
import { toTokenEntry } from './definition-entry.ts';
import { lineageOf, type MarkedToken, markedTokens } from './definition-lineage.ts';

const tokenKey = (id: string): string => `token:${id}`;

export function grantsOfTokenChange({ change, token }: MadeChange): GrantsOfChange {
  if (!isChangeOf('token', change) || token === undefined) return { given: [], taken: [] };
  switch (change.class) {
    case 'token-create':
    case 'token-enable':
      return { given: [tokenKey(token)], taken: [] };
    case 'token-disable':
    case 'token-revoke':
      return { given: [], taken: [tokenKey(token)] };
  }
}

export function revokeTokenGrants(keys: ReadonlySet<string>, from: RevokedFrom): Removal {
  const { account, live, desired, policy } = from;
  const revoked = (live.token ?? []).filter(({ id }) => keys.has(tokenKey(id)));
  if (revoked.length === 0) return noRemoval;
  const marked = markedTokens(revoked);
  const leaves = !account.values.active || keys.has(accountKey);
  if (leaves && policy.leaverTokens !== 'keep') {
    // What the entry writes goes all the same: it would come back with the person.
    const { edits, edited } = desired?.tokens === undefined ? noRemoval : revokeManaged(marked, from);
    return removalsTogether([{ ...noRemoval, edits, edited }, revokeOfLeaver(revoked, from)]);
  }
  if (!account.values.active)
    return byHand(revoked, 'revoke it in the System Console, or set policy.leavers.tokens to revoke');
  const foreign = revoked.filter(({ id }) => !marked.some((one) => one.id === id));
  const own = desired?.tokens === undefined ? revokeUnmanaged(marked, from) : revokeManaged(marked, from);
  return removalsTogether([own, revokeForeign(foreign, from)]);
}

const byHand = (tokens: readonly LiveToken[], hint: string): Removal => ({
  ...noRemoval,
  byHand: new Map(tokens.map(({ id }) => [tokenKey(id), hint])),
});

/** What is left behind goes by policy.leavers, once the entry says that the person left. */
function revokeOfLeaver(tokens: readonly LiveToken[], { desired }: RevokedFrom): Removal {
  if (desired?.values.active === false) return noRemoval;
  const edited = tokens.map(({ id }) => tokenKey(id));
  return { ...noRemoval, edits: [{ field: 'active', value: false }], edited };
}

function revokeForeign(tokens: readonly LiveToken[], { policy, desired }: RevokedFrom): Removal {
  const isPlanned = desired !== undefined && (policy.foreignTokens === 'revoke' || policy.foreignTokens === 'disable');
  return isPlanned
    ? noRemoval
    : byHand(tokens, 'muster did not make it: revoke it in the System Console, or set policy.foreign_tokens');
}

/** The entry writes no tokens: from now on it writes those that stay. */
function revokeUnmanaged(marked: readonly MarkedToken[], { account, live, rules }: RevokedFrom): Removal {
  if (marked.length === 0) return noRemoval;
  const left = (live.token ?? []).filter(({ id }) => !marked.some((one) => one.id === id));
  const { fields, remarks } = toTokenEntry(account, { token: left }, rules);
  if (remarks.length > 0) return byHand(marked, 'another token is in the middle of a rotation: revoke it by hand');
  return {
    ...noRemoval,
    edits: [{ field: 'tokens', value: fields.tokens ?? [] }],
    edited: marked.map(({ id }) => tokenKey(id)),
  };
}

function revokeManaged(marked: readonly MarkedToken[], { desired, live }: RevokedFrom): Removal {
  const all = markedTokens(live.token ?? []);
  const replaced = new Set(
    (desired?.tokens ?? []).flatMap((wanted) =>
      lineageOf(
        wanted,
        all.filter(({ mark }) => mark.name === wanted.name),
      ).replaced.map(({ token }) => token.id),
    ),
  );
  const enabled = new Set((desired?.tokens ?? []).filter((one) => one.enabled).map(({ name }) => name));
  const named = marked.filter(({ id, mark }) => enabled.has(mark.name) && !replaced.has(id));
  return removalsTogether([
    byHand(
      marked.filter(({ id }) => replaced.has(id)),
      'it was replaced, and works until its overlap is over: revoke it in the System Console',
    ),
    named.length === 0
      ? noRemoval
      : {
          ...noRemoval,
          edits: [{ field: 'tokens', drop: named.map(({ mark }) => mark.name), value: [] }],
          edited: named.map(({ id }) => tokenKey(id)),
        },
  ]);
}
