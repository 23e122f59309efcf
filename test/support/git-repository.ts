import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';

/** Runs git in a folder, as a person without a config of their own. */
export function git(dir: string, ...args: readonly string[]): string {
  const person = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...person, ...args], options(dir)).trim();
}

const options = (dir: string, more: NodeJS.ProcessEnv = {}): ExecFileSyncOptionsWithStringEncoding => ({
  cwd: dir,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { PATH: process.env['PATH'], HOME: dir, GIT_CONFIG_NOSYSTEM: '1', ...more },
});

/** One process of this large one, and its small children do the rest. */
const initAndCommit = `git init --quiet --initial-branch=main
git add --all
git -c user.name=test -c user.email=test@example.com -c maintenance.auto=false commit --quiet --allow-empty -m "$0"
git rev-parse HEAD`;

/**
 * Makes a folder a repository, and what is in it the branch `main`.
 *
 * @param more - variables of git's, such as a date
 */
export function commitAll(dir: string, message = 'base', more: NodeJS.ProcessEnv = {}): string {
  return execFileSync('sh', ['-e', '-c', initAndCommit, message], options(dir, more)).trim();
}
