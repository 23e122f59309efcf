/** A copy of the repository in which files may be changed: the work tree itself is never touched. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export class Scratch {
  readonly dir: string;

  /** @param root - of the repository; everything in it that git does not ignore is copied, as it lies there */
  constructor(root: string) {
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), 'muster-mutants-')));
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
    const deleted = new Set(namesOf(git(root, ['ls-files', '-z', '--deleted'])));
    for (const name of namesOf(git(root, list))) {
      if (deleted.has(name)) continue;
      mkdirSync(dirname(join(this.dir, name)), { recursive: true });
      cpSync(join(root, name), join(this.dir, name));
    }
    symlinkSync(join(root, 'node_modules'), join(this.dir, 'node_modules'));
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  /** While the work goes on a file has another content. */
  async having<Result>(file: string, content: string, work: () => Promise<Result>): Promise<Result> {
    const original = this.read(file);
    writeFileSync(join(this.dir, file), content);
    try {
      return await work();
    } finally {
      writeFileSync(join(this.dir, file), original);
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const git = (root: string, words: readonly string[]): string =>
  execFileSync('git', words, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const namesOf = (text: string): readonly string[] => text.split('\0').filter((name) => name !== '');
