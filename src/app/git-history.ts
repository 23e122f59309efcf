/**
 * What git tells of the files that muster reads: which commit brought a line, who wrote it, and whether a signature proves it.
 *
 * - `openGitHistory(dir, env, keys)`: the history of the repository that a folder lies in; never throws for what git does not tell.
 * - `lineOf(path, line)`: the commit that brought a line, as `git blame` has it.
 * - `lineAt(place)`, `textAt(place)`, `changedBy(hash)`: the same of a line of an older commit, the text of a file there, and which
 *   files a commit changed; with them an entry is followed back.
 * - `arrivalOf(hash)`: the commit that brought another one into the branch: the merge, or itself.
 * - `versionAt(path, atMs)`: what a file said at a moment, as the branch had it then.
 * - `heldTogether(hash, path, lines)`: whether lines stood together in a file after a commit.
 * - `GitCommit.signature`: `verified` by one of the keys that were given, and only then.
 *
 * Names and dates of commits are what their writers put there. Whatever cannot be told is `not verifiable` with its reason,
 * and so is everything in a shallow clone: the commit that seems to have brought a line there is only the oldest that was fetched.
 * git runs as in `config/run-git.ts`; signatures are checked by `commit-signature.ts`, so that no program that a repository names is run.
 */
import { relative, resolve, sep } from 'node:path';
import { type Git, type GitOutput, openWorkTree } from '../config/run-git.ts';
import { MusterError } from '../model/muster-error.ts';
import type { PublicKey } from '../model/public-keys.ts';
import { isIdleLine } from '../source/item-lines.ts';
import { type CommitSignature, signatureOf } from './commit-signature.ts';
import { commitOf, type GitCommit } from './git-commit.ts';

/** What git does not tell, and why. */
export interface Untold {
  readonly state: 'not committed' | 'not verifiable';
  readonly why: string;
}

/** Where a line comes from. */
export type LineOrigin =
  | {
      readonly state: 'committed';
      readonly commit: GitCommit;
      /** The file in the repository, and the line in it, at that commit. */
      readonly file: string;
      readonly line: number;
      /** The name of the file before that commit; absent: the commit made it. */
      readonly fileBefore?: string;
    }
  | Untold;

/** A file as a commit has it. */
export interface FileAt {
  readonly hash: string;
  /** In the repository. */
  readonly file: string;
}

/** A file as the branch had it from a commit on. */
export interface FileVersion {
  readonly commit: GitCommit;
  /** Absent: the commit removed the file. */
  readonly text?: string;
}

export interface GitHistory {
  /**
   * @param path - absolute, of a file as it lies here; one that differs from the committed one is `not committed`
   * @param line - counted from 1
   */
  lineOf(path: string, line: number): Promise<LineOrigin>;
  /** @param line - counted from 1, of the file as the commit has it */
  lineAt(place: FileAt & { readonly line: number }): Promise<LineOrigin>;
  /** @returns `undefined` where the commit has no such file */
  textAt(place: FileAt): Promise<string | undefined>;
  /** @returns the files that a commit changed or took away, as its first parent had them; none for a first commit */
  changedBy(hash: string): Promise<readonly FileAt[]>;
  /** @param hash - of a commit that `lineOf` told */
  arrivalOf(hash: string): Promise<GitCommit | Untold>;
  /**
   * Along the first parents: a merge counts where it changed the file.
   *
   * @param path - absolute
   * @param atMs - milliseconds since the epoch
   */
  versionAt(path: string, atMs: number): Promise<FileVersion | Untold>;
  /**
   * Whether lines of the file stood in it after a commit as they stand now, one right after the other; blank lines and comments do
   * not count. Lines that were moved together, or come from another file, did not.
   *
   * @param path - absolute
   * @param lines - counted from 1, in their order
   */
  heldTogether(hash: string, path: string, lines: readonly number[]): Promise<boolean>;
}

