// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * A team: its name, or a map.
 */
export type BundleTeam =
  | string
  | {
      readonly team: string;
      /**
       * member: the people do not administer the team. Without it: as it is. Who administers it stands in the entry of each.
       */
      readonly role?: 'member';
      /**
       * Channels of the team, each by its name alone or as a map.
       *
       * @maxItems 500
       */
      readonly channels?: readonly BundleChannel[];
    };
/**
 * A channel: its name, or a map.
 */
export type BundleChannel =
  | string
  | {
      readonly channel: string;
      /**
       * member: the people do not administer the channel. Without it: as it is. Who administers it stands in the entry of each.
       */
      readonly role?: 'member';
    };
export type AuditRuleFile =
  | 'off'
  | {
      /**
       * How serious a finding of this rule is.
       */
      readonly severity?: 'critical' | 'high' | 'medium' | 'low' | 'info';
      /**
       * The limit of a rule that counts days.
       */
      readonly days?: number;
    };
export type PublicKey = string;
/**
 * A program without a shell; the secret comes on its standard input. {user}, {name} and {generation} are replaced.
 *
 * @minItems 1
 */
export type Command = readonly string[];
/**
 * Environment variables that the command gets beside PATH, HOME, LANG, TZ, TMPDIR and those of proxies. Never MUSTER_*.
 *
 * @minItems 1
 */
export type Variables = readonly string[];
/**
 * A program without a shell; the secret is its standard output.
 *
 * @minItems 1
 */
export type Command1 = readonly string[];
/**
 * Environment variables that the command gets beside PATH, HOME, LANG, TZ, TMPDIR and those of proxies. Never MUSTER_*.
 *
 * @minItems 1
 */
export type Variables1 = readonly string[];

/**
 * How: the settings of muster for one server, or for several (muster.yaml). Few people should be able to change it.
 */
export interface ConfigFile {
  /**
   * The version of this file format.
   */
  readonly version?: 1;
  /**
   * The server's address, with its sub-path if it has one. Never a token.
   */
  readonly server?: string;
  /**
   * The users files, as paths or globs relative to this file.
   *
   * @minItems 1
   */
  readonly files?: readonly string[];
  readonly bundles?: Bundles;
  /**
   * Files of bundles, as paths or globs relative to this file.
   *
   * @minItems 1
   */
  readonly bundle_files?: readonly string[];
  readonly policy?: PolicyFile;
  readonly secrets?: SecretsFile;
  /**
   * The file of approvals, relative to this file: it lifts budgets for some days.
   */
  readonly approvals?: string;
  /**
   * The file of waivers, relative to this file: it accepts findings of an audit until a day.
   */
  readonly waivers?: string;
  /**
   * Who is meant by the names that approvals, waivers and reviews give as by.
   */
  readonly approvers?: {
    readonly [k: string]: ApproverFile;
  };
  readonly evidence?: EvidenceConfigFile;
  readonly reconcile?: ReconcileFile;
  /**
   * Several servers, by name, in place of server. What one does not say is as the rest of this file says it.
   */
  readonly servers?: {
    readonly [k: string]: ServerFile;
  };
}
/**
 * What many people have alike, by name: entries take it over with bundles.
 */
export interface Bundles {
  readonly [k: string]: Bundle;
}
/**
 * Roles and teams of everyone whose entry names the bundle.
 */
