import type { DesiredToken } from '../../model/desired-state.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { Change, HeldChange, Notice, Reason, ScheduledChange } from '../../model/plan.ts';
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
import { noFindings } from '../../model/resource-definition.ts';
import type { Policy } from '../../model/settings.ts';
import { type Marker, overlapEndMs, parseMarker } from '../../model/token-marker.ts';
import { changeId, createChange, tokenActions, tokenChange } from './definition-actions.ts';
import { auditTokens, tokenGrants } from './definition-audit.ts';
import { describeTokens, toTokenEntry } from './definition-entry.ts';
import { expiryNotice, expiryVerdict } from './definition-expiry.ts';
import { foreignOfUndeclared, isForeign, reportForeign } from './definition-foreign.ts';
import { tokensAfter } from './definition-foresight.ts';
import { isTokenDone } from './definition-judge.ts';
import { undoTokens } from './definition-undo.ts';

/** Personal access tokens: known by the mark in their description, or by their id. */
export const token: ResourceDefinition<'token'> = {
  kind: 'token',
  noun: { one: 'token', many: 'tokens' },
  dependsOn: ['user'],
  reads: readsTokens,
  lists: ({ foreignTokens }) => foreignTokens === 'report',
  undeclared: foreignOfUndeclared,
  count: ({ live, desired }) => ({ live: live.token?.length ?? 0, declared: desired.tokens?.length ?? 0 }),
  diff: diffTokens,
  needs: tokenNeeds,
  switchedOff: ({ class: name }, _person, { facts }) =>
    name === 'token-create' && !facts.hasUserAccessTokens
      ? {
          reason: 'personal access tokens are switched off on the server',
          hint: 'switch ServiceSettings.EnableUserAccessTokens on (System Console, Integration Management)',
        }
      : undefined,
  actions: tokenActions,
  foresee: tokensAfter,
  isDone: (action, live) => isTokenDone(action, live.token),
  undo: (written, leaving) => undoTokens(token, written, leaving),
  describe: describeTokens,
  toEntry: toTokenEntry,
  audit: auditTokens,
  grants: tokenGrants,
};

/**
 * Whose tokens a plan has to know: of people whose tokens are declared, of everybody who comes back or leaves, and,
 * for people who are away, whether something was left behind.
 */
function readsTokens({ transition, desired, account }: Match, policy: Policy): 'needed' | 'if-any' | 'nothing' {
  // What a date will do to tokens stands in the plan from today on.
  const whatDatesNeed = account !== undefined && desired.dates !== undefined ? 'if-any' : 'nothing';
  const handlesForeign = policy.foreignTokens === 'disable' || policy.foreignTokens === 'revoke';
  switch (transition) {
    case 'returns':
    case 'leaves':
      return 'needed';
    case 'stays-away':
      return desired.values.active === false && policy.leaverTokens !== 'keep' ? 'if-any' : whatDatesNeed;
    case 'joins':
    case 'stays':
      return desired.tokens !== undefined || handlesForeign ? 'needed' : whatDatesNeed;
  }
}

function tokenNeeds(change: Change, other: Change): Need | undefined {
  if ((change.class === 'token-create' || change.class === 'token-enable') && other.class === 'activate')
    return { because: 'the account stays inactive' };
  const isSuccessor =
    change.class === 'token-revoke' && change.part_of === 'rotation' && other.class === 'token-create';
  return isSuccessor && tokenName(change) === tokenName(other) ? { because: 'its successor is not made' } : undefined;
}

const tokenName = ({ attribute }: Change): string => attribute.slice(0, attribute.lastIndexOf('@'));

interface MarkedToken extends LiveToken {
  readonly marker: Marker;
}

/** What was found so far; filled by the rules below, one token in one list at most. */
interface Draft {
  readonly changes: Change[];
  readonly held: HeldChange[];
  readonly scheduled: ScheduledChange[];
  readonly notices: Notice[];
}

function diffTokens(person: Person, context: PlanContext): Findings {
  if (person.live.user !== undefined && person.live.token === undefined && needsTokens(person)) {
    return { ...noFindings, problems: [tokensNotRead(person, context)] };
  }
  const draft: Draft = { changes: [], held: [], scheduled: [], notices: [] };
  switch (person.transition) {
    case 'leaves':
    case 'stays-away':
      silenceLeaver(person, context, draft);
      draft.notices.push(...reportForeign(person, draft.changes, context));
      break;
    case 'joins':
    case 'stays':
    case 'returns':
      diffDeclared(person, context, draft);
      handleForeign(person, context, draft);
      if (person.transition === 'returns') silenceReturner(person, context, draft);
      draft.notices.push(...reportForeign(person, draft.changes, context));
      break;
  }
  return { ...noFindings, ...settle(draft, person.handsOff) };
}

