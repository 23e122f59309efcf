/** What an audit finds about accounts themselves, and what they are granted. */
import { administrativeRolesOf, isAdministrative } from '../../model/admin-rules.ts';
import {
  type AuditContext,
  type AuditSubject,
  type FindingDraft,
  type Grant,
  lastUseMs,
  limitMs,
} from '../../model/audit.ts';
import { type AuditRule, isAuditRule } from '../../model/audit-rules.ts';
import { count } from '../../model/count.ts';
import { dayMs, hourMs, utcDay } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveUser, ServerFacts } from '../../model/live-state.ts';
import { isBaseRole } from '../../model/user-rules.ts';

/** A rule about one account; nothing where it has no such fault. */
type Look = (subject: AuditSubject, context: AuditContext) => Omit<FindingDraft, 'rule' | 'account'> | undefined;

type UserRule = Extract<
  AuditRule,
  | 'admin-without-mfa'
  | 'disabled-admin'
  | 'admin-bot'
  | 'late-leaver'
  | 'leaver-session'
  | 'dormant-account'
  | 'email-sign-in'
  | 'expiring-person'
>;

const looks: Readonly<Record<UserRule, Look>> = {
  'admin-without-mfa': ({ account }, { facts }) => {
    const { active, auth, mfa, roles } = account.values;
    const held = administrativeRolesOf(account, facts.administrativeRoles);
    // Who signs in with a provider has the second factor there, or not: the server cannot tell.
    if (!isPerson(account) || !active || mfa === 'on' || auth.service !== 'email' || held.length === 0)
      return undefined;
    return {
      text: `is ${held.join(', ')} and signs in by e-mail without a second factor`,
      evidence: [fact(`roles: ${roles.join(' ')}`), fact('sign-in: email'), fact('mfa: off')],
    };
  },
  'disabled-admin': ({ account }, { facts }) => {
    const held = administrativeRolesOf(account, facts.administrativeRoles);
    if (account.isBot || account.values.active || held.length === 0) return undefined;
    return { text: `is inactive and still ${held.join(', ')}`, evidence: rolesOf(account) };
  },
  'admin-bot': ({ account }, { facts }) => {
    const held = administrativeRolesOf(account, facts.administrativeRoles);
    if (!account.isBot || !account.values.active || held.length === 0) return undefined;
    return { text: `is a bot and ${held.join(', ')}`, evidence: rolesOf(account) };
  },
  'late-leaver': ({ account: { values, dates }, desired }, { nowMs, settings, desired: state }) => {
    const endsMs = desired?.dates?.endsMs;
    const lostMs = values.active ? nowMs : dates?.inactiveSinceMs;
    if (desired === undefined || endsMs === undefined || lostMs === undefined) return undefined;
    if (lostMs - endsMs <= settings.leaverHours * hourMs) return undefined;
    // As muster audit offboarding says it: what is over a limit never looks as if it kept it.
    const late = count(Math.ceil((lostMs - endsMs) / hourMs), 'hour');
    const { file, line, column } = state.locate(desired, 'active');
    return {
      text: values.active ? `should have left ${late} ago, and is active` : `lost access ${late} after it ended`,
      evidence: [
        { read: 'users files', fact: `${file}:${line}, ended ${new Date(endsMs).toISOString()}` },
        fact(values.active ? 'active' : `inactive since ${new Date(lostMs).toISOString()}`),
      ],
      at: { file, line, column },
    };
  },
  'leaver-session': ({ account, sessions = [] }) => {
    if (account.values.active || sessions.length === 0) return undefined;
    const last = Math.max(...sessions.map(({ lastActivityMs }) => lastActivityMs));
    return {
      text: `is inactive and has ${count(sessions.length, 'session')}`,
      evidence: [{ read: 'sessions', fact: `last used ${utcDay(last)}` }],
    };
  },
  'dormant-account': (subject, { nowMs, settings }) => {
    const { account, activity } = subject;
    if (!isPerson(account) || !account.values.active || activity === undefined) return undefined;
    const { createdMs } = activity;
    const lastMs = lastUseMs(subject);
    // A new account had no time to be used.
    const sinceMs = lastMs ?? createdMs;
    if (nowMs - sinceMs <= limitMs(settings, 'dormant-account')) return undefined;
    const last = lastMs === undefined ? `never used since ${utcDay(createdMs)}` : `last used ${utcDay(lastMs)}`;
    return {
      text: `${last}, ${count(Math.floor((nowMs - sinceMs) / dayMs), 'day')} ago`,
      evidence: [{ read: 'activity', fact: last }],
    };
  },
  'email-sign-in': ({ account }, { settings }) => {
    const { active, auth } = account.values;
    if (settings.signIn === undefined || !isPerson(account) || !active || auth.service === settings.signIn)
      return undefined;
    return {
      text: `signs in by ${auth.service}, expected ${settings.signIn}`,
      evidence: [fact(`sign-in: ${auth.service}`)],
    };
  },
  'expiring-person': ({ account, desired }, { nowMs, settings, desired: state }) => {
    const endsMs = desired?.dates?.endsMs;
    if (desired === undefined || endsMs === undefined || !account.values.active || endsMs <= nowMs) return undefined;
    if (endsMs - nowMs > limitMs(settings, 'expiring-person')) return undefined;
    const { file, line, column } = state.locate(desired, 'active');
    return {
      text: `access ends ${new Date(endsMs).toISOString()}`,
      evidence: [{ read: 'users files', fact: `${file}:${line}` }],
      at: { file, line, column },
    };
  },
};

export function auditUser(subject: AuditSubject, context: AuditContext): readonly FindingDraft[] {
  return Object.entries(looks).flatMap(([rule, look]) => {
    const found = look(subject, context);
    return found === undefined || !isAuditRule(rule) ? [] : [{ rule, account: subject.account, ...found }];
  });
}

export function userGrants(account: LiveUser, _live: Partial<LiveByKind>, facts: ServerFacts): readonly Grant[] {
  const { active, roles } = account.values;
  const text = active ? 'active account' : 'inactive account';
  return [
    { key: 'account', text, isPrivileged: false, isHeld: active },
    ...roles
      .filter((role) => !isBaseRole(role))
      .map((role) => ({
        key: `role:${role}`,
        text: `role ${role}`,
        isPrivileged: isAdministrative(role, facts.administrativeRoles),
        isHeld: true,
      })),
  ];
}

const isPerson = ({ isBot, isRemote }: LiveUser): boolean => !isBot && !isRemote;

const fact = (text: string): FindingDraft['evidence'][number] => ({ read: 'accounts', fact: text });
const rolesOf = ({ values }: LiveUser): FindingDraft['evidence'] => [fact(`roles: ${values.roles.join(' ')}`)];
