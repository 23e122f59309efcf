import type { DesiredTeam } from './memberships.ts';
import type { Problem, SourcePosition } from './problem.ts';
import type { Readings } from './readings.ts';
import type { AccountId, UserAttribute, UserValues } from './user-values.ts';

export interface DesiredToken {
  readonly name: string;
  readonly generation: number;
  /** Milliseconds that the previous generation stays valid after a rotation. */
  readonly overlapMs: number;
  /** Milliseconds that a new token lives, used when it is made and never compared again; absent: for good. */
  readonly expiresInMs?: number;
  /** The age, in milliseconds from the day of its mark, at which a token is rotated; absent: at none. */
  readonly rotateEveryMs?: number;
  /** Milliseconds before the expiry that the server shows, at which a token is rotated; absent: not by its expiry. */
  readonly rotateBeforeMs?: number;
  readonly enabled: boolean;
  /** Name of a sink; absent: a file in the secrets directory. */
  readonly sink?: string;
}

/** Used once by a create, never compared again. */
export interface CreateOptions {
  readonly roles?: readonly string[];
  readonly welcomeEmail: boolean;
  readonly emailVerified: boolean;
  /** Why no account can be created by them. */
  readonly problems?: readonly Problem[];
}

/** Milliseconds since the epoch; active from `startsMs` on, and no more from `endsMs` on. */
export interface DesiredDates {
  readonly startsMs?: number;
  readonly endsMs?: number;
}

/** One entry. A field that is absent from `values` is not managed. */
export interface DesiredUser {
  readonly username: string;
  readonly id?: AccountId;
  readonly previousUsernames: readonly string[];
  readonly adopt: boolean;
  /** Roles that are there by bundles alone; absent: none. */
  readonly bundleRoles?: readonly string[];
  /** Teams and channels that bundles name; absent: none. */
  readonly bundlePlaces?: readonly string[];
  /** Normalised as the server stores them; `active` is already worked out from `active`, `starts` and `ends`. */
  readonly values: Partial<UserValues> & { readonly username: string };
  /** Why `values.active` is what it is, where a date decided. */
  readonly window?: string;
  /** When the person is wanted active, where dates say so; absent where none does, or the entry says `active: false`. */
  readonly dates?: DesiredDates;
  readonly onCreate: CreateOptions;
  /** Name of a source. */
  readonly initialPassword?: string;
  /** Absent: tokens are not managed. */
  readonly tokens?: readonly DesiredToken[];
  /** Absent: teams and channels are not managed. */
  readonly teams?: readonly DesiredTeam[];
}

/**
 * An entry that cannot be used, or a part of a file that no entry can use. It stops one person: nothing is planned for it, and
 * whatever one of its readings hits is left alone.
 */
export interface UnusableEntry {
  /** The username that the entry names, as far as it names one. */
  readonly person?: string;
  readonly at: SourcePosition;
  readonly problems: readonly Problem[];
  readonly readings: Readings;
  /** What it wants, as far as that can be told: it still claims its names among the other entries. */
  readonly user?: DesiredUser;
}

/** A part of a bundle that an entry has by it. */
export interface BundleOrigin extends SourcePosition {
  readonly bundle: string;
}

/** Where a value stands: in the entry itself, in the `defaults` of its file, or in a bundle that the entry names. */
export interface Origin extends SourcePosition {
  readonly from: 'entry' | 'defaults' | 'bundle';
  /** Of a part that bundles say something of; absent: none does. */
  readonly bundles?: readonly BundleOrigin[];
}

/** A part of an entry that a message can point at. */
export type EntryPart = UserAttribute | 'id' | 'initial_password' | EntryList | `${EntryList}.${string}`;

/** A list of things that an account owns, or is in. */
export type EntryList = 'tokens' | 'teams' | 'bundles';

/** What files say, with digests of which each is made when it is asked for. */
export interface FromFiles {
  readonly texts: ReadonlyArray<{ readonly name: string; readonly text: string }>;
  /** Of what the files and the bundles say, sign for sign. */
  readonly sources: string;
  /** Of the entries that can be used. */
  readonly people: string;
}

/** What the files declare, as of a moment. */
export interface DesiredState {
  /** The entries that can be used. */
  readonly users: readonly DesiredUser[];
  /** The others, in the order of their places. */
  readonly unusable: readonly UnusableEntry[];
  readonly files: readonly string[];
  /** Milliseconds since the epoch, as of which `starts` and `ends` were read. */
  readonly momentMs: number;
  /** `sha256:` and 64 hex digits, of the normalised entries with their moment. */
  readonly digest: string;
  /** What tells whether files declare the same once more; absent: it does not come from files. */
  readonly fromFiles?: FromFiles;
  /** Points at a part of an entry, or at the entry where the part is not written out. */
  locate(user: DesiredUser, part?: EntryPart): Origin;
}
