// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * A value of a field as it stands in a users file; absent means that there is none.
 */
export type PlanValue =
  | string
  | boolean
  | number
  | readonly string[]
  | {
      readonly [k: string]:
        | string
        | boolean
        | number
        | readonly string[]
        | {
            readonly [k: string]: string;
          };
    };
export type ChangeClass =
  | 'create'
  | 'update'
  | 'email'
  | 'rename'
  | 'role-grant'
  | 'role-revoke'
  | 'admin-gain'
  | 'admin-loss'
  | 'guest'
  | 'activate'
  | 'deactivate'
  | 'auth'
  | 'mfa'
  | 'token-create'
  | 'token-enable'
  | 'token-disable'
  | 'token-revoke'
  | 'team-join'
  | 'team-leave'
  | 'team-admin-gain'
  | 'team-admin-loss'
  | 'channel-join'
  | 'channel-leave'
  | 'channel-admin';
/**
 * A class of changes, or admin-touch: what touches the accounts of administrators; or messages: what the server posts in channels because of the changes. admin-gain and admin-loss count whatever gives and takes administration.
 */
export type BudgetName =
  | 'create'
  | 'update'
  | 'email'
  | 'rename'
  | 'role-grant'
  | 'role-revoke'
  | 'admin-gain'
  | 'admin-loss'
  | 'admin-touch'
  | 'guest'
  | 'activate'
  | 'deactivate'
  | 'auth'
  | 'mfa'
  | 'token-create'
  | 'token-enable'
  | 'token-disable'
  | 'token-revoke'
  | 'team-join'
  | 'team-leave'
  | 'team-admin-gain'
  | 'team-admin-loss'
  | 'channel-join'
  | 'channel-leave'
  | 'channel-admin'
  | 'messages';
/**
 * What a change is a part of, where that decides what it waits for: a rotation (after the new one is there), a return (before the account is active again), an exchange of names (a step aside), the first roles of a new account, a guest who moves from one channel to another (after the new one is there), a leave (after the account is deactivated), a field that is written after leaving a provider, or before joining one.
 */
export type ChangePart =
  'rotation' | 'return' | 'exchange' | 'first-roles' | 'leaving-provider' | 'joining-provider' | 'guest-move' | 'leave';
/**
 * What the change does to administration, beyond its class. gain: the account can administer afterwards. loss: it cannot any more. touch: it hands over, or helps to take over, the account of an administrator.
 */
export type AdminConcern = 'gain' | 'loss' | 'touch';
export type Call =
  | CreateUserCall
  | PatchUserCall
  | SetAuthCall
  | SetPasswordCall
  | DisableMfaCall
  | PromoteCall
  | DemoteCall
  | SetRolesCall
  | ActivateCall
  | DeactivateCall
  | CreateTokenCall
  | ChangeTokenCall
  | TeamCall
  | TeamRoleCall
  | ChannelCall
  | ChannelRoleCall;
/**
 * Where the password comes from: the name of a source, or a random one that is not kept. Never the password.
 */
export type PasswordOrigin = PasswordFromSource | RandomPassword;
/**
 * A class of changes, or admin-touch: what touches the accounts of administrators; or messages: what the server posts in channels because of the changes. admin-gain and admin-loss count whatever gives and takes administration.
 */
export type BudgetName1 =
  | 'create'
  | 'update'
  | 'email'
  | 'rename'
  | 'role-grant'
  | 'role-revoke'
  | 'admin-gain'
  | 'admin-loss'
  | 'admin-touch'
  | 'guest'
  | 'activate'
  | 'deactivate'
  | 'auth'
  | 'mfa'
  | 'token-create'
  | 'token-enable'
  | 'token-disable'
  | 'token-revoke'
  | 'team-join'
  | 'team-leave'
  | 'team-admin-gain'
  | 'team-admin-loss'
  | 'channel-join'
  | 'channel-leave'
  | 'channel-admin'
  | 'messages';
/**
 * welcome: to a new account. password-reset: a link to set a password. email-changed: to the address of before. username-changed, password-changed, mfa-switched-off and token-added: a note of what happened to the account.
 */
export type MailKind =
  | 'welcome'
  | 'password-reset'
  | 'email-changed'
  | 'username-changed'
  | 'password-changed'
  | 'mfa-switched-off'
  | 'token-added';

/**
 * What muster would do to bring a server to the desired state, and what it will not do and why. Holds no secret.
 */
