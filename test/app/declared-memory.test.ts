/** Deleting a line is no offboarding: who is declared no longer and still active is named until somebody says what is to be. */
import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rememberDeclaredOf } from '../../src/app/declared-memory.ts';
import { plan as planNow } from '../../src/app/plan.ts';
import { recallDeclared, rememberDeclared } from '../../src/journal/declared-memory.ts';
import { stateDirOf } from '../../src/journal/state-dir.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { Secret } from '../../src/model/secret.ts';
import type { AccountId } from '../../src/model/user-values.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';
import { noon, openStage, type Stage, type StageOptions, type StageRun, writesOf } from '../apply/support/stage.ts';
import { ownTrust } from '../support/journal-key.ts';
import { isLong } from '../support/suite.ts';

const dayMs = 24 * 3_600_000;

/** Where the run of a test remembers things about its sandbox. */
async function stateDirAt({ ports }: Stage): Promise<string> {
  const { live } = await planNow({}, ports);
  return stateDirOf(undefined, live.facts.key, ports.env);
}

async function applyWell(stage: Stage): Promise<StageRun> {
  const run = await stage.apply();
  expect(run.code).toBe(0);
  return run;
}

/** Usernames of those remembered, as last declared. */
async function remembered(stage: Stage): Promise<readonly string[]> {
  return [...(await recallDeclared(await stateDirAt(stage), ownTrust)).values()]
    .map(({ username }) => username)
    .toSorted();
}

async function previousOf(stage: Stage): Promise<readonly string[]> {
  return ((await stage.plan()).previously_declared ?? []).map(({ username }) => username);
}

const ada: UserEntry = { username: 'ada', email: 'ada@example.com' };
const bob: UserEntry = { username: 'bob', email: 'bob@example.com' };

/** Ada and Bob were declared and applied, and then Bob's line was deleted. */
async function withoutBob(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }], ...options });
  await stage.declare([ada, bob]);
  await applyWell(stage);
  await stage.declare([ada]);
  return stage;
}

describe('someone whose line was deleted', () => {
  test.runIf(isLong)(
    'is named by every plan, with the day of the last apply that found it, and nothing is done to them',
    async () => {
      const stage = await withoutBob();
      stage.clock.advance(40 * dayMs);
      const { id } = stage.user('bob');

      const plans = [await stage.plan(), (await applyWell(stage)).plan, await stage.plan()];

      for (const { actions, previously_declared: previous } of plans) {
        expect(actions).toEqual([]);
        expect(previous).toEqual([{ id, username: 'bob', last_declared: '2026-06-15', admin: false }]);
      }
      expect(stage.user('bob').delete_at).toBe(0);
    },
  );

  test('is deactivated once active: false is written, and then forgotten', async () => {
    const stage = await withoutBob();
    await stage.declare([ada, { username: 'bob', active: false }]);

    const { plan } = await applyWell(stage);

    expect(plan.actions.map(({ person, call }) => `${call.operation} ${person}`)).toEqual(['deactivate bob']);
    expect(plan).not.toHaveProperty('previously_declared');
    expect(await remembered(stage)).toEqual(['ada']);
    await stage.declare([ada]);
    expect(await previousOf(stage)).toEqual([]);
  });

  test('is not named when already inactive, and is forgotten by the next apply', async () => {
    const stage = await withoutBob();
    stage.sandbox.control.updateUser('bob', { delete_at: noon });

    expect(await previousOf(stage)).toEqual([]);
    expect(await remembered(stage)).toEqual(['ada', 'bob']);
    await applyWell(stage);
    expect(await remembered(stage)).toEqual(['ada']);
  });

  test('goes by the present name on the server', async () => {
    const stage = await withoutBob();
    stage.sandbox.control.updateUser('bob', { username: 'robert' });

    expect(await previousOf(stage)).toEqual(['robert']);
  });

  test('is not named when declared again, under whatever name, nor when protected', async () => {
    const stage = await withoutBob();

    await stage.declare([ada, bob]);
    expect(await previousOf(stage)).toEqual([]);
    await stage.declare([ada, { username: 'robert', previous_usernames: ['bob'] }]);
    expect(await previousOf(stage)).toEqual([]);
    await stage.declare([ada]);
    await stage.configure({ policy: { protect: ['bob'] } });
    expect(await previousOf(stage)).toEqual([]);
    await stage.configure({});
    expect(await previousOf(stage)).toEqual(['bob']);
  });

  test.runIf(isLong)('of whom the server says nothing is neither named nor forgotten', async () => {
    const stage = await withoutBob({ muster: { policy: { undeclared_users: 'ignore' } } });
    await stage.configure({ policy: { undeclared_users: 'ignore' } });
    const match = { method: 'POST', path: '/users/ids' };
    stage.sandbox.faults.add({ kind: 'wrong-type', value: [], match, times: 2 });

    expect(await previousOf(stage)).toEqual([]);
    expect(await previousOf(stage)).toEqual([]);
    expect(await previousOf(stage)).toEqual(['bob']);

    stage.sandbox.control.deleteUser('bob');
    expect(await previousOf(stage)).toEqual([]);
    await applyWell(stage);
    expect(await remembered(stage)).toEqual(['ada', 'bob']);
  });

  test('is dated by the day of the people', async () => {
    const stage = await withoutBob({ muster: { policy: { time_zone: 'Pacific/Kiritimati' } } });

    expect((await stage.plan()).previously_declared?.map((one) => one.last_declared)).toEqual(['2026-06-16']);
  });
});

