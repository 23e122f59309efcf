// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * What the embedded server begins with (muster sandbox --seed): people as the server stores them.
 */
export interface SandboxSeedFile {
  readonly admin?: SeedUser;
  readonly users?: readonly SeedUser1[];
  /**
   * Server switches by Mattermost's dotted names.
   */
  readonly config?: {
    readonly [k: string]: string | number | boolean | unknown[];
  };
  readonly licence?: 'none' | 'professional' | 'enterprise';
  /**
   * Teams, each by name alone or with more. Each has the channels town-square and off-topic.
   */
  readonly teams?: readonly (string | SeedTeam)[];
  /**
   * Webhooks and slash commands; they need a team.
   */
  readonly integrations?: readonly SeedIntegration[];
  readonly groups?: readonly string[];
}
/**
 * The first administrator, whose token the sandbox prints.
 */
export interface SeedUser {
  readonly id?: string;
  readonly username: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  /**
   * A password of this sandbox alone.
   */
  readonly password?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly nickname?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: StringMap;
  readonly props?: StringMap;
  readonly notify_props?: StringMap;
  readonly roles?: readonly string[];
  readonly active?: boolean;
  readonly auth_service?: string;
  readonly auth_data?: string;
  readonly tokens?: {
    readonly description: string;
    readonly active?: boolean;
    /**
     * Milliseconds since the epoch, 0 for never; kept by servers of 11.9 and later.
     */
    readonly expires_at?: number;
  }[];
  /**
   * The teams that the person is in, each by name alone or with more.
   */
  readonly teams?: readonly (string | SeedMembership)[];
  readonly is_bot?: boolean;
  readonly owner?: string;
  readonly bot_description?: string;
  readonly remote_id?: string;
}
export interface StringMap {
  readonly [k: string]: string;
}
export interface SeedMembership {
  readonly team: string;
  readonly role?: 'member' | 'admin';
  readonly roles?: readonly string[];
  /**
   * The person left; the row is still there.
   */
  readonly left?: boolean;
  readonly channels?: (
    | string
    | {
        readonly channel: string;
        readonly role?: 'member' | 'admin';
      }
  )[];
  /**
   * Default true.
   */
  readonly default_channels?: boolean;
}
export interface SeedUser1 {
  readonly id?: string;
  readonly username: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  /**
   * A password of this sandbox alone.
   */
  readonly password?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly nickname?: string;
  readonly position?: string;
  readonly locale?: string;
  readonly timezone?: StringMap;
  readonly props?: StringMap;
  readonly notify_props?: StringMap;
  readonly roles?: readonly string[];
  readonly active?: boolean;
  readonly auth_service?: string;
  readonly auth_data?: string;
  readonly tokens?: {
    readonly description: string;
    readonly active?: boolean;
    /**
     * Milliseconds since the epoch, 0 for never; kept by servers of 11.9 and later.
     */
    readonly expires_at?: number;
  }[];
  /**
   * The teams that the person is in, each by name alone or with more.
   */
  readonly teams?: readonly (string | SeedMembership)[];
  readonly is_bot?: boolean;
  readonly owner?: string;
  readonly bot_description?: string;
  readonly remote_id?: string;
}
export interface SeedTeam {
  readonly name: string;
  readonly display_name?: string;
  readonly type?: 'O' | 'I';
  readonly description?: string;
  /**
   * Who has this address becomes team admin at each join.
   */
  readonly email?: string;
  readonly allowed_domains?: string;
  readonly allow_open_invite?: boolean;
  readonly group_constrained?: boolean;
  readonly archived?: boolean;
  /**
   * Channels, each by name alone or with more.
   */
  readonly channels?: readonly (string | SeedChannel)[];
}
export interface SeedChannel {
  readonly name: string;
  readonly display_name?: string;
  readonly type?: 'O' | 'P';
  readonly group_constrained?: boolean;
  readonly archived?: boolean;
  readonly shared?: boolean;
  /**
   * A private channel with an access policy takes no one.
   */
  readonly policy_enforced?: boolean;
}
export interface SeedIntegration {
  readonly kind: 'incoming-webhook' | 'outgoing-webhook' | 'slash-command';
  /**
   * The word after the slash, or the title of a webhook.
   */
  readonly name: string;
  /**
   * Username of who made it.
   */
  readonly creator: string;
  /**
   * Name of a team; default the first one.
   */
  readonly team?: string;
  /**
   * Name of a channel there, whose archiving deletes the webhook.
   */
  readonly channel?: string;
}
