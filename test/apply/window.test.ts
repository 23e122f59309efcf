/** Budgets count over 24 hours: many small runs do no more than one may. Real HTTP, and a clock that the tests set. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hourMs } from '../../src/model/duration.ts';
import type { PolicyFile } from '../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import { bySuite, isLong, share } from '../support/suite.ts';
import { cutAfter, stateFiles } from './support/cut-journal.ts';
import { crowd, openBudgets, openStage, type RunOptions, type Stage, type StageOptions } from './support/stage.ts';

const people = crowd(8);

const limitedTo = (budgets: NonNullable<PolicyFile['budgets']>, policy: PolicyFile = {}): StageOptions['muster'] => ({
  approvals: 'approvals.yaml',
  policy: { ...policy, budgets: { ...openBudgets, ...budgets } },
});

async function open(budgets: NonNullable<PolicyFile['budgets']>, policy: PolicyFile = {}): Promise<Stage> {
  const muster = limitedTo(budgets, policy);
  const stage = await openStage({ users: people.map((username) => ({ username })), ...(muster && { muster }) });
  await writeFile(join(stage.dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals: [] }));
  return stage;
}

const two = { share: 0, floor: 2, cap: 2 };
const three = { share: 0, floor: 3, cap: 3 };

/** Everybody, of whom these leave. */
const leaving = (...leavers: readonly string[]): readonly UserEntry[] =>
  people.map((username) => (leavers.includes(username) ? { username, active: false } : { username }));

const isAway = (stage: Stage, name: string): boolean => stage.user(name).delete_at > 0;
const awayIn = (stage: Stage): readonly string[] => people.filter((name) => isAway(stage, name));

const blockedIn = ({ blocked }: Plan): readonly string[] => blocked.map(({ change }) => change.person);

async function applied(stage: Stage, entries: readonly UserEntry[], options: RunOptions = {}): Promise<Plan> {
  await stage.declare(entries);
  return (await stage.apply(options)).plan;
}

/** As a runner that keeps nothing between runs. */
let runner = 0;
const thrownAway = ({ dir }: Stage): RunOptions => ({
  env: { XDG_STATE_HOME: join(dir, `runner-${runner++}`) },
});

const uses = (stage: Stage): readonly { readonly name: string; readonly value: string }[] =>
  stage.sandbox.snapshot().preferences.filter(({ name }) => name.startsWith('use_'));

async function changeUses(stage: Stage, value: string | undefined): Promise<void> {
  const rows = stage.sandbox
    .snapshot()
    .preferences.filter(({ name }) => name.startsWith('use_'))
    .map((row) => ({ ...row, value: value ?? row.value }));
  const path = `${stage.sandbox.url}/api/v4/users/${rows[0]?.user_id ?? ''}/preferences`;
  await fetch(value === undefined ? `${path}/delete` : path, {
    method: value === undefined ? 'POST' : 'PUT',
    headers: { Authorization: `Bearer ${stage.sandbox.adminToken}` },
    body: JSON.stringify(rows),
  });
}

const refusePreferences = ({ sandbox }: Stage, method?: string): void => {
  sandbox.faults.add({
    kind: 'error',
    status: 403,
    body: 'json',
    times: 1000,
    match: { path: '/users/*/preferences*', ...(method !== undefined && { method }) },
  });
};

