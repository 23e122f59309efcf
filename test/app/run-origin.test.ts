/** Where a run comes from, as far as its surroundings tell. */
import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOriginOf } from '../../src/app/run-origin.ts';
import type { RunOrigin } from '../../src/model/run-origin.ts';

const commit = 'b'.repeat(40);

describe('the origin of a run', () => {
  test.each<[what: string, env: NodeJS.ProcessEnv, origin: RunOrigin]>([
    [
      'a job of GitLab',
      {
        GITLAB_CI: 'true',
        CI: 'true',
        CI_COMMIT_SHA: commit,
        CI_COMMIT_AUTHOR: 'Ada <ada@example.com>',
        CI_PROJECT_PATH: 'it/users',
        CI_JOB_NAME: 'apply',
        CI_JOB_URL: 'https://gitlab.example/it/users/-/jobs/7',
      },
      {
        commit,
        author: 'Ada <ada@example.com>',
        job: 'it/users / apply',
        url: 'https://gitlab.example/it/users/-/jobs/7',
      },
    ],
    [
      'a job of another pipeline',
      { CI: '1', GIT_COMMIT: commit, JOB_NAME: 'users', BUILD_URL: 'https://me:pw@ci.example/7/?token=x#y' },
      { commit, job: 'users', url: 'https://ci.example/7/' },
    ],
    ['a pipeline that tells nothing', { CI: 'true' }, {}],
    ['what is no commit and no address', { CI: 'true', GIT_COMMIT: '--all', BUILD_URL: 'javascript:x' }, {}],
    ['a long name', { CI: 'true', JOB_NAME: 'x'.repeat(9999) }, { job: 'x'.repeat(200) }],
    ['no pipeline', {}, {}],
  ])('of %s', async (_what, env, origin) => {
    expect(await runOriginOf(await mkdtemp(join(tmpdir(), 'muster-origin-')), env)).toEqual(origin);
  });

  test('in a repository is the commit that is checked out, with its author', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'muster-origin-'));
    const git = (...args: readonly string[]): string =>
      execFileSync('git', args, { cwd: dir, encoding: 'utf8' }).trim();
    git('init', '-q');
    git(
      '-c',
      'user.name=Grace H',
      '-c',
      'user.email=g@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'author X <y>',
    );
    const head = git('rev-parse', 'HEAD');

    expect(await runOriginOf(dir, {})).toEqual({ commit: head, author: 'Grace H' });
    // The author of this commit made no other one.
    expect(await runOriginOf(dir, { CI: 'true', GIT_COMMIT: commit })).toEqual({ commit });
  });
});