export interface Bundle {
  /**
   * System roles, none of which administers the server.
   *
   * @minItems 1
   */
  readonly roles?: readonly string[];
  /**
   * Teams, each by its name alone or as a map.
   *
   * @minItems 1
   * @maxItems 500
   */
  readonly teams?: readonly BundleTeam[];
}
export interface PolicyFile {
  /**
   * What to do about live accounts that no entry stands for.
   */
  readonly undeclared_users?: 'ignore' | 'report';
  /**
   * What to do about tokens of declared people that muster did not make.
   */
  readonly foreign_tokens?: 'ignore' | 'report' | 'disable' | 'revoke';
  /**
   * How new people who sign in by e-mail and have no initial_password learn of their account: reset_mail lets the server send them a link to set a password.
   */
  readonly invite?: 'none' | 'reset_mail';
  readonly leavers?: {
    /**
     * What happens to the tokens of a person who leaves, before the account is deactivated.
     */
    readonly tokens?: 'disable' | 'revoke' | 'keep';
    /**
     * Whether a person who leaves is taken out of all teams, and so of their channels, once the account is deactivated. That cannot be undone.
     */
    readonly memberships?: 'keep' | 'leave';
  };
  readonly memberships?: {
    /**
     * Teams, and channels as team/channel, whose members are those that entries name: every other active person is taken out. Bots, accounts of other servers, protected accounts and people whose entry names no teams stay, and are listed.
     */
    readonly exact?: readonly string[];
  };
  readonly returners?: {
    /**
     * Teams and private channels of a person who comes back that the entry does not name: the plan lists them, or the person is taken out of them before the account is active again. What they administered there they lose in any case.
     */
    readonly memberships?: 'report' | 'leave';
  };
  /**
   * Accounts that muster never changes, by username or id:<id>.
   */
  readonly protect?: readonly string[];
  /**
   * How many people must keep system administration and be able to sign in.
   */
  readonly min_admins?: number;
  /**
   * The time zone in which bare dates are read, such as Europe/Berlin.
   */
  readonly time_zone?: string;
  /**
   * Roles that users files may name although they do not begin with system_.
   */
  readonly allow_roles?: readonly string[];
  /**
   * Whether active people may be moved to a sign-in service that is switched off on the server.
   */
  readonly auth_service_off?: 'block' | 'warn';
  /**
   * What to do where neither a journal nor the server tells what was changed in the last 24 hours: report says so, require blocks every change that has a budget.
   */
  readonly window?: 'report' | 'require';
  readonly audit?: AuditFile;
  readonly review?: AccessReviewFile;
  readonly approvals?: ApprovalPolicyFile;
  /**
   * In the base of a comparison (--base): muster.yaml and its approvals have to be as they are there, else nothing is planned.
   */
  readonly locked?: boolean;
  /**
   * How many people may change within 24 hours, by class: min(cap, max(floor, share of the active declared people)). Over it the whole class is blocked.
   */
  readonly budgets?: {
    readonly create?: BudgetFile;
    readonly update?: BudgetFile;
    readonly email?: BudgetFile;
    readonly rename?: BudgetFile;
    readonly 'role-grant'?: BudgetFile;
    readonly 'role-revoke'?: BudgetFile;
    readonly 'admin-gain'?: BudgetFile;
    readonly 'admin-loss'?: BudgetFile;
    readonly 'admin-touch'?: BudgetFile;
    readonly guest?: BudgetFile;
    readonly activate?: BudgetFile;
    readonly deactivate?: BudgetFile;
    readonly auth?: BudgetFile;
    readonly mfa?: BudgetFile;
    readonly 'token-create'?: BudgetFile;
    readonly 'token-enable'?: BudgetFile;
    readonly 'token-disable'?: BudgetFile;
    readonly 'token-revoke'?: BudgetFile;
    readonly 'team-join'?: BudgetFile;
    readonly 'team-leave'?: BudgetFile;
    readonly 'team-admin-gain'?: BudgetFile;
    readonly 'team-admin-loss'?: BudgetFile;
    readonly 'channel-join'?: BudgetFile;
    readonly 'channel-leave'?: BudgetFile;
    readonly 'channel-admin'?: BudgetFile;
    readonly messages?: BudgetFile;
  };
}
/**
 * What an audit looks for.
 */
export interface AuditFile {
  /**
   * How many hours after the end of a person's access it must be gone.
   */
  readonly leaver_hours?: number;
  /**
   * The provider that people sign in with; without it every way is fine.
   */
  readonly sign_in?: 'ldap' | 'saml' | 'gitlab' | 'google' | 'office365' | 'openid';
  readonly rules?: AuditRulesFile;
}
/**
 * Rules that are tuned or switched off.
 */
