import { afterEach, expect, test } from 'vitest';
import { verifyJournals } from '../../src/app/journals.ts';
import { lookAtReconcile } from '../../src/app/reconcile-place.ts';
import { runCycle } from '../../src/daemon/cycle.ts';
import { reconcileLoop, reconcileOnce } from '../../src/daemon/loop.ts';
import { healthOf } from '../../src/model/reconcile-health.ts';
import { bySuite, isLong } from '../support/suite.ts';
import { hour, type Loops, minute, startLoops } from './support/world.ts';

const open: Loops[] = [];
afterEach(async () => {
  for (const loops of open.splice(0)) await loops.close();
});

async function start(...given: Parameters<typeof startLoops>): Promise<Loops> {
  const loops = await startLoops(...given);
  open.push(loops);
  return loops;
}

const enforce = 'version: 1\nreconcile: { mode: enforce, every: 15m, jitter: 0s }\n';

test('observe reports drift once, and writes nothing', async () => {
  const loops = await start({
    'muster.yaml': 'version: 1\nreconcile: { every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n',
  });

  await loops.run(hour);

  expect(loops.told('cycle')).toHaveLength(4);
  expect(loops.told('drift')).toHaveLength(1);
  expect(loops.sandbox.control.user('ada')).toBeUndefined();
  expect(loops.told('drift-gone')).toEqual([]);
  const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
    method === 'PUT' || method === 'DELETE' || (method === 'POST' && path === '/api/v4/users');
  expect(loops.sandbox.requests.filter(isWrite)).toEqual([]);
});

test.runIf(isLong)('drift that was reported is told to be gone once, also where enforce puts it right', async () => {
  const loops = await start({
    'muster.yaml': 'version: 1\nreconcile: { every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n',
  });
  await loops.run(20 * minute);
  await loops.write({ 'muster.yaml': enforce });

  await loops.run(hour);

  expect(loops.told('drift')).toHaveLength(1);
  expect(loops.told('drift-gone')).toHaveLength(1);
  expect(await loops.state()).not.toHaveProperty('drift_told');
});

test('settings that name another server end in a failed cycle, and nothing is asked of either server', async () => {
  const loops = await start({
    'muster.yaml': 'version: 1\nreconcile: { every: 15m, jitter: 0s }\n',
    'users.yaml': 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n',
  });
  await loops.run(10 * minute);
  const asked = loops.sandbox.requests.length;
  const elsewhere = { env: { ...loops.ports.env, MUSTER_SERVER: 'http://127.0.0.1:9' } };

  const place = { dir: loops.dir };
  const { outcome, error } = await runCycle(await loops.state(), {}, { ...loops.ports, ...elsewhere }, place);

  expect(outcome).toMatchObject({ is: 'failed', code: 'INPUT_REFUSED', side: 'files' });
  expect(error).toMatchObject({ problems: [{ code: 'server-changed' }] });
  expect(loops.sandbox.requests).toHaveLength(asked);
});

