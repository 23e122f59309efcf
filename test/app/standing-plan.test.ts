import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/app/apply.ts';
import { type PlanOptions, plan, planAlone } from '../../src/app/plan.ts';
import { digestSources } from '../../src/desired/load-desired-state.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { crowd, openStage, type Stage, type StageOptions } from '../apply/support/stage.ts';
import { entries as entriesOfPeople, hour, long, minute, people } from './support/four-people.ts';
import { cacheOf } from './support/warm-history.ts';

const entries: readonly UserEntry[] = [{ username: 'sandbox-admin' }, ...entriesOfPeople];

/** Looks, and checks that the plan is that of a full read. */
async function look(stage: Stage, options: PlanOptions = {}): Promise<'full' | 'warm' | 'same plan'> {
  const at = new Date(stage.clock.now()).toISOString();
  const { plan: made, read } = await planAlone({ warm: {}, at, ...options }, stage.ports);
  const { plan: whole } = await plan({ at, ...options, record: false }, stage.ports);
  expect(canonicalJson(made)).toBe(canonicalJson(whole));
  return read?.isSamePlan === true ? 'same plan' : (read?.is ?? 'full');
}

/** A stage on which a plan is kept that found nothing to do. */
async function keptBefore(options: StageOptions = {}, declared: readonly UserEntry[] = entries): Promise<Stage> {
  const stage = await openStage({ users: people, ...options });
  await stage.declare(declared);
  stage.clock.advance(hour);
  expect(await look(stage)).toBe('full');
  stage.clock.advance(minute);
  expect(await look(stage)).toBe('warm');
  stage.clock.advance(minute);
  return stage;
}

/** Method, path, query and body of what is asked for. */
async function requestsOf(stage: Stage, work: () => Promise<unknown>): Promise<readonly string[]> {
  const from = stage.sandbox.requests.length;
  await work();
  return stage.sandbox.requests
    .slice(from)
    .map(({ method, path, query, body }) => canonicalJson({ method, path, query, body }));
}

describe('a plan that found nothing to do stands', () => {
  test('where nothing has changed, and everything that a warm read asks is asked again', async () => {
    const stage = await openStage({
      users: [...people, ...crowd(25).map((username) => ({ username, tokens: [{ description: 'by hand' }] }))],
      muster: { policy: { foreign_tokens: 'report' } },
    });
    await stage.declare([
      ...entries,
      { username: 'not-to-come', active: false },
      ...crowd(25).map((username) => ({ username })),
    ]);
    stage.clock.advance(hour);
    await planAlone({ warm: {} }, stage.ports);
    stage.clock.advance(minute);
    const warm = await requestsOf(stage, () => planAlone({ warm: {} }, stage.ports));
    stage.clock.advance(minute);

    const standing = await requestsOf(stage, async () => {
      const { read } = await planAlone({ warm: {} }, stage.ports);
      expect(read).toEqual({ is: 'warm', fullMs: expect.any(Number), isSamePlan: true });
    });

    const left = [...standing];
    const missing = warm.filter((one) => {
      const place = left.indexOf(one);
      if (place !== -1) left.splice(place, 1);
      return place === -1;
    });
    expect(missing).toEqual([]);
    // Who calls, and which server it is, is asked before anything is believed.
    expect(left).toHaveLength(2);
    expect(await look(stage)).toBe('same plan');
  });

  test('where people signed in, and where some changed what no entry names', async () => {
    const stage = await keptBefore();
    stage.sandbox.control.updateUser('ada', { update_at: stage.clock.now() });
    expect(await look(stage)).toBe('same plan');

    stage.clock.advance(minute);
    const props = { customStatus: '{"emoji":"palm_tree","text":"Away"}' };
    stage.sandbox.control.updateUser('ada', { last_picture_update: 5, props, update_at: stage.clock.now() });
    expect(await look(stage)).toBe('same plan');
  });

  test('however much later it is, until everything is to be read again', async () => {
    const stage = await keptBefore({}, [...entries, { username: 'bob2', active: false }]);
    stage.clock.advance(5 * hour);
    expect(await look(stage)).toBe('same plan');

    stage.clock.advance(2 * hour);
    expect(await look(stage)).toBe('full');
  });

  test('again once what came between is as it was', async () => {
    const stage = await keptBefore();
    stage.sandbox.control.updateUser('ada', { nickname: 'drift', update_at: stage.clock.now() });
    expect(await look(stage)).toBe('warm');
    stage.clock.advance(minute);
    stage.sandbox.control.updateUser('ada', { nickname: '', update_at: stage.clock.now() });

    expect(await look(stage)).toBe('same plan');
  });
});