describe('three runs that each take the most', () => {
  const ways: readonly (readonly [who: string, between: (stage: Stage) => RunOptions | Promise<RunOptions>])[] = [
    ['on one machine', () => ({})],
    ['on machines that keep nothing', thrownAway],
    [
      'on one machine, where the record on the server is deleted in between',
      async (stage) => {
        await changeUses(stage, undefined);
        return {};
      },
    ],
    [
      'on one machine, where the record on the server is made to say nothing',
      async (stage) => {
        await changeUses(stage, JSON.stringify({ at: new Date(stage.clock.now()).toISOString(), counts: {} }));
        return {};
      },
    ],
    [
      'on one machine whose journals are deleted in between',
      async (stage) => {
        await rm(join(stage.dir, 'state'), { recursive: true, force: true });
        return {};
      },
    ],
  ];

  test.each(share(ways, 6, 5))('%s: only the first goes through', async (_, between) => {
    const stage = await open({ deactivate: two });
    const first = await applied(stage, leaving('p000', 'p001'), await between(stage));
    const second = await applied(stage, leaving('p000', 'p001', 'p002', 'p003'), await between(stage));
    const third = await applied(stage, leaving('p000', 'p001', 'p004', 'p005'), await between(stage));

    expect(blockedIn(first)).toEqual([]);
    expect(blockedIn(second)).toEqual(['p002', 'p003']);
    expect(blockedIn(third)).toEqual(['p004', 'p005']);
    expect(second.blocked[0]).toMatchObject({
      rail: 'budget',
      budget: 'deactivate',
      reason: 'deactivate of 2 people after 2 in the last 24 hours, and the budget is 2',
      hint: expect.stringMatching(/^the oldest count until 2026-06-16T12:\d\dZ; if it is right, approve deactivate/),
    });
    expect(awayIn(stage)).toEqual(['p000', 'p001']);
  });

  test.runIf(isLong)('go through one by one when a day lies between them', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));
    stage.clock.advance(23 * hourMs);
    const early = await applied(stage, leaving('p000', 'p001', 'p002', 'p003'));
    stage.clock.advance(hourMs);
    const later = await applied(stage, leaving('p000', 'p001', 'p002', 'p003'));

    expect(blockedIn(early)).toEqual(['p002', 'p003']);
    expect(blockedIn(later)).toEqual([]);
    expect(awayIn(stage)).toHaveLength(4);
    // The record of the first is gone.
    expect(uses(stage)).toHaveLength(1);
  });

  test.runIf(isLong)('count also where the clock was put back in between', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));
    // The journal alone knows.
    await changeUses(stage, undefined);
    stage.clock.advance(-50 * hourMs);
    const second = await applied(stage, leaving('p000', 'p001', 'p002'));

    expect(blockedIn(second)).toEqual(['p002']);
  });
});

const runsADay = bySuite({ short: 4, long: 30 });

const whereTheyRun = [
  ['on one machine', (): RunOptions => ({})],
  ['on machines that keep nothing', thrownAway],
] as const;

test.each(share(whereTheyRun, 2, 1))(
  'many runs of one person each in a day do no more than the budget of a day, %s',
  async (_, where) => {
    const stage = await open({ create: three });
    for (let i = 1; i <= runsADay; i++) {
      const joining = crowd(runsADay)
        .slice(0, i)
        .map((name) => ({ username: `new-${name}`, email: `new-${name}@example.com` }));
      await applied(stage, [...leaving(), ...joining], where(stage));
      stage.clock.advance(hourMs / 2);
    }

    const made = stage.sandbox.snapshot().people.filter(({ username }) => username.startsWith('new-'));
    expect(made.map(({ username }) => username).toSorted()).toEqual(['new-p000', 'new-p001', 'new-p002']);
  },
);