export interface AuditRulesFile {
  readonly drift?: AuditRuleFile;
  readonly 'unusable-entry'?: AuditRuleFile;
  readonly 'undeclared-account'?: AuditRuleFile;
  readonly 'undeclared-admin'?: AuditRuleFile;
  readonly 'admin-without-mfa'?: AuditRuleFile;
  readonly 'too-few-admins'?: AuditRuleFile;
  readonly 'disabled-admin'?: AuditRuleFile;
  readonly 'admin-bot'?: AuditRuleFile;
  readonly 'leaver-token'?: AuditRuleFile;
  readonly 'late-leaver'?: AuditRuleFile;
  readonly 'leaver-session'?: AuditRuleFile;
  readonly 'leaver-bot'?: AuditRuleFile;
  readonly 'leaver-webhook'?: AuditRuleFile;
  readonly 'leaver-command'?: AuditRuleFile;
  readonly 'foreign-token'?: AuditRuleFile;
  readonly 'old-generation-token'?: AuditRuleFile;
  readonly 'ended-token'?: AuditRuleFile;
  readonly 'ending-token'?: AuditRuleFile;
  readonly 'old-token'?: AuditRuleFile;
  readonly 'unused-token'?: AuditRuleFile;
  readonly 'no-team'?: AuditRuleFile;
  readonly 'guest-without-channel'?: AuditRuleFile;
  readonly 'leaver-channel'?: AuditRuleFile;
  readonly 'leaver-place-admin'?: AuditRuleFile;
  readonly 'dormant-account'?: AuditRuleFile;
  readonly 'email-sign-in'?: AuditRuleFile;
  readonly 'expiring-person'?: AuditRuleFile;
  readonly 'duplicate-person'?: AuditRuleFile;
  readonly 'service-account'?: AuditRuleFile;
}
/**
 * Who reviews the access of whom.
 */
export interface AccessReviewFile {
  /**
   * The first that matches counts; whom none matches, everybody reviews.
   */
  readonly owners?: readonly ReviewOwnersFile[];
}
export interface ReviewOwnersFile {
  /**
   * Names the file of the review.
   */
  readonly owner: string;
  /**
   * Usernames, with * and ?.
   *
   * @minItems 1
   */
  readonly users?: readonly string[];
  /**
   * Users files in which the entries stand, with * and ?.
   *
   * @minItems 1
   */
  readonly files?: readonly string[];
}
/**
 * How approvals, waivers and decisions of reviews are proven.
 */
export interface ApprovalPolicyFile {
  /**
   * Whether the person who is named is compared with the author and the signature of the commit that brought the lines: report says what is found, with require nothing counts that a signature does not prove.
   */
  readonly signature?: 'off' | 'report' | 'require';
  /**
   * The keys with which the forge signs commits of merges. Such a commit counts for the author that it names.
   *
   * @minItems 1
   */
  readonly trusted_merge_keys?: readonly PublicKey[];
}
export interface BudgetFile {
  /**
   * Of the declared people with an active account (for tokens: of their live tokens); 0.05 is 5 %.
   */
  readonly share?: number;
  /**
   * Always allowed, however few people there are.
   */
  readonly floor?: number;
  /**
   * Never more, however many people there are.
   */
  readonly cap?: number;
}
export interface SecretsFile {
  /**
   * The folder of secret files, relative to this file; nothing outside it is read or written.
   */
  readonly dir?: string;
  /**
   * The sink of tokens that name none; without it they go to files in secrets.dir.
   */
  readonly default_sink?: string;
  /**
   * Named places where new secrets are delivered.
   */
  readonly sinks?: {
    readonly [k: string]: SinkFile;
  };
  /**
   * Named places from which secrets are read.
   */
  readonly sources?: {
    readonly [k: string]: SourceFile;
  };
}
export interface SinkFile {
  /**
   * A folder below secrets.dir: one 0600 file per token.
   */
  readonly dir?: string;
  readonly command?: Command;
  readonly env?: Variables;
  /**
   * The command has to print the SHA-256, in hexadecimal, of the secret that it stored; anything else counts as not delivered.
   */
  readonly confirm?: 'sha256';
}
export interface SourceFile {
  /**
   * An environment variable; only MUSTER_SECRET_* may be read.
   */
  readonly env?: string;
  /**
   * A file below secrets.dir.
   */
  readonly file?: string;
  readonly command?: Command1;
  readonly command_env?: Variables1;
}
export interface ApproverFile {
  /**
   * The addresses that this person commits with, and has on the server.
   *
   * @minItems 1
   */
  readonly emails?: readonly string[];
  /**
   * The keys that this person signs commits with.
   *
   * @minItems 1
   */
  readonly keys?: readonly PublicKey[];
}
/**
 * How muster evidence packs what it finds.
 */
