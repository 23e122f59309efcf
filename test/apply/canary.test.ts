/** A few people go first and are read back before anybody else's turn comes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseCanary } from '../../src/apply/canary.ts';
import { changeClasses } from '../../src/model/change-classes.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { Action, ChangeClass } from '../../src/model/plan.ts';
import { applyText } from '../../src/report/apply-text.ts';
import { plain } from '../../src/report/paint.ts';
import { type FrontRule, openFront } from '../support/front.ts';
import { isLong, share } from '../support/suite.ts';
import { apiPath, crowd, openStage, outcomesOf, type Stage, type StageOptions, writesOf } from './support/stage.ts';

/** An action of a person, of some classes, that waits for others. */
function actionOf(id: string, classes: readonly ChangeClass[], ...after: readonly string[]): Action {
  const person = id.split('/')[0] ?? '';
  return {
    id,
    person,
    account: person,
    changes: classes.map((name) => ({
      id: `${id} ${name}`,
      person,
      class: name,
      field: 'nickname',
      before: '',
      after: 'x',
      reason: { text: 'x' },
    })) as unknown as Action['changes'],
    precondition: { account: person, fields: {} },
    call: { operation: 'activate' },
    reversible: true,
    mails: 0,
    after: after.map((action) => ({ action, need: 'success' })),
  };
}

const people = (count: number, name: ChangeClass = 'update'): readonly Action[] =>
  crowd(count).map((person) => actionOf(`${person}/1`, [name]));

const peopleAmong = (actions: readonly Action[], chosen: ReadonlySet<string>): readonly string[] => [
  ...new Set(actions.filter(({ id }) => chosen.has(id)).map(({ person }) => person)),
];

describe('the canary', () => {
  test.each([
    [0, 0],
    [1, 0],
    [5, 0],
    [9, 0],
    [10, 5],
    [100, 5],
    [101, 6],
    [120, 6],
    [121, 7],
    [1000, 50],
    [20_000, 50],
  ])('of %i people is %i', (count, size) => {
    const actions = people(count);

    expect(peopleAmong(actions, chooseCanary(actions))).toEqual(crowd(size));
  });

  test('has every class in it, and no more people for that than it takes', () => {
    const actions = [
      ...people(30),
      actionOf('x/1', ['deactivate', 'token-disable']),
      actionOf('y/1', ['token-disable']),
      actionOf('z/1', ['admin-loss']),
    ];

    const chosen = peopleAmong(actions, chooseCanary(actions));

    expect(chosen.toSorted()).toEqual(['p000', 'p001', 'p002', 'x', 'z']);
  });

  test('takes all actions of its people, and of others only what those wait for', () => {
    const actions = [
      actionOf('p0/1', ['update']),
      actionOf('p0/2', ['role-grant'], 'p0/1', 'other/1'),
      ...people(20).slice(1),
      actionOf('other/1', ['rename'], 'third/1'),
      actionOf('other/2', ['rename'], 'other/1'),
      actionOf('third/1', ['rename']),
    ];

    const chosen = chooseCanary(actions);

    for (const id of ['p0/1', 'p0/2', 'other/1', 'third/1']) expect(chosen).toContain(id);
    expect(chosen).not.toContain('other/2');
  });

  test('is no canary where nearly everybody would be in it', () => {
    const classes = changeClasses.slice(0, 6);
    const few = [...classes.map((name, i) => actionOf(`c${i}/1`, [name])), ...people(7)];
    const enough = [...few, ...people(8).slice(7)];

    expect(chooseCanary(few).size).toBe(0);
    expect(chooseCanary(enough).size).toBe(7);
  });

  test('does not wait for what is done already', () => {
    const actions = [actionOf('p0/2', ['update'], 'p0/1'), ...people(20).slice(1)];

    expect([...chooseCanary(actions)].toSorted()).toEqual(['p0/2', 'p001/1', 'p002/1', 'p003/1', 'p004/1']);
  });

  const anyActions = fc
    .array(
      fc.array(
        fc.record({
          classes: fc.subarray([...changeClasses], { maxLength: 3 }),
          waits: fc.array(fc.nat(), { maxLength: 2 }),
        }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      { maxLength: 150 },
    )
    .map((plans) => {
      const actions: Action[] = [];
      for (const [i, own] of plans.entries())
        for (const [k, { classes, waits }] of own.entries()) {
          // Now and then for another person's, as a name that is freed or an admin who is there first.
          const others = waits.flatMap((n) =>
            n % 5 === 0 && actions.length > 0 ? [actions[n % actions.length]?.id ?? ''] : [],
          );
          actions.push(actionOf(`p${i}/${k + 1}`, classes, ...(k > 0 ? [`p${i}/${k}`] : []), ...others));
        }
      return actions;
    });

  test('of anybody waits for no one outside, has every class, and is at most half of them', () => {
    fc.assert(
      fc.property(anyActions, (actions) => {
        const chosen = chooseCanary(actions);
        const all = new Set(actions.map(({ person }) => person));
        const first = actions.filter(({ id }) => chosen.has(id));
        if (chosen.size === 0) return;

        const count = new Set(first.map(({ person }) => person)).size;
        expect(first).toHaveLength(chosen.size);
        expect(first.flatMap(({ after }) => after).filter(({ action }) => !chosen.has(action))).toEqual([]);
        expect(classesOf(first)).toEqual(classesOf(actions));
        expect(count).toBeGreaterThanOrEqual(Math.max(5, Math.ceil(all.size / 20)));
        expect(count).toBeLessThanOrEqual(all.size / 2);
        expect(chooseCanary(actions)).toEqual(chosen);
      }),
      { numRuns: 300 },
    );
  });
});

const classesOf = (actions: readonly Action[]): readonly string[] =>
  [...new Set(actions.flatMap(({ changes }) => changes.map((change) => change.class)))].toSorted();

/** Twenty people, each of whom gets a nickname. */
const nicknames = (count = 20): readonly UserEntry[] => crowd(count).map((username) => ({ username, nickname: 'x' }));

async function crowded(entries: readonly UserEntry[] = nicknames(), options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ users: crowd(entries.length).map((username) => ({ username })), ...options });
  await stage.declare(entries);
  return stage;
}

