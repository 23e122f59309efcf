/** What muster ci cannot do, by the codes that say so: a forge that fails, a state that cannot be kept, plans that no one reviewed. */
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { repositoryHere } from '../../src/app/ci/repository.ts';
import { StateBranch } from '../../src/app/ci/state-branch.ts';
import { jobFacts, openForge } from '../../src/forge/index.ts';
import type { Forge, ForgeKind } from '../../src/model/forge.ts';
import { InputError } from '../../src/model/problem.ts';
import { useFastTime } from '../support/fast-time.ts';
import { git } from '../support/git-repository.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';
import { type FakeForge, githubJob, gitlabJob, openForge as openFake } from './support/fake-forge.ts';

useFastTime();

const open = (kind: ForgeKind, env: NodeJS.ProcessEnv): Forge => openForge(kind, {}, { env, clock: systemClock });

/** The code of the error, or of its first problem. */
async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]?.code ?? 'none';
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

describe('a forge', () => {
  const pull = { name: '7', ref: 'refs/pull/7/head', target: 'main' };
  const github = (fake: FakeForge, more: Readonly<Record<string, string>> = {}): Forge =>
    open('github', githubJob(fake, more));

  test('is refused outside of its jobs, and a pull request that there cannot be', async () => {
    const fake = await openFake();

    expect(await codeOf(() => open('github', {}))).toBe('not-in-job');
    expect(await codeOf(() => open('gitlab', {}))).toBe('not-in-job');
    expect(await codeOf(() => github(fake, { GITHUB_TOKEN: '' }))).toBe('FORGE_REFUSED');
    for (const name of ['0', '1/../2', 'x', '1?a=b'])
      expect(await codeOf(() => github(fake).pullRequest(name))).toBe('no-pull-request');
    expect(await codeOf(() => open('gitlab', gitlabJob(fake, {})).pullRequest('../x'))).toBe('no-pull-request');
    expect(await codeOf(() => openForge('plain', {}, { env: {}, clock: systemClock }).pullRequest('a/b'))).toBe(
      'no-pull-request',
    );
    expect(await codeOf(() => github(fake, { GITHUB_EVENT_NAME: 'pull_request_target' }).pullRequest(undefined))).toBe(
      'never-pull-request-target',
    );
    expect(fake.seen).toEqual([]);
  });

  test('whose event is no file, a link, or without end is not read: not-in-job', async () => {
    const fake = await openFake();
    const dir = await mkdtemp(join(tmpdir(), 'muster-event-'));
    const [large, link] = [join(dir, 'large.json'), join(dir, 'link.json')];
    await writeFile(large, '{}'.padEnd(33 * 1024 * 1024));
    await symlink('/dev/zero', link);

    for (const GITHUB_EVENT_PATH of [large, link, '/dev/zero', dir, join(dir, 'nothing')])
      expect(await codeOf(() => github(fake, { GITHUB_EVENT_PATH }).pullRequest(undefined))).toBe('not-in-job');
  });

  test('that fails for a while is asked again, as long as it says, and not for ever', async () => {
    const fake = await openFake();
    for (const status of [500, 429, 502]) fake.faults.push({ when: /^POST/, status, headers: { 'retry-after': '2' } });
    await github(fake).addNote(pull, 'once');
    for (let i = 0; i < 4; i++) fake.faults.push({ when: /^POST/, status: 503 });
    const code = await codeOf(() => github(fake).addNote(pull, 'never'));

    expect(code).toBe('FORGE_FAILED');
    expect(fake.notes.map(({ body }) => body)).toEqual(['once']);
    expect(fake.seen).toHaveLength(8);
  });

  test('that refuses is not asked again; what it says of the token is told by its status alone', async () => {
    const fake = await openFake();

    expect(await codeOf(() => github(fake, { GITHUB_TOKEN: 'another' }).addNote(pull, 'x'))).toBe('FORGE_REFUSED');
    expect(await codeOf(() => github(fake, { GITHUB_API_URL: 'http://forge.example' }).notesOf(pull))).toBe(
      'FORGE_FAILED',
    );
    expect(fake.seen).toHaveLength(1);
  });

  test('of a comment that is gone by now says so, and of one too many nothing', async () => {
    const fake = await openFake();
    const gone = { id: '5', body: '' };

    for (const forge of [github(fake), open('gitlab', gitlabJob(fake, {}))])
      expect(await forge.editNote(pull, gone, 'x')).toBe(false);
    await github(fake).removeNote(pull, gone);
  });
});

