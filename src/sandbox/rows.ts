/** What the server keeps: its tables, in its own spelling. Rows are never changed in place; a write puts a new row. */

export type StringMap = Readonly<Record<string, string>>;

export interface UserRow {
  readonly id: string;
  readonly create_at: number;
  readonly update_at: number;
  /** 0 = active; anything else = deactivated at that moment. */
  readonly delete_at: number;
  readonly username: string;
  /** A salted hash, or `""` when no password is set. */
  readonly password: string;
  /** Unique over all services when not null. */
  readonly auth_data: string | null;
  readonly auth_service: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly nickname: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly position: string;
  /** Words, stored exactly as given. */
  readonly roles: string;
  readonly allow_marketing: boolean;
  readonly props: StringMap;
  readonly notify_props: StringMap;
  readonly last_password_update: number;
  /** Negative after a reset to the generated picture. */
  readonly last_picture_update: number;
  readonly failed_attempts: number;
  readonly locale: string;
  /** `null` after a full update that gave none, until the next patch. */
  readonly timezone: StringMap | null;
  readonly mfa_active: boolean;
  readonly mfa_secret: string;
  readonly mfa_used_steps: readonly number[];
  readonly remote_id: string | null;
  readonly last_login: number;
}

export interface BotRow {
  readonly user_id: string;
  readonly description: string;
  readonly owner_id: string;
  readonly last_icon_update: number;
  readonly create_at: number;
  readonly update_at: number;
  readonly delete_at: number;
}

export interface TeamRow {
  readonly id: string;
  readonly create_at: number;
  readonly update_at: number;
  /** Not 0: archived. */
  readonly delete_at: number;
  readonly display_name: string;
  readonly name: string;
  readonly description: string;
  /** The creator's; the account that has it becomes admin at each join. */
  readonly email: string;
  readonly type: 'O' | 'I';
  /** Separated by commas or spaces. */
  readonly allowed_domains: string;
  readonly invite_id: string;
  /** Whether everybody may find it. */
  readonly allow_open_invite: boolean;
  readonly group_constrained: boolean | null;
}

export interface ChannelRow {
  readonly id: string;
  readonly create_at: number;
  readonly update_at: number;
  /** Not 0: archived. */
  readonly delete_at: number;
  /** Empty for direct and group messages. */
  readonly team_id: string;
  readonly type: 'O' | 'P' | 'D' | 'G';
  readonly display_name: string;
  readonly name: string;
  readonly header: string;
  readonly purpose: string;
  readonly creator_id: string;
  readonly group_constrained: boolean | null;
  readonly shared: boolean | null;
  /** Whether an access policy says who may be a member; here it lets no one in. */
  readonly policy_enforced: boolean;
}

/** A message that the server writes by itself. */
export interface PostRow {
  readonly at: number;
  readonly channel_id: string;
  /** In whose name. */
  readonly user_id: string;
  readonly type: PostType;
  /** Whom it is about, where that is not the writer. */
  readonly about_id?: string;
}

export type PostType =
  | 'system_join_team'
  | 'system_join_channel'
  | 'system_add_to_team'
  | 'system_add_to_channel'
  | 'system_leave_team'
  | 'system_leave_channel'
  | 'system_remove_from_team'
  | 'system_remove_from_channel'
  | 'system_displayname_change'
  | 'system_header_change'
  | 'system_purpose_change'
  | 'system_channel_deleted'
  | 'system_channel_restored';

/** What connected clients are told of a membership of their own. */
export interface EventRow {
  readonly at: number;
  readonly event: 'added_to_team' | 'leave_team';
  readonly team_id: string;
  readonly user_id: string;
}

/** What posts into a team in its creator's name. */
export interface IntegrationRow {
  readonly id: string;
  readonly kind: 'incoming-webhook' | 'outgoing-webhook' | 'slash-command';
  readonly create_at: number;
  readonly creator_id: string;
  readonly team_id: string;
  /** Of an incoming webhook, whose archiving deletes it; empty where the seed names none. */
  readonly channel_id?: string;
  /** The word after the slash, or the title of a webhook. */
  readonly name: string;
  /** The secret of an outgoing webhook or slash command. */
  readonly token: string;
}

export interface TokenRow {
  readonly id: string;
  /** The secret itself, as in the server's own table. */
  readonly token: string;
  readonly user_id: string;
  readonly description: string;
  readonly is_active: boolean;
  /** Milliseconds, 0 = never; known to servers from 11.9. */
  readonly expires_at: number;
}

export interface SessionRow {
  readonly id: string;
  readonly token: string;
  readonly user_id: string;
  readonly create_at: number;
  readonly expires_at: number;
  readonly last_activity_at: number;
  readonly device_id: string;
  readonly is_oauth: boolean;
  readonly props: StringMap;
}

export interface PreferenceRow {
  readonly user_id: string;
  readonly category: string;
  readonly name: string;
  readonly value: string;
}

export interface AuditRow {
  readonly id: string;
  readonly create_at: number;
  readonly user_id: string;
  readonly action: string;
  readonly extra_info: string;
  readonly ip_address: string;
  readonly session_id: string;
}

/** A link in a mail: 64 characters, good for 24 hours. */
export interface LinkRow {
  readonly token: string;
  readonly kind: 'password-reset' | 'verify-email';
  readonly user_id: string;
  readonly email: string;
  readonly create_at: number;
}

export interface AcceptedTermsRow {
  readonly user_id: string;
  readonly terms_of_service_id: string;
  readonly create_at: number;
}

export type MailKind =
  | 'welcome'
  | 'verify-email'
  | 'email-changed'
  | 'username-changed'
  | 'password-changed'
  | 'password-reset'
  | 'token-added'
  | 'token-rotated'
  | 'mfa-changed'
  | 'deactivated'
  | 'sign-in-changed';

/** A mail that the server would have sent. `link` is what the person would follow, where the mail has one. */
export interface Mail {
  readonly to: string;
  readonly kind: MailKind;
  readonly at: number;
  readonly user_id: string;
  readonly link?: string;
}

const words = (roles: string): readonly string[] => roles.split(' ');

export const hasRole = (user: Pick<UserRow, 'roles'>, role: string): boolean => words(user.roles).includes(role);
export const isSystemAdmin = (user: UserRow): boolean => hasRole(user, 'system_admin');
export const isGuest = (user: UserRow): boolean => hasRole(user, 'system_guest');
export const isRemote = (user: UserRow): boolean => user.remote_id !== null && user.remote_id !== '';
export const isActive = (user: UserRow): boolean => user.delete_at === 0;

const oauthServices: ReadonlySet<string> = new Set(['gitlab', 'google', 'office365', 'openid']);

export const isOAuthUser = (user: Pick<UserRow, 'auth_service'>): boolean => oauthServices.has(user.auth_service);

/** Every login that is not the server's own; the misnomer `email` counts as its own here. */
export const isSsoUser = (user: Pick<UserRow, 'auth_service'>): boolean =>
  user.auth_service !== '' && user.auth_service !== 'email';