export interface Plan {
  readonly format: 'muster-plan';
  readonly version: 1;
  /**
   * Of the canonical JSON of everything else in the plan.
   */
  readonly digest?: string;
  /**
   * The run that this plan takes back; absent in every other plan.
   */
  readonly undoes?: string;
  readonly takes_back?: TakenBackRun;
  readonly bound?: PlanBound;
  readonly tool: PlanTool;
  readonly server: PlanServer;
  readonly desired: PlanDesired;
  readonly compared?: SettingsComparison;
  readonly narrowed?: PlanNarrowing;
  readonly approvals?: readonly PlanApproval[];
  readonly summary: PlanSummary;
  /**
   * Entries that cannot be used: nothing is planned for them, and what they may mean is left alone (exit code 3). Of a plan that is limited to people: those that concern them. Absent where there are none.
   */
  readonly unusable?: readonly UnusableEntry[];
  readonly actions: readonly Action[];
  readonly held: readonly HeldChange[];
  readonly blocked: readonly BlockedChange[];
  readonly scheduled: readonly ScheduledChange[];
  readonly notices: readonly Notice[];
  readonly undeclared: readonly UndeclaredAccount[];
  /**
   * Still active although their entries are gone; absent where there are none, or nothing is remembered.
   */
  readonly previously_declared?: readonly PreviouslyDeclaredAccount[];
  /**
   * How each person whose account this plan makes will sign in; absent where there are none.
   */
  readonly new_people?: readonly NewPerson[];
  /**
   * The mails that the server will send because of the actions, kind by kind; absent where it sends none.
   */
  readonly mails?: readonly PlanMails[];
  /**
   * Roles of on_create that the actions of this plan do not give: they are blocked, held, or left out. No later comparison would find them, so the plan after this one takes them up. Absent where there are none.
   */
  readonly owed_roles?: readonly OwedRoles[];
  /**
   * The messages that the server will post in channels because of the actions, team by team; absent where there are none.
   */
  readonly messages?: readonly PlanMessages[];
}
/**
 * What that run was.
 */
export interface TakenBackRun {
  readonly started: string;
  /**
   * Those that it wrote, or may have written.
   */
  readonly actions: number;
  /**
   * Username of the account whose token it used.
   */
  readonly caller: string;
}
/**
 * Digests of the rules that the plan was made under. Where sinks or sources differ when it is applied, what they deliver or give is refused; where approvals differ, what they lifted is.
 */
export interface PlanBound {
  readonly policy: string;
  readonly sinks: string;
  readonly sources: string;
  readonly approvals: string;
}
export interface PlanTool {
  readonly name: 'mattermuster';
  readonly version: string;
}
export interface PlanServer {
  readonly url: string;
  /**
   * What tells this server from every other: its diagnostic id.
   */
  readonly key: string;
  readonly version: string;
  /**
   * Username of the account whose token muster used.
   */
  readonly caller: string;
}
export interface PlanDesired {
  readonly digest: string;
  /**
   * The moment as of which starts and ends were read.
   */
  readonly moment: string;
  readonly files: readonly string[];
  readonly commit?: string;
}
/**
 * How muster.yaml, its approvals, and what no action shows of the users files differ from those of the base (--base). Absent where a plan is not made from files.
 */
export interface SettingsComparison {
  readonly status: 'not-compared' | 'same' | 'different';
  /**
   * The git ref or folder, as it was named; absent: not compared.
   */
  readonly base?: string;
  /**
   * What the ref stood for.
   */
  readonly commit?: string;
  /**
   * Whether the base has a muster.yaml at all.
   */
  readonly has_config?: boolean;
  readonly differences: readonly SettingDifference[];
}
export interface SettingDifference {
  /**
   * A field of muster.yaml, such as policy.min_admins or bundles.engineer.teams; approval or waiver for an entry of those files; of a person a field of the entry, or entry for all of it.
   */
  readonly field: string;
  /**
   * Whose entry in the users files differs in what no action shows: dates, what is managed no more, how tokens are kept. Absent: a setting.
   */
  readonly person?: string;
  /**
   * The people whose entries differ in this way; in place of person where there are many.
   *
   * @minItems 1
   */
  readonly people?: readonly string[];
  readonly before?: PlanValue;
  readonly after?: PlanValue;
  readonly file?: string;
  readonly line?: number;
}
export interface PlanNarrowing {
  readonly users?: readonly string[];
  readonly classes?: readonly ChangeClass[];
  /**
   * Changes that passed the rails and were left out.
   */
  readonly left_out: number;
}
export interface PlanApproval {
  readonly class: BudgetName;
  readonly by: string;
  readonly reason: string;
  readonly expires: string;
  /**
   * People, or tokens, that it lifts over the budget.
   */
  readonly lifted: number;
  /**
   * It is not in the base yet: apply believes it once it is merged.
   */
  readonly conditional?: true;
  readonly authorship?: Authorship;
}
/**
 * What git tells of the commits that brought the lines, compared with the person who is named; the worst of them.
 */
