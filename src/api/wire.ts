import type { Secret } from '../model/secret.ts';

// What the server sends, in its own spelling. A key that may be absent reads `undefined`; one whose absence can only
// mean its empty value reads that value. Times are milliseconds since the epoch.

export type StringMap = Readonly<Record<string, string>>;

export interface User {
  readonly id: string;
  readonly create_at: number;
  /** Moved by every login, so no mark of a change. */
  readonly update_at: number;
  /** 0: active. */
  readonly delete_at: number;
  readonly username: string;
  /** Absent for null; present but empty where the server hides it. */
  readonly auth_data: string | undefined;
  /** Empty for email login, and for every viewer who is not an admin. */
  readonly auth_service: string;
  readonly email: string;
  /** Absent in what an admin reads of others: only answers to writes tell it. */
  readonly email_verified: boolean | undefined;
  readonly nickname: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly position: string;
  /** Separated by spaces; a set. */
  readonly roles: string;
  readonly allow_marketing: boolean | undefined;
  readonly props: StringMap;
  readonly notify_props: StringMap | undefined;
  readonly last_password_update: number | undefined;
  readonly last_picture_update: number | undefined;
  readonly failed_attempts: number | undefined;
  readonly locale: string;
  readonly timezone: StringMap | null;
  readonly mfa_active: boolean;
  /** Not empty for accounts of another server. */
  readonly remote_id: string;
  readonly last_activity_at: number | undefined;
  readonly is_bot: boolean;
  readonly bot_description: string | undefined;
  readonly terms_of_service_id: string | undefined;
  readonly terms_of_service_create_at: number | undefined;
}

/** A row of `/reports/users`. */
export interface UserReport extends User {
  readonly last_login: number | undefined;
  readonly last_status_at: number | undefined;
  readonly last_post_date: number | undefined;
  readonly days_active: number | undefined;
  readonly total_posts: number | undefined;
}

/** The body of a create. Roles, inactivity, MFA and guests need calls of their own: the server drops them here. */
export interface NewUser {
  readonly email: string;
  readonly username?: string;
  readonly password?: Secret;
  /** Never `email`: such an account could not log in. Email login is the absence of a service. */
  readonly auth_service?: string;
  readonly auth_data?: string;
  readonly email_verified?: boolean;
  readonly nickname?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: StringMap;
  readonly props?: StringMap;
  readonly notify_props?: StringMap;
  readonly allow_marketing?: boolean;
  readonly disable_welcome_email?: boolean;
}

/** The body of a patch: keys that are absent stay as they are; the three maps are replaced as a whole. */
export interface UserPatch {
  readonly username?: string;
  readonly email?: string;
  /** The caller's own, to change the caller's own email. */
  readonly password?: Secret;
  readonly nickname?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: StringMap;
  readonly props?: StringMap;
  readonly notify_props?: StringMap;
}

/** The body of a full update: what is absent is emptied. */
export interface UserUpdate extends UserPatch {
  readonly username: string;
  readonly email: string;
  readonly allow_marketing?: boolean;
}

export interface UserSearch {
  readonly term: string;
  readonly team_id?: string;
  readonly not_in_team_id?: string;
  readonly in_channel_id?: string;
  readonly not_in_channel_id?: string;
  readonly in_group_id?: string;
  readonly not_in_group_id?: string;
  readonly group_constrained?: boolean;
  readonly allow_inactive?: boolean;
  readonly without_team?: boolean;
  /** 1 to 1000; the server's default is 100. */
  readonly limit?: number;
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly channel_roles?: readonly string[];
  readonly team_roles?: readonly string[];
}

export interface Autocompletion {
  readonly users: readonly User[];
  readonly out_of_channel: readonly User[];
  readonly agents: readonly User[];
}

export interface UserCount {
  readonly total_users_count: number;
}

export interface AuthMethod {
  readonly auth_service: string;
  readonly auth_data: string;
}

/** A personal access token, without its secret. */
export interface Token {
  readonly id: string;
  readonly user_id: string;
  readonly description: string;
  readonly is_active: boolean;
  /** 0: never; absent on servers without token expiry. */
  readonly expires_at: number | undefined;
}

/** A token just made: the only time that the server tells its secret. */
export interface NewToken extends Token {
  readonly secret: Secret;
}

export interface Session {
  readonly id: string;
  readonly user_id: string;
  readonly create_at: number;
  readonly expires_at: number;
  readonly last_activity_at: number;
  readonly device_id: string;
  readonly roles: string;
  readonly is_oauth: boolean;
  /** `user_access_token_id` names the token that a session was made from. */
  readonly props: StringMap;
}

/** What an authenticator app needs; anyone who has it can make the codes. */
export interface MfaSecret {
  readonly secret: Secret;
  /** A PNG in base64. */
  readonly qr_code: Secret;
}

