/** The bundles that entries may name: those of this checkout, and those of the base of a comparison. */
import { join, relative } from 'node:path';
import type { Base } from '../config/load-base.ts';
import type { Settings } from '../config/settings.ts';
import { pickFiles } from '../desired/find-files.ts';
import { bundlesOfTexts, loadBundles } from '../desired/load-bundles.ts';
import type { Bundle } from '../model/bundles.ts';
import type { SourcePosition } from '../model/problem.ts';
import type { InputOptions, UsersFrom } from './ports.ts';

type Bundles = ReadonlyMap<string, Bundle>;

/** The same place in the other folder. */
export const insteadOf = (path: string, { root, instead }: UsersFrom): string => join(instead, relative(root, path));

/** Files of bundles are data like users files: those of a pull request are read where its users files are. */
export async function bundlesOf(
  { bundles: { inline, files, positionOf }, configDir }: Pick<Settings, 'bundles' | 'configDir'>,
  { usersFrom }: Pick<InputOptions, 'usersFrom'>,
): Promise<Bundles> {
  if (Object.keys(inline).length === 0 && files.length === 0) return new Map();
  return await loadBundles({
    inline,
    files,
    base: usersFrom === undefined ? configDir : insteadOf(configDir, usersFrom),
    positionOf: positionOf ?? nowhere,
  });
}

const nowhere = (): SourcePosition => ({ file: 'muster.yaml', line: 1, column: 1 });

/**
 * Those of the base, wherever its config says that they stand.
 *
 * @throws {InputError} when they cannot be read, or anything is wrong in them
 */
export async function bundlesOfBase({ config, positionOf = nowhere, filesBelow }: Base): Promise<Bundles> {
  const { bundles: inline = {}, bundle_files: patterns = [] } = config;
  const texts = patterns.length === 0 ? [] : await filesBelow((names) => pickFiles(patterns, names));
  return bundlesOfTexts({ inline, positionOf: (path) => positionOf(path.map(String)), texts });
}