describe('remembered are', () => {
  test('people whom the run made', async () => {
    const stage = await openStage();
    await stage.declare([ada, bob, { ...bob, username: 'eve', email: 'eve@example.com', starts: '2030-01-01' }]);

    await applyWell(stage);

    expect(await remembered(stage)).toEqual(['ada', 'bob']);
    await stage.declare([ada]);
    expect(await previousOf(stage)).toEqual(['bob']);
  });

  test('people who came back, and not those who left or stay away', async () => {
    const stage = await openStage({
      users: [
        { username: 'ada', active: false },
        { username: 'bob', active: false },
        { username: 'eve' },
        { username: 'mallory', active: false },
      ],
    });
    await stage.declare([
      { ...ada, active: true },
      { username: 'bob' },
      { username: 'eve', active: false },
      { username: 'mallory', active: false },
    ]);

    await applyWell(stage);

    expect(await remembered(stage)).toEqual(['ada']);
  });

  test('people who stay active because a provider decides over them', async () => {
    const stage = await openStage({ users: [{ username: 'bob', auth_service: 'ldap', auth_data: 'bob' }] });
    await stage.declare([{ username: 'bob', active: false }, { ...ada }]);

    await applyWell(stage);
    await stage.declare([ada]);

    expect(await previousOf(stage)).toEqual(['bob']);
  });

  test.runIf(isLong)('everybody who is declared, also where the run was limited to some', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
    await stage.declare([ada, bob, { username: 'new', email: 'new@example.com' }]);
    const planned = await planNow({ users: ['ada'] }, stage.ports);
    expect(planned.plan.actions).toEqual([]);

    const stateDir = await stateDirAt(stage);
    await rememberDeclaredOf({ stateDir, trust: ownTrust, planned, created: new Map(), nowMs: noon });

    expect(await remembered(stage)).toEqual(['ada', 'bob']);
  });

  test('people of a plan that was carried out, by the accounts that it made', async () => {
    const stage = await openStage({ users: [{ username: 'bob' }, { username: 'eve' }] });
    await stage.declare([ada, bob, { username: 'eve', active: false }]);
    const planned = await planNow({}, stage.ports);
    await applyWell(stage);
    const stateDir = await stateDirAt(stage);
    await rm(join(stateDir, 'declared.json'));

    const created = new Map<string, AccountId>([['ada', stage.user('ada').id]]);
    await rememberDeclaredOf({ stateDir, trust: ownTrust, planned, created, nowMs: noon });

    const lastDeclared = '2026-06-15T12:00:00.000Z';
    expect(await recallDeclared(stateDir, ownTrust)).toEqual(
      new Map(['ada', 'bob'].map((username) => [stage.user(username).id, { username, lastDeclared }])),
    );
  });

  test.runIf(isLong)('by a reader of the people after the run just the same', async () => {
    const stage = await openStage({ users: [{ username: 'bob' }] });
    await stage.declare([ada, { username: 'bob', active: false }]);
    const { plan } = await stage.apply();
    const { matching } = await planNow({}, stage.ports);

    const stateDir = await stateDirAt(stage);
    await rm(join(stateDir, 'declared.json'));
    await rememberDeclaredOf({
      stateDir,
      trust: ownTrust,
      planned: { plan, matching },
      created: new Map(),
      nowMs: noon,
    });

    expect(await remembered(stage)).toEqual(['ada']);
  });
});