export interface Picture {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface Audit {
  readonly id: string;
  readonly create_at: number;
  readonly user_id: string;
  readonly action: string;
  readonly extra_info: string;
  readonly ip_address: string;
  readonly session_id: string;
}

export interface TermsAcceptance {
  readonly user_id: string;
  readonly terms_of_service_id: string;
  readonly create_at: number;
}

export interface LoginResult {
  readonly user: User;
  /** The session's token. */
  readonly token: Secret;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly create_at: number;
  readonly update_at: number;
  readonly delete_at: number;
  readonly permissions: readonly string[];
  readonly scheme_managed: boolean;
  readonly built_in: boolean;
}

export interface Bot {
  readonly user_id: string;
  readonly username: string;
  readonly display_name: string;
  readonly description: string;
  readonly owner_id: string;
  readonly create_at: number;
  readonly update_at: number;
  readonly delete_at: number;
}

/** A team, without its invite id: who knows that may join. */
export interface Team {
  readonly id: string;
  readonly create_at: number;
  /** Not 0: archived. */
  readonly delete_at: number;
  /** Its part of addresses; unique for ever, and never changed by a patch. */
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  /** `O` or `I`. */
  readonly type: string;
  /** The creator's. The account that has it becomes team admin at each join; empty for callers who may not see it. */
  readonly email: string;
  /** Separated by commas or spaces; empty: any. */
  readonly allowed_domains: string;
  readonly allow_open_invite: boolean;
  /** Whether its members are those of linked groups alone. */
  readonly group_constrained: boolean;
  readonly scheme_id: string;
  /** Whether an access policy says who may be a member; false where the server does not tell. */
  readonly policy_enforced: boolean;
}

export interface NewTeam {
  readonly name: string;
  readonly display_name: string;
  /** `O`: listed, though closed until `allow_open_invite`. `I`: by invitation. */
  readonly type: 'O' | 'I';
  readonly description?: string;
  readonly allow_open_invite?: boolean;
}

export interface TeamPatch {
  readonly display_name?: string;
  readonly description?: string;
  readonly allowed_domains?: string;
  readonly allow_open_invite?: boolean;
  readonly group_constrained?: boolean;
}

/** What a person is in a team or a channel. Think in the flags: the names in `roles` change with the permission scheme. */
export interface Membership {
  readonly user_id: string;
  /** Computed from the flags and `explicit_roles`. */
  readonly roles: string;
  /** Those that no flag stands for; separated by spaces. */
  readonly explicit_roles: string;
  readonly scheme_guest: boolean;
  readonly scheme_user: boolean;
  readonly scheme_admin: boolean;
}

export interface TeamMember extends Membership {
  readonly team_id: string;
  /** Not 0: the person left. The flags then stay as they were. */
  readonly delete_at: number;
}

/** What became of one person of a batch: exactly one of `member` and `error` is there. */
export interface TeamAddition {
  readonly user_id: string;
  readonly member: TeamMember | undefined;
  readonly error: AdditionError | undefined;
}

export interface AdditionError {
  /** The server's own name of the error. */
  readonly id: string | undefined;
  readonly status: number;
}

export interface TeamStats {
  readonly team_id: string;
  /** Inactive accounts count. */
  readonly total_member_count: number;
  readonly active_member_count: number;
}

export interface Channel {
  readonly id: string;
  readonly create_at: number;
  /** Not 0: archived. */
  readonly delete_at: number;
  /** Empty for direct and group messages. */
  readonly team_id: string;
  /** `O` public, `P` private, `D` direct, `G` group message. */
  readonly type: string;
  /** Unique in its team; archived channels count. */
  readonly name: string;
  readonly display_name: string;
  readonly creator_id: string;
  /** Whether its members are those of linked groups alone. */
  readonly group_constrained: boolean;
  /** Whether it is shared with another server. */
  readonly shared: boolean;
  readonly scheme_id: string;
  /** Whether an access policy says who may be a member. */
  readonly policy_enforced: boolean;
}

export interface NewChannel {
  readonly team_id: string;
  readonly name: string;
  readonly display_name: string;
  /** `O` public, `P` private. */
  readonly type: 'O' | 'P';
  readonly header?: string;
  readonly purpose?: string;
}

export interface ChannelPatch {
  readonly name?: string;
  readonly display_name?: string;
  readonly header?: string;
  readonly purpose?: string;
  readonly group_constrained?: boolean;
}

/** There is no `delete_at`: when a person leaves a channel, the row is gone. */
export interface ChannelMember extends Membership {
  readonly channel_id: string;
}

/** Active accounts alone: the listing of a channel can hold more. */
export interface ChannelStats {
  readonly channel_id: string;
  readonly member_count: number;
  readonly guest_count: number;
}

export interface IncomingWebhook {
  readonly id: string;
  /** Who made it. */
  readonly user_id: string;
  readonly team_id: string;
  readonly channel_id: string;
  readonly display_name: string;
}

/** Without its token. */
export interface OutgoingWebhook {
  readonly id: string;
  readonly creator_id: string;
  readonly team_id: string;
  /** Empty: all public channels. */
  readonly channel_id: string;
  readonly display_name: string;
}

/** Without its token. */
export interface SlashCommand {
  readonly id: string;
  readonly creator_id: string;
  readonly team_id: string;
  /** The word after the slash. */
  readonly trigger: string;
  readonly display_name: string;
}

export interface Preference {
  readonly user_id: string;
  readonly category: string;
  readonly name: string;
  readonly value: string;
}

export interface Ping {
  readonly status: string;
  readonly database_status: string | undefined;
  readonly filestore_status: string | undefined;
}

/** `RestrictCreationToDomains` of members and of guests: lower case, as the server reads it. */
export interface EmailDomains {
  readonly members: readonly string[];
  readonly guests: readonly string[];
}

export interface TeamSettings {
  /** Active members of one team. */
  readonly maxUsersPerTeam: number;
  /** Archived channels count. */
  readonly maxChannelsPerTeam: number;
  /** The channels that a member of a team joins with it; `town-square` is always one more. */
  readonly defaultChannels: readonly string[];
  /** Whether deactivating a person disables their bots. */
  readonly disablesBotsOfLeavers: boolean;
}

export interface ServerLimits {
  readonly maxUsersLimit: number;
  readonly maxUsersHardLimit: number;
  readonly activeUserCount: number;
  readonly singleChannelGuestCount: number;
  readonly singleChannelGuestLimit: number;
}