/**
 * @param dir - absolute
 * @param keys - whose signatures count as verified
 */
export async function openGitHistory(
  dir: string,
  env: NodeJS.ProcessEnv,
  keys: readonly PublicKey[] = [],
): Promise<GitHistory> {
  const tree = await openWorkTree(dir, env, 'HEAD');
  const untold = tree === undefined ? noRepository : await whyUntold(tree.git);
  if (tree === undefined || untold !== undefined) {
    const why = async (): Promise<Untold> => untold ?? noRepository;
    return {
      lineOf: why,
      lineAt: why,
      textAt: async () => undefined,
      changedBy: async () => [],
      arrivalOf: why,
      versionAt: why,
      heldTogether: async () => false,
    };
  }
  const head = textOf(await tree.git(['rev-parse', 'HEAD']));
  return new Repository(tree.git, { root: tree.root, head, signatureOf: (raw) => signatureOf(raw, keys, env) });
}

const textOf = ({ stdout }: GitOutput): string => stdout.toString('utf8').replace(/\n$/, '');
const linesIn = (output: GitOutput): readonly string[] => textOf(output).split('\n').filter(Boolean);

const notVerifiable = (why: string): Untold => ({ state: 'not verifiable', why });
const notCommitted = (why: string): Untold => ({ state: 'not committed', why });

const noRepository = notVerifiable('the files do not lie in a git repository that can be read');

async function whyUntold(git: Git): Promise<Untold | undefined> {
  try {
    const shallow = await git(['rev-parse', '--is-shallow-repository']);
    if (shallow.code !== 0) return noRepository;
    // What an old git does not know it prints back.
    if (textOf(shallow) !== 'false') return notVerifiable('the clone is shallow: fetch its whole history');
    const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    if (head.code !== 0) return notCommitted('the repository has no commit');
    // git blame takes the commit after one that is missing for the first one.
    const all = await git(['rev-list', '--count', 'HEAD']);
    return all.code === 0 ? undefined : notVerifiable('commits are missing here: fetch the whole history');
  } catch (error) {
    return because(error);
  }
}

/** What git does not tell stops no report. */
function because(error: unknown): Untold {
  if (error instanceof MusterError) return notVerifiable(error.message);
  throw error;
}

interface Place {
  readonly root: string;
  readonly head: string;
  /** Of a commit as git stores it. */
  readonly signatureOf: (raw: Uint8Array) => Promise<CommitSignature>;
}

interface BlamedLine extends FileAt {
  readonly line: number;
  readonly fileBefore?: string;
}

/** Much more than a users file of the largest server takes. */
const maxFile = 64 * 1024 * 1024;

class Repository implements GitHistory {
  readonly #git: Git;
  readonly #place: Place;
  readonly #commits = new Map<string, Promise<GitCommit | Untold>>();
  readonly #blamed = new Map<string, Promise<ReadonlyMap<number, BlamedLine> | Untold>>();
  readonly #lines = new Map<string, Promise<FileLines>>();
  /** Along the first parents, the newest first. */
  #branch: Promise<readonly string[]> | undefined;

  constructor(git: Git, place: Place) {
    this.#git = git;
    this.#place = place;
  }

  async lineOf(path: string, line: number): Promise<LineOrigin> {
    try {
      return await this.#origin(await remembered(this.#blamed, path, () => this.#blame(path)), line);
    } catch (error) {
      return because(error);
    }
  }

  async lineAt({ hash, file, line }: FileAt & { readonly line: number }): Promise<LineOrigin> {
    try {
      return await this.#origin(await this.#blameAt({ hash, file }, ['-L', `${line},${line}`]), line);
    } catch (error) {
      return because(error);
    }
  }