describe('the plan is made anew', () => {
  test.each<[string, (stage: Stage) => unknown]>([
    [
      'a person is not as declared',
      ({ sandbox, clock }) => sandbox.control.updateUser('ada', { nickname: 'x', update_at: clock.now() }),
    ],
    [
      'an undeclared person has another name',
      ({ sandbox, clock }) => sandbox.control.updateUser('out', { username: 'outer', update_at: clock.now() }),
    ],
    ['someone is new whom no entry means', ({ sandbox }) => sandbox.control.createUser({ username: 'new' })],
    ['someone was deleted', ({ sandbox }) => sandbox.control.deleteUser('dan')],
    ['someone got a token', ({ sandbox }) => sandbox.control.createToken('ada', 'by hand')],
    [
      'an administrator is another one',
      ({ sandbox, clock }) =>
        sandbox.control.updateUser('bob', { roles: 'system_admin system_user', update_at: clock.now() }),
    ],
    [
      'a setting of the server is another one',
      ({ sandbox }) => sandbox.control.setConfig({ 'EmailSettings.RequireEmailVerification': true }),
    ],
    [
      'an entry is another one',
      ({ declare }) => declare([...entries.slice(0, -1), { username: 'dan', nickname: 'D' }]),
    ],
    ['an entry is gone', ({ declare }) => declare(entries.slice(0, -1))],
    [
      'a comment of a file is another one',
      async ({ dir }) =>
        writeFile(join(dir, 'users.yaml'), `${await readFile(join(dir, 'users.yaml'), 'utf8')}\n# Q3\n`),
    ],
    [
      'the policy is another one',
      ({ configure }) => configure({ policy: { min_admins: 1, foreign_tokens: 'ignore' } }),
    ],
  ])('where %s', async (_, change) => {
    const stage = await keptBefore({
      users: [...people, { username: 'out', create_at: long }],
      muster: { policy: { min_admins: 1, foreign_tokens: 'report' } },
    });
    await change(stage);

    expect(await look(stage)).not.toBe('same plan');
  });

  test.each<[string, PlanOptions]>([
    ['it is limited to people', { users: ['ada'] }],
    ['it is limited to classes', { classes: ['rename'] }],
    ['a person is to decide', { isAskedFor: true }],
    ['it is kept as evidence', { record: true }],
  ])('where %s', async (_, options) => {
    const stage = await keptBefore();

    expect(await look(stage, options)).not.toBe('same plan');
  });

  test('where a full read is known that began later', async () => {
    const stage = await keptBefore();

    expect(await look(stage, { warm: { notBeforeMs: stage.clock.now() - 1 } })).toBe('full');
  });

  test('where a plan of these files is kept of another server alone', async () => {
    const stage = await keptBefore();
    await stage.declare(entries.slice(0, -1));
    const sources = await digestSources({ files: ['users.yaml'], base: stage.dir });
    const file = await cacheOf(stage, 'plan.cache');
    if (file === undefined || sources === undefined) throw new Error('nothing was kept');
    const other = join(dirname(dirname(file)), 'other');
    await mkdir(other);
    await writeFile(join(other, 'plan.cache'), `${sources}\n`);

    expect(await look(stage)).toBe('warm');
  });

  test('from the date of an entry on', async () => {
    const stage = await keptBefore({}, [...entries.slice(0, -1), { username: 'dan', ends: '2026-06-15T14:00:00Z' }]);
    stage.clock.advance(58 * minute - 1);
    expect(await look(stage)).toBe('same plan');

    stage.clock.advance(hour);
    expect(await look(stage)).toBe('warm');
    const { plan: made } = await planAlone({ warm: {} }, stage.ports);
    expect(made.actions.flatMap(({ changes }) => changes.map(({ id }) => id))).toEqual(['dan/active']);
  });

  test('as of a moment before the one for which it was made', async () => {
    const stage = await keptBefore();

    expect(await look(stage, { at: new Date(stage.clock.now() - hour).toISOString() })).toBe('warm');
  });

  test('where the server no longer answers what it answered, and tells the same as without', async () => {
    const stage = await keptBefore();
    stage.sandbox.control.updateUser('sandbox-admin', { roles: 'system_user', update_at: stage.clock.now() });

    for (const options of [{ warm: {} }, {}])
      await expect(planAlone(options, stage.ports)).rejects.toMatchObject({ name: 'InsufficientVisibilityError' });
  });

  test('and a warning is told once', async () => {
    const stage = await openStage({ users: people });
    await stage.declare(entries.map((entry) => (entry.username === 'dan' ? { ...entry, nickname: 'D' } : entry)));
    await stage.apply();
    const home = join(stage.dir, 'state', 'muster');
    const plans = (await readdir(home, { recursive: true })).filter((name) => name.endsWith('.plan.json'));
    for (const name of plans) await writeFile(join(home, name), '{}');
    const told: string[] = [];
    for (const nickname of ['D', 'D', 'D', 'drift']) {
      stage.clock.advance(minute);
      stage.sandbox.control.updateUser('dan', { nickname, update_at: stage.clock.now() });
      const from = stage.events.length;
      const { read } = await planAlone({ warm: {} }, stage.ports);
      const warnings = stage.events.slice(from).filter(({ type }) => type === 'warning');
      told.push(`${read?.isSamePlan === true ? 'same plan' : read?.is} ${warnings.length}`);
    }

    expect(told).toEqual(['full 1', 'warm 1', 'same plan 1', 'warm 1']);
  });

  test('each time, where a token is rotated by a schedule', async () => {
    const stage = await openStage({ users: people });
    await stage.declare([...entries.slice(0, -1), { username: 'dan', tokens: [{ name: 'ci', rotate_every: '30d' }] }]);
    await stage.apply();
    stage.clock.advance(hour);

    for (const kind of ['full', 'warm', 'warm']) {
      expect(await look(stage)).toBe(kind);
      stage.clock.advance(minute);
    }
    expect(await cacheOf(stage, 'plan.cache')).toBeUndefined();
  });
});