/** Makes the server refuse what is written to some people. */
function refuse(stage: Stage, ...names: readonly string[]): { readonly remove: () => void } {
  const faults = names.map((name) =>
    stage.sandbox.faults.add({
      kind: 'error',
      status: 400,
      match: { method: 'PUT', path: `/users/${stage.user(name).id}/patch` },
      times: Number.POSITIVE_INFINITY,
    }),
  );
  return {
    remove: () => {
      for (const fault of faults) fault.remove();
    },
  };
}

const doneCount = (outcomes: readonly string[]): number => outcomes.filter((text) => text.endsWith(': done')).length;

describe('the first people of a run', () => {
  test('are read back before the others begin', async () => {
    const stage = await crowded();

    const run = await stage.apply({ concurrency: 4 });

    const steps = run.requests.map((request) => (writesOf([request]).length > 0 ? 'write' : apiPath(request)));
    const firstFive = steps.flatMap((step, i) => (step === 'write' ? [i] : [])).slice(0, 6);
    const between = steps.slice((firstFive[4] ?? 0) + 1, firstFive[5]);
    expect(between).toContain('/users/ids');
    expect(stage.events.filter(({ type }) => type === 'canary-passed')).toMatchObject([{ people: 5 }]);
    const started = stage.events.findIndex(({ type }) => type === 'canary-passed');
    const before = stage.events.slice(0, started).filter(({ type }) => type === 'action-ended');
    expect(before).toHaveLength(5);
    expect(run.code).toBe(0);
  });

  test('have something of every class among them, tokens too', async () => {
    const stage = await crowded([
      ...nicknames(17),
      { username: 'p017', tokens: [{ name: 'ci' }] },
      { username: 'p018', roles: ['system_user', 'system_post_all'] },
      { username: 'p019', active: false },
    ]);

    const run = await stage.apply();

    const passed = stage.events.findIndex(({ type }) => type === 'canary-passed');
    const first = stage.events
      .slice(0, passed)
      .flatMap((event) =>
        event.type === 'action-ended' ? [`${event.action.person} ${event.action.call.operation}`] : [],
      );
    expect(first.toSorted()).toEqual([
      'p000 patch-user',
      'p001 patch-user',
      'p017 create-token',
      'p018 set-roles',
      'p019 deactivate',
    ]);
    expect(run.code).toBe(0);
  });

  test('are no one in particular where there are few', async () => {
    const stage = await crowded(nicknames(9));

    const run = await stage.apply();

    expect(stage.events.map(({ type }) => type)).not.toContain('canary-passed');
    expect(run.code).toBe(0);
  });

  test.runIf(isLong)('of whom more than half fail stop the run: no one else’s turn comes', async () => {
    const stage = await crowded();
    const { remove } = refuse(stage, 'p000', 'p002', 'p004');

    const run = await stage.apply();
    remove();

    expect(run.stopped).toBe('3 of the first 5 people failed');
    expect(run.code).toBe(6);
    expect(writesOf(run.requests)).toHaveLength(5);
    expect(doneCount(outcomesOf(run))).toBe(2);
    const others = run.results.filter(({ outcome }) => outcome.status === 'skipped');
    expect(others).toHaveLength(15);
    for (const { outcome, attempts } of others)
      expect({ outcome, attempts }).toEqual({
        outcome: { status: 'skipped', because: 'not begun: 3 of the first 5 people failed' },
        attempts: [],
      });
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: 'stopped', because: '3 of the first 5 people failed' }),
    );

    const later = await stage.resume();
    expect(later?.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('of whom more than half fail are told with why, and how to go on', async () => {
    const stage = await crowded();
    refuse(stage, 'p000', 'p002', 'p004');
    const run = await stage.apply();

    const text = applyText(run, plain);

    expect(text).toMatch(/^Stopped: 2 of 20 actions done\n {2}3 of the first 5 people failed\n/);
    expect(text).toContain('skipped  15 actions: not begun: 3 of the first 5 people failed\n');
    expect(text).toContain('→ muster apply --resume resumes this run; muster plan shows what is left\n');
  });

  test('of whom less than half fail do not stop the run', async () => {
    const stage = await crowded();
    refuse(stage, 'p000', 'p002');

    const run = await stage.apply();

    expect(run.stopped).toBeUndefined();
    expect(run.code).toBe(6);
    expect(doneCount(outcomesOf(run))).toBe(18);
    expect(stage.events).toContainEqual(expect.objectContaining({ type: 'canary-passed', people: 5 }));
  });

  test('of whom one fails stop a run that is to stop at the first failure', async () => {
    const stage = await crowded();
    refuse(stage, 'p004');

    const run = await stage.apply({ stopAt: 'first' });

    expect(run.stopped).toBe('update of p004 failed');
    expect(writesOf(run.requests)).toHaveLength(5);
  });

  test('of whom all fail do not stop a run that nothing is to stop', async () => {
    const stage = await crowded();
    refuse(stage, ...crowd(5));

    const run = await stage.apply({ stopAt: 'never' });

    expect(run.stopped).toBeUndefined();
    expect(doneCount(outcomesOf(run))).toBe(15);
  });
});

