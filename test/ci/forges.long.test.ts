/** The kit in jobs of GitHub Actions and of GitLab CI, on a stand-in for their APIs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { ciMarkOf, markText } from '../../src/model/ci-mark.ts';
import { hourMs } from '../../src/model/duration.ts';
import { longestLifetimeMs } from '../../src/model/plan-lifetime.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { git } from '../support/git-repository.ts';
import { bot, person, repository } from './support/fake-forge.ts';
import { digestIn, musterYaml, names, usersYaml } from './support/gitops.ts';
import {
  afterPull,
  bodies,
  type JobRun,
  ofPull,
  openStage,
  refOf,
  type Stage,
  type StageForge,
} from './support/stage.ts';

useFastTime();

const state = ['--state', 'branch:muster-state'];
const noted = (body: string): string => ciMarkOf(body)?.at ?? '';
const forges: readonly StageForge[] = ['github', 'gitlab'];

describe.each(forges)('a pull request on %s', (kind) => {
  test('has one comment, whatever is pushed and however it fails; its very plan is applied after the merge', async () => {
    const stage = await openStage({ kind });
    await stage.open(7, { 'users.yaml': usersYaml({ ann: 'Annie' }) });

    const first = await stage.job(['ci', 'plan', ...state], ofPull(7));
    const shown = bodies(stage);
    await stage.open(7, { 'users.yaml': 'version: 1\nusers: [{ username: ann, emial: x }]\n' });
    const broken = await stage.job(['ci', 'plan', ...state], ofPull(7));
    const wrong = bodies(stage);
    await stage.open(7, { 'users.yaml': usersYaml({ ann: 'Annie', ben: 'Benny' }) });
    const last = await stage.job(['ci', 'plan', ...state], ofPull(7));
    const reviewed = bodies(stage);
    const commit = stage.merge(7);
    const applied = await stage.job(['ci', 'apply', ...state], { commit });
    const again = await stage.job(['ci', 'plan', ...state], { commit });

    expect([first.code, broken.code, last.code, applied.code, again.code]).toEqual([0, 3, 0, 0, 0]);
    expect(shown).toEqual([expect.stringContaining('### muster plan: 1 action for 1 person')]);
    expect(first.summary).toContain('### muster plan: 1 action for 1 person');
    if (kind === 'github') {
      expect(first.stdout).toMatch(/^::notice /);
      expect(broken.stdout).toMatch(/^::error file=users\.yaml/);
    }
    expect(wrong).toEqual([expect.stringMatching(/### muster ci plan: 1 problem[^]*`users\.yaml:2:\d+`/)]);
    expect(reviewed).toEqual([expect.stringContaining('### muster plan: 2 actions for 2 people')]);
    expect(bodies(stage)).toEqual([
      reviewed[0],
      expect.stringContaining('### muster apply: Applied: 2 of 2 actions done'),
    ]);
    expect(again.summary).toContain('no actions');
  });

  test('is planned with settings of its target, whatever it changes of them, and that is said', async () => {
    const stage = await openStage({ kind });
    await stage.open(8, {
      'users.yaml': usersYaml(Object.fromEntries(['ann', 'ben', 'cat'].map((name) => [name, 'y']))).replaceAll(
        'nickname: y',
        'active: false',
      ),
      'muster.yaml': `${musterYaml.replace('{ min_admins: 1 }', '{ min_admins: 1, budgets: { deactivate: { cap: 900 } } }')}server: https://evil.example\n`,
      '.github/workflows/muster.yml': 'on: push\n',
    });

    const run = await stage.job(['ci', 'plan', ...state], ofPull(8));

    expect(run.code).toBe(4);
    expect(bodies(stage)).toEqual([expect.stringContaining('Blocked: 3 (exit code 4)')]);
    expect(bodies(stage)[0]).toMatch(
      /\*\*Also changes how muster works\*\*.*`muster\.yaml`, `\.github\/workflows\/muster\.yml`/,
    );
    expect(run.stdout + run.stderr + bodies(stage).join('')).not.toContain('evil.example');
  });

  test('says where it changes a file that settings of its target name, and nothing else', async () => {
    const teams = 'version: 1\nbundles:\n  core: { teams: [{ team: core, channels: [town] }] }\n';
    const files = { 'muster.yaml': `${musterYaml}bundle_files: [given/*.yaml]\n`, 'given/all.yaml': teams };
    const stage = await openStage({ kind, files });
    await stage.open(8, { 'given/all.yaml': teams.replace('town', 'city') });

    const run = await stage.job(['ci', 'plan', ...state], ofPull(8));

    expect(run.code).toBe(0);
    expect(bodies(stage)[0]).toMatch(/\*\*Also changes how muster works\*\*.*: `given\/all\.yaml`\./);
  });
});

describe('a pull request to a branch whose settings its author wrote', () => {
  const leavers = usersYaml({ ann: 'y', ben: 'y', cat: 'y' }).replaceAll('nickname: y', 'active: false');
  const toSide = async (settings: string): Promise<Stage> => {
    const stage = await openStage();
    await stage.team.push('side', { 'muster.yaml': settings });
    await stage.open(6, { 'users.yaml': leavers, 'muster.yaml': settings }, { startsAt: 'side' });
    stage.forge.pulls.push(...stage.forge.pulls.splice(0).map((pull) => ({ ...pull, target: 'side' })));
    return stage;
  };

  test('does not get the token sent to a server of theirs', async () => {
    const elsewhere = await startSandbox();
    onTestFinished(() => elsewhere.close());
    const stage = await toSide(`${musterYaml}server: ${elsewhere.url}\n`);

    const run = await stage.job(['ci', 'plan', ...state], ofPull(6));

    expect(run.code).toBe(3);
    expect(elsewhere.requests).toEqual([]);
  });

  test('has no plan that is applied where other settings hold', async () => {
    const loose = musterYaml.replace(
      '{ min_admins: 1 }',
      '{ min_admins: 1, budgets: { deactivate: { cap: 900, floor: 900 } } }',
    );
    const stage = await toSide(loose);
    const planned = await stage.job(['ci', 'plan', ...state], ofPull(6));
    await stage.team.push('change-7', { 'users.yaml': leavers });
    const mergedAs = stage.team.merge('change-7');
    stage.forge.pulls.push(...stage.forge.pulls.splice(0).map((pull) => ({ ...pull, mergedAs })));
    const before = stage.team.sandbox.snapshot();

    const applied = await stage.job(['ci', 'apply', ...state], { commit: mergedAs });

    expect(planned.code).toBe(0);
    expect(applied.code).toBe(6);
    expect(stage.team.sandbox.snapshot()).toEqual(before);
  });
});

describe('a pull request on GitHub', () => {
  test('from a fork is planned by what runs on the branch main, which finds it by asking, as data alone', async () => {
    const stage = await openStage();
    await stage.open(9, { 'users.yaml': usersYaml({ cat: 'Catty' }), 'muster.yaml': 'no: config\n' }, 'stranger/chat');

    const own = await stage.job(['ci', 'plan', ...state], {
      ...ofPull(9),
      env: { GITHUB_TOKEN: 'a-token-that-reads' },
    });
    const none = await stage.job(['ci', 'plan', ...state], afterPull('change-9', repository));
    const run = await stage.job(['ci', 'plan', ...state], afterPull('change-9', 'stranger/chat'));

    expect(own.code).toBe(5);
    expect(own.stderr).toContain('the token of the job may not do that');
    expect([none.code, run.code]).toEqual([0, 0]);
    expect(bodies(stage)).toEqual([expect.stringContaining('| `cat` | `nickname` |')]);
  });

  test('is never planned for pull_request_target', async () => {
    const stage = await openStage();

    const run = await stage.job(['ci', 'plan', ...state], { ...ofPull(7), name: 'pull_request_target' });

    expect([run.code, run.stderr]).toEqual([3, expect.stringContaining('does not run for pull_request_target')]);
    expect(stage.team.sandbox.requests).toEqual([]);
  });
});

describe('a merge request on GitLab', () => {
  test('of a fork is planned as data alone, and leaves its reports as artefacts', async () => {
    const stage = await openStage({ kind: 'gitlab' });
    await stage.open(9, { 'users.yaml': usersYaml({ cat: 'Catty' }), 'muster.yaml': 'no: config\n' }, 'stranger/chat');

    const own = await stage.job(['ci', 'plan', ...state], {
      ...ofPull(9),
      env: { GITLAB_TOKEN: 'the token of a job' },
    });
    const run = await stage.job(['ci', 'plan', ...state, '--reports', 'out'], ofPull(9));

    expect([own.code, run.code]).toEqual([5, 0]);
    expect(own.stderr).toContain('the token of the job may not do that');
    expect(bodies(stage)).toEqual([expect.stringContaining('| `cat` | `nickname` |')]);
    const out = join(run.runner.dir, 'out');
    expect((await readdir(out)).toSorted()).toEqual(['plan.html', 'plan.junit.xml', 'plan.md', 'plan.sarif']);
    expect(await readFile(join(out, 'plan.html'), 'utf8')).toContain('Catty');
    expect(await readFile(join(out, 'plan.junit.xml'), 'utf8')).toContain('cat');
    expect(await readFile(join(out, 'plan.md'), 'utf8')).toBe(bodies(stage)[0]);
  });

  test.each(['squash', 'fast-forward'] as const)('is found after a merge by %s', async (how) => {
    const stage = await openStage({ kind: 'gitlab' });
    await stage.open(7, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.job(['ci', 'plan', ...state], ofPull(7));

    const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(7, how) });

    expect([applied.code, stage.team.sandbox.control.user('ann')?.nickname]).toEqual([0, 'Annie']);
  });

  test('has its notes written with the token of the project, which nothing else is given', async () => {
    const stage = await openStage({ kind: 'gitlab' });
    await stage.open(7, { 'users.yaml': usersYaml({ ann: 'Annie' }) });

    await stage.job(['ci', 'plan', ...state], ofPull(7));

    expect(stage.forge.writes).toEqual(['POST /api/v4/projects/12/merge_requests/7/notes']);
    expect(new Set(stage.forge.seen.map((headers) => headers['private-token']))).toEqual(new Set([stage.forge.token]));
    expect(stage.forge.seen.map(({ authorization }) => authorization)).toEqual(stage.forge.seen.map(() => undefined));
    const toServer = JSON.stringify(stage.team.sandbox.requests);
    expect(toServer).not.toContain(stage.forge.token);
  });
});

describe.each(forges)('the open pull requests of %s', (kind) => {
  test('are found by a job of their branch, and each is planned once for each push', async () => {
    const stage = await openStage({ kind });
    const runner = await stage.team.runner();
    const open = (): Promise<JobRun> => stage.job(['ci', 'plan', '--open', ...state], { runner });
    const about = (): readonly string[] =>
      stage.forge.notes.map(({ pull, body }) => `${pull} ${/^### .*$/m.exec(body)?.[0] ?? ''}`);
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.open(4, { 'users.yaml': '[{' });
    const other = { number: 5, branch: 'x', target: 'side', head: stage.team.head('main') };
    stage.forge.pulls.push(other);

    const first = await open();
    const shown = about();
    await stage.open(4, { 'users.yaml': usersYaml({ ben: 'Benny' }) });
    stage.forge.writes.splice(0);
    const second = await open();
    const wrote = stage.forge.writes.splice(0);
    const third = await open();

    expect([first.code, second.code, third.code]).toEqual([3, 0, 0]);
    expect(shown).toEqual([
      '3 ### muster plan: 1 action for 1 person',
      expect.stringMatching(/^4 ### muster ci plan: 1 problem/),
    ]);
    expect(about()).toEqual(['3 ### muster plan: 1 action for 1 person', '4 ### muster plan: 1 action for 1 person']);
    expect([wrote.length, stage.forge.writes]).toEqual([1, []]);
    expect(third.stdout).toBe('every open pull request has a plan of its newest commit\n');
  });

  test('are planned whatever comments of others say: of another commit, copied from another pull request, by a person', async () => {
    const stage = await openStage({ kind });
    const wanted = { 'users.yaml': usersYaml({ ann: 'Annie' }) };
    const old = await stage.open(3, wanted);
    await stage.job(['ci', 'plan', '--open', ...state]);
    const [{ body: signed } = { body: '' }] = stage.forge.notes.splice(0);
    const head = await stage.open(3, { ...wanted, 'more.yaml': '' });
    // The same commit, as another pull request.
    stage.forge.pulls.push(...stage.forge.pulls.map((pull) => ({ ...pull, number: 4 })));
    git(stage.team.work, 'push', '--quiet', stage.team.bare, `${head}:${refOf(kind, 4)}`);
    const plans = async (pull: number, body: string, author = bot): Promise<readonly string[]> => {
      stage.forge.notes.splice(0, Number.POSITIVE_INFINITY, { id: 1, pull, author, body });
      const { stderr } = await stage.job(['ci', 'plan', '--open', ...state]);
      return stderr.match(/^pull request \d+$/gm) ?? [];
    };
    const both = ['pull request 3', 'pull request 4'];

    const first = await plans(3, signed.replace(old, head));
    const own = stage.forge.notes.find(({ pull }) => pull === 3)?.body ?? '';

    expect(first).toEqual(both);
    expect(
      await plans(
        3,
        markText({ kind: 'plan', server: 'default', at: noted(own), commit: head, digest: digestIn(own) }),
      ),
    ).toEqual(both);
    expect(await plans(3, own.replaceAll('Annie', 'Ann'))).toEqual(both);
    expect(await plans(4, own)).toEqual(both);
    expect(await plans(3, own, person)).toEqual(both);
    expect(await plans(3, own)).toEqual(['pull request 4']);
    expect(stage.forge.notes.map(({ pull }) => pull)).toEqual([3, 4]);
  });

  test('are not looked for where the settings of their branch are wrong, which is told without names where none may be seen', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.job(['ci', 'plan', '--open', ...state]);
    await stage.team.push('main', { 'muster.yaml': `${musterYaml}approvers: { ann: { emails: [ann] } }\n` });
    const open = (...more: readonly string[]): Promise<JobRun> =>
      stage.job(['ci', 'plan', '--open', '--seal-state', ...state, ...more]);

    const told = await open();
    const redacted = await open('--redact-people');

    expect([told.code, told.stderr]).toEqual([3, expect.stringContaining('muster.yaml')]);
    expect([redacted.code, redacted.stderr]).toEqual([3, expect.stringContaining('not shown: --redact-people')]);
    expect(redacted.stdout + redacted.stderr).not.toContain('ann');
  });

  test('are planned again where the plan that a comment shows is not kept any more, so that an apply finds one', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.job(['ci', 'plan', '--open', ...state]);
    git(stage.team.work, 'push', '--quiet', stage.team.bare, ':refs/heads/muster-state');

    const again = await stage.job(['ci', 'plan', '--open', ...state]);
    const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) });

    expect([again.stderr, applied.code]).toEqual([expect.stringContaining('pull request 3\n'), 0]);
  });

  test('are planned again once their plan is older than any plan may be that is applied, and not before', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    const open = async (): Promise<readonly string[]> =>
      (await stage.job(['ci', 'plan', '--open', ...state])).stderr.match(/^pull request \d+$/gm) ?? [];
    await open();

    await systemClock.sleep(longestLifetimeMs - hourMs);
    const before = await open();
    await systemClock.sleep(2 * hourMs);
    const after = await open();

    expect([before, after]).toEqual([[], ['pull request 3']]);
    expect(await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) })).toMatchObject({ code: 0 });
  });

  test('have reports of their own; one whose comment cannot be written keeps no other from its plan', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.open(4, { 'users.yaml': usersYaml({ ben: 'Benny' }) });
    stage.forge.faults.push({ when: /^POST .*\/3\/(?:notes|comments)$/, status: 403 });

    const run = await stage.job(['ci', 'plan', '--open', '--reports', 'out', ...state]);

    expect(run.code).toBe(5);
    expect(stage.forge.notes.map(({ pull }) => pull)).toEqual([4]);
    expect((await readdir(join(run.runner.dir, 'out'))).toSorted()).toEqual(['3', '4']);
    expect(await readFile(join(run.runner.dir, 'out', '3', 'plan.md'), 'utf8')).toContain('Annie');
  });
});

describe.each(forges)('what is applied on %s', (kind) => {
  test('is nothing where what people reviewed was edited, though its mark is that of muster', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.job(['ci', 'plan', ...state], ofPull(3));
    const [note] = stage.forge.notes;
    if (note !== undefined) note.body = note.body.replaceAll('Annie', 'Ann');
    const before = stage.team.sandbox.snapshot();

    const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) });

    expect(applied).toMatchObject({ code: 3, stderr: expect.stringContaining('is not as muster signed it') });
    expect(stage.team.sandbox.snapshot()).toEqual(before);
  });

  test('is what a comment shows that took the place of one from the future', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    const mark = markText({ kind: 'plan', server: 'default', at: '9999-01-01T00:00:00.000Z' });
    stage.forge.notes.push({ id: 1, pull: 3, author: bot, body: `${mark}\n### muster plan: no actions\n` });

    await stage.job(['ci', 'plan', ...state], ofPull(3));
    const shown = bodies(stage);
    const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) });

    expect(shown).toEqual([expect.stringContaining('### muster plan: 1 action for 1 person')]);
    expect([applied.code, stage.team.sandbox.control.user('ann')?.nickname]).toEqual([0, 'Annie']);
  });

  test('is found beside one like it that another bot wrote before', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.job(['ci', 'plan', ...state], ofPull(3));
    const [{ body } = { body: '' }] = stage.forge.notes;
    stage.forge.notes.unshift({ id: 99, pull: 3, author: bot, body: body.replaceAll('Annie', 'Anna') });

    const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) });

    expect([applied.code, stage.team.sandbox.control.user('ann')?.nickname]).toEqual([0, 'Annie']);
  });

  test('is nothing where the comment was written by another, or is about another commit', async () => {
    const stage = await openStage({ kind });
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    const planned = await stage.job(['ci', 'plan', ...state], ofPull(3));
    const [note] = stage.forge.notes;
    const body = note?.body ?? '';
    await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie', ben: 'Benny' }) });
    const commit = stage.merge(3);
    const before = stage.team.sandbox.snapshot();

    const unseen = await stage.job(['ci', 'apply', ...state], { commit });
    // One that fits by its looks: a bot wrote it, for the commit that was merged.
    stage.forge.notes.splice(0);
    const head = stage.forge.pulls[0]?.head ?? '';
    stage.forge.notes.push({ id: 1, pull: 3, author: bot, body: body.replace(/commit=\w+/, `commit=${head}`) });
    const forged = await stage.job(['ci', 'apply', ...state], { commit });
    stage.forge.notes.splice(0);
    stage.forge.notes.push({ id: 2, pull: 3, author: person, body });
    const copied = await stage.job(['ci', 'apply', ...state], { commit });

    expect(planned.code).toBe(0);
    expect(unseen).toMatchObject({ code: 3, stderr: expect.stringContaining('was merged') });
    expect(forged).toMatchObject({ code: 3, stderr: expect.stringContaining('is not as muster signed it') });
    expect(copied).toMatchObject({ code: 3, stderr: expect.stringContaining('has no plan that muster signed') });
    expect(bodies(stage).at(-1)).toContain('### muster ci apply: 1 problem');
    expect(stage.team.sandbox.snapshot()).toEqual(before);
  });

  test('is no more than was reviewed: what has changed since is left, exits with 6, and is shown with what is needed now', async () => {
    const stage = await openStage({ kind });
    await stage.open(4, { 'users.yaml': usersYaml({ ann: 'Annie', ben: 'Benny' }) });
    await stage.job(['ci', 'plan', ...state], ofPull(4));
    const commit = stage.merge(4);
    stage.team.sandbox.control.updateUser('ann', { nickname: 'Someone else' });

    const applied = await stage.job(['ci', 'apply', ...state], { commit });
    const next = await stage.job(['ci', 'plan', ...state], { commit });
    const rest = await stage.job(['ci', 'apply', '--digest', digestIn(next.summary), ...state], { commit });

    expect([applied.code, next.code, rest.code]).toEqual([6, 0, 0]);
    expect(applied.summary).toContain('1 reviewed action no longer fits the server');
    expect(applied.summary).toContain('| `ann` | `update` | `nickname` |');
    expect(bodies(stage)).toHaveLength(2);
    expect(next.summary).toContain('### muster plan: 1 action for 1 person');
    expect(bodies(stage)[1]).toContain('### muster apply: Applied: 1 of 1 action done');
  });

  test('by one of two jobs at the same time waits for no other: both plans are kept, and both are applied', async () => {
    const stage = await openStage({ kind });
    await stage.open(5, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
    await stage.open(6, {
      'users.yaml': usersYaml(),
      'more.yaml': '',
      'approvals.yaml': 'version: 1\napprovals: []\n# none\n',
    });

    const plans = await Promise.all([5, 6].map((number) => stage.job(['ci', 'plan', ...state], ofPull(number))));
    const first = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(5) });
    const second = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(6) });

    expect([...plans, first, second].map(({ code, stderr }) => [code, stderr])).toEqual(
      Array.from({ length: 4 }, () => [0, expect.any(String)]),
    );
    expect(stage.forge.notes.map(({ pull }) => pull).toSorted((a, b) => a - b)).toEqual([5, 5, 6, 6]);
    // The second was planned before the first was merged, and takes nothing of it back.
    expect(stage.team.sandbox.control.user('ann')?.nickname).toBe('Annie');
  });

  test('by a run that stopped half way is resumed by a job on another machine, with what is kept on the branch', async () => {
    const stage = await openStage({ kind });
    const all = Object.fromEntries(names.map((name) => [name, 'new']));
    await stage.open(4, { 'users.yaml': usersYaml(all) });
    await stage.job(['ci', 'plan', ...state], ofPull(4));
    const commit = stage.merge(4);
    stage.team.sandbox.faults.add({ kind: 'error', status: 400, match: { method: 'PUT', path: /\/patch$/, nth: 3 } });

    const failed = await stage.job(['ci', 'apply', '--fail-fast', '--concurrency', '1', ...state], { commit });
    const resumed = await stage.job(['ci', 'apply', '--resume', ...state], { commit });
    const none = await stage.job(['ci', 'apply', '--resume', ...state], { commit });
    const next = await stage.job(['ci', 'plan', ...state], { commit });

    expect([failed.code, resumed.code, none.code, next.code]).toEqual([6, 0, 0, 0]);
    expect(failed.summary).toMatch(/Stopped: \d of 8 actions done/);
    expect(resumed.summary).toContain('8 of 8 actions done');
    expect(none.stdout).toContain('nothing to resume');
    expect(next.summary).toContain('no actions');
  });
});

test('comments and issues on GitHub are those of the owner of the token, where it has one: those of no other bot are', async () => {
  const stage = await openStage();
  const owner = { login: 'muster-of-team', type: 'User', id: 43 } as const;
  stage.forge.callers.push(owner);
  await stage.open(3, { 'users.yaml': usersYaml({ ann: 'Annie' }) });
  const mark = { server: 'default', at: '2026-01-01T00:00:00.000Z' };
  const note = `${markText({ ...mark, kind: 'plan' })}\n### muster plan: no actions\n`;
  stage.forge.notes.push({ id: 1, pull: 3, author: bot, body: note });
  const issue = { number: 1, title: 'x', isOpen: false, labels: ['muster-drift'], author: bot };
  stage.forge.issues.push({ ...issue, body: markText({ ...mark, kind: 'drift' }) });
  stage.team.sandbox.control.updateUser('ann', { nickname: 'changed by hand' });

  for (const name of ['first', 'second']) {
    const planned = await stage.job(['ci', 'plan', ...state], ofPull(3));
    const drift = await stage.job(['ci', 'drift', ...state]);
    expect([name, planned.code, drift.code]).toEqual([name, 0, 0]);
  }
  const applied = await stage.job(['ci', 'apply', ...state], { commit: stage.merge(3) });

  expect(applied.code).toBe(0);
  expect(stage.forge.notes.map(({ author }) => author)).toEqual([bot, owner, owner]);
  expect(bodies(stage)[0]).toBe(note);
  expect(stage.forge.issues.map(({ author, isOpen }) => [author, isOpen])).toEqual([
    [bot, false],
    [owner, true],
  ]);
});

describe.each(forges)('drift on %s', (kind) => {
  test('has one issue, which is updated, closed once it is gone, and opened again', async () => {
    const stage = await openStage({ kind });
    const look = (): Promise<Awaited<ReturnType<typeof stage.job>>> =>
      stage.job(['ci', 'drift', ...state], { name: 'schedule' });
    const issues = (): readonly string[] =>
      stage.forge.issues.map(({ isOpen, title }) => `${isOpen ? 'open' : 'closed'}: ${title}`);
    const host = new URL(stage.team.sandbox.url).host;

    const calm = await look();
    const before = issues();
    stage.team.sandbox.control.updateUser('ann', { nickname: 'changed by hand' });
    const days = [];
    for (let day = 0; day < 3; day++) days.push(await look());
    const during = issues();
    const since = /since `([^`]+)`/.exec(stage.forge.issues[0]?.body ?? '')?.[1];
    stage.team.sandbox.control.updateUser('ann', { nickname: 'x' });
    const gone = await look();
    const after = issues();
    stage.team.sandbox.control.updateUser('ben', { nickname: 'changed by hand' });
    const again = await look();

    expect([calm, ...days, gone, again].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(before).toEqual([]);
    expect(during).toEqual([`open: muster: ${host} differs from the files (1 action)`]);
    expect(after).toEqual([`closed: muster: ${host} is as the files say`]);
    expect(issues()).toEqual([`open: muster: ${host} differs from the files (1 action)`]);
    expect(days[0]?.summary).toContain(`since \`${since}\``);
    expect(stage.forge.issues[0]?.body).not.toContain(`since \`${since}\``);
  });

  test.each(['yesterday` [here](https://evil.example) `', '9999-01-01T00:00:00.000Z', '2026'])(
    'is shown since now where an issue was edited to say since %s',
    async (since) => {
      const stage = await openStage({ kind });
      stage.team.sandbox.control.updateUser('ann', { nickname: 'changed by hand' });
      await stage.job(['ci', 'drift', ...state]);
      const [issue] = stage.forge.issues;
      const { at = '', ...mark } = ciMarkOf(issue?.body ?? '') ?? {};
      if (issue !== undefined) issue.body = markText({ kind: 'drift', server: 'default', ...mark, at, since });

      await stage.job(['ci', 'drift', ...state]);

      const shown = ciMarkOf(issue?.body ?? '');
      expect(shown?.since).toBe(shown?.at);
      expect(issue?.body).not.toContain('evil');
    },
  );

  test('is not known where the server does not answer: the issue stays as it is', async () => {
    const stage = await openStage({ kind });
    stage.team.sandbox.control.updateUser('ann', { nickname: 'changed by hand' });
    await stage.job(['ci', 'drift', ...state]);
    const before = structuredClone(stage.forge.issues);
    stage.team.sandbox.faults.add({ kind: 'error', status: 500, times: Number.POSITIVE_INFINITY });

    const run = await stage.job(['ci', 'drift', ...state]);

    expect(run.code).toBe(5);
    expect(stage.forge.issues).toEqual(before);
  });
});

test.each(forges)(
  'with --redact-people on %s nothing that leaves the job names a person: comment, issue, summary, log, what is kept',
  async (kind) => {
    const stage = await openStage({ kind });
    const wanted = Object.fromEntries(names.map((name) => [name, `nick of ${name}`]));
    const redacted = [...state, '--seal-state', '--redact-people'];
    await stage.open(9, { 'users.yaml': usersYaml(wanted) });

    const planned = await stage.job(['ci', 'plan', ...redacted], ofPull(9));
    await stage.open(9, {
      'users.yaml': 'version: 1\nusers:\n  - { username: ann, emial: x }\n  - { username: ben, roles: [no_such] }\n',
    });
    const broken = await stage.job(['ci', 'plan', ...redacted], ofPull(9));
    await stage.open(9, { 'users.yaml': usersYaml(wanted) });
    const last = await stage.job(['ci', 'plan', ...redacted], ofPull(9));
    const drift = await stage.job(['ci', 'drift', ...redacted]);
    const commit = stage.merge(9);
    const applied = await stage.job(['ci', 'apply', ...redacted], { commit });

    expect([planned.code, broken.code, last.code, applied.code]).toEqual([0, 3, 0, 0]);
    const kept = git(stage.team.work, 'ls-remote', stage.team.bare, 'refs/heads/muster-state');
    expect(kept).not.toBe('');
    git(stage.team.work, 'fetch', '--quiet', stage.team.bare, 'refs/heads/muster-state');
    const files = git(stage.team.work, 'ls-tree', '-r', '--name-only', 'FETCH_HEAD').split('\n');
    const contents = files.map((file) => git(stage.team.work, 'show', `FETCH_HEAD:${file}`));
    const isSealed = (content: string): boolean => content.startsWith('muster sealed 1\n');
    expect(contents.filter(isSealed).length).toBeGreaterThan(3);
    const told = [planned, broken, last, drift, applied].flatMap(({ stdout, stderr, summary }) => [
      stdout,
      stderr,
      summary,
    ]);
    // What is sealed are bytes as if by chance, in which any three letters may stand.
    const texts = [...told, ...bodies(stage), ...files, ...contents.filter((content) => !isSealed(content))];
    const ids = stage.team.sandbox.snapshot().people.map(({ id }) => id);
    const words = [...names, ...names.map((name) => `${name}@`), 'nick of', ...ids];
    const found = words.filter((word) => texts.some((text) => new RegExp(`(?<![a-z0-9])${word}(?![a-z])`).test(text)));
    expect(found).toEqual([]);
  },
);
