import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { applyPlanFile } from '../../src/app/apply-plan-file.ts';
import { systemClock } from '../../src/app/system.ts';
import { toolVersion } from '../../src/app/version.ts';
import { digestOf } from '../../src/model/canonical-json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planFileText } from '../../src/plan/plan-file.ts';
import { type Sandbox, type SeedUser, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';
import { bySuite } from '../support/suite.ts';

useFastTime();

const running: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
});

interface Stage {
  readonly sandbox: Sandbox;
  readonly place: Workplace;
  readonly stateDir: string;
  readonly plan: (...args: readonly string[]) => Promise<Run>;
  readonly apply: (...args: readonly string[]) => Promise<Run>;
  readonly read: () => Promise<string>;
  /** Writing requests to accounts and tokens: a preference is a note, not a change. */
  readonly writes: () => number;
}

const config = 'version: 1\nfiles: [users.yaml]\npolicy: { min_admins: 1 }\n';
const ada = 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n';

async function openStage(users: string = ada, people: readonly SeedUser[] = [{ username: 'ada' }]): Promise<Stage> {
  const sandbox = await startSandbox({
    seed: { users: people },
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
  });
  running.push(sandbox);
  const stateDir = await mkdtemp(join(tmpdir(), 'muster-state-'));
  const place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': config },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: stateDir },
  );
  return {
    sandbox,
    place,
    stateDir,
    plan: (...args) => place.muster(['plan', '--out', 'plan.json', ...args]),
    apply: (...args) => place.muster(['apply', 'plan.json', '--yes', ...args]),
    read: () => readFile(join(place.dir, 'plan.json'), 'utf8'),
    writes: () =>
      sandbox.requests.filter(
        ({ method, path }) =>
          !path.includes('/preferences') && (method === 'PUT' || (method === 'POST' && /\/(users|tokens)$/.test(path))),
      ).length,
  };
}

const nicknameOf = ({ sandbox }: Stage, name = 'ada'): string => sandbox.control.user(name)?.nickname ?? '?';

/** Code, reason and writes of a run that ought to be refused. */
const refusalOf = (stage: Stage, run: Run): { code: number; why: string; writes: number } => ({
  code: run.code,
  why: run.stderr,
  writes: stage.writes(),
});
const refusedFor = (why: string): unknown => ({ code: 7, why: expect.stringContaining(why), writes: 0 });