export interface Authorship {
  /**
   * signed: by a key of that person. merged: by that person, in a commit that a trusted key of the forge signed. author: by that person as the commit says, which nothing proves.
   */
  readonly status: 'signed' | 'merged' | 'author' | 'another-author' | 'not-committed' | 'not-verifiable';
  readonly commit?: string;
  /**
   * As the commit says.
   */
  readonly author?: string;
  readonly why?: string;
}
export interface PlanSummary {
  /**
   * People in the desired state, also those whose entries cannot be used.
   */
  readonly declared: number;
  /**
   * Of these, people with an account.
   */
  readonly matched: number;
  /**
   * Of these, people whose account already matches.
   */
  readonly unchanged: number;
  /**
   * People with at least one action.
   */
  readonly people: number;
  readonly actions: number;
  readonly changes: ChangeCounts;
  /**
   * Entries that cannot be used; absent where there are none.
   */
  readonly unusable?: number;
  /**
   * More of them, which do not concern the people whom the plan is limited to. Absent where there are none.
   */
  readonly unusable_elsewhere?: number;
  readonly held: number;
  readonly blocked: number;
  /**
   * Scheduled changes that the plan lists.
   */
  readonly scheduled: number;
  /**
   * More of them, due later than in 30 days; those that concern administration or tokens are always listed. Absent where there are none.
   */
  readonly scheduled_later?: number;
  /**
   * Mails that the server will send because of the actions, if it can send mail.
   */
  readonly mails: number;
  /**
   * Messages that the server will post in channels because of the actions. Absent where there are none.
   */
  readonly messages?: number;
}
/**
 * Changes that actions make, by class.
 */
export interface ChangeCounts {
  readonly [k: string]: number;
}
export interface UnusableEntry {
  /**
   * The username that the entry names; absent where it names none, and for a part that entries share.
   */
  readonly person?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly problems: readonly EntryProblem[];
  /**
   * Usernames of the accounts that were read and that the entry may mean. Absent where there are none.
   *
   * @minItems 1
   */
  readonly left_alone?: readonly string[];
}
export interface EntryProblem {
  /**
   * Stable, such as ambiguous-person.
   */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}
/**
 * One API call, or a short fixed sequence, that makes changes which passed the rails.
 */
export interface Action {
  readonly id: string;
  readonly person: string;
  /**
   * Id of the account; absent where a create in this plan makes it.
   */
  readonly account?: string;
  /**
   * @minItems 1
   */
  readonly changes: readonly Change[];
  readonly precondition: Precondition;
  readonly after: readonly Dependency[];
  /**
   * Actions of one lane run strictly one at a time.
   */
  readonly lane?: 'admin-loss';
  readonly reversible: boolean;
  readonly mails: number;
  /**
   * It passes only because of an approval that is not in the base yet.
   */
  readonly conditional?: true;
  readonly call: Call;
}
/**
 * One difference of one person, of one class.
 */
export interface Change {
  /**
   * Unique in the plan and stable between plans: person, attribute, and what of it.
   */
  readonly id: string;
  readonly class: ChangeClass;
  /**
   * The username that the entry declares.
   */
  readonly person: string;
  /**
   * A field of the users file, such as email, notify_props.desktop or tokens.ci-deploy.
   */
  readonly attribute: string;
  readonly before?: PlanValue;
  readonly after?: PlanValue;
  /**
   * Where a new secret goes: a sink of muster.yaml, or the folder of secrets.
   */
  readonly destination?: string;
  /**
   * Where the password of a new account, or of a change to e-mail login, comes from: a source of muster.yaml. Absent: it is random, or there is none.
   */
  readonly source?: string;
  /**
   * Of a gain of administration: a digest of who gets it. The same name can stand for another account by the day on which it falls due.
   */
  readonly whom?: string;
  /**
   * Of a new token: a digest of what stands behind its destination and of everything that decides when it is replaced. A rotation on the terms of an applied plan hands nothing over.
   */
  readonly terms?: string;
  readonly part_of?: ChangePart;
  /**
   * The server calls what is there invalid, and refuses every other change of the account until this one is made.
   */
  readonly cures?: true;
  readonly schedule?: RotationSchedule;
  readonly concerns_admin?: AdminConcern;
  readonly reason: Reason;
}
/**
 * The schedule of the entry by which a token is rotated; absent where the generation was raised by hand, and where nothing was there to rotate.
 */
