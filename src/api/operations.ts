import type { Method } from './operation.ts';
import { type AuditOperations, auditOperations } from './operations/audits.ts';
import { type BotOperations, botOperations } from './operations/bots.ts';
import { type ChannelWrites, channelWrites } from './operations/channel-writes.ts';
import { type ChannelReads, channelReads } from './operations/channels.ts';
import { type EmailOperations, emailOperations } from './operations/emails.ts';
import { type ImageOperations, imageOperations } from './operations/images.ts';
import { type LoginOperations, loginOperations } from './operations/login.ts';
import { type MfaOperations, mfaOperations } from './operations/mfa.ts';
import { type PasswordOperations, passwordOperations } from './operations/passwords.ts';
import { type PreferenceOperations, preferenceOperations } from './operations/preferences.ts';
import { type ReportOperations, reportOperations } from './operations/reports.ts';
import { type RoleOperations, roleOperations } from './operations/roles.ts';
import { type SessionOperations, sessionOperations } from './operations/sessions.ts';
import { type SlashCommandOperations, slashCommandOperations } from './operations/slash-commands.ts';
import { type SystemOperations, systemOperations } from './operations/system.ts';
import { type TeamWrites, teamWrites } from './operations/team-writes.ts';
import { type TeamReads, teamReads } from './operations/teams.ts';
import { type TermsOperations, termsOperations } from './operations/terms.ts';
import { type TokenOperations, tokenOperations } from './operations/tokens.ts';
import { type UserReads, userReads } from './operations/user-reads.ts';
import { type UserWrites, userWrites } from './operations/user-writes.ts';
import { type WebhookOperations, webhookOperations } from './operations/webhooks.ts';

/** The one table of everything that the client can do. */
export interface Operations {
  readonly users: UserReads & UserWrites;
  readonly tokens: TokenOperations;
  readonly sessions: SessionOperations;
  readonly mfa: MfaOperations;
  readonly images: ImageOperations;
  readonly terms: TermsOperations;
  readonly audits: AuditOperations;
  readonly emails: EmailOperations;
  readonly passwords: PasswordOperations;
  readonly login: LoginOperations;
  readonly roles: RoleOperations;
  readonly system: SystemOperations;
  readonly bots: BotOperations;
  readonly reports: ReportOperations;
  readonly preferences: PreferenceOperations;
  readonly teams: TeamReads & TeamWrites;
  readonly channels: ChannelReads & ChannelWrites;
  readonly webhooks: WebhookOperations;
  readonly slashCommands: SlashCommandOperations;
}

export const operations: Operations = {
  users: { ...userReads, ...userWrites },
  tokens: tokenOperations,
  sessions: sessionOperations,
  mfa: mfaOperations,
  images: imageOperations,
  terms: termsOperations,
  audits: auditOperations,
  emails: emailOperations,
  passwords: passwordOperations,
  login: loginOperations,
  roles: roleOperations,
  system: systemOperations,
  bots: botOperations,
  reports: reportOperations,
  preferences: preferenceOperations,
  teams: { ...teamReads, ...teamWrites },
  channels: { ...channelReads, ...channelWrites },
  webhooks: webhookOperations,
  slashCommands: slashCommandOperations,
};

/** The names of the rows of a group that only read. */
type ReadNames<Group> = {
  [Name in keyof Group]: Group[Name] extends { readonly access: 'read' } ? Name : never;
}[keyof Group];

/** The groups that have such rows. */
type ReadGroupNames = {
  [Name in keyof Operations]: ReadNames<Operations[Name]> extends never ? never : Name;
}[keyof Operations];

type Methods<Group, Names extends keyof Group> = { readonly [Name in Names]: Method<Group[Name]> };

/** Every method that only reads, by group. */
export type ReadGroups = {
  readonly [Name in ReadGroupNames]: Methods<Operations[Name], ReadNames<Operations[Name]>>;
};

/** Every method, by group. */
export type WriteGroups = { readonly [Name in keyof Operations]: Methods<Operations[Name], keyof Operations[Name]> };
