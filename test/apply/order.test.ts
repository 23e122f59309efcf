/** Who may go when: one person strictly in order, people side by side, administration never lost before it is gained. */
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { Action } from '../../src/model/plan.ts';
import type { SeedUser } from '../../src/sandbox/index.ts';
import { type Front, openFront, type Passage } from '../support/front.ts';
import { isLong } from '../support/suite.ts';
import {
  apiPath,
  crowd,
  describeWrites,
  mark,
  openStage,
  outcomeOf,
  outcomesOf,
  type Stage,
  type StageOptions,
} from './support/stage.ts';

const everything = ['system_user', 'system_post_all', 'system_admin'];

const admins = (names: readonly string[]): readonly SeedUser[] =>
  names.map((username) => ({ username, roles: 'system_user system_admin' }));

/** A stage with a front that shows which requests overlap. */
async function watched(options: StageOptions): Promise<{ stage: Stage; front: Front }> {
  let front: Front | undefined;
  const stage = await openStage({
    ...options,
    front: async (target) => {
      front = await openFront(target);
      return front;
    },
  });
  if (front === undefined) throw new Error('no front');
  return { stage, front };
}

/** Whom a request is about: by the id in its path, the name in its body, or the owner of its token. */
function personOf(
  { path, body }: Passage,
  owners: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): string {
  const id = /^\/users\/([a-z0-9]{26})(\/|$)/.exec(path)?.[1];
  if (id !== undefined) return ids.get(id) ?? id;
  const { username, token_id: token, term } = (body ?? {}) as Record<string, string>;
  return username ?? owners.get(token ?? '') ?? ids.get(term ?? '') ?? '';
}