test('runs of which each has lost a memory: journal of one, record of the other', async () => {
  const stage = await open({ deactivate: three });
  await applied(stage, leaving('p000'));
  const { dir } = await stateFiles(stage);
  for (const name of await readdir(dir)) if (name.startsWith('run-')) await rm(join(dir, name));
  const [first] = uses(stage);
  await applied(stage, leaving('p000', 'p001'));
  const rows = stage.sandbox
    .snapshot()
    .preferences.filter(({ name }) => name.startsWith('use_') && name !== first?.name);
  await fetch(`${stage.sandbox.url}/api/v4/users/${rows[0]?.user_id ?? ''}/preferences/delete`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${stage.sandbox.adminToken}` },
    body: JSON.stringify(rows),
  });

  const { blocked } = await applied(stage, leaving('p000', 'p001', 'p002', 'p003'));

  expect(blocked[0]?.reason).toBe('deactivate of 2 people after 2 in the last 24 hours, and the budget is 3');
});

describe('two machines that plan at the same time', () => {
  test.each([
    ['of the same budget', leaving('p002', 'p003'), 'WINDOW_MOVED'],
    ['of another budget', [{ username: 'p002', nickname: 'A' }], undefined],
  ])('and change things %s: the slower one writes only what the budget still holds', async (_, slower, code) => {
    const stage = await open({ deactivate: two, update: { share: 1, floor: 9 } });
    const quicker = async (): Promise<void> => {
      await applied(stage, leaving('p000', 'p001'), thrownAway(stage));
      await stage.declare(slower);
    };
    await stage.declare(slower);
    const ended = await stage.apply({ meanwhile: quicker }).catch((error: unknown) => error);

    expect(ended instanceof Error && 'code' in ended ? ended.code : undefined).toBe(code);
    expect(awayIn(stage)).toEqual(['p000', 'p001']);
  });

  test('and change one person each: the slower one writes nothing where the budget is one', async () => {
    const stage = await open({ deactivate: { share: 0, floor: 1, cap: 1 } });
    await stage.declare(leaving('p001'));
    const quicker = async (): Promise<void> => {
      await applied(stage, leaving('p000'), thrownAway(stage));
      await stage.declare(leaving('p001'));
    };

    await expect(stage.apply({ meanwhile: quicker })).rejects.toMatchObject({ code: 'WINDOW_MOVED' });
    expect(awayIn(stage)).toEqual(['p000']);
  });
});

describe('the record on the server', () => {
  test('is a count and a moment, with no name', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));

    expect(uses(stage)).toHaveLength(1);
    expect(uses(stage)[0]?.name).toMatch(/^use_[0-9a-f]{24}$/);
    expect(JSON.parse(uses(stage)[0]?.value ?? '')).toEqual({
      at: expect.stringMatching(/^2026-06-15T12:/),
      counts: { deactivate: 2 },
    });
  });

  test('stands before the first write, and costs one request of a run that does what it planned', async () => {
    const stage = await open({ deactivate: two });
    const from = stage.sandbox.requests.length;
    await applied(stage, leaving('p000', 'p001'));
    const writes = stage.sandbox.requests
      .slice(from)
      .filter(({ method, path }) => method !== 'GET' && !/names|ids|search/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/^.*\/users\/[^/]+/, '')}`);

    // The lease, the record, two people, and the lease again.
    expect(writes[0]).toBe('PUT /preferences');
    expect(writes[1]).toBe('PUT /preferences');
    expect(writes.filter((write) => write.includes('preferences'))).toHaveLength(3);
    expect(writes.at(-1)).toBe('POST /preferences/delete');
  });

  test('says in the end what was written, not what was planned', async () => {
    const stage = await open({ deactivate: three });
    stage.sandbox.faults.add({
      kind: 'error',
      status: 403,
      body: 'json',
      match: { method: 'DELETE', path: '/users/*' },
      times: 1,
    });
    stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match: { path: '/users/*/active' } });
    await applied(stage, leaving('p000', 'p001'));

    expect(awayIn(stage)).toHaveLength(1);
    expect(JSON.parse(uses(stage)[0]?.value ?? '')).toMatchObject({ counts: { deactivate: 1 } });
  });

  const records = [
    ['is no JSON', 'garbage'],
    ['is huge', `{"at":"2026-06-15T12:00:00Z","counts":{},"more":"${'x'.repeat(10_000)}"}`],
    ['counts in words', '{"at":"2026-06-15T12:00:00Z","counts":{"deactivate":"none"}}'],
    ['counts less than nothing', '{"at":"2026-06-15T12:00:00Z","counts":{"deactivate":-5}}'],
    ['has no moment', '{"counts":{"deactivate":0}}'],
    ['has no counts', '{"at":"2026-06-15T12:00:00Z"}'],
  ] as const;

  test.each(share(records, 6))(
    'that %s counts against the plan, and for a day from the next run on',
    async (_, value) => {
      // Profiles have no budget by default.
      const stage = await openStage({
        users: people.map((username) => ({ username })),
        muster: { policy: { budgets: { deactivate: two } } },
      });
      await applied(stage, leaving('p000'));
      await rm(join(stage.dir, 'state'), { recursive: true });
      await changeUses(stage, value);

      const plan = await applied(stage, leaving('p000', 'p002'));

      expect(plan.blocked[0]?.reason).toMatch(/after an unknown number in 24 hours/);
      await applied(stage, [{ username: 'p003', active: true, nickname: 'B' }]);
      stage.clock.advance(25 * hourMs);
      expect(blockedIn(await applied(stage, leaving('p000', 'p002')))).toEqual([]);
    },
  );

  test.runIf(isLong)('of the future counts until its day is over', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000'), thrownAway(stage));
    await changeUses(stage, JSON.stringify({ at: '2026-06-15T20:00:00Z', counts: { deactivate: 2 } }));

    stage.clock.advance(24 * hourMs);
    expect(blockedIn(await applied(stage, leaving('p000', 'p001'), thrownAway(stage)))).toEqual(['p001']);
    stage.clock.advance(8 * hourMs);
    expect(blockedIn(await applied(stage, leaving('p000', 'p001'), thrownAway(stage)))).toEqual([]);
  });
});