  async #origin(lines: ReadonlyMap<number, BlamedLine> | Untold, line: number): Promise<LineOrigin> {
    if ('state' in lines) return lines;
    const found = lines.get(line);
    if (found === undefined) return notCommitted('the committed file has no such line');
    const { hash, ...place } = found;
    const commit = await this.#commit(hash);
    return 'state' in commit ? commit : { state: 'committed', commit, ...place };
  }

  async textAt({ hash, file }: FileAt): Promise<string | undefined> {
    const blob = await this.#git(['cat-file', 'blob', `${hash}:${file}`], maxFile);
    return blob.code === 0 ? blob.stdout.toString('utf8') : undefined;
  }

  async changedBy(hash: string): Promise<readonly FileAt[]> {
    const parent = await this.#git(['rev-parse', '--verify', '--quiet', `${hash}^1`]);
    if (parent.code !== 0) return [];
    const before = textOf(parent);
    const asked = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', '--diff-filter=MD', before, hash];
    const { stdout } = await this.#git(asked, maxFile);
    const files = stdout.toString('utf8').split('\0').filter(Boolean);
    return files.map((file) => ({ hash: before, file }));
  }

  async arrivalOf(hash: string): Promise<GitCommit | Untold> {
    try {
      const { head } = this.#place;
      this.#branch ??= this.#hashes(['--first-parent', head]);
      const branch = await this.#branch;
      if (branch.includes(hash)) return await this.#commit(hash);
      const later = new Set(await this.#hashes(['--ancestry-path', `${hash}..${head}`]));
      // The newest comes first.
      const merge = branch.findLast((one) => later.has(one));
      return merge === undefined ? notVerifiable('the branch does not lead to it') : await this.#commit(merge);
    } catch (error) {
      return because(error);
    }
  }

  async versionAt(path: string, atMs: number): Promise<FileVersion | Untold> {
    try {
      const name = this.#nameOf(path);
      if (name === undefined) return outside;
      const format = ['--format=%H %ct', '--no-follow', '--no-renames', '--no-show-signature'];
      const log = ['--literal-pathspecs', 'log', '--first-parent', ...format, this.#place.head, '--', name];
      const dated = linesIn(await this.#git(log, maxFile)).map((line): DatedCommit => {
        const [hash = '', seconds = ''] = line.split(' ');
        return { hash, ms: Number(seconds) * 1000 };
      });
      if (dated.length === 0) return notCommitted('no commit has the file');
      const hash = newestAt(dated, atMs);
      if (typeof hash !== 'string') return hash;
      const commit = await this.#commit(hash);
      if ('state' in commit) return commit;
      const blob = await this.#git(['cat-file', 'blob', `${hash}:${name}`], maxFile);
      return { commit, ...(blob.code === 0 && { text: blob.stdout.toString('utf8') }) };
    } catch (error) {
      return because(error);
    }
  }

  async heldTogether(hash: string, path: string, lines: readonly number[]): Promise<boolean> {
    const name = this.#nameOf(path);
    if (name === undefined) return false;
    const now = await this.#linesAt(this.#place.head, name);
    const [first = '', ...others] = lines.map((line) => now.all[line - 1] ?? '').filter((text) => !isIdleLine(text));
    const { said, places } = await this.#linesAt(hash, name);
    return (places.get(first) ?? []).some((at) => others.every((text, i) => said[at + 1 + i] === text));
  }

  #linesAt(hash: string, name: string): Promise<FileLines> {
    return remembered(this.#lines, `${hash}:${name}`, async () => {
      const blob = await this.#git(['cat-file', 'blob', `${hash}:${name}`], maxFile);
      return fileLines(blob.code === 0 ? blob.stdout.toString('utf8') : '');
    });
  }

  async #hashes(args: readonly string[]): Promise<readonly string[]> {
    return linesIn(await this.#git(['rev-list', ...args], maxFile));
  }

  /** @returns `undefined` for what lies outside */
  #nameOf(path: string): string | undefined {
    const name = relative(this.#place.root, path);
    return name.startsWith('..') || name === '' || resolve(name) === name ? undefined : name.split(sep).join('/');
  }

  async #blame(path: string): Promise<ReadonlyMap<number, BlamedLine> | Untold> {
    const name = this.#nameOf(path);
    if (name === undefined) return outside;
    const { head } = this.#place;
    const committed = await this.#git(['rev-parse', '--verify', '--quiet', `${head}:${name}`]);
    if (committed.code !== 0) return notCommitted('the file is not committed');
    const here = await this.#git(['hash-object', '--no-filters', '--', path]);
    if (textOf(here) !== textOf(committed)) return notCommitted('the file here differs from the committed one');
    return await this.#blameAt({ hash: head, file: name });
  }

  async #blameAt(
    { hash, file }: FileAt,
    lines: readonly string[] = [],
  ): Promise<ReadonlyMap<number, BlamedLine> | Untold> {
    const asked = ['--literal-pathspecs', 'blame', '--porcelain', '--no-textconv', ...lines, hash, '--', file];
    const blamed = await this.#git(['-c', 'blame.ignoreRevsFile=', '-c', 'core.quotePath=false', ...asked], maxFile);
    return blamed.code === 0 ? linesOf(blamed.stdout.toString('utf8')) : notVerifiable('git blame failed');
  }

  #commit(hash: string): Promise<GitCommit | Untold> {
    return remembered(this.#commits, hash, async () => {
      const { code, stdout } = await this.#git(['cat-file', 'commit', hash], 1024 * 1024);
      if (code !== 0) return notVerifiable('a commit is missing here: fetch the whole history');
      return commitOf(hash, stdout, await this.#place.signatureOf(stdout));
    });
  }
}