describe('a plan file', () => {
  test('is carried out as it was reviewed, and shows as it was planned', async () => {
    const stage = await openStage();

    const planned = await stage.plan();
    const shown = await stage.place.muster(['show', 'plan.json']);
    const { code } = await stage.apply();

    expect(planned.code).toBe(0);
    expect(planned.stderr).toContain('muster apply plan.json');
    expect(shown.stdout).toBe(planned.stdout);
    expect(code).toBe(0);
    expect(nicknameOf(stage)).toBe('Countess');
  });

  test('belongs to its owner alone, even where another file stood', async () => {
    const stage = await openStage();
    const path = join(stage.place.dir, 'plan.json');
    await writeFile(path, 'old');
    await chmod(path, 0o666);

    await stage.plan();

    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(stage.place.dir)).toEqual(['muster.yaml', 'plan.json', 'users.yaml']);
  });

  test('never takes the place of a pipe, a folder or what the system keeps', async () => {
    const stage = await openStage();
    const pipe = join(stage.place.dir, 'pipe');
    execFileSync('mkfifo', [pipe]);

    for (const place of ['pipe', '.', '/proc/self/stat', '/dev/plan.json']) {
      const { code, stderr } = await stage.place.muster(['plan', '--out', place]);
      expect([place, code, stderr]).toEqual([place, 3, expect.stringContaining('it is no regular file')]);
    }

    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  test('holds no secret', async () => {
    const users = `version: 1
users:
  - { username: ada, auth: { service: email }, initial_password: start }
  - { username: new, email: new@example.com, initial_password: start, tokens: [{ name: ci }] }
`;
    const stage = await openStage(users, [{ username: 'ada', auth_service: 'saml', auth_data: 'ada' }]);
    await stage.place.write({
      'muster.yaml': `${config}secrets: { sources: { start: { env: MUSTER_SECRET_START } } }\n`,
    });

    const { code } = await stage.place.muster(['plan', '--out', 'plan.json'], {
      env: { MUSTER_SECRET_START: 'Correct-Horse-7' },
    });

    expect(code).toBe(0);
    const text = await stage.read();
    expect(text).toContain('"source":"start"');
    expect(text).not.toContain('Correct-Horse-7');
    expect(text).not.toContain(stage.sandbox.adminToken);
  });

  test('holds everything although what is shown is redacted', async () => {
    const stage = await openStage();

    const { stdout } = await stage.plan('--redact');

    expect(stdout).not.toMatch(/\bada\b/);
    expect((await stage.apply()).code).toBe(0);
  });

  test.each([
    ['where there is no such folder', 'nowhere/plan.json', 'no such file or folder, ENOENT'],
    ['where a folder is', '.', 'it is no regular file'],
  ])('that cannot be written, %s, is an error that says so', async (_what, path, why) => {
    const stage = await openStage();

    const { code, stdout, stderr } = await stage.place.muster(['plan', '--out', path]);

    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(`cannot be written to ${path} (${why}`);
  });

  test('of a moment that has not come shows what will be, and cannot be applied', async () => {
    const users = 'version: 1\nusers:\n  - { username: ada, ends: 2027-06-30 }\n';
    const stage = await openStage(users);

    const { stdout } = await stage.plan('--at', '2027-07-01');
    const applied = await stage.apply();

    expect(stdout).toContain('1 deactivate');
    expect(applied.code).toBe(7);
    expect(applied.stderr).toContain('which has not come');
    expect(stage.sandbox.control.user('ada')?.delete_at).toBe(0);
  });

  test('of a day begins with that day where the people are', async () => {
    const users = 'version: 1\nusers:\n  - { username: ada, ends: 2027-06-30 }\n';
    const stage = await openStage(users);
    await stage.place.write({
      'muster.yaml': 'version: 1\npolicy: { min_admins: 1, time_zone: America/New_York }\n',
    });

    const [before, after] = [await stage.plan('--at', '2027-06-30'), await stage.plan('--at', '2027-07-01')];

    expect(before.stdout).not.toContain('1 deactivate');
    expect(after.stdout).toContain('1 deactivate');
  });

  test('is not to be narrowed or moved in time when it is applied', async () => {
    const stage = await openStage();
    await stage.plan();

    for (const args of [
      ['--user', 'ada'],
      ['--only', 'update'],
      ['--at', '2027-01-01'],
    ]) {
      const { code, stderr } = await stage.apply(...args);

      expect(code).toBe(3);
      expect(stderr).toContain('a plan file is carried out as it is');
    }
    expect(stage.writes()).toBe(0);
  });

  test('that is declined is not used up', async () => {
    const stage = await openStage();
    await stage.plan();

    const declined = await stage.place.muster(['apply', 'plan.json'], { answer: 'no' });

    expect(declined.code).toBe(130);
    expect(stage.writes()).toBe(0);
    expect((await stage.apply()).code).toBe(0);
  });
});

test('of many people planned and 3 changed meanwhile, the others are done and 3 reported', async () => {
  const number = bySuite({ short: 60, long: 500 });
  const names = Array.from({ length: number }, (_, i) => `person${i}`);
  const users = `version: 1\nusers:\n${names.map((name) => `  - { username: ${name}, nickname: Wanted }\n`).join('')}`;
  const stage = await openStage(
    users,
    names.map((username) => ({ username, nickname: 'before' })),
  );
  await stage.plan();
  const changed = ['person7', 'person17', 'person47'];
  for (const name of changed) stage.sandbox.control.updateUser(name, { nickname: 'meanwhile' });

  const { code, stdout } = await stage.apply('--format', 'json');

  const { result } = JSON.parse(stdout) as {
    result: { summary: object; results: ReadonlyArray<{ status: string; person: string }> };
  };
  expect(code).toBe(6);
  expect(result.summary).toEqual({ actions: number, done: number - 3, skipped: 0, stale: 3, failed: 0 });
  expect(result.results.filter(({ status }) => status === 'stale').map(({ person }) => person)).toEqual(
    changed.toSorted(),
  );
  expect(names.map((name) => nicknameOf(stage, name)).filter((nickname) => nickname === 'Wanted')).toHaveLength(
    number - 3,
  );
  expect(changed.map((name) => nicknameOf(stage, name))).toEqual(changed.map(() => 'meanwhile'));
});

describe('is refused with 7, and nothing is written:', () => {
  test('a file in which a byte was flipped', async () => {
    const stage = await openStage();
    await stage.plan();
    const bytes = Buffer.from(await stage.read());

    // Every position is tried on the parser itself, in test/plan/plan-file.test.ts.
    for (let i = 0; i < bytes.length; i += Math.ceil(bytes.length / 40)) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(bytes.readUInt8(i) ^ 1, i);
      await writeFile(join(stage.place.dir, 'plan.json'), flipped);

      expect(refusalOf(stage, await stage.apply())).toEqual(refusedFor('plan file refused'));
    }
    expect(stage.sandbox.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  test('a file that was reformatted', async () => {
    const stage = await openStage();
    await stage.plan();
    await stage.place.write({ 'plan.json': JSON.stringify(JSON.parse(await stage.read()), undefined, 2) });

    expect(refusalOf(stage, await stage.apply())).toEqual(refusedFor('reformatted'));
  });

  test('a file that is not there', async () => {
    const stage = await openStage();

    expect(refusalOf(stage, await stage.apply())).toEqual(
      refusedFor('plan.json cannot be read (no such file or folder, ENOENT)'),
    );
  });

  test('a plan for another server', async () => {
    const stage = await openStage();
    const other = await openStage();
    await other.plan();
    await stage.place.write({ 'plan.json': await other.read() });

    expect(refusalOf(stage, await stage.apply())).toEqual(refusedFor('it was made for'));
    expect(other.writes()).toBe(0);
  });

  test('a second use of the same runner', async () => {
    const stage = await openStage();
    await stage.plan();
    expect((await stage.apply()).code).toBe(0);
    const before = stage.writes();
    stage.sandbox.control.updateUser('ada', { nickname: '' });

    const second = await stage.apply();

    expect(second.code).toBe(7);
    expect(second.stderr).toContain('it was used before');
    expect(stage.writes()).toBe(before);
    expect(nicknameOf(stage)).toBe('');
  });

  test('a second use of another runner, which remembers nothing', async () => {
    const stage = await openStage();
    await stage.plan();
    expect((await stage.apply('--state-dir', 'one')).code).toBe(0);
    const before = stage.writes();

    const second = await stage.apply('--state-dir', 'two');

    expect(second.code).toBe(7);
    expect(second.stderr).toContain('it was used before');
    expect(stage.writes()).toBe(before);
  });

  test('a second use of the same runner where the server has forgotten', async () => {
    const stage = await openStage();
    await stage.plan();
    expect((await stage.apply()).code).toBe(0);
    const admin = stage.sandbox.requests.at(-1)?.userId ?? '';
    const { preferences } = await forgetPreferences(stage, admin);

    expect(preferences).toMatchObject([
      { name: expect.stringMatching(/^use_/) },
      { name: expect.stringMatching(/^plan_/) },
    ]);
    expect((await stage.apply()).code).toBe(7);
  });

  test('another plan of the same changes is another plan', async () => {
    const stage = await openStage();
    await stage.plan();
    await stage.apply();
    stage.sandbox.control.updateUser('ada', { nickname: '' });
    await stage.plan();

    expect((await stage.apply()).code).toBe(0);
  });

  test('but not one whose users file wants another value by now: that action alone is stale', async () => {
    const stage = await openStage();
    await stage.plan();
    await stage.place.write({ 'users.yaml': ada.replace('Countess', 'countess') });

    const run = await stage.apply();

    expect(run.code).toBe(6);
    expect(run.stdout).toContain('stale');
  });

  test('but not one whose users file has another comment', async () => {
    const stage = await openStage();
    await stage.plan();
    await stage.place.write({ 'users.yaml': `# reviewed\n${ada}` });

    expect((await stage.apply()).code).toBe(0);
  });

  test('a plan of another version of muster', async () => {
    const stage = await openStage();
    await stage.plan();
    const { digest: _, ...plan } = JSON.parse(await stage.read()) as Plan;
    const content = { ...plan, tool: { ...plan.tool, version: '0.0.9' } };
    await stage.place.write({ 'plan.json': planFileText({ ...content, digest: digestOf(content) }) });

    expect(refusalOf(stage, await stage.apply())).toEqual(refusedFor('it was made by muster 0.0.9'));
  });

  test.each([
    ['in its last minute', 24 * 60 - 1, undefined],
    ['a minute late', 24 * 60 + 1, 'PLAN_FILE_REFUSED'],
  ])('used %s', async (_what, minutes, code) => {
    const stage = await openStage();
    await stage.plan();
    const start = Date.now();
    const later = applyPlanFile(
      { planFile: 'plan.json', confirm: () => Promise.resolve(true), stateDir: stage.stateDir },
      {
        workingDir: stage.place.dir,
        env: {
          MUSTER_SERVER: stage.sandbox.url,
          MUSTER_TOKEN: stage.sandbox.adminToken,
          XDG_STATE_HOME: stage.stateDir,
        },
        clock: { ...systemClock, now: () => start + minutes * 60_000 },
        emit: () => undefined,
        toolVersion: toolVersion(),
      },
    ).then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'unknown'),
    );

    expect(await later).toBe(code);
    expect(stage.writes()).toBe(code === undefined ? 1 : 0);
  });
});

async function forgetPreferences(stage: Stage, admin: string): Promise<{ preferences: readonly unknown[] }> {
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${stage.sandbox.url}/api/v4/users/${admin}/preferences${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${stage.sandbox.adminToken}` },
    });
    return answer.json();
  };
  const preferences = (await call('/muster')) as readonly unknown[];
  await call('/delete', { method: 'POST', body: JSON.stringify(preferences) });
  return { preferences };
}

describe('the state directory', () => {
  test('in a repository that does not ignore it is refused, before anything is written', async () => {
    const stage = await openStage();
    await stage.plan();
    execFileSync('git', ['init', '--quiet', stage.place.dir]);

    const { code, stderr } = await stage.apply('--state-dir', 'state');

    expect(code).toBe(3);
    expect(stderr).toContain('lies in the repository');
    expect(stage.writes()).toBe(0);
  });

  test('that others may write into is refused, and the plan is not used up', async () => {
    const stage = await openStage();
    await stage.plan();
    const parent = join(stage.place.dir, 'state');
    const key = (JSON.parse(await stage.read()) as Plan).server.key;
    await stage.place.write({ [`state/${key}/x`]: '' });
    await chmod(join(parent, key), 0o777);

    const { code, stderr } = await stage.apply('--state-dir', 'state');

    expect(code).toBe(3);
    expect(stderr).toContain('others may write into');
    expect(stage.writes()).toBe(0);
    expect((await stage.apply()).code).toBe(0);
  });
});
