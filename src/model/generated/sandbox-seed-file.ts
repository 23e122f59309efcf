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
   * Names of teams.
   */
  readonly teams?: readonly string[];
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
  readonly is_bot?: boolean;
  readonly owner?: string;
  readonly bot_description?: string;
  readonly remote_id?: string;
}
export interface StringMap {
  readonly [k: string]: string;
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
  readonly is_bot?: boolean;
  readonly owner?: string;
  readonly bot_description?: string;
  readonly remote_id?: string;
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
}
