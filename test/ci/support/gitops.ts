/** A team's repository on a bare one, the server that it is about, and runners that are fresh for each job. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';
import { commitAll, git } from '../../support/git-repository.ts';
import { type MusterOptions, makeWorkplace, type Run } from '../../support/run-muster.ts';

export interface Team {
  readonly sandbox: Sandbox;
  /** Absolute: the bare repository that everyone pushes to. */
  readonly bare: string;
  /** Where a person works. */
  readonly work: string;
  /** A fresh machine that has checked out a branch. */
  runner(branch?: string): Promise<Runner>;
  /** Commits files on a branch that goes out from main, or from another commit, and pushes it. */
  push(branch: string, files: Readonly<Record<string, string>>, startsAt?: string): Promise<string>;
  /** The newest commit of a branch. */
  head(branch: string): string;
  /** Merges a branch into main, and pushes it. */
  merge(branch: string, how?: MergeBy): string;
}

export type MergeBy = 'merge' | 'squash' | 'fast-forward';

export interface Runner {
  readonly dir: string;
  /** What its jobs know before any event. */
  readonly env: NodeJS.ProcessEnv;
  muster(args: readonly string[], options?: MusterOptions): Promise<Run>;
}

export const names: readonly string[] = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay', 'gil', 'hal'];

export const musterYaml = 'version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\npolicy: { min_admins: 1 }\n';

/** @param nicknames - what the entry of a person wants; by default as the server has it */
export function usersYaml(nicknames: Readonly<Record<string, string>> = {}, more = ''): string {
  const entries = names.map((name) => `  - { username: ${name}, nickname: ${nicknames[name] ?? 'x'} }\n`);
  return `version: 1\nusers:\n${entries.join('')}${more}`;
}

export interface TeamOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly server?: SandboxOptions;
}

export async function openTeam({ files = {}, env = {}, server = {} }: TeamOptions = {}): Promise<Team> {
  const users = names.map((username) => ({ username, nickname: 'x' }));
  const sandbox = await startSandbox({ ...server, seed: { users, ...server.seed } });
  const dir = await mkdtemp(join(tmpdir(), 'muster-team-'));
  onTestFinished(async () => {
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  });
  const [bare, work] = [join(dir, 'bare.git'), join(dir, 'work')];
  git(dir, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await mkdir(work);
  const write = async (added: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(added)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), text);
    }
  };
  await write({
    'muster.yaml': musterYaml,
    'users.yaml': usersYaml(),
    'approvals.yaml': 'version: 1\napprovals: []\n',
    ...files,
  });
  commitAll(work);
  git(work, 'push', '--quiet', bare, 'main');
  return {
    sandbox,
    bare,
    work,
    runner: async (branch = 'main') => {
      const own: NodeJS.ProcessEnv = {
        CI: 'true',
        PATH: process.env['PATH'],
        MUSTER_SERVER: sandbox.url,
        MUSTER_TOKEN: sandbox.adminToken,
        ...env,
      };
      const place = await makeWorkplace({}, own);
      git(dirname(place.dir), 'clone', '--quiet', '--branch', branch, bare, join(place.dir, 'repository'));
      const commit = git(join(place.dir, 'repository'), 'rev-parse', 'HEAD');
      return {
        dir: join(place.dir, 'repository'),
        env: { XDG_STATE_HOME: join(place.dir, 'state'), GIT_COMMIT: commit, ...own },
        muster: (args, options = {}) =>
          place.muster(args, { in: 'repository', ...options, env: { GIT_COMMIT: commit, ...options.env } }),
      };
    },
    head: (branch) => git(work, 'rev-parse', branch),
    push: async (branch, added, startsAt = 'main') => {
      git(work, 'checkout', '--quiet', '-B', branch, startsAt);
      await write(added);
      git(work, 'add', '--all');
      git(work, 'commit', '--quiet', '--allow-empty', '-m', branch);
      const commit = git(work, 'rev-parse', 'HEAD');
      git(work, 'push', '--quiet', '--force', bare, branch);
      git(work, 'checkout', '--quiet', 'main');
      return commit;
    },
    merge: (branch, how = 'merge') => {
      if (how === 'fast-forward') git(work, 'merge', '--quiet', '--ff-only', branch);
      else if (how === 'merge') git(work, 'merge', '--quiet', '--no-ff', '-m', `merge ${branch}`, branch);
      else {
        git(work, 'merge', '--quiet', '--squash', branch);
        git(work, 'commit', '--quiet', '-m', `merge ${branch}`);
      }
      git(work, 'push', '--quiet', bare, 'main');
      return git(work, 'rev-parse', 'HEAD');
    },
  };
}

export const digestIn = (text: string): string => /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? 'no digest';