/** A server that says yes to what is written to people, and does nothing until it is mended. */
async function deaf(
  entries: readonly UserEntry[],
  isDeafTo: (name: string) => boolean = () => true,
): Promise<{ readonly stage: Stage; readonly passed: string[]; readonly mend: () => void }> {
  const passed: string[] = [];
  let stage: Stage | undefined;
  let isMended = false;
  const rule: FrontRule = ({ method, path, body }) => {
    const [, id = '', what = ''] = /^\/users\/([a-z0-9]{26})\/(patch|roles|active)$/.exec(path) ?? [];
    if (method !== 'PUT' || what === '' || stage === undefined || isMended) return undefined;
    const { passwordSet: _, isBot: __, ...user } = stage.user(id);
    if (!isDeafTo(user.username)) return undefined;
    passed.push(`${user.username} ${what}`);
    return what === 'patch' ? { ...user, ...(body as object) } : { status: 'OK' };
  };
  stage = await crowded(entries, { front: (target) => openFront(target, rule) });
  return {
    stage,
    passed,
    mend: () => {
      isMended = true;
    },
  };
}

describe('a server that says yes and does nothing', () => {
  const wanted: readonly (readonly [what: string, entry: Partial<UserEntry>])[] = [
    ['patches', { nickname: 'x' }],
    ['roles', { roles: ['system_user', 'system_post_all'] }],
    ['deactivations', { active: false }],
  ];

  test.each(share(wanted, 3, 2))('to %s is found out after five people, not after all', async (_, entry) => {
    const { stage, passed, mend } = await deaf(crowd(30).map((username) => ({ username, ...entry })));

    const run = await stage.apply();

    expect(passed).toHaveLength(5);
    expect(run.stopped).toBe('5 of the first 5 people failed');
    expect(run.code).toBe(6);
    expect(outcomesOf(run).filter((text) => text.endsWith('failed: NOT_VERIFIED'))).toHaveLength(5);
    expect(outcomesOf(run).filter((text) => text.endsWith('skipped'))).toHaveLength(25);

    mend();
    expect((await stage.resume())?.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('to one of the first people stops a run that is to stop at the first failure', async () => {
    const { stage, passed } = await deaf(nicknames(), (name) => name === 'p003');

    const run = await stage.apply({ stopAt: 'first' });

    expect(passed).toEqual(['p003 patch']);
    expect(run.stopped).toBe('1 of the first 5 people failed');
    expect(doneCount(outcomesOf(run))).toBe(4);
  });

  test('is found out in the end where there were too few for a canary', async () => {
    const { stage, passed } = await deaf(nicknames(8));

    const run = await stage.apply();

    expect(passed).toHaveLength(8);
    expect(new Set(outcomesOf(run).map((text) => text.split(': ')[2]))).toEqual(new Set(['NOT_VERIFIED']));
    expect(run.code).toBe(6);
  });
});
