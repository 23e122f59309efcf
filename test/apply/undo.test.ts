/** A run is taken back as far as that can be: under the rails, within what it did, and with a word on the rest. */
import { describe, expect, test } from 'vitest';
import { planOfUndo } from '../../src/app/undo.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { planAnnotations } from '../../src/report/annotations.ts';
import { plain } from '../../src/report/paint.ts';
import { planDiff } from '../../src/report/plan-diff.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planText } from '../../src/report/plan-text.ts';
import { redactPlan } from '../../src/report/redact-plan.ts';
import { isLong } from '../support/suite.ts';
import { cutAfter } from './support/cut-journal.ts';
import { mark, openStage, outcomesOf, type Stage } from './support/stage.ts';

const noticeTexts = ({ plan }: { readonly plan: { readonly notices: readonly { readonly text: string }[] } }): string =>
  plan.notices.map(({ text }) => text).join('\n');

const noticeCodes = ({ plan }: { readonly plan: { readonly notices: readonly { readonly code: string }[] } }) =>
  plan.notices.map(({ code }) => code);

/** Everything about everybody that an undo is to bring back. */
function stateOf({ sandbox }: Stage): readonly object[] {
  const { people, tokens } = sandbox.snapshot();
  return people.map(({ id, username, email, nickname, roles, delete_at: deleteAt }) => ({
    id,
    username,
    email,
    nickname,
    roles,
    active: deleteAt === 0,
    tokens: tokens
      .filter(({ user_id: owner }) => owner === id)
      .map(({ id: token, is_active: isActive }) => `${token} ${isActive}`)
      .toSorted(),
  }));
}

const previous: readonly UserEntry[] = [
  { username: 'ada', email: 'ada@example.com', nickname: 'A', roles: ['system_user'], active: true },
  { username: 'bob', email: 'bob@example.com', active: true, tokens: [{ name: 'ci' }] },
  { username: 'cleo', email: 'cleo@example.com', active: true },
  { username: 'dan', email: 'dan@example.com', active: false, roles: ['system_user'] },
  { username: 'eve', email: 'eve@example.com', roles: ['system_user', 'system_admin'] },
  { username: 'fay', email: 'fay@example.com' },
  { username: 'gus', email: 'gus@example.com' },
];

const later: readonly UserEntry[] = [
  {
    username: 'ada',
    email: 'ada@example.org',
    nickname: 'Ada',
    roles: ['system_user', 'system_post_all'],
    notify_props: { desktop: 'none' },
    active: true,
  },
  { username: 'bob', email: 'bob@example.com', active: false },
  { username: 'cleo', email: 'cleo@example.com', roles: ['system_user', 'system_admin'] },
  { username: 'dan', email: 'dan@example.com', active: true, roles: ['system_user', 'system_post_all'] },
  { username: 'eve', email: 'eve@example.com', roles: ['system_user'] },
  { username: 'gus', previous_usernames: ['fay'], email: 'fay@example.com' },
  { username: 'fay', previous_usernames: ['gus'], email: 'gus@example.com' },
];

async function settledStage(): Promise<Stage> {
  const stage = await openStage({ users: [{ username: 'dan', active: false }] });
  await stage.declare(previous);
  expect((await stage.apply()).code).toBe(0);
  return stage;
}