describe('one person', () => {
  const people: readonly SeedUser[] = crowd(6).map((username) => ({
    username,
    active: false,
    roles: 'system_guest system_post_all',
    tokens: [{ description: mark('old') }, { description: 'by hand' }],
  }));
  const entries: readonly UserEntry[] = crowd(6).map((username) => ({
    username,
    email: `${username}@example.com`,
    nickname: 'back again',
    active: true,
    roles: ['system_user', 'system_user_access_token'],
    auth: { service: 'saml', data: `${username}@idp` },
    tokens: [{ name: 'ci' }],
  }));

  test('never has two requests under way, while others have theirs', async () => {
    const { stage, front } = await watched({ users: people, config: { 'SamlSettings.Enable': true } });
    await stage.declare(entries);
    const before = stage.sandbox.snapshot();
    const from = front.passages.length;

    const run = await stage.apply({ concurrency: 4 });

    const { people: now, tokens } = stage.sandbox.snapshot();
    const ids = new Map(now.map(({ id, username }) => [id, username]));
    const owners = new Map([...before.tokens, ...tokens].map(({ id, user_id }) => [id, ids.get(user_id) ?? '']));
    const passages = front.passages.slice(from);
    const who = (passage: Passage): string => personOf(passage, owners, ids);
    const doubled = passages.filter((one) => who(one) !== '' && one.beside.some((other) => who(other) === who(one)));
    expect(run.code).toBe(0);
    expect(doubled.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(Math.max(...passages.map(({ beside }) => new Set(beside.map(who)).size))).toBe(3);
  });

  test.runIf(isLong)('is served one after the other with a concurrency of one', async () => {
    const { stage, front } = await watched({ users: people, config: { 'SamlSettings.Enable': true } });
    await stage.declare(entries);

    const run = await stage.apply({ concurrency: 1 });

    expect(run.code).toBe(0);
    expect(Math.max(...front.passages.map(({ beside }) => beside.length))).toBe(0);
  });

  test('gets their writes in the order of the phases', async () => {
    const stage = await openStage({ users: people.slice(0, 1), config: { 'SamlSettings.Enable': true } });
    await stage.declare(entries.slice(0, 1));

    const run = await stage.apply();

    const [one, other, ...rest] = describeWrites(stage, run.requests);
    expect(new Set([one, other])).toEqual(new Set(['POST /users/tokens/disable by', 'POST /users/tokens/revoke gone']));
    expect(rest).toEqual([
      'PUT /users/p000/patch',
      'PUT /users/p000/auth',
      'POST /users/p000/promote',
      'PUT /users/p000/roles',
      'PUT /users/p000/active',
      'POST /users/p000/tokens',
    ]);
  });

  test('is brought to their end before another begins, where nothing else decides', async () => {
    const stage = await openStage({ users: crowd(3).map((username) => ({ username })) });
    await stage.declare(
      crowd(3).map((username) => ({ username, nickname: 'x', roles: ['system_user', 'system_post_all'] })),
    );

    const run = await stage.apply({ concurrency: 1 });

    expect(run.results.map(({ action }) => action.person)).toEqual(['p000', 'p000', 'p001', 'p001', 'p002', 'p002']);
  });
});

describe('a failure', () => {
  test('skips what needs its success, with the reason, and no one else', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
    const wanted = { nickname: 'x', roles: ['system_user', 'system_post_all'], tokens: [{ name: 'ci' }] };
    await stage.declare([
      { username: 'ada', ...wanted },
      { username: 'bob', ...wanted },
    ]);
    const { id } = stage.user('ada');
    stage.sandbox.faults.add({ kind: 'error', status: 400, body: 'json', match: { path: `/users/${id}/patch` } });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual([
      'ada patch-user: failed: API_BAD_REQUEST',
      'ada set-roles: skipped',
      'ada create-token: skipped',
      'bob patch-user: done',
      'bob set-roles: done',
      'bob create-token: done',
    ]);
    expect(outcomeOf(run, 'ada', 'set-roles')).toEqual({
      status: 'skipped',
      because: 'update of ada was not done',
    });
    expect(run.code).toBe(6);
  });

  test('does not keep a leaver: a person whose token cannot be disabled is deactivated all the same', async () => {
    const stage = await openStage({ users: [{ username: 'ada', tokens: [{ description: 'by hand' }] }] });
    await stage.declare([{ username: 'ada', nickname: 'gone', active: false }]);
    const match = { path: '/users/tokens/disable' };
    stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match, times: 9 });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual([
      'ada disable-token: failed: API_FORBIDDEN',
      'ada patch-user: skipped',
      'ada deactivate: done',
    ]);
    expect(stage.user('ada').delete_at).toBeGreaterThan(0);
    expect(run.code).toBe(6);
  });

  test('keeps a returner away: no one comes back while something old is left', async () => {
    const stage = await openStage({
      users: [{ username: 'ada', active: false, tokens: [{ description: 'by hand' }] }],
    });
    await stage.declare([{ username: 'ada', active: true }]);
    const match = { path: '/users/tokens/disable' };
    stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match, times: 9 });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada disable-token: failed: API_FORBIDDEN', 'ada activate: skipped']);
    expect(stage.user('ada').delete_at).toBeGreaterThan(0);
  });

  test('leaves no action without an outcome', async () => {
    const stage = await openStage({ users: crowd(8).map((username) => ({ username })) });
    await stage.declare(
      crowd(8).map((username) => ({ username, nickname: 'x', roles: everything, tokens: [{ name: 'ci' }] })),
    );
    stage.sandbox.faults.add({ kind: 'error', status: 400, body: 'json', match: { path: '/users/*/patch' }, times: 3 });
    stage.sandbox.faults.add({ kind: 'error', status: 400, body: 'json', match: { path: '/users/*/roles', nth: 2 } });

    const run = await stage.apply();

    const ids = run.results.map(({ action }) => action.id);
    expect(ids.toSorted()).toEqual(run.plan.actions.map(({ id }) => id).toSorted());
  });
});