export interface RotationSchedule {
  /**
   * Which of the two fields makes it due.
   */
  readonly due_by: 'age' | 'expiry';
  /**
   * As the entry says it.
   */
  readonly rotate_every?: string;
  /**
   * As the entry says it.
   */
  readonly rotate_before?: string;
}
/**
 * Why a change is wanted: a line of a file, or a rule of muster.
 */
export interface Reason {
  readonly text: string;
  readonly rule?:
    | 'returner'
    | 'leaver'
    | 'rotation'
    | 'no-longer-listed'
    | 'foreign-tokens'
    | 'window'
    | 'new-account'
    | 'exchange'
    | 'undo'
    | 'exact';
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}
/**
 * What must still be so right before the action: never update_at, which logins move.
 */
export interface Precondition {
  /**
   * Id of the account; absent for a create.
   */
  readonly account?: string;
  /**
   * Usernames and e-mails that must still be free.
   */
  readonly absent?: readonly string[];
  /**
   * Fields and the values that were seen.
   */
  readonly fields: {
    readonly [k: string]: PlanValue;
  };
  readonly token?: TokenPrecondition;
  readonly membership?: MembershipPrecondition;
}
export interface TokenPrecondition {
  readonly id: string;
  readonly enabled: boolean;
}
export interface MembershipPrecondition {
  /**
   * A team, such as core, or a channel, such as core/ops.
   */
  readonly place: string;
  readonly is: 'none' | 'member' | 'admin';
}
export interface Dependency {
  readonly action: string;
  /**
   * success: skipped unless that one was done. end: only the order matters.
   */
  readonly need: 'success' | 'end';
}
export interface CreateUserCall {
  readonly operation: 'create-user';
  readonly fields: CallFields;
  readonly auth?: CallAuth;
  readonly password?: PasswordOrigin;
  readonly welcome_email: boolean;
  /**
   * Once the account is there, the server sends a link to set a password.
   */
  readonly invite?: 'reset_mail';
  readonly email_verified: boolean;
}
/**
 * Profile fields to send. Of the maps, the keys to set; the others keep their value.
 */
export interface CallFields {
  readonly username?: string;
  readonly email?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly nickname?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: {
    readonly [k: string]: string;
  };
  readonly notify_props?: {
    readonly [k: string]: string;
  };
  readonly props?: {
    readonly [k: string]: string;
  };
}
export interface CallAuth {
  readonly service: string;
  readonly data: string;
}
export interface PasswordFromSource {
  readonly source: string;
}
export interface RandomPassword {
  readonly random: true;
}
export interface PatchUserCall {
  readonly operation: 'patch-user';
  readonly fields: CallFields;
}
export interface SetAuthCall {
  readonly operation: 'set-auth';
  readonly auth: CallAuth;
}
/**
 * Moves the person to e-mail login.
 */
export interface SetPasswordCall {
  readonly operation: 'set-password';
  readonly password: PasswordOrigin;
}
export interface DisableMfaCall {
  readonly operation: 'disable-mfa';
}
export interface PromoteCall {
  readonly operation: 'promote-guest';
}
export interface DemoteCall {
  readonly operation: 'demote-to-guest';
}
export interface SetRolesCall {
  readonly operation: 'set-roles';
  /**
   * @minItems 1
   */
  readonly roles: readonly string[];
}
export interface ActivateCall {
  readonly operation: 'activate';
}
export interface DeactivateCall {
  readonly operation: 'deactivate';
}
export interface CreateTokenCall {
  readonly operation: 'create-token';
  readonly name: string;
  readonly generation: number;
  /**
   * Name of the sink; absent: a file in secrets.dir.
   */
  readonly sink?: string;
  /**
   * Seconds from its making after which the server ends the token; absent: never.
   */
  readonly expires_in?: number;
  /**
   * Ids of the tokens of the same name and generation that are there already. Present, even if empty, where the entry has a schedule of rotations.
   */
  readonly replaces?: readonly string[];
  /**
   * Whether the new token is tried by a call: not while the account is inactive.
   */
  readonly check: boolean;
}
export interface ChangeTokenCall {
  readonly operation: 'enable-token' | 'disable-token' | 'revoke-token';
  /**
   * Id of the token, which is not its secret.
   */
  readonly token: string;
}
export interface TeamCall {
  readonly operation: 'join-team' | 'leave-team';
  /**
   * Id of the team.
   */
  readonly team: string;
}
export interface TeamRoleCall {
  readonly operation: 'set-team-role';
  /**
   * Id of the team.
   */
  readonly team: string;
  readonly admin: boolean;
}
export interface ChannelCall {
  readonly operation: 'join-channel' | 'leave-channel';
  /**
   * Id of the team.
   */
  readonly team: string;
  /**
   * Id of the channel.
   */
  readonly channel: string;
}
export interface ChannelRoleCall {
  readonly operation: 'set-channel-role';
  /**
   * Id of the team.
   */
  readonly team: string;
  /**
   * Id of the channel.
   */
  readonly channel: string;
  readonly admin: boolean;
}
/**
 * A real difference that muster will not or cannot write.
 */
