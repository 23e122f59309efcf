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

/**
 * What many people have alike: a file that bundle_files of muster.yaml names.
 */
export interface BundlesFile {
  /**
   * The version of this file format.
   */
  readonly version: 1;
  readonly bundles: Bundles;
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
