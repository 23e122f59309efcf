import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/app/apply.ts';
import { type PlanOptions, plan } from '../../src/app/plan.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { whyFull } from '../../src/model/seen-people.ts';
import { crowd, openStage, type Stage, type StageOptions } from '../apply/support/stage.ts';
import { isLong } from '../support/suite.ts';
import { entries, hour, long, minute, people } from './support/four-people.ts';
import { cacheOf } from './support/warm-history.ts';

/** A server of which a full read was kept ten minutes ago. */
async function readBefore(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ users: people, ...options });
  await stage.declare([{ username: 'sandbox-admin' }, ...entries]);
  stage.clock.advance(hour);
  expect(await readKind(stage)).toBe('full: nothing is kept of an earlier one');
  stage.clock.advance(10 * minute);
  return stage;
}

/** Reads, and checks that the plan is that of a full read. */
async function readKind(stage: Stage, options: PlanOptions = {}): Promise<string> {
  const at = new Date(stage.clock.now()).toISOString();
  const { plan: made, read } = await plan({ warm: {}, at, ...options }, stage.ports);
  const { plan: whole } = await plan({ at }, stage.ports);
  expect(canonicalJson(made)).toBe(canonicalJson(whole));
  const because = stage.events.findLast((event) => event.type === 'read')?.because;
  return `${read?.is}${because === undefined ? '' : `: ${because}`}`;
}

const requestsOf = async (stage: Stage, work: () => Promise<unknown>): Promise<readonly string[]> => {
  const from = stage.sandbox.requests.length;
  await work();
  return stage.sandbox.requests.slice(from).map(({ method, path }) => `${method} ${path.replace('/api/v4', '')}`);
};

describe('a warm read', () => {
  test('asks for what has changed, and for no page of a listing', async () => {
    const stage = await readBefore();
    stage.sandbox.control.createUser({ username: 'undeclared' });

    const requests = await requestsOf(stage, async () => {
      const { plan: made, read } = await plan({ warm: {} }, stage.ports);
      expect(read?.is).toBe('warm');
      expect(made.undeclared.map(({ username }) => username)).toEqual(['undeclared']);
    });

    expect(requests.filter((one) => one === 'POST /users/ids')).toHaveLength(1);
    // One is of the administrators.
    expect(requests.filter((one) => one === 'GET /users')).toHaveLength(1);
  });

  test('sees what others changed, and an apply carries it out', async () => {
    const stage = await readBefore();
    stage.sandbox.control.updateUser('ada', { nickname: 'drift', update_at: stage.clock.now() });

    const applied = await apply({ warm: {}, confirm: () => Promise.resolve(true) }, stage.ports);

    expect(applied.read?.is).toBe('warm');
    expect(stage.user('ada').nickname).toBe('');
    stage.clock.advance(minute);
    expect(await readKind(stage)).toBe('warm');
  });

  test.runIf(isLong)(
    'reads what people are in anew, since a channel that is left moves no time of a change',
    async () => {
      const stage = await readBefore({
        teams: [{ name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] }],
        users: [
          { username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] },
          { username: 'bob', active: false, teams: [{ team: 'core', channels: [{ channel: 'ops', role: 'admin' }] }] },
          { username: 'cy', teams: ['core'] },
        ],
        muster: { policy: { min_admins: 1, memberships: { exact: ['core'] } } },
      });
      await stage.declare([
        { username: 'ada', teams: [{ team: 'core', channels: ['dev'] }] },
        { username: 'bob', active: true },
      ]);
      stage.sandbox.control.endMembership('ada', 'core/dev');
      stage.sandbox.control.setMembership('bob', { team: 'core', role: 'admin' });

      expect(await readKind(stage)).toBe('warm');
      const { plan: made } = await plan({ warm: {} }, stage.ports);
      expect(made.actions.flatMap(({ changes }) => changes.map(({ id }) => id)).toSorted()).toEqual([
        'ada/teams.core/dev/channel-join',
        'bob/active',
        'bob/teams.core/ops/channel-admin',
        'bob/teams.core/team-admin-loss',
        'cy/teams.core/team-leave',
      ]);
    },
  );

  test.runIf(isLong)('begins at the full read again: what one warm read missed the next one sees', async () => {
    const stage = await readBefore();
    const changedAt = stage.clock.now();
    stage.clock.advance(hour);
    expect(await readKind(stage)).toBe('warm');
    // As if a cache of the server had shown what was before.
    stage.sandbox.control.updateUser('ada', { nickname: 'late', update_at: changedAt });

    expect(await readKind(stage)).toBe('warm');
  });
});

