/** What an audit finds about tokens, and which an account has. */

import { isAdministrative } from '../../model/admin-rules.ts';
import { type AuditContext, type AuditSubject, type FindingDraft, type Grant, limitMs } from '../../model/audit.ts';
import { type AuditRule, isAuditRule } from '../../model/audit-rules.ts';
import { count } from '../../model/count.ts';
import type { DesiredToken } from '../../model/desired-state.ts';
import { dayMs, utcDay } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../model/live-state.ts';
import { parseMark, type TokenMark } from '../../model/token-mark.ts';
import { hasEnded, isUsable } from './definition-expiry.ts';
import { lineageOf, markedTokens } from './definition-lineage.ts';

interface TokenSubject extends AuditSubject {
  readonly token: LiveToken;
  readonly mark: TokenMark | undefined;
  /** The token of the same name that the entry wants. */
  readonly wanted: DesiredToken | undefined;
  /** It stands for the entry's. */
  readonly isCurrent: boolean;
  /** A later one takes its place: its overlap ends it, so nothing else is said of it. */
  readonly isReplaced: boolean;
}

/** A sentence about one token; nothing where it has no such fault. */
type Look = (subject: TokenSubject, context: AuditContext) => string | undefined;

type TokenRule = Extract<
  AuditRule,
  | 'leaver-token'
  | 'foreign-token'
  | 'old-generation-token'
  | 'ended-token'
  | 'ending-token'
  | 'old-token'
  | 'unused-token'
>;

const looks: Readonly<Record<TokenRule, Look>> = {
  'leaver-token': ({ account, token }, { nowMs }) =>
    !account.values.active && isUsable(token, nowMs) ? 'is enabled, and the account is inactive' : undefined,
  'foreign-token': (subject, context) => {
    if (subject.mark !== undefined || !isInUse(subject, context)) return undefined;
    return isOfCaller(subject, context)
      ? 'was not made by muster, and may be the one that muster uses'
      : 'was not made by muster';
  },
  'old-generation-token': (subject, context) => {
    const { mark, wanted } = subject;
    if (mark === undefined || wanted === undefined || !subject.isReplaced || !isInUse(subject, context))
      return undefined;
    return mark.generation < wanted.generation
      ? `is generation ${mark.generation}, and the entry wants ${wanted.generation}`
      : `was made ${mark.date}, and a later one replaces it`;
  },
  'ended-token': ({ account, token, isCurrent }, { nowMs, policy }) => {
    if (hasEnded(token, nowMs)) return `ended ${utcDay(token.expiresAt ?? 0)}`;
    if (token.enabled) return undefined;
    // Where the entry names it, a difference is drift; of people who left, this is what the policy leaves behind.
    const isAsWanted = account.values.active ? isCurrent : policy.leaverTokens === 'disable';
    return isAsWanted ? undefined : 'is disabled';
  },
  'ending-token': (subject, context) => {
    const { expiresAt } = subject.token;
    if (expiresAt === undefined || subject.isReplaced || !isInUse(subject, context)) return undefined;
    // By such an entry muster rotates it in time.
    if (subject.isCurrent && subject.wanted?.rotateBeforeMs !== undefined) return undefined;
    return expiresAt - context.nowMs <= limitMs(context.settings, 'ending-token')
      ? `ends ${utcDay(expiresAt)}`
      : undefined;
  },
  'old-token': (subject, context) => {
    const age = ageInDays(subject, context);
    if (age === undefined || subject.isReplaced || !isInUse(subject, context)) return undefined;
    return age * dayMs > limitMs(context.settings, 'old-token')
      ? `was made ${subject.mark?.date ?? ''}, ${count(age, 'day')} ago`
      : undefined;
  },
  'unused-token': (subject, context) => {
    const { token, mark, sessions } = subject;
    const age = ageInDays(subject, context);
    if (sessions === undefined || age === undefined || subject.isReplaced || !isInUse(subject, context))
      return undefined;
    // A session that a token made stays for 100 years, except those that were ended by hand.
    return age * dayMs > limitMs(context.settings, 'unused-token') &&
      !sessions.some((session) => session.token === token.id)
      ? `was made ${mark?.date ?? ''}, and has no session`
      : undefined;
  },
};

export function auditTokens(subject: AuditSubject, context: AuditContext): readonly FindingDraft[] {
  const tokens = subject.live.token ?? [];
  const marked = markedTokens(tokens);
  return tokens.flatMap((token) => {
    const mark = parseMark(token.description);
    const wanted = subject.desired?.tokens?.find(({ name }) => name === mark?.name);
    const named = marked.filter((one) => one.mark.name === mark?.name);
    const lineage = wanted === undefined ? undefined : lineageOf(wanted, named);
    const one: TokenSubject = {
      ...subject,
      token,
      mark,
      wanted,
      isCurrent: lineage?.current.some(({ id }) => id === token.id) ?? false,
      isReplaced: lineage?.replaced.some((replaced) => replaced.token.id === token.id) ?? false,
    };
    return Object.entries(looks).flatMap(([rule, look]) => {
      const text = look(one, context);
      return text === undefined || !isAuditRule(rule) ? [] : [draftOf(rule, one, text, context)];
    });
  });
}

function draftOf(rule: AuditRule, subject: TokenSubject, text: string, context: AuditContext): FindingDraft {
  const { account, token, mark } = subject;
  const name = nameOf(token, mark);
  const fact = `${name}, id ${token.id}, ${token.enabled ? 'enabled' : 'disabled'}`;
  return {
    rule,
    account,
    thing: token.id,
    text: `${name} ${text}`,
    evidence: [{ read: 'tokens', fact }],
    // muster works by a token that it did not make.
    ...(rule === 'foreign-token' && isOfCaller(subject, context) && { severity: 'info' }),
  };
}

export function tokenGrants({ values }: LiveUser, live: Partial<LiveByKind>, facts: ServerFacts): readonly Grant[] {
  const isPrivileged = values.roles.some((role) => isAdministrative(role, facts.administrativeRoles));
  return (live.token ?? []).map((token) => ({
    key: `token:${token.id}`,
    text: `${nameOf(token, parseMark(token.description))}${token.enabled ? '' : ' (disabled)'}`,
    isPrivileged,
    isHeld: token.enabled,
  }));
}

/** A description that muster did not write may say anything: a person wrote it for people. */
const nameOf = ({ description, id }: LiveToken, mark: TokenMark | undefined): string =>
  mark === undefined
    ? `token ${description === '' ? id : `"${description}"`}`
    : `token ${mark.name}@${mark.generation}`;

const isOfCaller = ({ account }: TokenSubject, { facts }: AuditContext): boolean => account.id === facts.caller.id;

/** In whole days, since the day is all that a mark says; only tokens that muster made have one. */
const ageInDays = ({ mark }: TokenSubject, { nowMs }: AuditContext): number | undefined =>
  mark === undefined ? undefined : Math.floor((nowMs - Date.parse(mark.date)) / dayMs);

/** Usable, by an account that is active: of people who left there is one finding a token. */
const isInUse = ({ account, token }: TokenSubject, { nowMs }: AuditContext): boolean =>
  account.values.active && isUsable(token, nowMs);