test('enforce makes what the files want, and the cycles after it find nothing to do', async () => {
  const loops = await start({
    'muster.yaml': enforce,
    'users.yaml': 'version: 1\nusers:\n  - { username: ada, email: ada@example.com }\n',
  });

  await loops.run(hour);

  expect(loops.sandbox.control.user('ada')?.email).toBe('ada@example.com');
  expect(loops.told('cycle').map(({ done, left }) => [done, left])).toEqual([
    [1, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

const manager = `version: 1
users:
  - { username: ada, email: ada@example.com, roles: [system_user, system_manager] }
`;
const ada = { username: 'ada', email: 'ada@example.com' };

/** Takes the role away again, five minutes after each time that muster gave it. */
function keepReverting({ sandbox, clock }: Loops): void {
  clock.onPass = () => {
    if (sandbox.control.user('ada')?.roles.includes('system_manager') === true)
      sandbox.control.updateUser('ada', { roles: 'system_user' });
  };
}

const roleWrites = ({ sandbox }: Loops): number =>
  sandbox.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/roles')).length;

test.runIf(isLong)(
  'a role that another program keeps taking away is written twice, then held and reported once with the times of both',
  async () => {
    const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
    keepReverting(loops);

    await loops.run(2 * hour);

    expect(roleWrites(loops)).toBe(2);
    expect(loops.told('contested')).toMatchObject([
      {
        person: 'ada',
        class: 'role-grant',
        written: [expect.stringMatching(/^2027-01-04T08:0/), expect.stringMatching(/^2027-01-04T08:15/)],
        found: [expect.stringMatching(/^2027-01-04T08:15/), expect.stringMatching(/^2027-01-04T08:30/)],
      },
    ]);
    expect((await loops.state()).drift).toEqual([{ class: 'role-grant', planned: 0, blocked: 0, held: 1 }]);
  },
);

test.runIf(isLong)('a fight ends after two writes also where the process is started again between them', async () => {
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
  keepReverting(loops);

  for (let i = 0; i < 5; i++) await loops.run(20 * minute);

  expect(roleWrites(loops)).toBe(2);
  expect(loops.told('contested')).toHaveLength(1);
});

test.runIf(isLong)('what the files want otherwise meanwhile is no fight', async () => {
  const without = manager.replace(', system_manager', '');
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });

  for (const text of [manager, without, manager, without, manager, without]) {
    await loops.write({ 'users.yaml': text });
    await loops.run(20 * minute);
  }

  expect(roleWrites(loops)).toBe(6);
  expect(loops.told('contested')).toEqual([]);
});

test('a refused credential is told once, and the server is asked seldom from then on', async () => {
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
  await loops.run(20 * minute);
  const [token] = loops.sandbox.control.tokens('sandbox-admin');
  loops.sandbox.control.removeToken(token?.id ?? '');
  const before = loops.sandbox.requests.length;

  await loops.run(24 * hour);

  expect(loops.told('health')).toMatchObject([{ to: { is: 'quarantined', reason: 'credential' } }]);
  expect(loops.told('cycle').filter(({ outcome }) => outcome === 'failed').length).toBeLessThanOrEqual(8);
  expect(loops.sandbox.requests.length - before).toBeLessThanOrEqual(16);
});

test('a process that is started again with another token does not wait for what was put off', async () => {
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
  const { control } = loops.sandbox;
  const { secret } = control.createToken('sandbox-admin', 'the next one');
  control.removeToken(
    control.tokens('sandbox-admin').find(({ description }) => description !== 'the next one')?.id ?? '',
  );
  await loops.run(10 * minute);
  const refused = await loops.state();
  const ports = { ...loops.ports, env: { ...loops.ports.env, MUSTER_TOKEN: secret } };

  await reconcileLoop({ signal: loops.clock.until(loops.clock.now() + 5 * minute), lookMs: hour }, ports);

  expect(refused.quarantine).toMatchObject({ why: 'credential' });
  expect(loops.told('health').map(({ to }) => to.is)).toEqual(['quarantined']);
  expect(await loops.state()).not.toHaveProperty('quarantine');
  expect(roleWrites(loops)).toBe(1);
});

test.runIf(isLong)(
  'a server that is down is tried again after ever longer waits, then seldom, and comes back with one event',
  async () => {
    const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
    await loops.run(5 * minute);
    await loops.sandbox.control.goDown();
    await loops.run(12 * hour);
    const failed = loops.told('cycle').filter(({ outcome }) => outcome === 'failed').length;
    await loops.sandbox.control.comeUp();

    await loops.run(bySuite({ short: 5, long: 12 }) * hour);

    expect(failed).toBeGreaterThanOrEqual(5);
    expect(failed).toBeLessThanOrEqual(10);
    expect(loops.told('health').map(({ to }) => to)).toMatchObject([
      { is: 'failing' },
      { is: 'quarantined', reason: 'unreadable' },
      { is: 'ok' },
    ]);
  },
);

const people = Array.from({ length: 8 }, (_, i) => ({ username: `p${i}`, email: `p${i}@example.com` }));
const declared = (of: (i: number) => string): string =>
  `version: 1\nusers:\n${people.map((one, i) => `  - { username: ${one.username}, ${of(i)} }`).join('\n')}\n`;
const withApprovals = `${enforce}approvals: approvals.yaml
policy: { budgets: { update: { share: 0, floor: 2, cap: 2 } } }
`;

test.runIf(isLong)(
  'a class over its budget waits with one alert while a leaver still leaves, and an approval lets it go',
  async () => {
    const loops = await start(
      {
        'muster.yaml': withApprovals,
        'approvals.yaml': 'version: 1\napprovals: []\n',
        'users.yaml': declared((i) => (i === 0 ? 'active: false' : 'nickname: New')),
      },
      { users: people },
    );
    await loops.run(hour);
    const waiting = await loops.state();
    const health = healthOf(waiting, loops.clock.now());
    const nicknames = (): number =>
      people.filter(({ username }) => loops.sandbox.control.user(username)?.nickname === 'New').length;
    const whileWaiting = nicknames();
    const users = people.slice(1).map(({ username }) => username);
    await loops.write({
      'approvals.yaml': `version: 1\napprovals:\n  - { class: update, reason: new names, by: grace, expires: 2027-01-10, users: [${users.join(', ')}] }\n`,
    });

    await loops.run(20 * minute);

    expect(loops.sandbox.control.user('p0')?.delete_at).toBeGreaterThan(0);
    expect(whileWaiting).toBe(0);
    expect(waiting.classes).toMatchObject([{ budget: 'update', tries: expect.any(Number) }]);
    expect(health).toMatchObject({ is: 'quarantined', budget: 'update' });
    expect(loops.told('class-quarantined')).toHaveLength(1);
    expect(loops.told('class-released')).toHaveLength(1);
    expect(nicknames()).toBe(7);
  },
);

test.runIf(isLong)(
  'a class in quarantine waits for its next try also where it would fit its budget again',
  async () => {
    const loops = await start(
      {
        'muster.yaml': withApprovals,
        'approvals.yaml': 'version: 1\napprovals: []\n',
        'users.yaml': declared(() => 'nickname: New'),
      },
      { users: people },
    );
    await loops.run(5 * minute);
    await loops.write({ 'users.yaml': declared((i) => (i === 0 ? 'nickname: New' : 'first_name: ""')) });
    await loops.run(20 * minute);
    const atOnce = loops.sandbox.control.user('p0')?.nickname;

    await loops.run(2 * hour);

    expect(atOnce).toBe('');
    expect(loops.sandbox.control.user('p0')?.nickname).toBe('New');
    expect(loops.told('class-released')).toHaveLength(1);
  },
);

test.runIf(isLong)('many small cycles cannot deactivate more in a day than the budget of a day', async () => {
  const { people: number, cycles } = bySuite({ short: { people: 12, cycles: 6 }, long: { people: 40, cycles: 30 } });
  const many = Array.from({ length: number }, (_, i) => ({ username: `q${i}`, email: `q${i}@example.com` }));
  const without = (left: number): string =>
    `version: 1\nusers:\n${many.map(({ username }, i) => `  - { username: ${username}, active: ${i >= left} }`).join('\n')}\n`;
  const loops = await start(
    { 'muster.yaml': enforce.replace('15m', '30m'), 'users.yaml': without(0) },
    { users: many },
  );

  for (let i = 1; i <= cycles; i++) {
    await loops.write({ 'users.yaml': without(Math.min(2 * i, number)) });
    await loops.run(30 * minute);
  }

  const gone = many.filter(({ username }) => (loops.sandbox.control.user(username)?.delete_at ?? 0) > 0).length;
  expect(gone).toBe(2);
  expect(loops.told('class-quarantined')).toMatchObject([{ budget: 'deactivate' }]);
});

test.runIf(isLong)(
  'a suspend of muster.yaml stops reading and writing until its end, which comes by itself',
  async () => {
    const suspend = '  suspend: { reason: upgrade, by: grace, until: "2027-01-04T10:00:00Z" }\n';
    const loops = await start(
      {
        'muster.yaml': `version: 1\nreconcile:\n  mode: enforce\n  every: 15m\n  jitter: 0s\n${suspend}`,
        'users.yaml': manager,
      },
      { users: [ada] },
    );
    await loops.run(hour);
    const paused = await loops.state();
    const requests = loops.sandbox.requests.length;

    await loops.run(2 * hour);

    expect(requests).toBe(0);
    expect(paused.pause).toEqual({ reason: 'upgrade', by: 'grace', until: '2027-01-04T10:00:00.000Z' });
    expect(loops.told('health').map(({ to }) => to.is)).toEqual(['paused', 'ok']);
    expect(loops.sandbox.control.user('ada')?.roles).toContain('system_manager');
  },
);

test.runIf(isLong)('outside of its windows muster looks and writes nothing', async () => {
  const windows = '  windows: [{ rule: allow, from: "10:00", to: "12:00" }]\n';
  const loops = await start(
    {
      'muster.yaml': `version: 1\nreconcile:\n  mode: enforce\n  every: 15m\n  jitter: 0s\n${windows}`,
      'users.yaml': manager,
    },
    { users: [ada] },
  );
  await loops.run(hour);
  const closed = await loops.state();
  const writes = roleWrites(loops);

  await loops.run(2 * hour);

  expect(writes).toBe(0);
  expect(loops.told('drift')).toHaveLength(1);
  expect(loops.told('drift-gone')).toHaveLength(1);
  expect(closed).toMatchObject({ window: { open: false, until: '2027-01-04T10:00:00.000Z' }, mode: 'enforce' });
  expect(closed.drift).toMatchObject([{ class: 'role-grant', planned: 1 }]);
  expect(roleWrites(loops)).toBe(1);
  const [first, ...later] = loops.told('cycle');
  expect(first).toMatchObject({ mode: 'observe', closed_until: '2027-01-04T10:00:00.000Z' });
  expect(later.at(-1)).not.toHaveProperty('closed_until');
});

test.runIf(isLong)('a loop that hangs shows as stale from outside within two intervals', async () => {
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
  await loops.run(hour);
  const { clock } = loops;
  const left = await loops.state();

  expect(healthOf(left, clock.now()).is).toBe('ok');
  expect(healthOf(left, clock.now() + 30 * minute)).toEqual({ is: 'stale', reason: 'silent' });
});

test('of two processes on one server one works, and the other is refused', async () => {
  const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
  let refusal: unknown;
  const both = {
    ...loops.ports,
    show: () => {
      refusal = reconcileOnce({}, loops.ports).catch((error: unknown) => error);
    },
  };

  await reconcileLoop({ signal: loops.clock.until(loops.clock.now() + 20 * minute), lookMs: hour }, both);

  expect(await refusal).toMatchObject({ code: 'LOCKED' });
  expect(roleWrites(loops)).toBe(1);
});

test.runIf(isLong)(
  'what a process knew is forgotten where it lies in a folder of others and its signature does not fit',
  async () => {
    const loops = await start({ 'muster.yaml': enforce, 'users.yaml': manager }, { users: [ada] });
    const warnings: string[] = [];
    const ports = {
      ...loops.ports,
      env: { ...loops.ports.env, CI: 'true' },
      emit: (event: { readonly type: string; readonly text?: string }) => {
        if (event.type === 'warning') warnings.push(event.text ?? '');
      },
    };
    await loops.run(20 * minute);
    const [seen] = await lookAtReconcile(undefined, loops.ports);
    await loops.write({
      [`${seen?.dir.slice(loops.dir.length + 1) ?? ''}/reconcile.json`]: JSON.stringify({ ...seen?.state, cycles: 99 }),
    });

    const { state } = await reconcileOnce({}, ports);

    expect(state.cycles).toBe(1);
    expect(warnings.join()).toContain('is not signed');
  },
);

test.each(['reading', 'action-started', 'action-ended', 'apply-ended'] as const)(
  'told to end at %s, the loop ends with the journal complete and begins nothing more',
  async (phase) => {
    const loops = await start(
      { 'muster.yaml': enforce, 'users.yaml': declared(() => 'nickname: New') },
      { users: people },
    );
    const end = new AbortController();
    let lateActions = 0;

    await reconcileLoop(
      { signal: end.signal, lookMs: hour, concurrency: 1 },
      {
        ...loops.ports,
        // As the process does it: what only reads ends at once, what writes comes to its end.
        ...(phase === 'reading' && { signal: end.signal }),
        emit: ({ type }) => {
          if (type === 'action-started' && end.signal.aborted) lateActions++;
          if (type === phase) end.abort(new Error('told to end'));
        },
      },
    );

    const servers = await verifyJournals({ authenticate: 'always' }, loops.ports);
    const runs = servers.flatMap((server) => server.runs);
    expect(lateActions).toBe(0);
    expect(runs.filter(({ how, flaws }) => (how !== 'complete' && how !== 'interrupted') || flaws.length > 0)).toEqual(
      [],
    );
    expect(runs).toHaveLength(phase === 'reading' ? 0 : 1);
    expect(loops.told('stopped')).toHaveLength(1);
  },
);

test.runIf(isLong)(
  'a gain of administration by date that only plans of the loop itself listed waits for an approval',
  async () => {
    const loops = await start({
      'muster.yaml': enforce,
      'users.yaml': `version: 1
users:
  - { username: eve, email: eve@example.com, roles: [system_user, system_admin], starts: "2027-01-04T09:30:00Z" }
  - { username: ada, email: ada@example.com }
`,
    });

    await loops.run(3 * hour);

    // The run that made ada listed eve's gain as scheduled, and no person saw it.
    expect(loops.told('cycle')[0]).toMatchObject({ done: 1 });
    expect(loops.sandbox.control.user('eve')?.roles).toBe('system_user');
    expect(loops.told('cycle').at(-1)).toMatchObject({ failed: 0 });
  },
);
