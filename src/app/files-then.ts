/** What the users files said at a moment, by the commits of the branch, with the bundles of then. */

import { resolve } from 'node:path';
import { readConfigText } from '../config/load-config.ts';
import type { Settings } from '../config/settings.ts';
import { findFiles } from '../desired/find-files.ts';
import { bundlesOfTexts } from '../desired/load-bundles.ts';
import { entriesIn, type ReadEntry } from '../desired/load-desired-state.ts';
import type { Bundle } from '../model/bundles.ts';
import type { DeclaredThen, FileThen } from '../model/generated/access-report.ts';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { channelPlace, type DesiredTeam } from '../model/memberships.ts';
import { InputError } from '../model/problem.ts';
import type { DocumentText } from '../source/read-document.ts';
import { keysToTrust } from './authorship.ts';
import { type FileVersion, type GitHistory, openGitHistory, type Untold } from './git-history.ts';
import { usersFilesOf } from './load.ts';
import type { AppPorts } from './ports.ts';
import { shownPath } from './read-approvals.ts';

export interface FilesThen {
  readonly files: readonly FileThen[];
  /** By username. */
  readonly declared: ReadonlyMap<string, DeclaredThen>;
}

export const noFilesThen: FilesThen = { files: [], declared: new Map() };

export async function readFilesThen(
  settings: Settings,
  atMs: number,
  { workingDir, env }: AppPorts,
): Promise<FilesThen> {
  const isNamedByFlag = settings.files.from === 'flag';
  const { files: paths } = await findFiles(await usersFilesOf(settings), settings.base, isNamedByFlag);
  const history = await openGitHistory(settings.base, env, keysToTrust(settings.policy));
  const { files: ofBundles, bundles } = await bundlesThen(settings, history, atMs, workingDir);
  const files: FileThen[] = [...ofBundles];
  const declared = new Map<string, DeclaredThen>();
  for (const path of paths) {
    const file = shownPath(path, workingDir);
    const version = await history.versionAt(path, atMs);
    files.push(fileThen(file, version));
    if ('state' in version) continue;
    const { hash } = version.commit;
    const options = { policy: settings.policy, secrets: settings.secrets, momentMs: atMs, bundles };
    for (const entry of entriesIn(file, version.text ?? '', options) ?? [])
      declared.set(entry.user.username, declaredBy(entry, file, hash));
  }
  return { files, declared };
}

/** The files as they were; what git does not tell stands in `files` with its reason, and gives no bundle. */
async function bundlesThen(
  { bundles: { inline, files: patterns, positionOf }, configDir }: Settings,
  history: GitHistory,
  atMs: number,
  workingDir: string,
): Promise<{ readonly files: readonly FileThen[]; readonly bundles: ReadonlyMap<string, Bundle> }> {
  const nowhere = { file: 'muster.yaml', line: 1, column: 1 };
  const positionIn = positionOf ?? (() => nowhere);
  const configPath = positionOf === undefined ? undefined : resolve(workingDir, positionOf([]).file);
  const config = configPath === undefined ? undefined : await history.versionAt(configPath, atMs);
  const then = config === undefined || 'state' in config ? undefined : readConfig(config.text);
  const named = then?.bundle_files ?? (then === undefined ? patterns : []);
  const { files: paths } = await findFiles(named, configDir);
  const files: FileThen[] = [];
  const texts: DocumentText[] = [];
  for (const path of paths) {
    const file = shownPath(path, workingDir);
    const version = await history.versionAt(path, atMs);
    files.push(fileThen(file, version));
    if (!('state' in version)) texts.push({ name: file, text: version.text ?? '', isInPlace: true });
  }
  // A file that was no file of bundles then, or could not be used, gives none.
  const usable = texts.filter(({ text }) => text !== '');
  try {
    const own = then === undefined ? inline : (then.bundles ?? {});
    return { files, bundles: bundlesOfTexts({ inline: own, positionOf: positionIn, texts: usable }) };
  } catch (error) {
    if (error instanceof InputError) return { files, bundles: new Map() };
    throw error;
  }
}

/** @returns `undefined` when it was none that this version of muster reads */
function readConfig(text: string | undefined): ConfigFile | undefined {
  try {
    return text === undefined ? {} : readConfigText({ name: 'muster.yaml', text, isInPlace: true }).config;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function fileThen(file: string, version: FileVersion | Untold): FileThen {
  if ('state' in version) return { file, ...version };
  const { hash, author, committer, signature } = version.commit;
  return {
    file,
    state: 'committed',
    commit: hash,
    author: author.name,
    date: committer.at,
    signature: signature.state,
  };
}

const placesIn = ({ name, member, channels }: DesiredTeam): readonly string[] => [
  ...(member ? [name] : []),
  ...channels.flatMap((channel) => (channel.member ? [channelPlace(name, channel.name)] : [])),
];

/** Of an entry with a bundle that is not known neither roles nor teams are. */
function declaredBy({ user, line, lacksBundle }: ReadEntry, file: string, commit: string): DeclaredThen {
  const { active, roles } = user.values;
  const { teams } = user;
  return {
    file,
    line,
    commit,
    ...(active !== undefined && { active }),
    ...(roles !== undefined && !lacksBundle && { roles: [...roles] }),
    ...(teams !== undefined && !lacksBundle && { teams: teams.flatMap(placesIn) }),
    ...(user.tokens !== undefined && { tokens: user.tokens.map(({ name }) => name) }),
  };
}
