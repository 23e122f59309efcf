import type { LiveToken } from '../../model/live-state.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { Change, Reason } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type {
  Findings,
  HandsOff,
  Match,
  Need,
  Person,
  PlanContext,
  ResourceDefinition,
} from '../../model/resource-definition.ts';
import { noFindings, unlessEmpty } from '../../model/resource-definition.ts';
import type { Policy } from '../../model/settings.ts';
import { changeId, tokenActions, tokenChange } from './definition-actions.ts';
import { auditTokens, tokenGrants } from './definition-audit.ts';
import { type Draft, diffToken, isHandsOff, placeOf } from './definition-declared.ts';
import { describeTokens, toTokenEntry } from './definition-entry.ts';
import { foreignOfUndeclared, isForeign, reportForeign } from './definition-foreign.ts';
import { tokensAfter } from './definition-foresight.ts';
import { isTokenDone } from './definition-judge.ts';
import { areTimed, lineageOf, markedTokens } from './definition-lineage.ts';
import { isRotationAsShown } from './definition-renewal.ts';
import { grantsOfTokenChange, revokeTokenGrants } from './definition-review.ts';
import { undoTokens } from './definition-undo.ts';

/** Personal access tokens: known by the mark in their description, or by their id. */
export const token: ResourceDefinition<'token'> = {
  kind: 'token',
  noun: { one: 'token', many: 'tokens' },
  dependsOn: ['user'],
  reads: readsTokens,
  lists: ({ foreignTokens }) => foreignTokens === 'report',
  asks: () => [],
  wholes: () => [],
  undeclared: foreignOfUndeclared,
  turnsAt: (desired, live, momentMs) => (areTimed(desired, live, momentMs) ? 'unknown' : []),
  count: (person, policy) => ({
    live: tokensThere(person, policy).length,
    declared: person.desired.tokens?.length ?? 0,
  }),
  diff: diffTokens,
  needs: tokenNeeds,
  refusals: () => new Map(),
  switchedOff: ({ class: name }, _person, { facts }) =>
    name === 'token-create' && !facts.hasUserAccessTokens ? block('switch', { is: 'no-tokens' }) : undefined,
  actions: tokenActions,
  foresee: tokensAfter,
  isDone: (action, live) => isTokenDone(action, live.token),
  renews: (change, person, issued, momentMs) => isRotationAsShown(change, person, momentMs, issued),
  afterwards: () => [],
  undo: (written, leaving) => undoTokens(token, written, leaving),
  describe: describeTokens,
  toEntry: toTokenEntry,
  audit: auditTokens,
  grants: tokenGrants,
  // The server notes no dates of tokens.
  recall: { unchangedSince: () => undefined, keysComeOnce: true },
  grantsOf: grantsOfTokenChange,
  revoke: revokeTokenGrants,
};

/**
 * Whose tokens a plan has to know: of people whose tokens are declared, of everybody who comes back or leaves, and,
 * for people who are away, what was left behind. What is disabled or revoked wherever it is needs no more than to be seen.
 */
function readsTokens(
  { transition, desired }: Pick<Match, 'transition' | 'desired'>,
  policy: Policy,
): 'needed' | 'if-any' | 'shown' | 'nothing' {
  if (transition === 'returns' || transition === 'leaves') return 'needed';
  const isAway = transition === 'stays-away';
  if (!isAway && desired.tokens !== undefined) return 'needed';
  // What a date will do to tokens stands in the plan from today on.
  if (desired.dates !== undefined) return 'if-any';
  const handlesForeign = policy.foreignTokens === 'disable' || policy.foreignTokens === 'revoke';
  const leavesNone = desired.values.active === false && policy.leaverTokens !== 'keep';
  return (isAway ? leavesNone : handlesForeign) ? 'shown' : 'nothing';
}

/** What the plan is about: all of them where they were searched, what a listing showed where that is enough. */
function tokensThere(person: Person, policy: Policy): readonly LiveToken[] {
  const { live, seen } = person;
  return live.token ?? (readsTokens(person, policy) === 'shown' ? seen?.token : undefined) ?? [];
}

function tokenNeeds(change: Change, other: Change): Need | undefined {
  if ((change.class === 'token-create' || change.class === 'token-enable') && other.class === 'activate')
    return { because: 'the account stays inactive' };
  const isSuccessor =
    change.class === 'token-revoke' && change.part_of === 'rotation' && other.class === 'token-create';
  return isSuccessor && tokenName(change) === tokenName(other) ? { because: 'its successor is not made' } : undefined;
}

const tokenName = ({ attribute }: Change): string => attribute.slice(0, attribute.lastIndexOf('@'));

function diffTokens(person: Person, context: PlanContext): Findings {
  if (person.live.user !== undefined && person.live.token === undefined && needsTokens(person)) {
    return { ...noFindings, problems: [tokensNotRead(person, context)] };
  }
  if (!hasTokens(person)) return noFindings;
  const draft: Draft = { changes: [], held: [], scheduled: [], notices: [] };
  switch (person.transition) {
    case 'leaves':
    case 'stays-away':
      disableTokensOfLeaver(person, context, draft);
      draft.notices.push(...reportForeign(person, draft.changes, context));
      break;
    case 'joins':
    case 'stays':
    case 'returns':
      diffDeclared(person, context, draft);
      handleForeign(person, context, draft);
      if (person.transition === 'returns') disableTokensOfReturner(person, context, draft);
      draft.notices.push(...reportForeign(person, draft.changes, context));
      break;
  }
  return unlessEmpty({ ...noFindings, ...settle(draft, person.handsOff) });
}