describe('undo', () => {
  test('brings everything reversible back as it was, and the previous files have nothing to do', async () => {
    const stage = await settledStage();
    const before = stateOf(stage);
    await stage.declare(later);
    const applied = await stage.apply();

    const undone = await stage.undo();

    expect(applied.code).toBe(0);
    expect(applied.plan.actions.length).toBeGreaterThan(8);
    expect(undone.plan.summary.blocked).toBe(0);
    expect(undone.code).toBe(0);
    expect(stateOf(stage)).toEqual(before);
    await stage.declare(previous);
    expect((await stage.plan()).actions).toEqual([]);
    await stage.declare(later);
    expect((await stage.plan()).summary.changes).toEqual(applied.plan.summary.changes);
    expect(noticeTexts(undone)).toMatch(/the next apply does it again/);
    expect(noticeCodes(undone)).toContain('files-will-redo');
  });

  test.runIf(isLong)('deactivates what the run created, revokes the tokens that it made, and says so', async () => {
    const stage = await settledStage();
    await stage.declare(
      [
        ...previous,
        { username: 'new', email: 'new@example.com', nickname: 'n', tokens: [{ name: 'ci' }] },
        { username: 'fay', email: 'fay@example.com', tokens: [{ name: 'bot' }] },
      ].filter(({ username }, i, all) => all.findLastIndex((one) => one.username === username) === i),
    );
    await stage.apply();

    const undone = await stage.undo();

    expect(undone.code).toBe(0);
    expect(stage.user('new').delete_at).toBeGreaterThan(0);
    expect(stage.sandbox.control.tokens('new')).toEqual([]);
    expect(stage.sandbox.control.tokens('fay')).toEqual([]);
    expect(noticeTexts(undone)).toMatch(/created the account: it is deactivated, never deleted/);
    expect(noticeCodes(undone)).toContain('not-deleted');
    await stage.declare(previous);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('says what cannot be undone, and the previous files ask for just that', async () => {
    const stage = await settledStage();
    await stage.declare(previous.map((entry) => (entry.username === 'bob' ? { username: 'bob', tokens: [] } : entry)));
    await stage.apply();

    const undone = await stage.undo();

    expect(undone.plan.actions).toEqual([]);
    expect(noticeTexts(undone)).toMatch(/token-revoke \(tokens\.ci@1\) cannot be undone/);
    await stage.declare(previous);
    expect((await stage.plan()).actions.map(({ call }) => call.operation)).toEqual(['create-token']);
  });

  test('gives nothing to someone who is inactive again, not even for a moment', async () => {
    const stage = await openStage({
      users: [
        {
          username: 'dan',
          active: false,
          roles: 'system_user system_post_all',
          tokens: [{ description: 'by hand', active: true }],
        },
      ],
    });
    await stage.declare([{ username: 'dan', active: true }]);
    expect((await stage.apply()).code).toBe(0);

    const undone = await stage.undo();

    expect(outcomesOf(undone)).toEqual(['dan deactivate: done']);
    expect(stage.user('dan').roles).toBe('system_user');
    expect(stage.sandbox.control.tokens('dan').map(({ is_active }) => is_active)).toEqual([false]);
    expect(noticeTexts(undone)).toContain(
      'is inactive again, so that roles (system_post_all) and tokens (1) which the run took are not given back',
    );
  });

  test('takes what the run gave to someone who is inactive again', async () => {
    const stage = await openStage({ users: [{ username: 'dan', active: false }] });
    await stage.declare([{ username: 'dan', active: true, roles: ['system_user', 'system_post_all'] }]);
    expect((await stage.apply()).code).toBe(0);

    await stage.undo();

    expect(stage.user('dan')).toMatchObject({ roles: 'system_user', delete_at: expect.any(Number) });
    expect(stage.user('dan').delete_at).toBeGreaterThan(0);
  });

  test('brings back what the server stores in another text than it was given', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    const before = stage.user('ada').notify_props['mention_keys'];
    // With a rename the server puts the keys in an order of its own.
    await stage.declare([
      { username: 'countess', previous_usernames: ['ada'], notify_props: { mention_keys: 'B,a, ,A' } },
    ]);
    expect((await stage.apply()).code).toBe(0);

    const undone = await stage.undo();

    expect(undone.code).toBe(0);
    expect(noticeTexts(undone)).not.toContain('changed since');
    expect(stage.user('ada').notify_props['mention_keys']).toBe(before);
  });

  test('does not give back a role that the server does not have any more, says so, and does the rest', async () => {
    const stage = await openStage({ users: [{ username: 'ada', roles: 'system_user system_old system_post_all' }] });
    await stage.declare([{ username: 'ada', nickname: 'countess', roles: ['system_user'] }]);
    expect((await stage.apply()).code).toBe(0);

    const undone = await stage.undo();

    expect(undone.code).toBe(0);
    expect(stage.user('ada')).toMatchObject({ nickname: '', roles: 'system_user system_post_all' });
    expect(noticeTexts(undone)).toContain('the server has no role system_old any more: it is not given back');
  });

  test.each(['system_user system_old', 'system_admin'])(
    'leaves roles alone that the run left alone, odd ones, too: %s',
    async (roles) => {
      const stage = await openStage({ users: [{ username: 'ada', roles }] });
      await stage.declare([{ username: 'ada', nickname: 'countess' }]);
      expect((await stage.apply()).code).toBe(0);

      const undone = await stage.undo();

      expect(outcomesOf(undone)).toEqual(['ada patch-user: done']);
      expect(stage.user('ada').roles).toBe(roles);
      expect(noticeTexts(undone)).not.toContain('system_old');
    },
  );

  test.runIf(isLong)('leaves alone what someone changed since', async () => {
    const stage = await settledStage();
    await stage.declare(previous.map((entry) => (entry.username === 'ada' ? { ...entry, nickname: 'x' } : entry)));
    await stage.apply();
    await stage.declare(previous.map((entry) => (entry.username === 'ada' ? { ...entry, nickname: 'y' } : entry)));
    await stage.apply();

    const undone = await stage.undo({ run: '2' });

    expect(undone.plan.actions).toEqual([]);
    expect(stage.user('ada').nickname).toBe('y');
    expect(noticeTexts(undone)).toMatch(/nickname was changed since the run/);
    expect(noticeCodes(undone)).toContain('changed-since');
  });

  test('says of an account that the server no longer shows that nothing is undone there', async () => {
    const stage = await settledStage();
    await stage.declare(previous.map((entry) => (entry.username === 'ada' ? { ...entry, nickname: 'x' } : entry)));
    await stage.apply();
    stage.sandbox.control.deleteUser('ada');

    const undone = await stage.undo();

    expect(undone.plan.actions).toEqual([]);
    expect(noticeCodes(undone)).toContain('account-gone');
  });

  test('has budgets of just what the run did, whatever the policy says', async () => {
    const stage = await openStage({
      users: Array.from({ length: 8 }, (_, i) => ({ username: `p${i}` })),
      muster: { policy: { min_admins: 1, budgets: { activate: { share: 0, floor: 1 }, deactivate: { share: 1 } } } },
    });
    await stage.declare(Array.from({ length: 8 }, (_, i) => ({ username: `p${i}`, active: i > 5 })));
    await stage.apply();

    const undone = await stage.undo();

    expect(undone.plan.summary).toMatchObject({ blocked: 0, changes: { activate: 6 } });
    expect(undone.code).toBe(0);
  });

  test('keeps to the rails: it locks no one out', async () => {
    const stage = await settledStage();
    await stage.declare(
      previous.map((entry) =>
        entry.username === 'cleo' ? { ...entry, roles: ['system_user', 'system_admin'] as const } : entry,
      ),
    );
    await stage.apply();
    await stage.configure({ policy: { min_admins: 3 } });

    const undone = await stage.undo();

    expect(undone.plan.blocked).toMatchObject([{ rail: 'min-admins', change: { person: 'cleo' } }]);
    expect(stage.user('cleo').roles).toContain('system_admin');
  });

  test.runIf(isLong)('of an undo does it again', async () => {
    const stage = await settledStage();
    await stage.declare(later);
    await stage.apply();
    const applied = stateOf(stage);
    await stage.undo();

    const redone = await stage.undo({ run: '3' });

    expect(redone.code).toBe(0);
    expect(stateOf(stage)).toEqual(applied);
  });

  test.runIf(isLong)('twice takes back two runs, and never does the mistake again', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
    const named = (nickname: string, first_name: string): Promise<void> =>
      stage.declare([
        { username: 'ada', nickname },
        { username: 'bob', first_name },
      ]);
    await named('one', 'one');
    await stage.apply();
    await named('one', 'two');
    await stage.apply();

    const once = await stage.undo();
    const twice = await stage.undo();

    expect([once.plan.undoes, twice.plan.undoes]).toEqual([
      expect.stringMatching(/^000002-/),
      expect.stringMatching(/^000001-/),
    ]);
    expect([stage.user('ada').nickname, stage.user('bob').first_name]).toEqual(['', '']);
    await expect(stage.undo()).rejects.toMatchObject({ problems: [{ code: 'no-such-run' }] });
  });

  test.runIf(isLong)('of a part leaves the run to be taken back, and of an undo that was taken back, too', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
    await stage.declare([
      { username: 'ada', nickname: 'x' },
      { username: 'bob', nickname: 'x' },
    ]);
    await stage.apply();

    const part = await stage.undo({ users: ['ada'] });
    const rest = await stage.undo();

    expect(outcomesOf(part)).toEqual(['ada patch-user: done']);
    expect(part.plan.narrowed).toEqual({ users: ['ada'], left_out: 1 });
    expect(outcomesOf(rest)).toEqual(['bob patch-user: done']);
    expect((await stage.undo({ run: '3' })).plan.undoes).toMatch(/^000003-/);
    expect((await stage.undo()).plan.undoes).toMatch(/^000001-/);
  });

  test.runIf(isLong)('is limited to people by their names of before and after the run, and to classes', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
    await stage.declare([
      { username: 'countess', previous_usernames: ['ada'], nickname: 'x' },
      { username: 'bob', nickname: 'x' },
    ]);
    await stage.apply();

    const previewed = async (by: object): Promise<readonly string[]> =>
      (await planOfUndo(by, stage.ports)).actions.flatMap(({ changes }) =>
        changes.map((change) => `${change.person} ${change.class}`),
      );

    expect(await previewed({ users: ['countess'] })).toEqual(await previewed({ users: ['Ada'] }));
    expect(await previewed({ users: ['ada'], classes: ['rename'] })).toEqual(['ada rename']);
    await expect(previewed({ users: ['bobb'] })).rejects.toMatchObject({
      problems: [{ code: 'not-in-run', hint: 'did you mean bob?' }],
    });
  });

  test('says which run it takes back: when it began, how much it wrote, and with whose token', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', nickname: 'x', roles: ['system_user', 'system_post_all'] }]);
    await stage.apply();

    const { plan } = await stage.undo();

    expect(plan.takes_back).toEqual({ started: '2026-06-15T12:00:00.000Z', actions: 2, caller: 'sandbox-admin' });
    const headline = 'Takes back run 1 of 15 Jun 2026 12:00 (2 actions by sandbox-admin)';
    expect(planText(plan, plain).split('\n')[0]).toBe(headline);
    expect(planDiff(plan, plain)).toContain(`# ${headline}`);
    expect(planAnnotations(plan)).toContain(headline);
    expect(planMarkdown(plan)).toContain('Takes back `run 1` of `15 Jun 2026 12:00` (2 actions by `sandbox-admin`)');
    expect(planText(redactPlan(plan), plain)).not.toContain('sandbox-admin');
  });

  test.runIf(isLong)('warns of each person who is left without a token, and of no one else', async () => {
    const stage = await openStage({
      users: [
        { username: 'ada', tokens: [{ description: mark('ci') }] },
        { username: 'bob', tokens: [{ description: mark('ci') }, { description: 'by hand' }] },
        { username: 'cleo', tokens: [{ description: mark('old') }] },
      ],
    });
    await stage.declare([
      { username: 'ada', tokens: [{ name: 'ci', generation: 2 }] },
      { username: 'bob', tokens: [{ name: 'ci', generation: 2 }] },
      { username: 'cleo', tokens: [] },
      { username: 'new', email: 'new@example.com', tokens: [{ name: 'ci' }] },
    ]);
    await stage.apply();

    const { plan } = await stage.undo();

    const warned = plan.notices.filter(({ code }) => code === 'left-without-token');
    expect(warned.map(({ person }) => person)).toEqual(['ada', 'cleo']);
    expect(stage.sandbox.control.tokens('ada')).toEqual([]);
  });

  test.runIf(isLong)('takes an interrupted run back as far as it came', async () => {
    const stage = await settledStage();
    const before = stateOf(stage);
    await stage.declare(later);
    const controller = new AbortController();
    const { emit } = stage.ports;
    let ended = 0;
    Object.assign(stage.ports, {
      emit: (event: { type: string }) => {
        if (event.type === 'action-ended' && ++ended === 5) controller.abort(new Error('interrupted'));
        emit.call(undefined, event as never);
      },
    });
    const cut = await stage.apply({ signal: controller.signal, concurrency: 1 });

    const undone = await stage.undo();

    expect(cut.code).toBe(130);
    expect(outcomesOf(undone).length).toBeGreaterThan(0);
    expect(stateOf(stage)).toEqual(before);
  });

  test.runIf(isLong)('knows the account of a create whose response was lost with the process', async () => {
    const stage = await settledStage();
    await stage.declare([...previous, { username: 'new', email: 'new@example.com' }]);
    await stage.apply();
    await cutAfter(stage, 'intent', 1);
    const resumed = await stage.resume();

    const undone = await stage.undo();

    expect(resumed?.code).toBe(0);
    expect(undone.code).toBe(0);
    expect(stage.user('new').delete_at).toBeGreaterThan(0);
  });

  test('says so where nothing noted which account a create made', async () => {
    const stage = await settledStage();
    await stage.declare([...previous, { username: 'new', email: 'new@example.com' }]);
    await stage.apply();
    await cutAfter(stage, 'intent', 1);

    const undone = await stage.undo();

    expect(undone.plan.actions).toEqual([]);
    expect(noticeTexts(undone)).toMatch(/create of new may have been written/);
  });

  test.each(['99', 'nonsense'])('knows no run %s', async (run) => {
    const stage = await settledStage();

    await expect(stage.undo({ run })).rejects.toMatchObject({ problems: [{ code: 'no-such-run' }] });
  });
});