export interface EvidenceConfigFile {
  /**
   * The private Ed25519 key of OpenSSH that signs packs, relative to this file; without it they are not signed.
   */
  readonly sign_key?: string;
  /**
   * Whether the server's answers in a pack show e-mail addresses.
   */
  readonly emails?: 'show' | 'hide';
}
/**
 * What muster reconcile does, and when.
 */
export interface ReconcileFile {
  /**
   * observe reports drift and writes nothing; enforce applies what the rails let pass.
   */
  readonly mode?: 'observe' | 'enforce';
  /**
   * How long from one cycle to the next; 15m by default.
   */
  readonly every?: string;
  /**
   * When cycles begin, as a cron expression, in place of every.
   */
  readonly cron?: string;
  /**
   * The time zone of cron and windows, such as Europe/Berlin; policy.time_zone by default.
   */
  readonly time_zone?: string;
  /**
   * How much later than its time a cycle may begin, by chance; a tenth of every by default, at most 1m.
   */
  readonly jitter?: string;
  /**
   * How long after a full read of the server only what has changed since is read; always: each read is a full one.
   */
  readonly full_read?: string;
  /**
   * When muster may write. Outside it still looks, and reports drift.
   */
  readonly windows?: readonly WindowFile[];
  readonly suspend?: SuspendFile;
  readonly git?: GitSourceFile;
  /**
   * Who is told once when a state begins, and once when it ends.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly notices?: readonly NoticeFile[];
}
export interface WindowFile {
  /**
   * With an allow, muster writes only inside one; inside a deny it never writes.
   */
  readonly rule: 'allow' | 'deny';
  /**
   * The days on which it begins; every day by default.
   *
   * @minItems 1
   */
  readonly days?: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * When it begins.
   */
  readonly from: string;
  /**
   * When it ends; no later than from means on the next day.
   */
  readonly to: string;
  /**
   * The time zone of this window; reconcile.time_zone by default.
   */
  readonly time_zone?: string;
}
/**
 * Pauses reconcile: nothing is read from the server or written to it.
 */
export interface SuspendFile {
  /**
   * Why.
   */
  readonly reason: string;
  /**
   * Who decided it.
   */
  readonly by: string;
  /**
   * The last day of the pause (in reconcile.time_zone), or the moment at which it ends.
   */
  readonly until: string;
}
/**
 * The repository that muster reconcile pulls before each cycle; files and policy come from there.
 */
export interface GitSourceFile {
  /**
   * https://host/path, ssh://user@host/path, user@host:path, or an absolute path; without a password.
   */
  readonly url: string;
  /**
   * The branch that counts.
   */
  readonly branch: string;
  /**
   * The folder in which muster.yaml and the files lie; the root by default.
   */
  readonly path?: string;
  /**
   * The newest commit counts only with a signature by one of these keys.
   *
   * @minItems 1
   */
  readonly signed_by?: readonly PublicKey[];
  /**
   * Whether a branch is followed that no longer holds the commit that was read last.
   */
  readonly follow_rewrites?: boolean;
  /**
   * The user that goes with token.
   */
  readonly user?: string;
  /**
   * The source of secrets.sources that gives the token or password for an https url.
   */
  readonly token?: string;
}
export interface NoticeFile {
  /**
   * The source of secrets.sources that gives the address of the webhook, which is a secret.
   */
  readonly to: string;
  /**
   * mattermost is what an incoming webhook takes; json is everything, for programs.
   */
  readonly format?: 'mattermost' | 'json';
  /**
   * Whether names of people, and messages that may hold some, are left out.
   */
  readonly redact?: boolean;
}
/**
 * One server of several. Its token is in MUSTER_TOKEN_<NAME> or the file that MUSTER_TOKEN_FILE_<NAME> names, bound to it by MUSTER_SERVER_<NAME>.
 */
export interface ServerFile {
  /**
   * The server's address, with its sub-path if it has one; MUSTER_SERVER_<NAME> by default. Never a token.
   */
  readonly url?: string;
  /**
   * The users files of this server, as paths or globs relative to this file.
   *
   * @minItems 1
   */
  readonly files?: readonly string[];
  /**
   * The file of approvals of this server, relative to this file.
   */
  readonly approvals?: string;
  /**
   * The file of waivers of this server, relative to this file.
   */
  readonly waivers?: string;
  readonly policy?: PolicyFile;
  readonly secrets?: SecretsFile;
  readonly reconcile?: ReconcileFile;
}