describe('what counts', () => {
  test('is a person once per class', async () => {
    const stage = await open({ email: two });
    const mails = (count: number, domain: string): readonly UserEntry[] =>
      people.map((username, i) => (i < count ? { username, email: `${username}@${domain}` } : { username }));
    await applied(stage, mails(2, 'one.example'));

    expect(blockedIn(await applied(stage, mails(2, 'two.example')))).toEqual([]);
    expect(blockedIn(await applied(stage, mails(3, 'two.example')))).toEqual(['p002']);
    expect(blockedIn(await applied(stage, leaving('p000')))).toEqual([]);
  });

  test.runIf(isLong)('is each token, also of one person', async () => {
    const stage = await open({ 'token-create': two });
    const tokens = (...names: readonly string[]): readonly UserEntry[] => [
      { username: 'p000', tokens: names.map((name) => ({ name })) },
    ];
    await applied(stage, tokens('a'));
    await applied(stage, tokens('a', 'b'));
    const third = await applied(stage, tokens('a', 'b', 'c'));

    expect(third.blocked[0]?.reason).toBe('token-create of 1 token after 2 in the last 24 hours, and the budget is 2');
  });

  test.runIf(isLong)(
    'is a resumed run once, also where its process was ended before it could say what it did',
    async () => {
      const stage = await open({ deactivate: three });
      await applied(stage, leaving('p000', 'p001'));
      await cutAfter(stage, 'intent', 1);
      await stage.resume();

      expect(blockedIn(await applied(stage, leaving('p000', 'p001', 'p002', 'p003')))).toEqual(['p002', 'p003']);
      expect(blockedIn(await applied(stage, leaving('p000', 'p001', 'p002')))).toEqual([]);
    },
  );
});

