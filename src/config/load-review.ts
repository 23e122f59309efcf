import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byText } from '../model/compare.ts';
import type { ReviewClosed } from '../model/generated/review-closed.ts';
import type { ReviewFile } from '../model/generated/review-file.ts';
import type { ReviewManifest } from '../model/generated/review-manifest.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError, type Problem } from '../model/problem.ts';
import type { LoadedReview, PlacedReviewFile } from '../model/review.ts';
import { validateReviewClosed } from '../source/generated/validate-review-closed.ts';
import { validateReviewFile } from '../source/generated/validate-review-file.ts';
import { validateReviewManifest } from '../source/generated/validate-review-manifest.ts';
import { itemLines } from '../source/item-lines.ts';
import { type FileKind, readDocument } from '../source/read-document.ts';
import { type FileRefusal, fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import type { SourceDocument } from '../source/source-document.ts';

export const manifestName = 'manifest.json';
export const closedName = 'closed.json';

const reviewKind: FileKind<ReviewFile> = {
  noun: 'rows of an access review',
  keys: { version: true, review: true, owner: true, by: true, on: true, rows: true },
  validate: validateReviewFile,
};

const manifestKind: FileKind<ReviewManifest> = {
  noun: 'the manifest of an access review',
  keys: {
    format: true,
    review: true,
    opened: true,
    files: true,
    previous: true,
    completeness: true,
    population: true,
    owners: true,
    rows: true,
    digest: true,
  },
  validate: validateReviewManifest,
};

const closedKind: FileKind<ReviewClosed> = {
  noun: 'what an access review decided',
  keys: {
    format: true,
    review: true,
    closed: true,
    tool: true,
    manifest: true,
    decided: true,
    counts: true,
    edited: true,
    authorship: true,
    revoked: true,
    digest: true,
  },
  validate: validateReviewClosed,
};

export interface ReviewPlace {
  readonly name: string;
  /** Absolute folder of the review. */
  readonly dir: string;
  /** The same, as it is shown. */
  readonly shown: string;
  /** Absolute folder that links must not lead out of. */
  readonly below: string;
}

/** A review as far as its files can be used, and what is wrong in the others. */
export interface ReadReview {
  readonly review: LoadedReview;
  readonly problems: readonly Problem[];
}

/** @throws {InputError} when there is no such review, or its manifest cannot be used */
export async function loadReview(place: ReviewPlace): Promise<ReadReview> {
  const manifest = await readKnown(place, manifestName, manifestKind);
  if (manifest === undefined) throw notFound(place);
  if ('problems' in manifest) throw new InputError(manifest.problems);
  const { content } = manifest;
  const problems: Problem[] = [...(await strayFiles(place, content))];
  const files: PlacedReviewFile[] = [];
  for (const { owner, file } of content.owners) {
    const read = await readKnown(place, file, reviewKind);
    if (read === undefined) problems.push(missingFile(place, file, owner));
    else if ('problems' in read) problems.push(...read.problems);
    else files.push(placed(read, { name: join(place.shown, file), path: join(place.dir, file) }));
  }
  const closed = await readKnown(place, closedName, closedKind);
  if (closed !== undefined && 'problems' in closed) throw new InputError(closed.problems);
  const review: LoadedReview = {
    name: place.name,
    manifest: content,
    at: manifest.document.source.position(0),
    files,
    ...(closed !== undefined && { closed: closed.content }),
  };
  return { review, problems };
}

/**
 * The texts of all files of a review, by their names in its folder.
 *
 * @throws {InputError} when one cannot be read
 */
export async function readReviewTexts(
  { dir, shown, below }: ReviewPlace,
  { manifest }: LoadedReview,
): Promise<ReadonlyMap<string, string>> {
  const names = [manifestName, closedName, ...manifest.owners.map(({ file }) => file)];
  const texts = new Map<string, string>();
  for (const name of names) {
    const read = await readTextFile({ path: join(dir, name), place: { below }, maxBytes: fileLimits.review });
    if (isRefusal(read)) throw new InputError([unreadable(join(shown, name), read)]);
    texts.set(name, read.text);
  }
  return texts;
}

/** The names of reviews in a folder; none where there is no folder. */
export async function listReviews(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.toSorted(byText(({ name }) => name)).map(({ name }) => name);
}

interface Known<Content> {
  readonly content: Content;
  readonly document: SourceDocument;
}

/** `undefined`: there is no such file. */
async function readKnown<Content>(
  { dir, shown, below }: ReviewPlace,
  file: string,
  kind: FileKind<Content>,
): Promise<Known<Content> | { readonly problems: readonly Problem[] } | undefined> {
  const name = join(shown, file);
  const read = await readTextFile({ path: join(dir, file), place: { below }, maxBytes: fileLimits.review });
  if (isRefusal(read)) {
    if (read.isMissing === true) return undefined;
    return { problems: [unreadable(name, read)] };
  }
  const { content, document, problems } = readDocument({ name, ...read }, kind);
  return content === undefined || document === undefined ? { problems } : { content, document };
}

const unreadable = (name: string, { why, hint }: FileRefusal): Problem => ({
  ...refuse('file-unreadable', { is: 'any', name, why, todo: hint }),
  at: { file: name, line: 1, column: 1 },
});

function placed(
  { content, document }: Known<ReviewFile>,
  place: Pick<PlacedReviewFile, 'name' | 'path'>,
): PlacedReviewFile {
  return {
    ...place,
    content,
    lineOf: (row, field) =>
      document.source.position(document.offsetOf(row === undefined ? [field] : ['rows', row, field])).line,
    linesOf: (row) => itemLines(document, ['rows'], row, content.rows.length),
    problem: (problem, row, field) => {
      const path = row === undefined ? ['rows'] : ['rows', row, ...(field === undefined ? [] : [field])];
      return document.source.problem(document.offsetOf(path), problem);
    },
  };
}

async function strayFiles({ dir, shown }: ReviewPlace, { owners }: ReviewManifest): Promise<readonly Problem[]> {
  const known = new Set(owners.map(({ file }) => file));
  const names = await readdir(dir).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !known.has(name))
    .toSorted()
    .map((name) => ({
      ...refuse('review-file-added', { file: name }),
      at: { file: join(shown, name), line: 1, column: 1 },
    }));
}

const missingFile = ({ shown }: ReviewPlace, file: string, owner: string): Problem => ({
  ...refuse('review-file-missing', { owner, file }),
  at: { file: join(shown, file), line: 1, column: 1 },
});

const notFound = ({ name, shown }: ReviewPlace): InputError =>
  new InputError([refuse('review-not-found', { name, path: join(shown, manifestName) })]);