describe('administration', () => {
  test('is lost by one person at a time, with a recount right before each loss', async () => {
    const { stage, front } = await watched({ users: admins(crowd(5)) });
    await stage.declare(
      crowd(5).map((username, i) => (i % 2 === 0 ? { username, roles: ['system_user'] } : { username, active: false })),
    );

    const run = await stage.apply({ concurrency: 4 });

    const losses = front.passages.filter(({ method, path }) => method === 'PUT' && /\/(roles|active)$/.test(path));
    const isLoss = (passage: Passage): boolean => losses.includes(passage);
    expect(run.code).toBe(0);
    expect(losses).toHaveLength(5);
    expect(losses.filter(({ beside }) => beside.some(isLoss))).toEqual([]);
    for (const loss of losses) {
      const before = front.passages.slice(0, front.passages.indexOf(loss));
      const lastLoss = before.findLastIndex(isLoss);
      expect(before.slice(lastLoss + 1).some(({ method, path }) => method === 'GET' && path === '/users')).toBe(true);
    }
  });

  test('is gained before it is lost', async () => {
    const stage = await openStage({ users: [...admins(['old']), { username: 'new' }] });
    await stage.declare([
      { username: 'new', roles: ['system_user', 'system_admin'] },
      { username: 'old', roles: ['system_user'] },
    ]);

    const run = await stage.apply();

    expect(describeWrites(stage, run.requests)).toEqual(['PUT /users/new/roles', 'PUT /users/old/roles']);
  });

  test('is lost by a person who could only administer for a moment, between another way to sign in and fewer roles', async () => {
    const stage = await openStage({
      muster: { policy: { min_admins: 2, auth_service_off: 'warn' } },
      users: [{ username: 'ada', roles: 'system_user system_admin', auth_service: 'gitlab', auth_data: '7' }],
    });
    await stage.declare([{ username: 'ada', roles: ['system_user'], auth: { service: 'email' } }]);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada set-password: done', 'ada set-roles: done']);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('is not lost when the gain fails', async () => {
    const stage = await openStage({ users: [...admins(['old']), { username: 'new' }] });
    await stage.declare([
      { username: 'new', roles: ['system_user', 'system_admin'] },
      { username: 'old', roles: ['system_user'] },
    ]);
    stage.sandbox.faults.add({ kind: 'error', status: 400, body: 'json', match: { path: '/users/*/roles' } });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['new set-roles: failed: API_BAD_REQUEST', 'old set-roles: skipped']);
    expect(stage.user('old').roles).toContain('system_admin');
  });

  test('is not lost when the server says of the gain that it is well, and a read does not show it', async () => {
    const swallow = { active: false };
    const stage = await openStage({
      users: [...admins(['old']), { username: 'new' }],
      front: (target) =>
        openFront(target, ({ method, path }) =>
          swallow.active && method === 'PUT' && path.endsWith('/roles') ? { status: 'OK' } : undefined,
        ),
    });
    await stage.declare([
      { username: 'new', roles: ['system_user', 'system_admin'] },
      { username: 'old', roles: ['system_user'] },
    ]);
    swallow.active = true;

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['new set-roles: failed: NOT_VERIFIED', 'old set-roles: skipped']);
    expect(stage.user('old').roles).toContain('system_admin');
  });

  test.runIf(isLong)('is not lost when someone else took it from the others meanwhile', async () => {
    const stage = await openStage({ users: admins(['ada', 'bob', 'eve']), muster: { policy: { min_admins: 2 } } });
    await stage.declare([
      { username: 'ada', roles: ['system_user'] },
      { username: 'bob', active: false },
    ]);
    const meanwhile = (): void => stage.sandbox.control.updateUser('eve', { roles: 'system_user' });

    const run = await stage.apply({ meanwhile });

    expect(outcomesOf(run)).toEqual(['ada set-roles: done', 'bob deactivate: stale']);
    expect(stage.user('bob').delete_at).toBe(0);
    expect(outcomeOf(run, 'bob', 'deactivate')).toMatchObject({
      expected: 'at least 2 other administrators',
    });
    expect(run.code).toBe(6);
  });

  test('is not lost because a list still shows a person who lost it a moment ago', async () => {
    const stage = await openStage({ users: admins(['ada', 'bob', 'eve']), muster: { policy: { min_admins: 2 } } });
    await stage.declare([
      { username: 'ada', roles: ['system_user'] },
      { username: 'bob', active: false },
    ]);
    const meanwhile = (): void => {
      stage.sandbox.control.updateUser('eve', { roles: 'system_user' });
      // The second count, from a replica that has not heard of the first loss.
      stage.sandbox.faults.add({ kind: 'stale-read', writes: 1, match: { method: 'GET', path: '/users', nth: 2 } });
    };

    const run = await stage.apply({ meanwhile });

    expect(outcomesOf(run)).toEqual(['ada set-roles: done', 'bob deactivate: stale']);
    expect(stage.user('bob').delete_at).toBe(0);
  });

  test('of a person who cannot sign in any more is counted for no one', async () => {
    const stage = await openStage({ users: admins(['ada', 'eve']), muster: { policy: { min_admins: 2 } } });
    await stage.declare([{ username: 'ada', roles: ['system_user'] }]);
    const meanwhile = (): void => stage.sandbox.control.updateUser('eve', { auth_service: 'ldap', auth_data: 'eve' });

    const run = await stage.apply({ meanwhile });

    expect(outcomesOf(run)).toEqual(['ada set-roles: stale']);
    expect(stage.user('ada').roles).toContain('system_admin');
  });
});