describe('an undo', () => {
  test.runIf(isLong)('gives back what it reverses, and uses nothing itself', async () => {
    const stage = await open({ deactivate: two, activate: two });
    await applied(stage, leaving('p000', 'p001'));
    expect((await stage.undo()).code).toBe(0);

    expect(uses(stage)).toEqual([]);
    expect(blockedIn(await applied(stage, leaving('p002', 'p003')))).toEqual([]);
    expect(awayIn(stage)).toEqual(['p002', 'p003']);
    const back = people.map((username) => ({ username, active: true }));
    expect(blockedIn(await applied(stage, back))).toEqual([]);
  });

  test('gives back no more than it reversed', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));
    stage.sandbox.faults.add({ kind: 'error', status: 403, body: 'json', match: { path: '/users/*/active' } });
    await stage.undo();

    expect(awayIn(stage)).toHaveLength(1);
    expect(JSON.parse(uses(stage)[0]?.value ?? '')).toMatchObject({ counts: { deactivate: 1 } });
    const others = leaving(...awayIn(stage), 'p004', 'p005');
    expect((await applied(stage, others)).blocked[0]?.reason).toMatch(/2 people after 1 in/);
    await rm(join(stage.dir, 'state'), { recursive: true });
    expect((await applied(stage, others)).blocked[0]?.reason).toMatch(/2 people after 1 in/);
  });

  test.runIf(isLong)('that is taken back itself does it again, and that counts', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));
    await stage.undo();
    expect((await stage.undo({ run: '2' })).code).toBe(0);

    expect(awayIn(stage)).toEqual(['p000', 'p001']);
    expect(blockedIn(await applied(stage, leaving('p000', 'p001', 'p002')))).toEqual(['p002']);
    expect(blockedIn(await applied(stage, leaving('p000', 'p001', 'p002'), thrownAway(stage)))).toEqual(['p002']);
  });
});

describe('an approval', () => {
  const approve = (stage: Stage, about: object): Promise<void> =>
    writeFile(
      join(stage.dir, 'approvals.yaml'),
      JSON.stringify({
        version: 1,
        approvals: [{ reason: 'the office closes', by: 'grace', expires: '2026-06-20', ...about }],
      }),
    );

  test('lifts the budget of a day as it lifts that of a plan', async () => {
    const stage = await open({ deactivate: two });
    await applied(stage, leaving('p000', 'p001'));
    const third = leaving('p000', 'p001', 'p002');
    const { blocked } = await applied(stage, third);
    await approve(stage, { class: 'deactivate', changes: blocked[0]?.approval });
    const plan = await applied(stage, third);

    expect(blockedIn(plan)).toEqual([]);
    expect(plan.approvals).toMatchObject([{ class: 'deactivate', lifted: 1 }]);
    expect(isAway(stage, 'p002')).toBe(true);
  });

  test.each(share(whereTheyRun, 2, 1))(
    'answers for the changes that it names and leaves the budget of the day to others, %s',
    async (_, where) => {
      const stage = await open({ deactivate: two });
      const [office, others] = [leaving('p000', 'p001', 'p002'), ['p003', 'p004', 'p005']];
      const { blocked } = await applied(stage, office, where(stage));
      await approve(stage, { class: 'deactivate', changes: blocked[0]?.approval });
      const approved = await applied(stage, office, where(stage));
      const ordinary = await applied(stage, leaving('p000', 'p001', 'p002', ...others.slice(0, 2)), where(stage));
      const over = await applied(stage, leaving('p000', 'p001', 'p002', ...others), where(stage));

      expect(approved.approvals).toMatchObject([{ class: 'deactivate', lifted: 1 }]);
      expect(blockedIn(ordinary)).toEqual([]);
      expect(blockedIn(over)).toEqual(['p005']);
      expect(awayIn(stage)).toEqual(['p000', 'p001', 'p002', 'p003', 'p004']);
    },
  );

  test.runIf(isLong)('of named people makes no room for slices of others', async () => {
    const stage = await open({ deactivate: two });
    await approve(stage, { class: 'deactivate', users: ['p000', 'p001', 'p002'] });
    const mixed = await applied(stage, leaving('p000', 'p001', 'p002', 'p003'));
    const small = await applied(stage, leaving('p003', 'p004'));
    const second = await applied(stage, leaving('p003', 'p004', 'p000', 'p005'));
    const named = await applied(stage, leaving('p003', 'p004', 'p000', 'p001'));
    const third = await applied(stage, leaving('p003', 'p004', 'p000', 'p001', 'p005'));

    expect(blockedIn(mixed)).toEqual(['p000', 'p001', 'p002', 'p003']);
    expect(blockedIn(small)).toEqual([]);
    expect(blockedIn(second)).toEqual(['p000', 'p005']);
    expect(blockedIn(named)).toEqual([]);
    expect(blockedIn(third)).toEqual(['p005']);
  });

  test.runIf(isLong)('is all that a first adoption of a whole server needs, pasted from the plan', async () => {
    const stage = await openStage({
      licence: 'professional',
      muster: { approvals: 'approvals.yaml', policy: { budgets: {}, min_admins: 1 } },
    });
    await writeFile(join(stage.dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals: [] }));
    const number = bySuite({ short: 55, long: 1000 });
    const all = crowd(number).map((username) => ({ username, email: `${username}@example.com` }));
    await stage.declare(all);
    const before = await stage.plan();
    expect(new Set(before.blocked.map(({ approval }) => approval)).size).toBe(1);
    await approve(stage, { class: 'create', changes: before.blocked[0]?.approval });

    const run = await stage.apply();

    expect(run.code).toBe(0);
    expect(run.plan.blocked).toEqual([]);
    expect(run.results).toHaveLength(number);
    const after = await stage.plan();
    expect([after.actions, after.blocked]).toEqual([[], []]);
    await stage.declare([...all, { username: 'joiner', email: 'joiner@example.com' }]);
    const joined = await stage.apply();
    expect(joined.plan.blocked).toEqual([]);
    expect(stage.user('joiner').delete_at).toBe(0);
  });
});