describe('everything is read', () => {
  test('where what is kept is too old', async () => {
    const stage = await readBefore();
    stage.clock.advance(6 * hour);

    expect(await readKind(stage)).toBe(`full: ${whyFull['too-old']}`);
    stage.clock.advance(minute);
    expect(await readKind(stage)).toBe('warm');
  });

  test('each time, where the settings say so; and nothing is kept', async () => {
    const stage = await openStage({ users: people, muster: { reconcile: { full_read: 'always' } } });
    await stage.declare(entries);

    expect(await readKind(stage)).toMatch(/^full/);
    expect(await cacheOf(stage)).toBeUndefined();
  });

  test.runIf(isLong)('where the clock of the server was put back, or that of this machine', async () => {
    const clocks = { skewMs: 0, nowMs: () => 0 };
    const stage = await openStage({ users: people, clock: () => clocks.nowMs() });
    clocks.nowMs = () => stage.clock.now() + clocks.skewMs;
    await stage.declare(entries);
    stage.clock.advance(hour);
    await readKind(stage);
    stage.clock.advance(hour);
    clocks.skewMs = -10 * minute;
    stage.sandbox.control.updateUser('ada', { nickname: 'x', update_at: stage.clock.now() - 100 * minute });

    expect(await readKind(stage)).toBe(`full: ${whyFull['clock-moved']}`);
    stage.clock.advance(-2 * hour);
    clocks.skewMs = 2 * hour - 10 * minute;
    expect(await readKind(stage)).toBe(`full: ${whyFull['clock-moved']}`);
  });

  test('where an older state of what is kept was put back', async () => {
    const stage = await readBefore();

    expect(await readKind(stage, { warm: { notBeforeMs: stage.clock.now() - minute } })).toBe(
      `full: ${whyFull['put-back']}`,
    );
  });

  test.runIf(isLong)('where what is kept is of another server, or of what another caller saw', async () => {
    const [stage, other] = [await readBefore(), await readBefore({ seed: 2 })];
    const [own, others] = [await cacheOf(stage), await cacheOf(other)];
    if (own === undefined || others === undefined) throw new Error('nothing was kept');
    await copyFile(others, own);

    expect(await readKind(stage)).toBe(`full: ${whyFull['not-believed']}`);

    stage.clock.advance(minute);
    stage.sandbox.control.createUser({ username: 'second', roles: 'system_user system_admin' });
    const { secret } = stage.sandbox.control.createToken('second', 'mine');
    const second: Stage = { ...stage, ports: { ...stage.ports, env: { ...stage.ports.env, MUSTER_TOKEN: secret } } };
    expect(await readKind(second)).toBe(`full: ${whyFull['not-believed']}`);
  });

  test('where an account was deleted while everything was read, so that nothing of it is kept', async () => {
    const stage = await openStage({ users: [...people, { username: 'gone', create_at: long }] });
    await stage.declare(entries);
    let isDeleted = false;
    const emit: Stage['ports']['emit'] = (event) => {
      stage.ports.emit(event);
      if (event.type !== 'reading' || event.what !== 'names' || isDeleted) return;
      isDeleted = true;
      stage.sandbox.control.deleteUser('gone');
      stage.sandbox.control.createUser({ username: 'came' });
    };

    await plan({ warm: {} }, { ...stage.ports, emit });

    expect(isDeleted).toBe(true);
    expect(await cacheOf(stage)).toBeUndefined();
  });

  test('where what a plan would change has changed unseen: the server is asked once more', async () => {
    // More than are looked at again for having changed last.
    const others = crowd(30).map((username, i) => ({ username, create_at: long, update_at: long + (i + 9) * hour }));
    const stage = await readBefore({ users: [...people, ...others] });
    await stage.declare(entries.map((one) => ({ ...one, nickname: one.username === 'ada' ? 'new' : '' })));
    // No time of a change tells of it, and it decides who owns the nickname.
    stage.sandbox.control.updateUser('ada', { auth_service: 'ldap', auth_data: 'ada' });

    expect(await readKind(stage)).toBe(`full: ${whyFull['changed-meanwhile']}`);
  });

  test('for what is kept as evidence', async () => {
    const stage = await readBefore();

    expect((await plan({ warm: {}, record: true }, stage.ports)).read).toBeUndefined();
  });
});

test('a plan is made all the same where what was read cannot be kept', async () => {
  const stage = await openStage({ users: people });
  await stage.declare(entries);
  await plan({ warm: {} }, stage.ports);
  const file = await cacheOf(stage);
  if (file === undefined) throw new Error('nothing was kept');
  await writeFile(join(dirname(file), 'note'), '');
  stage.clock.advance(7 * hour);
  // The draft cannot be removed.
  await mkdir(join(dirname(file), '.people.cache.tmp'));

  expect(await readKind(stage)).toBe(`full: ${whyFull['too-old']}`);
  expect(stage.events.some((event) => event.type === 'warning' && event.code === 'people-not-kept')).toBe(true);
});
