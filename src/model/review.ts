/** Access reviews: the words of the files under `reviews/`, which their schemas describe, and what goes between them and a kind. */

import type { AuthorshipStatus } from './authorship.ts';
import type { Completeness } from './generated/audit-report.ts';
import type { ReviewClosed, RevokedGrant } from './generated/review-closed.ts';
import type { ReviewFile } from './generated/review-file.ts';
import type { ReviewManifest } from './generated/review-manifest.ts';
import type { ProblemText } from './messages/problems.ts';
import type { Change } from './plan.ts';
import type { Problem, SourcePosition } from './problem.ts';

/** Whom a person's access is reviewed by; the first rule that matches counts. */
export interface OwnerRule {
  readonly owner: string;
  /** Patterns of usernames, in lower case. */
  readonly users: readonly string[];
  /** Patterns of the users files in which entries stand. */
  readonly files: readonly string[];
}

export interface ReviewSettings {
  readonly owners: readonly OwnerRule[];
  /** Absolute folder in which each review has a folder. */
  readonly dir: string;
}

/** The key of the grant that an active account is. */
export const accountKey = 'account';

/** Who reviews whom no rule names. */
export const everybody = 'everybody';

/** The file of an owner, with the places in it. */
export interface PlacedReviewFile {
  /** As it is shown. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly content: ReviewFile;
  /** The line of a field of a row, or of the top of the file; counted from 1. */
  lineOf(row: number | undefined, field: string): number;
  /** All lines of a row, counted from 1. */
  linesOf(row: number): readonly number[];
  /** A problem of a row, at a field of it where that is written; without a row: of the file. */
  problem(problem: ProblemText, row?: number, field?: string): Problem;
}

/** A review as it lies in its folder. */
export interface LoadedReview {
  readonly name: string;
  readonly manifest: ReviewManifest;
  /** Where the manifest stands. */
  readonly at: SourcePosition;
  readonly files: readonly PlacedReviewFile[];
  /** Absent: it was not closed yet. */
  readonly closed?: ReviewClosed;
}

/** A field of an entry as `review close` writes it. */
export interface EntryEdit {
  readonly field: 'active' | 'roles' | 'tokens' | 'teams';
  /** Where the entry writes a list: the items that go, texts or the names of maps. Without it the field becomes `value`. */
  readonly drop?: readonly string[];
  /** What is written where the entry does not write the field, or where no item would be left. */
  readonly value: false | readonly (string | object)[];
}

/** How revoked grants of one kind on one account are taken away. */
export interface Removal {
  readonly edits: readonly EntryEdit[];
  /** Keys of the grants that the edits take away. */
  readonly edited: readonly string[];
  /** Grants that no users file can take away: what to do, by key. What is in neither list, the files take away already. */
  readonly byHand: ReadonlyMap<string, string>;
}

export const noRemoval: Removal = { edits: [], edited: [], byHand: new Map() };

/** Keys of grants that a change which a run made gave or took. */
export interface GrantsOfChange {
  readonly given: readonly string[];
  readonly taken: readonly string[];
}

export interface MadeChange {
  readonly change: Change;
  /** The token that the call made or was about. */
  readonly token?: string;
}

export const removalsTogether = (removals: readonly Removal[]): Removal => ({
  edits: removals.flatMap(({ edits }) => edits),
  edited: removals.flatMap(({ edited }) => edited),
  byHand: new Map(removals.flatMap(({ byHand }) => [...byHand])),
});

export interface ReviewCounts {
  readonly rows: number;
  readonly keep: number;
  readonly revoke: number;
  /** Not decided yet. */
  readonly open: number;
  readonly privileged: number;
}

export interface ReviewStatus {
  readonly review: string;
  /** ISO 8601. */
  readonly opened: string;
  readonly closed?: string;
  readonly files: readonly (ReviewCounts & { readonly owner: string; readonly file: string; readonly flaws: number })[];
  readonly total: ReviewCounts;
  /** How many decisions git proves, and how well: by status; absent where it is not asked. */
  readonly authorship?: Partial<Readonly<Record<AuthorshipStatus, number>>>;
  /** What would be in the way of closing, apart from rows that are not decided yet. */
  readonly flaws: readonly Problem[];
}

/** The proof that a review was carried out. */
export interface ReviewVerification {
  readonly format: 'muster-review-verified/1';
  readonly review: string;
  /** When the review was closed, ISO 8601. */
  readonly closed: string;
  readonly completeness: Completeness;
  readonly counts: { readonly revoked: number; readonly gone: number; readonly still_there: number };
  readonly grants: readonly (RevokedGrant & { readonly is: 'gone' | 'still-there' })[];
}