describe('where nothing tells what was changed before', () => {
  const change = [...leaving('p000').slice(0, 1), { username: 'p001', nickname: 'A' }];

  test('plan and apply say so, and go on', async () => {
    const stage = await open({ deactivate: two });
    refusePreferences(stage);
    const plan = await applied(stage, change);

    expect(plan.notices).toContainEqual(
      expect.objectContaining({
        code: 'window-unknown',
        text: 'budgets count this plan alone: what was changed in the last 24 hours is not known',
      }),
    );
    expect(isAway(stage, 'p000')).toBe(true);
    // By now the journal knows.
    expect((await stage.plan()).notices.map(({ code }) => code)).not.toContain('window-unknown');
  });

  test('policy.window: require blocks what has a budget, and nothing else', async () => {
    const stage = await openStage({
      users: people.map((username) => ({ username })),
      muster: { policy: { budgets: {}, min_admins: 1, window: 'require' } },
    });
    refusePreferences(stage);
    // A lease is a courtesy, and the record cannot be written.
    await stage.declare(change);
    const plan = await stage.plan();

    expect(plan.blocked.map(({ change: { person }, rail, approval }) => [person, rail, approval])).toEqual([
      ['p000', 'window', undefined],
    ]);
    expect(plan.actions.map(({ person }) => person)).toEqual(['p001']);
  });

  test('policy.window: require writes nothing that the server does not record', async () => {
    const stage = await open({ deactivate: two }, { window: 'require' });
    refusePreferences(stage, 'PUT');
    await stage.declare(change);

    await expect(stage.apply()).rejects.toMatchObject({ code: 'WINDOW_NOT_RECORDED' });
    expect(awayIn(stage)).toEqual([]);
  });

  test('a server that can be read is enough, also for the first run of all', async () => {
    const stage = await open({ deactivate: two }, { window: 'require' });

    expect(blockedIn(await applied(stage, change))).toEqual([]);
    expect((await stage.plan()).notices.map(({ code }) => code)).not.toContain('window-unknown');
  });

  test('journals are enough', async () => {
    const stage = await open({ deactivate: two }, { window: 'require' });
    await applied(stage, leaving('p000'));
    refusePreferences(stage, 'GET');
    await stage.declare(leaving('p000', 'p001', 'p002'));

    expect((await stage.plan()).blocked[0]?.reason).toBe(
      'deactivate of 2 people after 1 in the last 24 hours, and the budget is 2',
    );
  });
});
