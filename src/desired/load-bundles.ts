/** Bundles from muster.yaml and from the files that it names. */
import { relative } from 'node:path';
import type { Bundle, BundleTeam } from '../model/bundles.ts';
import { byText } from '../model/compare.ts';
import type { BundlesFile } from '../model/generated/bundles-file.ts';
import { channelPlace } from '../model/memberships.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { InputError, type Problem, type SourcePosition } from '../model/problem.ts';
import { validateBundlesFile } from '../source/generated/validate-bundles-file.ts';
import type { SourcePath } from '../source/node-index.ts';
import { type DocumentText, type FileKind, readDocument } from '../source/read-document.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';
import { channelName, teamName } from './build-teams.ts';
import { findFiles } from './find-files.ts';

type Bundles = BundlesFile['bundles'];

/** What muster.yaml says of bundles. */
export interface BundleSources {
  readonly inline: Bundles;
  /** Where a field of muster.yaml stands. */
  readonly positionOf: (path: SourcePath) => SourcePosition;
  /** Paths and globs, relative to `base`. */
  readonly files: readonly string[];
  readonly base: string;
}

const bundlesKind: FileKind<BundlesFile> = {
  noun: 'bundles with version and bundles',
  keys: { version: true, bundles: true },
  validate: validateBundlesFile,
};

/** Roles that every server has and that administer it, in part or as a whole. Of others the server tells. */
const administrative: ReadonlySet<string> = new Set([
  'system_admin',
  'system_manager',
  'system_user_manager',
  'system_read_only_admin',
  'system_custom_group_admin',
  'system_shared_channel_manager',
  'system_secure_connection_manager',
]);

/**
 * @returns by name
 * @throws {InputError} with everything that is wrong in them
 */
export async function loadBundles({
  inline,
  positionOf,
  files,
  base,
}: BundleSources): Promise<ReadonlyMap<string, Bundle>> {
  const at = (nth: number): SourcePosition => positionOf(['bundle_files', nth]);
  const { places, files: paths, problems: missing } = await findFiles(files, base, false, at);
  const problems: Problem[] = [...missing];
  const texts: DocumentText[] = [];
  for (const path of paths) {
    const read = await readBundleFile(path, relative(base, path), places.get(path) ?? { below: base });
    if ('problem' in read) problems.push(read.problem);
    else texts.push(read);
  }
  return bundlesOfTexts({ inline, positionOf, texts }, problems);
}

/** The same, of texts that were read elsewhere. */
export interface BundleTexts extends Pick<BundleSources, 'inline' | 'positionOf'> {
  readonly texts: readonly DocumentText[];
}

/**
 * @param before - what was found to be wrong before
 * @returns by name
 * @throws {InputError} with everything that is wrong in them
 */
export function bundlesOfTexts(
  { inline, positionOf, texts }: BundleTexts,
  before: readonly Problem[] = [],
): ReadonlyMap<string, Bundle> {
  const found: Bundle[] = bundlesIn(inline, positionOf);
  const problems: Problem[] = [...before];
  for (const text of texts) {
    const { content, document, problems: own } = readDocument(text, bundlesKind);
    problems.push(...own);
    if (content === undefined) continue;
    found.push(...bundlesIn(content.bundles, (at) => document.source.position(document.offsetOf(at))));
  }
  const bundles = new Map<string, Bundle>();
  for (const bundle of found) {
    const first = bundles.get(bundle.name);
    if (first === undefined) bundles.set(bundle.name, bundle);
    else problems.push({ ...refuse('duplicate-bundle', { bundle: bundle.name }), at: bundle.at(), also: first.at() });
    problems.push(...flawsOf(bundle));
  }
  if (problems.length > 0) throw new InputError(sortProblems(problems));
  return bundles;
}

const bundlesIn = (bundles: Bundles, positionOf: BundleSources['positionOf']): Bundle[] =>
  Object.entries(bundles)
    .toSorted(byText(([name]) => name))
    .map(([name, { roles = [], teams = [] }]) => ({
      name,
      roles,
      teams,
      at: (part) => positionOf(['bundles', name, ...pathOf(teams, part)]),
    }));

function pathOf(teams: readonly BundleTeam[], part: string | undefined): SourcePath {
  if (part === undefined || part === 'roles') return part === undefined ? [] : [part];
  const place = part.slice('teams.'.length);
  for (const [i, team] of teams.entries()) {
    if (teamName(team) === place) return ['teams', i];
    if (typeof team === 'string') continue;
    for (const [j, channel] of (team.channels ?? []).entries())
      if (channelPlace(team.team, channelName(channel)) === place) return ['teams', i, 'channels', j];
  }
  return ['teams'];
}

async function readBundleFile(
  path: string,
  name: string,
  place: Parameters<typeof readTextFile>[0]['place'],
): Promise<DocumentText | { readonly problem: Problem }> {
  const read = await readTextFile({ path, place, maxBytes: fileLimits.config });
  if (!isRefusal(read)) return { name, ...read };
  const { why, hint: todo } = read;
  const at = { file: name, line: read.line ?? 1, column: read.column ?? 1 };
  return { problem: { ...refuse('file-unreadable', { is: 'any', name, why, todo }), at } };
}

/** What the schema cannot say. */
function flawsOf({ name, roles, teams, at }: Bundle): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (part: string, problem: ProblemText): void => {
    problems.push({ ...problem, at: at(part) });
  };
  for (const role of roles)
    if (administrative.has(role)) add('roles', refuse('administrative-bundle', { bundle: name, role }));
  const seen = new Set<string>();
  const once = (place: string): void => {
    if (seen.has(place)) add(`teams.${place}`, refuse('duplicate-place', { username: `bundle ${name}`, place }));
    seen.add(place);
  };
  for (const team of teams) {
    once(teamName(team));
    for (const channel of typeof team === 'string' ? [] : (team.channels ?? []))
      once(channelPlace(teamName(team), channelName(channel)));
  }
  return problems;
}
