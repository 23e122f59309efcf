/**
 * Files of a commit, read through git's plumbing. The repository may be a stranger's pull request: git runs without a shell,
 * never sees muster's environment, reads objects alone (no work tree, no filters, no hooks), and goes to no network.
 */
import { type BaseFiles, maxBaseFile, maxBaseListing, unusableBase } from './base-files.ts';
import { type Git, type GitOutput, openWorkTree, type WorkTree } from './run-git.ts';

/** Such as `origin/main`, `HEAD~1`, `v1.0`, `main@{upstream}` or a commit: no option, no range, no path, no search. */
const plainRef = /^(?!.*\.\.)(?!.*\/\/)[\p{L}\p{N}@][\p{L}\p{N}._/@{}^~+#-]{0,254}$/u;

/** Git looks for these as they are written, before it looks for a tag of that name. */
const isFullRef = /^(?:refs\/|HEAD(?:$|[~^@]))/;

/**
 * @param name - as the person wrote it
 * @throws {InputError} when it is no commit of the repository that the working directory lies in
 */
export async function openGitBase(name: string, workingDir: string, env: NodeJS.ProcessEnv): Promise<BaseFiles> {
  if (!plainRef.test(name)) {
    throw unusableBase({ is: 'no-ref', name: JSON.stringify(name.slice(0, 60)) });
  }
  const { root, git } = await inRepository(name, workingDir, env);
  const commit = await commitOf(git, name);
  return {
    name,
    commit,
    root,
    show: (path) => `${name}:${path}`,
    read: (path, maxBytes = maxBaseFile) => readBlob(git, { commit, path, name }, maxBytes),
    list: (folder) => listTree(git, { commit, path: folder, name }),
  };
}

/** One line, without its end. */
const textOf = ({ stdout }: GitOutput): string => stdout.toString('utf8').replace(/\n$/, '');

async function inRepository(name: string, workingDir: string, env: NodeJS.ProcessEnv): Promise<WorkTree> {
  const tree = await openWorkTree(workingDir, env, name);
  const outside = await tree?.git(['rev-parse', '--show-prefix', '--show-superproject-working-tree']);
  if (outside?.stderr.includes('dubious ownership') === true) {
    throw unusableBase({ is: 'dubious-ownership', name, folder: workingDir });
  }
  // Its root has no folder of the repository before it, unless git saw another repository than muster.
  const [prefix, around = ''] = outside?.code === 0 ? textOf(outside).split('\n') : [];
  if (tree === undefined || prefix !== '') {
    throw unusableBase({ is: 'no-repository', name, folder: workingDir });
  }
  if (around !== '') {
    throw unusableBase({ is: 'in-submodule', name, folder: workingDir });
  }
  return tree;
}

async function commitOf(git: Git, name: string): Promise<string> {
  const answer = await git(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]);
  const commit = textOf(answer);
  if (answer.stderr.includes('is ambiguous') && !isFullRef.test(name)) {
    throw unusableBase({ is: 'two-meanings', name });
  }
  if (answer.code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  const isShallow = textOf(await git(['rev-parse', '--is-shallow-repository'])) === 'true';
  throw unusableBase({ is: isShallow ? 'shallow' : 'no-commit', name });
}

interface Entry {
  readonly mode: string;
  readonly oid: string;
  readonly size: number;
  readonly path: string;
}

interface BlobToRead {
  readonly commit: string;
  readonly path: string;
  readonly name: string;
}

async function readBlob(git: Git, { commit, path, name }: BlobToRead, maxBytes: number): Promise<string | undefined> {
  type Blemish = 'not-looked-up' | 'link' | 'submodule' | 'folder' | 'too-large' | 'not-read' | 'no-utf-8';
  const unusable = (is: Blemish): Error => unusableBase({ is, name, path });
  const parts = path.split('/');
  const ways = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  const listed = await git(['--literal-pathspecs', 'ls-tree', '-z', '-l', '-t', '--full-tree', commit, '--', ...ways]);
  if (listed.code !== 0) throw unusable('not-looked-up');
  const entries = entriesOf(listed.stdout.toString('utf8')).filter((entry) => ways.includes(entry.path));
  if (entries.some(({ mode }) => mode === '120000')) throw unusable('link');
  if (entries.some(({ mode }) => mode === '160000')) throw unusable('submodule');
  const entry = entries.find((one) => one.path === path);
  if (entry === undefined) return undefined;
  if (!entry.mode.startsWith('100')) throw unusable('folder');
  // A size that is not known is not small.
  if (!(entry.size <= maxBytes)) throw unusable('too-large');
  const blob = await git(['cat-file', 'blob', entry.oid], maxBytes + 1);
  if (blob.code !== 0) throw unusable('not-read');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(blob.stdout);
  } catch {
    throw unusable('no-utf-8');
  }
}

/** What a folder holds is asked of the commit; a submodule is a line of it, and refused where it is read. */
async function listTree(git: Git, { commit, path, name }: BlobToRead): Promise<readonly string[]> {
  const below = path === '' ? [] : ['--', `${path}/`];
  const listed = await git(
    ['--literal-pathspecs', 'ls-tree', '-r', '-z', '-l', '--full-tree', commit, ...below],
    maxBaseListing,
  );
  if (listed.code !== 0) throw unusableBase({ is: 'not-looked-up', name, path });
  return entriesOf(listed.stdout.toString('utf8')).map((entry) => entry.path);
}

function entriesOf(listing: string): readonly Entry[] {
  return listing.split('\0').flatMap((line) => {
    const [, mode, oid, size, path] = /^(\d{6}) \w+ ([0-9a-f]+) +(\S+)\t([^]*)$/.exec(line) ?? [];
    return mode === undefined || oid === undefined || path === undefined
      ? []
      : [{ mode, oid, size: Number(size), path }];
  });
}

/** The commit that a folder has checked out. */
export interface Head {
  readonly commit: string;
  readonly author?: string;
}

/** @returns `undefined` where there is none, or git does not tell: that stops no command */
export async function headOf(dir: string, env: NodeJS.ProcessEnv): Promise<Head | undefined> {
  try {
    const tree = await openWorkTree(dir, env, 'HEAD');
    if (tree === undefined) return undefined;
    const commit = await commitOf(tree.git, 'HEAD');
    const { stdout } = await tree.git(['cat-file', 'commit', commit]);
    const [, author] = /^author (.*) <.*$/m.exec(stdout.toString('utf8')) ?? [];
    return { commit, ...(author !== undefined && { author }) };
  } catch {
    return undefined;
  }
}