describe('an apply with a plan that stands', () => {
  const declared = async (stage: Stage): Promise<Record<string, { readonly last_declared: string }>> => {
    const file = await cacheOf(stage);
    if (file === undefined) throw new Error('nothing was kept');
    return JSON.parse(await readFile(join(dirname(file), 'declared.json'), 'utf8')).accounts;
  };
  const cycle = async (stage: Stage): Promise<string> => {
    const { plan: made, read } = await apply(
      { warm: {}, isUnattended: true, confirm: () => Promise.resolve(true) },
      stage.ports,
    );
    expect(made.actions).toEqual([]);
    return read?.isSamePlan === true ? 'same plan' : (read?.is ?? 'full');
  };

  test('remembers that everybody is declared still', async () => {
    const stage = await openStage({ users: [...people, { username: 'away', active: false }] });
    await stage.declare([...entries, { username: 'away', active: false }]);
    const kinds: string[] = [];
    for (let i = 0; i < 5; i++) {
      stage.clock.advance(hour);
      kinds.push(await cycle(stage));
    }
    expect(kinds).toEqual(['full', 'warm', 'same plan', 'same plan', 'same plan']);

    const memory = await declared(stage);
    expect(Object.keys(memory)).toHaveLength(5);
    expect(new Set(Object.values(memory).map(({ last_declared: at }) => at))).toEqual(
      new Set([new Date(stage.clock.now()).toISOString()]),
    );
    // Whose line goes is known, with the day.
    stage.clock.advance(24 * hour);
    await stage.declare(entries.slice(0, -1));
    const { plan: after } = await planAlone({ warm: {} }, stage.ports);
    expect(after.previously_declared).toMatchObject([{ username: 'dan', last_declared: '2026-06-15' }]);
    // Also once others are declared on later days, and until the account is inactive.
    const kindsAfter: string[] = [];
    for (let i = 0; i < 4; i++) {
      stage.clock.advance(2 * hour);
      kindsAfter.push(await cycle(stage));
    }
    expect(kindsAfter).toEqual(['warm', 'same plan', 'full', 'warm']);
    stage.clock.advance(hour);
    const { plan: later, read } = await planAlone({ warm: {} }, stage.ports);
    expect(read?.is).toBe('warm');
    expect(later.previously_declared).toMatchObject([{ username: 'dan', last_declared: '2026-06-15' }]);
    stage.sandbox.control.updateUser('dan', { delete_at: stage.clock.now(), update_at: stage.clock.now() });
    expect(await cycle(stage)).not.toBe('same plan');
    expect(Object.keys(await declared(stage))).toHaveLength(4);
  });

  test('is not the one of a plan that is only looked at, nor the other way round', async () => {
    const stage = await keptBefore();
    expect(await cycle(stage)).toBe('warm');
    expect(Object.keys(await declared(stage))).toHaveLength(5);
  });
});

test('a plan is shown all the same where it cannot be kept', async () => {
  const stage = await openStage({ users: people });
  await stage.declare(entries);
  stage.clock.advance(hour);
  await look(stage);
  const file = await cacheOf(stage);
  if (file === undefined) throw new Error('nothing was kept');
  // The draft cannot be removed.
  await mkdir(join(dirname(file), '.plan.cache.tmp'));
  stage.clock.advance(minute);

  expect(await look(stage)).toBe('warm');
  expect(stage.events.some((event) => event.type === 'warning' && event.code === 'plan-not-kept')).toBe(true);
});

test('what is wrong in a file is told before a server is asked, whatever is kept', async () => {
  const stage = await keptBefore();
  await writeFile(join(stage.dir, 'users.yaml'), 'version: 1\nusers: 5\n');

  const requests = await requestsOf(stage, async () => {
    await expect(planAlone({ warm: {} }, stage.ports)).rejects.toThrow(/users/);
  });

  expect(requests).toEqual([]);
});

test('runs at one moment keep a plan together, and warn of nothing', async () => {
  const stage = await openStage({ users: people });
  await stage.declare(entries);
  for (let i = 0; i < 3; i++) {
    stage.clock.advance(hour);
    await Promise.all(Array.from({ length: 4 }, () => planAlone({ warm: {} }, stage.ports)));
  }

  expect(stage.events.filter(({ type }) => type === 'warning')).toEqual([]);
  await look(stage);
  await look(stage);
  expect(await look(stage)).toBe('same plan');
});
