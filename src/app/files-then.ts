/** What the users files said at a moment, by the commits of the branch. */

import type { Settings } from '../config/settings.ts';
import { findFiles } from '../desired/find-files.ts';
import { entriesIn, type ReadEntry } from '../desired/load-desired-state.ts';
import type { DeclaredThen, FileThen } from '../model/generated/access-report.ts';
import { keysToTrust } from './authorship.ts';
import { openGitHistory } from './git-history.ts';
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
  const files: FileThen[] = [];
  const declared = new Map<string, DeclaredThen>();
  for (const path of paths) {
    const file = shownPath(path, workingDir);
    const version = await history.versionAt(path, atMs);
    if ('state' in version) {
      files.push({ file, ...version });
      continue;
    }
    const { hash, author, committer, signature } = version.commit;
    files.push({
      file,
      state: 'committed',
      commit: hash,
      author: author.name,
      date: committer.at,
      signature: signature.state,
    });
    const options = { policy: settings.policy, secrets: settings.secrets, momentMs: atMs };
    for (const entry of entriesIn(file, version.text ?? '', options) ?? [])
      declared.set(entry.user.username, declaredBy(entry, file, hash));
  }
  return { files, declared };
}

function declaredBy({ user, line }: ReadEntry, file: string, commit: string): DeclaredThen {
  const { active, roles } = user.values;
  return {
    file,
    line,
    commit,
    ...(active !== undefined && { active }),
    ...(roles !== undefined && { roles: [...roles] }),
    ...(user.tokens !== undefined && { tokens: user.tokens.map(({ name }) => name) }),
  };
}
