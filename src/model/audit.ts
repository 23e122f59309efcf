/** What an audit looks at, and what its rules find. The report itself is described by `schemas/audit-report.schema.json`. */
import { type AuditRule, auditRules } from './audit-rules.ts';
import type { Authorship } from './authorship.ts';
import type { DesiredState, DesiredUser } from './desired-state.ts';
import { dayMs } from './duration.ts';
import type { Evidence, ReadStatement, Severity } from './generated/audit-report.ts';
import type { AuditRulesFile } from './generated/config-file.ts';
import type { Identity } from './identity.ts';
import type { LiveByKind } from './kinds.ts';
import type { LiveUser, ServerFacts } from './live-state.ts';
import type { SourcePosition } from './problem.ts';
import type { Policy } from './settings.ts';
import type { AccountId } from './user-values.ts';

/** When an account was used. Milliseconds since the epoch; absent: never, as far as the server knows. */
export interface Activity {
  readonly createdMs: number;
  readonly lastMs?: number;
}

export interface LiveSession {
  readonly id: string;
  readonly lastActivityMs: number;
  /** The token that it was made from. */
  readonly token?: string;
}

export interface LiveBot {
  readonly id: AccountId;
  readonly username: string;
  readonly owner: AccountId;
  readonly active: boolean;
}

/** A webhook or a slash command. */
export interface LiveIntegration {
  readonly id: string;
  /** Such as `incoming webhook`. */
  readonly sort: string;
  readonly name: string;
  readonly creator: AccountId;
}

/** Everything that an audit read. What could not be read is absent, and its statement says why. */
export interface AuditReads {
  readonly activity?: ReadonlyMap<AccountId, Activity>;
  /** An account that is missing here was not asked about. */
  readonly sessions?: ReadonlyMap<AccountId, readonly LiveSession[]>;
  readonly bots?: readonly LiveBot[];
  readonly webhooks?: readonly LiveIntegration[];
  readonly commands?: readonly LiveIntegration[];
  readonly statements: readonly ReadStatement[];
}

/** One account with everything that was read about it. */
export interface AuditSubject {
  readonly account: LiveUser;
  readonly live: Partial<LiveByKind>;
  /** The entry that stands for it. */
  readonly desired?: DesiredUser;
  readonly activity?: Activity;
  /** Absent: not asked. */
  readonly sessions?: readonly LiveSession[];
}

/** When the account was last used: by its person, or by one of its sessions. Absent: never, as far as was read. */
export function lastUseMs({ activity, sessions = [] }: AuditSubject): number | undefined {
  const moments = [activity?.lastMs, ...sessions.map(({ lastActivityMs }) => lastActivityMs)];
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** One rule as it is applied. */
export interface RuleSettings {
  readonly isOn: boolean;
  readonly severity: Severity;
  /** Absent: the rule counts no days. */
  readonly days?: number;
}

export interface AuditSettings {
  readonly leaverHours: number;
  /** The provider that people sign in with; absent: every way is fine. */
  readonly signIn?: string;
  /** What `muster.yaml` says of rules. */
  readonly tuned: AuditRulesFile;
}

/** A rule with its defaults filled in. */
export function ruleSettings({ tuned }: AuditSettings, rule: AuditRule): RuleSettings {
  const { severity, days } = auditRules[rule];
  const named = tuned[rule];
  const own = named === undefined || named === 'off' ? {} : named;
  const limit = own.days ?? days;
  return { isOn: named !== 'off', severity: own.severity ?? severity, ...(limit !== undefined && { days: limit }) };
}

/** The limit of a rule that counts days, in milliseconds. */
export function limitMs(settings: AuditSettings, rule: AuditRule): number {
  return (ruleSettings(settings, rule).days ?? 0) * dayMs;
}

export interface AuditContext {
  readonly desired: DesiredState;
  readonly facts: ServerFacts;
  readonly policy: Policy;
  readonly settings: AuditSettings;
  readonly nowMs: number;
}

/** What a rule found, before it is known how serious it is and whether a waiver accepts it. */
export interface FindingDraft {
  readonly rule: AuditRule;
  /** The account that it is about; absent: there is none, or it is about the server as a whole. */
  readonly account?: LiveUser;
  /** The username of the entry that it is about, where an entry is. */
  readonly person?: string;
  /** The id of the token, bot, webhook or command; part of what makes the finding the same in every report. */
  readonly thing?: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly at?: SourcePosition;
  /** Where the fault itself says how serious it is. */
  readonly severity?: Severity;
}

/** A finding that a named person accepts until a day. */
export interface Waiver {
  readonly rule: AuditRule;
  /** In lower case. */
  readonly users: ReadonlySet<string>;
  readonly reason: string;
  readonly by: string;
  /** Who that is: no finding about this person is accepted. */
  readonly identity: Identity;
  /** `YYYY-MM-DD`: the last day on which it counts. */
  readonly expires: string;
  readonly state: 'valid' | 'expired' | 'too-far-ahead' | 'not-proven';
  readonly at: SourcePosition;
  /** The lines that say what is accepted and by whom, counted from 1. */
  readonly lines: readonly number[];
  /** What git tells of them; absent: not asked. */
  readonly authorship?: Authorship;
}

/** Something that a person has, as access reviews list it. */
export interface Grant {
  /** The same for the same grant in every review, such as `role:system_admin`. */
  readonly key: string;
  /** Such as `role system_admin`. */
  readonly text: string;
  /** Administration, and what acts for an administrator. */
  readonly isPrivileged: boolean;
  /** False: it is switched off, as an inactive account or a disabled token is. */
  readonly isHeld: boolean;
}
