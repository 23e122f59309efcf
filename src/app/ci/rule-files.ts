/** Files of a repository that say how muster works, and who may say so. */
import { join, relative, sep } from 'node:path';
import { comparedFiles } from '../../config/named-files.ts';
import type { Settings } from '../../config/settings.ts';
import { pickFiles } from '../../desired/find-files.ts';

/** By their usual names, wherever they lie: a pull request may bring one that no setting names yet. */
const usual =
  /(?:^|\/)(?:muster\.yaml|approvals\.ya?ml|waivers\.ya?ml|bundles\.ya?ml|CODEOWNERS|\.gitlab-ci\.yml)$|^\.(?:github|gitlab)\//;

/**
 * @param paths - from the root, with `/`
 * @param settings - of the branch that they are to be merged into
 * @param root - absolute
 * @returns those among them, in their order
 */
export function rulesAmong(paths: readonly string[], settings: Settings, root: string): readonly string[] {
  const patterns = Object.values(comparedFiles).flatMap((namedIn) => namedIn(settings));
  const nameOf = (path: string): string => relative(settings.configDir, join(root, path)).split(sep).join('/');
  const named = new Set(pickFiles(patterns, paths.map(nameOf)));
  return paths.filter((path) => named.has(nameOf(path)) || usual.test(path));
}