test('a freed username is taken only after it was freed', async () => {
  const stage = await openStage({
    users: [
      { username: 'ada', email: 'one@example.com' },
      { username: 'b', email: 'two@example.com' },
    ],
  });
  await stage.declare([
    { username: 'ada', previous_usernames: ['b'], email: 'two@example.com' },
    { username: 'old-ada', email: 'one@example.com' },
  ]);

  const run = await stage.apply();

  expect(outcomesOf(run)).toEqual(['old-ada patch-user: done', 'ada patch-user: done']);
  expect(run.requests.filter((request) => apiPath(request).endsWith('/patch')).map(({ status }) => status)).toEqual([
    200, 200,
  ]);
});

/** What a run may do to the account whose token it uses, whatever a plan says. */
const onCaller: Readonly<Record<Action['call']['operation'], 'allowed' | 'refused'>> = {
  'create-user': 'allowed',
  'patch-user': 'allowed',
  'set-auth': 'refused',
  'set-password': 'refused',
  'disable-mfa': 'refused',
  'promote-guest': 'refused',
  'demote-to-guest': 'refused',
  'set-roles': 'refused',
  activate: 'refused',
  deactivate: 'refused',
  'create-token': 'refused',
  'enable-token': 'refused',
  'disable-token': 'refused',
  'revoke-token': 'refused',
  'join-team': 'allowed',
  'leave-team': 'refused',
  'set-team-role': 'refused',
  'join-channel': 'allowed',
  'leave-channel': 'refused',
  'set-channel-role': 'refused',
};

test('a plan that would touch the caller’s access is refused action by action', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', roles: ['system_user', 'system_post_all'] }]);
  const { applyPlan } = await import('../../src/apply/apply-plan.ts');
  const plan = await stage.plan();
  const operations = Object.keys(onCaller);
  const actions = operations.flatMap((operation) =>
    plan.actions.map((action) => ({ ...action, id: operation, call: { ...action.call, operation } }) as Action),
  );
  const run = await applyPlan(
    { ...plan, actions },
    {
      waitUntilSettled: () => Promise.reject(new Error('waited')),
      runner: {
        run: () => Promise.reject(new Error('sent')),
        readPeople: () => Promise.resolve(new Map()),
        readPerson: () => Promise.reject(new Error('read')),
        look: () => Promise.reject(new Error('looked')),
        togetherFor: () => undefined,
        verify: () => Promise.resolve(new Map()),
        readAdmins: () => Promise.resolve([]),
        markFor: () => undefined,
        clear: () => Promise.reject(new Error('cleared')),
        sweep: () => Promise.resolve({ left: new Map(), cleared: new Map() }),
      },
      clock: stage.clock,
      emit: () => undefined,
      journal: {
        intend: () => Promise.reject(new Error('intended')),
        responded: () => undefined,
        ended: () => undefined,
        notVerified: () => undefined,
        swept: () => undefined,
        recorded: () => Promise.resolve(),
        flush: () => Promise.resolve(),
      },
      stopRule: { at: 'never' },
      concurrency: 1,
      runKey: 'x',
      callerId: stage.user('ada').id,
      minAdmins: 1,
      signInServices: new Set(['email']),
      administered: new Set(),
    },
  );

  const refused = run.results.filter(
    ({ outcome }) =>
      outcome.status === 'failed' && outcome.written === 'no' && outcome.error.code === 'CALLER_OUT_OF_REACH',
  );
  expect(run.results).toHaveLength(operations.length);
  expect(refused.map(({ action }) => action.id)).toEqual(
    Object.entries(onCaller).flatMap(([operation, may]) => (may === 'refused' ? [operation] : [])),
  );
});

test('a consumer of events that throws ends the run with its error', async () => {
  const stage = await openStage({ users: [{ username: 'ada' }] });
  await stage.declare([{ username: 'ada', nickname: 'x' }]);
  Object.assign(stage.ports, {
    emit: ({ type }: { type: string }) => {
      if (type === 'action-started') throw new RangeError('no room');
    },
  });

  await expect(stage.apply()).rejects.toThrow('no room');
});

test('an error that ends the run does so once nothing is under way any more', async () => {
  const stage = await openStage({ users: crowd(4).map((username) => ({ username })) });
  await stage.declare(crowd(4).map((username) => ({ username, nickname: 'x' })));
  const events: string[] = [];
  Object.assign(stage.ports, {
    emit: ({ type }: { type: string }) => {
      events.push(type);
      if (type === 'action-ended') throw new RangeError('no room');
    },
  });

  await expect(stage.apply({ concurrency: 3 })).rejects.toThrow('no room');

  expect(events.filter((type) => type.startsWith('action-'))).toEqual([
    ...Array.from({ length: 3 }, () => 'action-started'),
    ...Array.from({ length: 3 }, () => 'action-ended'),
  ]);
});