describe('the branch of the state', () => {
  async function places(): Promise<{ readonly bare: string; readonly open: () => Promise<StateBranch> }> {
    const dir = await mkdtemp(join(tmpdir(), 'muster-state-branch-'));
    const bare = join(dir, 'bare.git');
    git(dir, 'init', '--quiet', '--bare', bare);
    return {
      bare,
      open: async () => {
        const own = await mkdtemp(join(dir, 'job-'));
        const place = { dir: join(own, 'tree'), gitDir: join(own, 'git'), env: process.env, clock: systemClock };
        const branch = new StateBranch({ ...place, url: bare, branch: 'muster-state' });
        await branch.load();
        return branch;
      },
    };
  }
  const file = (name: string): ReadonlyMap<string, Uint8Array> => new Map([[name, Buffer.from(name)]]);

  test.runIf(isLong)('takes what two jobs keep at the same time, and lets one of them claim it', async () => {
    const { bare, open: openBranch } = await places();
    const [one, other] = [await openBranch(), await openBranch()];

    await Promise.all([one.save(file('a/one'), []), other.save(file('b/two'), [])]);
    const third = await openBranch();
    await third.claim();
    const fourth = await openBranch();
    const refused = await codeOf(() => fourth.claim(0));
    await third.save(file('a/three'), ['a/one']);
    const fifth = await openBranch();
    await fifth.claim();
    // One that waits for its turn has it as soon as the other is done.
    const sixth = await openBranch();
    const [turn] = await Promise.all([sixth.claim(), fifth.save(file('b/five'), [])]);

    expect([refused, turn]).toEqual(['STATE_CLAIMED', undefined]);
    expect(git(bare, 'ls-tree', '-r', '--name-only', 'muster-state').split('\n')).toEqual([
      'a/three',
      'b/five',
      'b/two',
      'claim',
    ]);
  });

  test.each([
    ['far ahead', '9999-12-31T00:00:00.000Z', undefined],
    ['of a day', new Date(Date.now() + 86_400_000).toISOString(), undefined],
    ['of a job', new Date(Date.now() + 3_500_000).toISOString(), 'STATE_CLAIMED'],
  ])('keeps no one away for good: a claim %s', async (_what, until, code) => {
    const { open: openBranch } = await places();
    await (await openBranch()).save(new Map([['claim', Buffer.from(`0011223344556677 ${until}\n`)]]), []);

    const claimed = (await openBranch()).claim(0).then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'unknown'),
    );

    expect(await claimed).toBe(code);
  });

  test('that the repository does not take is an error that says so', async () => {
    const { bare, open: openBranch } = await places();
    await mkdir(join(bare, 'hooks'), { recursive: true });
    await writeFile(join(bare, 'hooks', 'pre-receive'), '#!/bin/sh\necho no >&2\nexit 1\n', { mode: 0o755 });
    const branch = await openBranch();

    expect(await codeOf(() => branch.save(file('x'), []))).toBe('CI_STATE');
  });
});

test('a page, a report of tests and code scanning are of one server: format-for-one-server', async () => {
  const place = await makeWorkplace({ 'muster.yaml': 'version: 1\nservers: { eu: {}, us: {} }\n' });

  for (const format of ['html', 'junit', 'sarif']) {
    const { code, stderr } = await place.muster(['plan', '--all', '--format', format]);
    expect([code, stderr]).toEqual([3, expect.stringContaining(`--format ${format} is for one server`)]);
  }
});

test('a folder without a remote has nothing to fetch from', async () => {
  const { dir } = await makeWorkplace();
  const ports = { workingDir: dir, env: { PATH: process.env['PATH'] } };

  expect(await codeOf(() => repositoryHere(undefined, jobFacts('plain', {}), ports))).toBe('no-remote');
  expect(await codeOf(() => repositoryHere('ext::sh -c x', jobFacts('plain', {}), ports))).toBe('no-remote');
});

test('the token of a forge goes to the repositories of that forge alone, and an address loses the one that it holds', async () => {
  const { dir } = await makeWorkplace();
  const env = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_TOKEN: 'forge-token', PATH: process.env['PATH'] };
  const facts = jobFacts('github', env);
  const at = (url: string): ReturnType<typeof repositoryHere> => repositoryHere(url, facts, { workingDir: dir, env });

  const [own, elsewhere, local] = [
    await at('https://x-access-token:secret@github.com/team/chat'),
    await at('https://github.com.evil.example/team/chat'),
    await at('/srv/chat.git'),
  ];

  expect(own.url).toBe('https://github.com/team/chat');
  expect(own.credential).toBeDefined();
  expect([elsewhere.credential, local.credential]).toEqual([undefined, undefined]);
});

test('without a merge and without a digest there is nothing-reviewed that could be applied', async () => {
  const place = await makeWorkplace(
    { 'muster.yaml': 'version: 1\n', 'users.yaml': 'version: 1\nusers: []\n' },
    { MUSTER_SERVER: 'http://127.0.0.1:9', MUSTER_TOKEN: 'x', PATH: process.env['PATH'] },
  );
  git(place.dir, 'init', '--quiet');
  git(place.dir, 'add', '--all');
  git(place.dir, 'commit', '--quiet', '-m', 'x');

  const nothing = await place.muster(['ci', 'apply', '--state', 'kept']);
  const unknown = await place.muster(['ci', 'apply', '--digest', `sha256:${'0'.repeat(64)}`, '--state', 'kept']);

  expect([nothing.code, unknown.code]).toEqual([3, 3]);
  expect(nothing.stderr).toContain('nothing says which commit was merged');
  expect(unknown.stderr).toContain('is not kept here');
});