describe('a plan', () => {
  test('writes nothing anywhere, and makes no folder', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([ada]);
    const before = await readdir(stage.dir);

    await stage.plan();

    expect(await readdir(stage.dir)).toEqual(before);
    await expect(stat(join(stage.dir, 'state'))).rejects.toThrow('ENOENT');
  });

  test('asks for all of them in one request that reads, and for no one whom it has seen', async () => {
    const stage = await withoutBob();
    await stage.declare([{ username: 'nobody', active: false }]);
    const idsAsked = async (undeclared: 'ignore' | 'report'): Promise<readonly unknown[]> => {
      await stage.configure({ policy: { undeclared_users: undeclared } });
      const from = stage.sandbox.requests.length;
      expect(await previousOf(stage)).toEqual(['ada', 'bob']);
      const requests = stage.sandbox.requests.slice(from);
      expect(writesOf(requests)).toEqual([]);
      return requests.filter(({ path }) => path.endsWith('/users/ids')).map(({ body }) => body);
    };

    const asked = await idsAsked('ignore');
    expect(asked).toHaveLength(1);
    expect(new Set(asked[0] as string[])).toEqual(new Set(['ada', 'bob'].map((name) => stage.user(name).id)));
    expect(await idsAsked('report')).toEqual([]);
  });

  test('looks where it is told, and knows each server apart', async () => {
    const stage = await withoutBob();
    const elsewhere = join(stage.dir, 'elsewhere');

    const { plan } = await planNow({ stateDir: elsewhere }, stage.ports);

    expect(plan).not.toHaveProperty('previously_declared');
    const memory = new Map([[stage.user('bob').id, { username: 'bob', lastDeclared: '2025-01-31T12:00:00.000Z' }]]);
    const key = journalKeyOf(new Secret(stage.sandbox.adminToken), plan.server.key);
    await rememberDeclared(stateDirOf(elsewhere, plan.server.key, {}), memory, key);
    await rememberDeclared(stateDirOf(elsewhere, 'another', {}), new Map(), key);
    const found = (await planNow({ stateDir: elsewhere }, stage.ports)).plan.previously_declared;
    expect(found?.map((one) => one.last_declared)).toEqual(['2025-01-31']);
  });

  test('is refused where the memory is spoilt, rather than silent about people', async () => {
    const stage = await withoutBob();
    await writeFile(join(await stateDirAt(stage), 'declared.json'), '{"format":"muster-declared","version":1');

    await expect(stage.plan()).rejects.toMatchObject({
      code: 'STATE_DIR',
      hint: expect.stringContaining('delete the file') as string,
    });
  });

  test('is refused where the folder is a link', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([ada]);
    const dir = await stateDirAt(stage);
    await mkdir(join(dir, '..'), { recursive: true });
    await symlink(stage.dir, dir);

    await expect(stage.plan()).rejects.toMatchObject({ code: 'STATE_DIR' });
  });
});
