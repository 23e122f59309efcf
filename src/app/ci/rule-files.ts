/** Files of a repository that say how muster works, and who may say so. */
import { join, relative, sep } from 'node:path';
import { type ComparedFile, comparedFiles } from '../../config/named-files.ts';
import type { Settings } from '../../config/settings.ts';
import { pickFiles } from '../../desired/find-files.ts';
import { compareText } from '../../model/compare.ts';

/** What a file decides about, the gravest first: a list is cut at its end, and a pull request may bring as many as it likes. */
const kinds = ['settings', 'approvals', 'waivers', 'owners', 'pipeline', 'bundle_files', 'forge'] as const;
type RuleKind = (typeof kinds)[number];

/** By their usual names, wherever they lie: a pull request may bring one that no setting names yet. */
const usual: Readonly<Record<RuleKind, RegExp>> = {
  settings: /(?:^|\/)muster\.yaml$/,
  approvals: /(?:^|\/)approvals\.ya?ml$/,
  waivers: /(?:^|\/)waivers\.ya?ml$/,
  bundle_files: /(?:^|\/)bundles\.ya?ml$/,
  owners: /(?:^|\/)CODEOWNERS$/,
  pipeline: /(?:^|\/)\.gitlab-ci\.yml$/,
  forge: /^\.(?:github|gitlab)\//,
};

/**
 * @param paths - from the root, with `/`
 * @param settings - of the branch that they are to be merged into
 * @param root - absolute
 * @param config - absolute: the file that the settings stand in, where it was named
 * @returns those among them: first one of each kind, the gravest first, then one more of each, so that no number of one kind hides another
 */
export function rulesAmong(
  paths: readonly string[],
  settings: Settings,
  root: string,
  config?: string,
): readonly string[] {
  const ofKinds = kinds.map((kind) => ofKind(kind, paths, settings, root, config));
  const longest = Math.max(...ofKinds.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, nth) => ofKinds.flatMap((own) => own.slice(nth, nth + 1)));
  return [...new Set(inTurn.flat())];
}

/** Those that settings name come before others of a usual name, and those near the root before others. */
function ofKind(
  kind: RuleKind,
  paths: readonly string[],
  settings: Settings,
  root: string,
  config: string | undefined,
): readonly string[] {
  const nameOf = (path: string): string => relative(settings.configDir, join(root, path)).split(sep).join('/');
  const named = isCompared(kind) ? new Set(pickFiles(comparedFiles[kind](settings), paths.map(nameOf))) : new Set();
  const isNamed = (path: string): boolean =>
    kind === 'settings' ? join(root, path) === config : named.has(nameOf(path));
  return paths
    .filter((path) => isNamed(path) || usual[kind].test(path))
    .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || depthOf(a) - depthOf(b) || compareText(a, b));
}

const isCompared = (kind: RuleKind): kind is ComparedFile => Object.hasOwn(comparedFiles, kind);

const depthOf = (path: string): number => path.split('/').length;