/** Whether a plan for this person rests on which tokens there are. */
function needsTokens({ desired, transition }: Person): boolean {
  return (
    transition === 'returns' || transition === 'leaves' || (transition === 'stays' && desired.tokens !== undefined)
  );
}

function tokensNotRead({ desired, live }: Person, context: PlanContext): Problem {
  return {
    code: 'tokens-not-read',
    message: `the tokens of ${desired.username} (id ${live.user?.id ?? ''}) were not read, and that somebody has none is never guessed`,
    hint: 'read the tokens of everybody whom the plan needs before it is made',
    at: context.desired.locate(desired, 'tokens'),
  };
}

function settle(draft: Draft, handsOff: HandsOff | undefined): Draft {
  if (handsOff === undefined) return draft;
  const isConcerned = (change: Change): boolean => handsOff.classes === undefined || handsOff.classes.has(change.class);
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
function silenceLeaver(person: Person, context: PlanContext, draft: Draft): void {
  const policy = context.policy.leaverTokens;
  if (policy === 'keep') return;
  // An account that the entry does not call inactive is none of a leaver's: it is left as it is.
  if (person.desired.values.active === undefined) return;
  for (const live of person.live.token ?? []) {
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
  const marked = markedTokens(person);
  const names = new Set(declared.map(({ name }) => name));
  for (const wanted of declared)
    diffToken(
      person,
      wanted,
      marked.filter(({ marker }) => marker.name === wanted.name),
      context,
      draft,
    );
  for (const live of marked.filter(({ marker }) => !names.has(marker.name))) {
    const reason: Reason = {
      ...placeOf(person, 'tokens', context),
      rule: 'no-longer-listed',
      text: 'made by muster, no longer listed',
    };
    draft.changes.push(tokenChange(person, 'token-revoke', live, reason));
  }
}

function markedTokens(person: Person): readonly MarkedToken[] {
  return (person.live.token ?? []).flatMap((live) => {
    const marker = parseMarker(live.description);
    return marker === undefined ? [] : [{ ...live, marker }];
  });
}

function diffToken(
  person: Person,
  wanted: DesiredToken,
  live: readonly MarkedToken[],
  context: PlanContext,
  draft: Draft,
): void {
  const current = live.filter(({ marker }) => marker.generation === wanted.generation);
  const older = live.filter(({ marker }) => marker.generation < wanted.generation);
  const newer = live.filter(({ marker }) => marker.generation > wanted.generation);
  const declared = placeOf(person, `tokens.${wanted.name}`, context);
  if (newer.length > 0) {
    draft.held.push(generationLowered(person, wanted, newer, declared, context));
    return;
  }
  if (current.length > 1) {
    draft.notices.push({
      code: 'token-made-twice',
      person: person.desired.username,
      text: `${current.length} live tokens carry the mark ${wanted.name}@${wanted.generation}, made by runs that lost an answer`,
      hint: `raise the generation of ${wanted.name}: the rotation revokes them all`,
    });
  }
  const expiring = wanted.enabled
    ? expiryNotice(person.desired.username, wanted, current, context.desired.momentMs)
    : undefined;
  if (expiring !== undefined) draft.notices.push(expiring);
  if (current.length === 0 && wanted.enabled) {
    const change = createChange(person, wanted, declared, context);
    const verdict = expiryVerdict(wanted, context.facts);
    if (verdict !== undefined) {
      // What the new one was to replace stays: it is all there is.
      draft.held.push({ change, ...verdict });
      return;
    }
    draft.changes.push(change);
  }
  const again = remade(wanted, current, context);
  if (again !== undefined)
    draft.scheduled.push({ change: createChange(person, wanted, declared, context), due: again.toISOString() });
  for (const one of current.filter(({ enabled }) => enabled !== wanted.enabled)) {
    draft.changes.push(tokenChange(person, wanted.enabled ? 'token-enable' : 'token-disable', one, declared));
  }
  for (const old of older) {
    const isSucceeded = current.length > 0 || wanted.enabled;
    const isRevoked = isSucceeded && retire(person, wanted, old, latestDay(current), context, draft);
    // Whoever disables a token means every generation of it, also one that an overlap still spares.
    if (!wanted.enabled && old.enabled && !isRevoked)
      draft.changes.push(tokenChange(person, 'token-disable', old, declared));
  }
}

/** When the server will have deleted every token of a generation, so that a plan makes it again. */
function remade(
  wanted: DesiredToken,
  current: readonly LiveToken[],
  { desired, facts }: PlanContext,
): Date | undefined {
  if (!wanted.enabled || current.length === 0 || expiryVerdict(wanted, facts) !== undefined) return undefined;
  const expiresAt = Math.max(...current.map((live) => live.expiresAt ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(expiresAt) ? new Date(Math.max(expiresAt, desired.momentMs)) : undefined;
}

/** The day of the youngest; `undefined` when there is none. */
function latestDay(marked: readonly MarkedToken[]): string | undefined {
  return marked
    .map(({ marker }) => marker.date)
    .toSorted()
    .at(-1);
}

function generationLowered(
  person: Person,
  wanted: DesiredToken,
  newer: readonly MarkedToken[],
  reason: Reason,
  context: PlanContext,
): HeldChange {
  const highest = Math.max(...newer.map(({ marker }) => marker.generation));
  return {
    change: createChange(person, wanted, reason, context),
    code: 'generation-lowered',
    owner: 'the server',
    reason: `the live token ${wanted.name} has generation ${highest}, the entry says ${wanted.generation}`,
    hint: `write generation: ${highest} to keep it, or ${highest + 1} to rotate`,
  };
}

/**
 * The former generation of a rotated token: revoked once the new one is there and the overlap is over. A returner's
 * goes before the account lives again.
 *
 * @param successorDay - the day of the new token's mark; absent: this plan makes it
 * @returns whether it is revoked now, rather than later
 */
function retire(
  person: Person,
  wanted: DesiredToken,
  old: MarkedToken,
  successorDay: string | undefined,
  context: PlanContext,
  draft: Draft,
): boolean {
  const returns = person.transition === 'returns';
  const reason: Reason = {
    ...placeOf(person, `tokens.${wanted.name}`, context),
    rule: returns ? 'returner' : 'rotation',
    text: `replaced by generation ${wanted.generation}`,
  };
  const change: Change = {
    ...tokenChange(person, 'token-revoke', old, reason),
    part_of: returns ? 'return' : 'rotation',
  };
  const { momentMs } = context.desired;
  // A successor that this plan makes will carry the day of today.
  const dueMs = overlapEndMs(successorDay ?? new Date(momentMs).toISOString().slice(0, 10), wanted.overlapMs);
  const isDue = wanted.overlapMs === 0 || (successorDay !== undefined && momentMs >= dueMs);
  if (isDue) draft.changes.push(change);
  else draft.scheduled.push({ change, due: new Date(dueMs).toISOString() });
  return isDue;
}

function handleForeign(person: Person, { policy, ...context }: PlanContext, draft: Draft): void {
  if (policy.foreignTokens === 'ignore' || policy.foreignTokens === 'report') return;
  const foreign = (person.live.token ?? []).filter(isForeign);
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

/** Whoever comes back has no token of before, but for those that the entry lists as they are. */
function silenceReturner(person: Person, context: PlanContext, draft: Draft): void {
  const settled = new Set(draft.changes.map(({ id }) => id));
  const listed = new Map((person.desired.tokens ?? []).map((wanted) => [wanted.name, wanted]));
  for (const live of person.live.token ?? []) {
    const marker = parseMarker(live.description);
    const wanted = marker === undefined ? undefined : listed.get(marker.name);
    const isListed = wanted?.enabled === true && wanted.generation === marker?.generation;
    const isRevoked = settled.has(changeId(person, 'token-revoke', live));
    if (!live.enabled || isListed || isRevoked || settled.has(changeId(person, 'token-disable', live))) continue;
    const reason: Reason = {
      ...placeOf(person, 'active', context),
      rule: 'returner',
      text: 'comes back without the tokens of before',
    };
    draft.changes.push({ ...tokenChange(person, 'token-disable', live, reason), part_of: 'return' });
  }
}

function placeOf({ desired }: Person, part: 'active' | 'tokens' | `tokens.${string}`, context: PlanContext): Reason {
  const { file, line, column } = context.desired.locate(desired, part);
  return { text: 'declared', file, line, column };
}
