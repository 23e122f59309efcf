import { execFileSync } from 'node:child_process';

/** Runs git in a folder, as a person without a config of their own. */
export function git(dir: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: dir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: dir, GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
}

/** Makes a folder a repository, and what is in it the branch `main`. */
export function commitAll(dir: string, message = 'base'): string {
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git(dir, 'rev-parse', 'HEAD');
}
