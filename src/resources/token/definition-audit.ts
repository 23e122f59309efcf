/** What an audit finds about tokens, and which an account has. */

import { isAdministrative } from '../../model/admin-rules.ts';
import { type AuditContext, type AuditSubject, type FindingDraft, type Grant, limitMs } from '../../model/audit.ts';
import type { AuditRule } from '../../model/audit-rules.ts';
import { count } from '../../model/count.ts';
import { dayMs } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../model/live-state.ts';
import { parseMark, type TokenMark } from '../../model/token-mark.ts';

interface TokenSubject extends AuditSubject {
  readonly token: LiveToken;
  readonly mark: TokenMark | undefined;
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
  'leaver-token': ({ account, token }) =>
    !account.values.active && token.enabled ? 'is enabled, and the account is inactive' : undefined,
  'foreign-token': ({ token, mark }, { nowMs }) =>
    mark === undefined && isUsable(token, nowMs) ? 'was not made by muster' : undefined,
  'old-generation-token': ({ token, mark, desired }, { nowMs }) => {
    const wanted = desired?.tokens?.find(({ name }) => name === mark?.name);
    return wanted !== undefined && mark !== undefined && mark.generation < wanted.generation && isUsable(token, nowMs)
      ? `is generation ${mark.generation}, and the entry wants ${wanted.generation}`
      : undefined;
  },
  'ended-token': ({ token }, { nowMs }) => {
    if (hasEnded(token, nowMs)) return `ended ${dayText(token.expiresAt ?? 0)}`;
    return token.enabled ? undefined : 'is disabled';
  },
  'ending-token': ({ token }, { nowMs, settings }) =>
    isUsable(token, nowMs) && (token.expiresAt ?? Number.POSITIVE_INFINITY) - nowMs <= limitMs(settings, 'ending-token')
      ? `ends ${dayText(token.expiresAt ?? 0)}`
      : undefined,
  'old-token': ({ token, mark }, { nowMs, settings }) => {
    const ageMs = mark === undefined ? 0 : nowMs - Date.parse(mark.date);
    return mark !== undefined && isUsable(token, nowMs) && ageMs > limitMs(settings, 'old-token')
      ? `was made ${mark.date}, ${count(Math.floor(ageMs / dayMs), 'day')} ago`
      : undefined;
  },
  'unused-token': ({ account, token, mark, sessions }, { nowMs, settings }) => {
    // A session that a token made stays for 100 years, except those that were ended by hand.
    if (sessions === undefined || mark === undefined || !account.values.active || !isUsable(token, nowMs))
      return undefined;
    const isOldEnough = nowMs - Date.parse(mark.date) > limitMs(settings, 'unused-token');
    return isOldEnough && !sessions.some((session) => session.token === token.id)
      ? `has no session, ${mark.date} it was made`
      : undefined;
  },
};

export function auditTokens(subject: AuditSubject, context: AuditContext): readonly FindingDraft[] {
  return (subject.live.token ?? []).flatMap((token) => {
    const mark = parseMark(token.description);
    const one: TokenSubject = { ...subject, token, mark };
    return Object.entries(looks).flatMap(([name, look]) => {
      const text = look(one, context);
      return text === undefined ? [] : [draftOf(name as TokenRule, one, text)];
    });
  });
}

function draftOf(rule: TokenRule, { account, token, mark }: TokenSubject, text: string): FindingDraft {
  const name = nameOf(token, mark);
  const fact = `${name}, id ${token.id}, ${token.enabled ? 'enabled' : 'disabled'}`;
  return { rule, account, thing: token.id, text: `${name} ${text}`, evidence: [{ read: 'tokens', fact }] };
}

export function tokenGrants({ values }: LiveUser, live: Partial<LiveByKind>, facts: ServerFacts): readonly Grant[] {
  const isPrivileged = values.roles.some((role) => isAdministrative(role, facts.administrativeRoles));
  return (live.token ?? []).map((token) => ({
    key: `token:${token.id}`,
    text: `${nameOf(token, parseMark(token.description))}${token.enabled ? '' : ' (disabled)'}`,
    isPrivileged,
  }));
}

/** A description that muster did not write may say anything: a person wrote it for people. */
const nameOf = ({ description, id }: LiveToken, mark: TokenMark | undefined): string =>
  mark === undefined
    ? `token ${description === '' ? id : `"${description}"`}`
    : `token ${mark.name}@${mark.generation}`;

const hasEnded = ({ expiresAt }: LiveToken, nowMs: number): boolean => expiresAt !== undefined && expiresAt <= nowMs;
const isUsable = (token: LiveToken, nowMs: number): boolean => token.enabled && !hasEnded(token, nowMs);
const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
