// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * Language, such as en or pt-BR.
 */
export type Locale = string;
/**
 * Job title; "" clears it.
 */
export type Position = string;
/**
 * Roles of a new account whose entry names none. Without it: the server's own default.
 *
 * @minItems 1
 */
export type Roles = readonly string[];
/**
 * System roles, as a set. system_user is implied unless system_guest is there.
 *
 * @minItems 1
 */
export type Roles1 = readonly string[];
/**
 * A team: its name, or a map.
 */
export type TeamEntry =
  | string
  | {
      readonly team: TeamName;
      /**
       * Whether the person administers the team. Without it: as it is; a new member does not.
       */
      readonly role?: 'member' | 'admin';
      /**
       * false ends the membership of this team. Delete the line once it is done.
       */
      readonly member?: false;
      /**
       * Channels of the team that the person is added to, each by its name alone or as a map. Without it, channels are not managed.
       *
       * @maxItems 500
       */
      readonly channels?: readonly ChannelEntry[];
    };
/**
 * The name of a team as its address shows it.
 */
export type TeamName = string;
/**
 * A channel of the team: its name, or a map.
 */
export type ChannelEntry =
  | string
  | {
      readonly channel: ChannelName;
      /**
       * Whether the person administers the channel. Without it: as it is; a new member does not.
       */
      readonly role?: 'member' | 'admin';
      /**
       * false ends the membership of this channel. Delete the line once it is done.
       */
      readonly member?: false;
    };
/**
 * The name of a channel as its address shows it.
 */
export type ChannelName = string;

/**
 * Who: the people of a Mattermost server as a desired state. Any number of these files make one desired state.
 */
export interface UsersFile {
  /**
   * The version of this file format.
   */
  readonly version: 1;
  readonly defaults?: Defaults;
  readonly on_create?: OnCreate;
  /**
   * The people, in any order.
   */
  readonly users: readonly UserEntry[];
}
/**
 * Values for every entry of this file that does not name the field itself. They bring the field under management, so only harmless profile fields may stand here.
 */
export interface Defaults {
  readonly locale?: Locale;
  readonly position?: Position;
  readonly timezone?: StringMap;
  readonly notify_props?: StringMap;
}
export interface StringMap {
  readonly [k: string]: string;
}
/**
 * Used once, when an account is created, and never compared again.
 */
export interface OnCreate {
  readonly roles?: Roles;
  /**
   * Whether the server mails a welcome to a new account.
   */
  readonly welcome_email?: boolean;
  /**
   * Whether a new account's e-mail counts as verified.
   */
  readonly email_verified?: boolean;
}
/**
 * One person. A field that is not named is not managed; null is never allowed.
 */
export interface UserEntry {
  /**
   * The name to sign in with: letters, digits, dot, dash, underscore; compared in lower case.
   */
  readonly username: string;
  /**
   * The account's id. If given, it alone decides which account is meant.
   */
  readonly id?: string;
  /**
   * Names that this person had before: a match on one of them is renamed in place.
   */
  readonly previous_usernames?: readonly string[];
  /**
   * Take over the account of this name although its e-mail or auth says that it may be another person.
   */
  readonly adopt?: boolean;
  /**
   * Needed to create an account; compared in lower case.
   */
  readonly email?: string;
  /**
   * Given name; "" clears it.
   */
  readonly first_name?: string;
  /**
   * Family name; "" clears it.
   */
  readonly last_name?: string;
  /**
   * Nickname; "" clears it.
   */
  readonly nickname?: string;
  readonly position?: Position;
  readonly locale?: Locale;
  readonly timezone?: StringMap1;
  readonly notify_props?: StringMap2;
  readonly props?: StringMap3;
  readonly roles?: Roles1;
  /**
   * Bundles of muster.yaml and its bundle_files: the roles and teams of each are added to those of the entry.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly bundles?: readonly string[];
  /**
   * Whether the account may sign in. Deleting an entry is not offboarding: write active: false.
   */
  readonly active?: boolean;
  /**
   * First moment at which the account is wanted active. A bare date begins at midnight in policy.time_zone.
   */
  readonly starts?: string;
  /**
   * The last day on which the account is wanted active (a bare date, in policy.time_zone), or the moment from which on it is not.
   */
  readonly ends?: string;
  readonly auth?: Auth;
  /**
   * off switches the person's second factor off, at every plan that finds it on: delete the line once it is done. Only the person can switch it on again.
   */
  readonly mfa?: 'off';
  /**
   * Name of a source of muster.yaml (secrets.sources) with the password for a new account, or for a change to e-mail login.
   */
  readonly initial_password?: string;
  /**
   * The personal access tokens that muster makes for this person, 250 at most. [] revokes every token that muster made.
   *
   * @maxItems 250
   */
  readonly tokens?: readonly TokenEntry[];
  /**
   * The teams of this person, each by its name alone or as a map with role and channels. The person is added to those; nothing is taken away because it is not listed. Without it, teams and channels are not managed.
   *
   * @maxItems 250
   */
  readonly teams?: readonly TeamEntry[];
}
/**
 * Time zone settings; only the keys named here are managed.
 */
export interface StringMap1 {
  readonly [k: string]: string;
}
/**
 * Notification settings; only the keys named here are managed.
 */
export interface StringMap2 {
  readonly [k: string]: string;
}
/**
 * Custom properties; only the keys named here are managed.
 */
export interface StringMap3 {
  readonly [k: string]: string;
}
/**
 * How the person signs in.
 */
export interface Auth {
  /**
   * email means a password kept by Mattermost.
   */
  readonly service: 'email' | 'ldap' | 'saml' | 'gitlab' | 'google' | 'office365' | 'openid';
  /**
   * The person's id at that service. Needed to create an account with it or to change to it.
   */
  readonly data?: string;
}
/**
 * A personal access token that muster makes, delivers to a sink and rotates.
 */
export interface TokenEntry {
  /**
   * What the token is for; unique for the person.
   */
  readonly name: string;
  /**
   * Raise it to rotate: a new token is made and delivered, then the old one is revoked.
   */
  readonly generation?: number;
  /**
   * How long the previous generation stays valid after a rotation, such as 30m, 24h or 7d.
   */
  readonly overlap?: string;
  /**
   * How long a new token lives, such as 12h or 90d; the server ends and deletes it (Mattermost 11.9 or later). Used when a token is made, and never compared again. Without it: for good.
   */
  readonly expires_in?: string;
  /**
   * Rotates by age: a new token of the same name and generation is made when the day on which the newest was made is so many days ago, then the old one is revoked after overlap.
   */
  readonly rotate_every?: string;
  /**
   * Rotates so long before the token expires, as the server shows it, such as 14d. Needs expires_in.
   */
  readonly rotate_before?: string;
  /**
   * false keeps the token but disables it.
   */
  readonly enabled?: boolean;
  /**
   * Name of a sink of muster.yaml (secrets.sinks). Without it: a file in secrets.dir.
   */
  readonly sink?: string;
}