interface FileLines {
  readonly all: readonly string[];
  /** Without blank ones and comments. */
  readonly said: readonly string[];
  /** Where in `said` each text stands. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

function fileLines(text: string): FileLines {
  const all = text.split('\n');
  const said = all.filter((line) => !isIdleLine(line));
  const places = new Map<string, number[]>();
  for (const [at, line] of said.entries()) {
    const known = places.get(line);
    if (known === undefined) places.set(line, [at]);
    else known.push(at);
  }
  return { all, said, places };
}

interface DatedCommit {
  readonly hash: string;
  /** Of its committer, milliseconds since the epoch. */
  readonly ms: number;
}

/** @param dated - the newest first; where dates do not follow that order, one of them is wrong */
function newestAt(dated: readonly DatedCommit[], atMs: number): string | Untold {
  const i = dated.findIndex(({ ms }) => ms <= atMs);
  const found = dated[i];
  if (found === undefined) return notCommitted('no commit had it by then');
  return dated.slice(i + 1).some(({ ms }) => ms > found.ms)
    ? notVerifiable('the dates of its commits do not follow their order')
    : found.hash;
}

const outside = notVerifiable('the file lies outside the repository');

function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** The header of a line names its commit and its place; details of a commit follow where it is named first. */
function linesOf(porcelain: string): ReadonlyMap<number, BlamedLine> {
  const lines = new Map<number, BlamedLine>();
  const files = new Map<string, string>();
  const before = new Map<string, string>();
  let current = { hash: '', line: 0, final: 0 };
  for (const text of porcelain.split('\n')) {
    const [, hash, line, final] = /^([0-9a-f]{40,64}) (\d+) (\d+)(?: \d+)?$/.exec(text) ?? [];
    const [, older] = /^previous [0-9a-f]{40,64} (.*)$/.exec(text) ?? [];
    if (hash !== undefined) current = { hash, line: Number(line), final: Number(final) };
    else if (older !== undefined) before.set(current.hash, older);
    else if (text.startsWith('filename ')) files.set(current.hash, text.slice('filename '.length));
    else if (text.startsWith('\t')) {
      const { hash: commit, line: place, final: number } = current;
      const fileBefore = before.get(commit);
      const file = files.get(commit) ?? '';
      lines.set(number, { hash: commit, line: place, file, ...(fileBefore !== undefined && { fileBefore }) });
    }
  }
  return lines;
}