/** Most people neither have one nor are to have one, and then nothing is to be said. */
const hasTokens = ({ desired, live, seen }: Person): boolean =>
  desired.tokens !== undefined || live.token !== undefined || seen?.token !== undefined;

/** Whether a plan for this person rests on which tokens there are. */
function needsTokens({ desired, transition }: Person): boolean {
  return (
    transition === 'returns' || transition === 'leaves' || (transition === 'stays' && desired.tokens !== undefined)
  );
}

function tokensNotRead({ desired, live }: Person, context: PlanContext): Problem {
  return {
    ...refuse('tokens-not-read', { username: desired.username, id: live.user?.id ?? '' }),
    at: context.desired.locate(desired, 'tokens'),
  };
}

function settle(draft: Draft, handsOff: HandsOff | undefined): Draft {
  if (handsOff === undefined) return draft;
  const isConcerned = (change: Change): boolean => isHandsOff(handsOff, change);
  const { code, owner, reason, hint } = handsOff;
  const concerned = [...draft.changes, ...draft.scheduled.map(({ change }) => change)].filter(isConcerned);
  return {
    ...draft,
    changes: draft.changes.filter((change) => !isConcerned(change)),
    held: [...draft.held, ...concerned.map((change) => ({ change, code, owner, reason, hint }))],
    scheduled: draft.scheduled.filter(({ change }) => !isConcerned(change)),
  };
}

/** A leaver's tokens go before the account does: the server keeps them, and they would live again after a return. */
function disableTokensOfLeaver(person: Person, context: PlanContext, draft: Draft): void {
  const policy = context.policy.leaverTokens;
  if (policy === 'keep') return;
  // An account that the entry does not call inactive is none of a leaver's: it is left as it is.
  if (person.desired.values.active === undefined) return;
  for (const live of tokensThere(person, context.policy)) {
    const reason: Reason = {
      ...placeOf(person, 'active', context),
      rule: 'leaver',
      text: 'leaves: policy.leavers.tokens',
    };
    if (policy === 'revoke') draft.changes.push(tokenChange(person, 'token-revoke', live, reason));
    else if (live.enabled) draft.changes.push(tokenChange(person, 'token-disable', live, reason));
  }
}

function diffDeclared(person: Person, context: PlanContext, draft: Draft): void {
  const declared = person.desired.tokens;
  if (declared === undefined) return;
  const marked = markedTokens(person.live.token ?? []);
  const names = new Set(declared.map(({ name }) => name));
  for (const wanted of declared)
    diffToken(
      person,
      wanted,
      marked.filter(({ mark }) => mark.name === wanted.name),
      context,
      draft,
    );
  for (const live of marked.filter(({ mark }) => !names.has(mark.name))) {
    const reason: Reason = {
      ...placeOf(person, 'tokens', context),
      rule: 'no-longer-listed',
      text: 'made by muster, no longer listed',
    };
    draft.changes.push(tokenChange(person, 'token-revoke', live, reason));
  }
}

function handleForeign(person: Person, { policy, ...context }: PlanContext, draft: Draft): void {
  if (policy.foreignTokens === 'ignore' || policy.foreignTokens === 'report') return;
  const foreign = tokensThere(person, policy).filter(isForeign);
  if (foreign.length === 0) return;
  const reason: Reason = {
    ...placeOf(person, 'tokens', { policy, ...context }),
    rule: 'foreign-tokens',
    text: 'policy.foreign_tokens',
  };
  for (const live of foreign) {
    if (policy.foreignTokens === 'revoke') draft.changes.push(tokenChange(person, 'token-revoke', live, reason));
    else if (live.enabled) draft.changes.push(tokenChange(person, 'token-disable', live, reason));
  }
}

/** A returner has no token of before, except those that the entry lists as they are. */
function disableTokensOfReturner(person: Person, context: PlanContext, draft: Draft): void {
  const settled = new Set(draft.changes.map(({ id }) => id));
  const listed = listedTokens(person);
  for (const live of person.live.token ?? []) {
    const isRevoked = settled.has(changeId(person, 'token-revoke', live));
    const isDisabled = settled.has(changeId(person, 'token-disable', live));
    if (!live.enabled || listed.has(live.id) || isRevoked || isDisabled) continue;
    const reason: Reason = {
      ...placeOf(person, 'active', context),
      rule: 'returner',
      text: 'comes back without the tokens of before',
    };
    draft.changes.push({ ...tokenChange(person, 'token-disable', live, reason), part_of: 'return' });
  }
}

/** Ids of the tokens that the entry wants as they are. */
function listedTokens({ desired, live }: Person): ReadonlySet<string> {
  const marked = markedTokens(live.token ?? []);
  const wanted = (desired.tokens ?? []).filter(({ enabled }) => enabled);
  const current = wanted.flatMap((one) =>
    lineageOf(
      one,
      marked.filter(({ mark }) => mark.name === one.name),
    ).current.map(({ id }) => id),
  );
  return new Set(current);
}