export interface HeldChange {
  readonly change: Change;
  /**
   * Stable, such as ldap-owns-active.
   */
  readonly code: string;
  /**
   * Who decides instead: ldap, saml, the caller, the policy, the server.
   */
  readonly owner: string;
  readonly reason: string;
  readonly hint: string;
}
/**
 * A change that a rail stopped.
 */
export interface BlockedChange {
  readonly change: Change;
  readonly rail:
    | 'min-admins'
    | 'permission'
    | 'switch'
    | 'seats'
    | 'budget'
    | 'not-shown'
    | 'destination'
    | 'window'
    | 'quarantine'
    | 'empty-desired-state'
    | 'prerequisite'
    | 'team-seats'
    | 'last-team-admin'
    | 'last-member';
  readonly budget?: BudgetName1;
  readonly reason: string;
  readonly hint: string;
  /**
   * For a name that is taken: the username of the account that has it.
   */
  readonly holder?: string;
  /**
   * What an approval of exactly this set of changes has to name.
   */
  readonly approval?: string;
  readonly approval_refused?: RefusedApproval;
}
/**
 * An approval that was meant for this and lifts nothing.
 */
export interface RefusedApproval {
  /**
   * self-approval: it concerns the person who gave it. The others: policy.approvals.signature is require, and no signature proves who gave it.
   */
  readonly code:
    | 'self-approval'
    | 'approval-not-signed'
    | 'approval-another-author'
    | 'approval-not-committed'
    | 'approval-not-verifiable';
  readonly by: string;
  readonly file: string;
  readonly line: number;
  readonly why?: string;
}
/**
 * A change whose time has not come.
 */
export interface ScheduledChange {
  readonly change: Change;
  readonly due: string;
}
/**
 * Something a reviewer should know that is not a change.
 */
export interface Notice {
  readonly code: string;
  readonly person?: string;
  /**
   * The username of another account that it speaks of.
   */
  readonly holder?: string;
  readonly text: string;
  readonly hint?: string;
}
export interface UndeclaredAccount {
  readonly id: string;
  readonly username: string;
  readonly admin: boolean;
}
/**
 * An account that an earlier apply knew as declared, for which no entry stands any more, and which is still active.
 */
export interface PreviouslyDeclaredAccount {
  readonly id: string;
  /**
   * As the server has it now.
   */
  readonly username: string;
  /**
   * The day of the last apply that found an entry for it, in policy.time_zone.
   */
  readonly last_declared: string;
  readonly admin: boolean;
}
export interface NewPerson {
  /**
   * The username that the entry declares.
   */
  readonly person: string;
  /**
   * reset-mail: a mail with a link to set a password. initial-password: the password that a source of muster.yaml holds. provider: a sign-in service. none: no one knows a password, and no mail offers to set one.
   */
  readonly sign_in: 'reset-mail' | 'initial-password' | 'provider' | 'none';
  /**
   * Of an initial password: the name of its source.
   */
  readonly source?: string;
  /**
   * Of a provider: its name.
   */
  readonly service?: string;
  /**
   * What keeps the person out as the server is set now. mails-off: it sends no mails. service-off: the way to sign in is switched off. unverified: it asks for a verified e-mail, and no mail offers to verify it.
   */
  readonly obstacle?: 'mails-off' | 'service-off' | 'unverified';
}
export interface PlanMails {
  readonly kind: MailKind;
  /**
   * A mail to each; who gets two of them stands here twice.
   *
   * @minItems 1
   */
  readonly people: readonly string[];
}
export interface OwedRoles {
  /**
   * The username that the entry declares.
   */
  readonly person: string;
  /**
   * Id of the account; absent where a create in this plan makes it.
   */
  readonly account?: string;
  /**
   * @minItems 1
   */
  readonly roles: readonly string[];
}
export interface PlanMessages {
  /**
   * Name of the team.
   */
  readonly team: string;
  readonly posts: number;
}
