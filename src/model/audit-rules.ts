import type { Severity } from './generated/audit-report.ts';
import type { AuditRulesFile } from './generated/config-file.ts';

export type AuditRule = keyof AuditRulesFile;

/** The most serious first. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Whether a severity is as serious as another one, or more. */
export const isAtLeast = (severity: Severity, other: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(other);

/** What is read for an audit beside accounts and the things of each kind. */
export type AuditRead =
  | 'accounts'
  | 'activity'
  | 'tokens'
  | 'memberships'
  | 'sessions'
  | 'bots'
  | 'webhooks'
  | 'commands';

export interface AuditRuleRow {
  /** What is wrong, as a heading. */
  readonly title: string;
  readonly severity: Severity;
  /** What to do. */
  readonly advice: string;
  /** The reads without which the rule can find nothing. */
  readonly needs: readonly AuditRead[];
  /** The limit of a rule that counts days; absent: it counts none. */
  readonly days?: number;
}

/** What an audit looks for. `policy.audit.rules` tunes each row, or switches it off. */
export const auditRules: Readonly<Record<AuditRule, AuditRuleRow>> = {
  drift: {
    title: 'Account differs from its entry',
    severity: 'medium',
    advice: 'run muster plan, then apply it or change the entry',
    needs: ['accounts'],
  },
  'unusable-entry': {
    title: 'Entry that cannot be used',
    severity: 'high',
    advice: 'fix the entry: until then muster leaves the account alone, whatever happens to it',
    needs: ['accounts'],
  },
  'undeclared-account': {
    title: 'Active account without an entry',
    severity: 'medium',
    advice: 'adopt it with muster import --user, or deactivate it',
    needs: ['accounts'],
  },
  'undeclared-admin': {
    title: 'Administrator without an entry',
    severity: 'critical',
    advice: 'adopt the account with muster import --user, or take the role away',
    needs: ['accounts'],
  },
  'admin-without-mfa': {
    title: 'Administrator without a second factor',
    severity: 'high',
    advice: 'let the administrator set up multi-factor authentication, or move the account to a provider',
    needs: ['accounts'],
  },
  'too-few-admins': {
    title: 'Too few administrators who can sign in',
    severity: 'high',
    advice: 'give another person the role system_admin, or lower policy.min_admins',
    needs: ['accounts'],
  },
  'disabled-admin': {
    title: 'Inactive account with an administrative role',
    severity: 'medium',
    advice: 'write roles: [system_user] into its entry: an activation would bring the role back',
    needs: ['accounts'],
  },
  'admin-bot': {
    title: 'Bot with an administrative role',
    severity: 'high',
    advice: 'take the role away from the bot in the System Console',
    needs: ['accounts'],
  },
  'leaver-token': {
    title: 'Inactive account with an enabled token',
    severity: 'high',
    advice: 'run muster plan if an entry declares the person inactive: it disables the token; else revoke it',
    needs: ['tokens'],
  },
  'late-leaver': {
    title: 'Access ended too late',
    severity: 'high',
    advice: 'run muster audit offboarding for the person, and keep its chain with the reason for the delay',
    needs: ['accounts'],
  },
  'leaver-session': {
    title: 'Inactive account with a session',
    severity: 'high',
    advice: 'end the sessions of the account in the System Console',
    needs: ['sessions'],
  },
  'leaver-bot': {
    title: 'Active bot of a person who left',
    severity: 'medium',
    advice: 'give the bot another owner, or disable it',
    needs: ['bots'],
  },
  'leaver-webhook': {
    title: 'Webhook of a person who left',
    severity: 'medium',
    advice: 'let another person create it anew, then delete it',
    needs: ['webhooks'],
  },
  'leaver-command': {
    title: 'Slash command of a person who left',
    severity: 'medium',
    advice: 'let another person create it anew, then delete it',
    needs: ['commands'],
  },
  'foreign-token': {
    title: 'Token that muster did not make',
    severity: 'medium',
    advice: 'revoke it, or set policy.foreign_tokens',
    needs: ['tokens'],
  },
  'old-generation-token': {
    title: 'Token of a replaced generation',
    severity: 'medium',
    advice: 'run muster plan: it revokes the token once its overlap is over',
    needs: ['tokens'],
  },
  'ended-token': {
    title: 'Token that no longer works',
    severity: 'low',
    advice: 'revoke it',
    needs: ['tokens'],
  },
  'ending-token': {
    title: 'Token that ends soon',
    severity: 'low',
    advice: 'raise its generation in the users file to rotate it',
    needs: ['tokens'],
    days: 14,
  },
  'old-token': {
    title: 'Token that is too old',
    severity: 'medium',
    advice: 'raise its generation in the users file to rotate it',
    needs: ['tokens'],
    days: 365,
  },
  'unused-token': {
    title: 'Token without a session',
    severity: 'low',
    advice: 'revoke it if nothing needs it',
    needs: ['tokens', 'sessions'],
    days: 30,
  },
  'no-team': {
    title: 'Active person without a team',
    severity: 'low',
    advice: 'write teams: into the entry, or ask whether the person still needs the account',
    needs: ['memberships'],
  },
  'guest-without-channel': {
    title: 'Guest in a team without a channel',
    severity: 'low',
    advice: 'write a channel of the team into the entry, or end the membership with member: false',
    needs: ['memberships'],
  },
  'leaver-channel': {
    title: 'Inactive account in private channels',
    severity: 'low',
    advice: 'write the channels with member: false into the entry: an activation would bring them back',
    needs: ['memberships'],
  },
  'leaver-place-admin': {
    title: 'Inactive account that administers a team or channel',
    severity: 'low',
    advice: 'take the role away in the System Console: an activation would bring it back',
    needs: ['memberships'],
  },
  'dormant-account': {
    title: 'Active account that is not used',
    severity: 'medium',
    advice: 'ask whether the person still needs access, else write active: false',
    needs: ['activity'],
    days: 90,
  },
  'email-sign-in': {
    title: 'Signs in by e-mail where a provider is the rule',
    severity: 'medium',
    advice: 'write auth: with the provider into the entry',
    needs: ['accounts'],
  },
  'expiring-person': {
    title: 'Access ends soon',
    severity: 'info',
    advice: 'extend ends in the entry if the person stays',
    needs: ['accounts'],
    days: 14,
  },
  'duplicate-person': {
    title: 'Two active accounts that look like one person',
    severity: 'low',
    advice: 'keep one account and deactivate the other',
    needs: ['accounts'],
  },
  'service-account': {
    title: 'Account that works by tokens alone',
    severity: 'info',
    advice: 'make it a bot, or review it with its owner',
    needs: ['tokens', 'activity'],
    days: 90,
  },
};

/** In the order of the table. */
export const auditRuleNames: readonly AuditRule[] = Object.keys(auditRules).filter(isAuditRule);

export function isAuditRule(name: string): name is AuditRule {
  return Object.hasOwn(auditRules, name);
}
