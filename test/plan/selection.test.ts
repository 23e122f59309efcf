/** A reviewed plan beside a fresh one: just what both contain is sent, and each of the other actions says why it is not. */
import { describe, expect, test } from 'vitest';
import type { Action, Change } from '../../src/model/plan.ts';
import type { PlanResult } from '../../src/plan/make-plan.ts';
import type { PlanSelection } from '../../src/plan/selection.ts';
import {
  account,
  admin,
  entry,
  liveToken,
  markedToken,
  operationsOf,
  planBeside,
  planOf,
  root,
  type World,
  wantedToken,
} from '../support/build-states.ts';

const reviewedIn = (world: World): readonly Action[] => planOf(world).actions;

/** @param now - the world as it is when the reviewed actions are to be carried out */
const select = (actions: readonly Action[], now: World, more: Partial<PlanSelection> = {}): PlanResult =>
  planBeside(now, { selection: { actions, ...more } });

/** `ada patch-user: sent` for each reviewed action, or how it is settled. */
function fates(actions: readonly Action[], { selected }: PlanResult): readonly string[] {
  const sent = new Set([...(selected?.chosen.values() ?? [])].map(({ id }) => id));
  const settled = new Map(selected?.settled.map(({ action, outcome }) => [action.id, outcome]));
  return actions.map(({ id, person, call }) => {
    const outcome = settled.get(id);
    const fate = outcome?.status === 'done' ? outcome.as : outcome?.status;
    return `${person} ${call.operation}: ${sent.has(id) ? 'sent' : (fate ?? 'lost')}`;
  });
}

const profile: World = {
  entries: [entry('ada', { nickname: 'Countess', position: 'Analyst' })],
  accounts: [account('ada', { nickname: 'old' })],
};

const leaving: World = { entries: [entry('linus', { roles: ['system_user'] })], accounts: [admin('linus')] };

const withChange = (action: Action, part: Partial<Change>): Action => ({
  ...action,
  changes: action.changes.map((change) => ({ ...change, ...part })),
});

test('what is as it was reviewed is sent', () => {
  const actions = reviewedIn(profile);
  const result = select(actions, profile);

  expect(fates(actions, result)).toEqual(['ada patch-user: sent']);
  expect(result.plan.actions.map(({ call }) => call)).toEqual(actions.map(({ call }) => call));
});

describe('stale, and not sent, is an action', () => {
  test.each<[what: string, change: (action: Action) => Action]>([
    ['with another call', (action) => ({ ...action, call: { operation: 'deactivate' } })],
    [
      'with another value in its call',
      (action) => ({ ...action, call: { operation: 'patch-user', fields: { nickname: 'x', position: 'Analyst' } } }),
    ],
    ['of another account', (action) => ({ ...action, account: 'id-root' })],
    [
      'that expects another account',
      (action) => ({ ...action, precondition: { ...action.precondition, account: 'id-root' } }),
    ],
    ['that shows another value after it', (action) => withChange(action, { after: 'x' })],
    [
      'that shows another value before it, and expects none',
      (action) => ({
        ...withChange(action, { before: 'x' }),
        precondition: { ...action.precondition, fields: {} },
      }),
    ],
  ])('%s', (_, change) => {
    const actions = reviewedIn(profile).map(change);
    const result = select(actions, profile);

    expect(fates(actions, result).map((fate) => fate.split(': ')[1])).toEqual(['stale']);
    expect(result.plan.actions).toEqual([]);
  });

  test('of an account that has another value by now', () => {
    const actions = reviewedIn(profile);
    const now = { ...profile, accounts: [account('ada', { nickname: 'by hand' })] };

    expect(fates(actions, select(actions, now))).toEqual(['ada patch-user: stale']);
  });

  test('that is refused whatever a fresh plan says', () => {
    const actions = reviewedIn(profile);
    const result = select(actions, profile, { refuse: () => 'not merged' });

    expect(fates(actions, result)).toEqual(['ada patch-user: stale']);
    expect(result.plan.actions).toEqual([]);
  });

  test('each of two that a fresh plan makes by one call, of which no one saw that it makes both', () => {
    const actions = reviewedIn(profile).flatMap((action) =>
      action.changes.map((change) => ({ ...action, id: change.id, changes: [change] })),
    );
    const result = select(actions, profile);

    expect(fates(actions, result)).toEqual(['ada patch-user: stale', 'ada patch-user: stale']);
    expect(result.plan.actions).toEqual([]);
  });

  test('that needs one which is not sent', () => {
    const world: World = {
      entries: [entry('newada', {}, { previousUsernames: ['ada'] }), entry('ada', {}, { id: 'id-bob' })],
      accounts: [account('ada'), account('bob')],
    };
    const actions = reviewedIn(world).map(
      (action): Action =>
        action.person === 'newada'
          ? { ...action, call: { operation: 'patch-user', fields: { username: 'x' } } }
          : action,
    );
    const result = select(actions, world);

    expect(fates(actions, result)).toEqual(['newada patch-user: stale', 'ada patch-user: stale']);
    expect(result.plan.actions).toEqual([]);
  });

  test('that makes a token which someone made meanwhile: its secret is theirs', () => {
    const world: World = {
      entries: [entry('ada', {}, { tokens: [wantedToken('ci')] })],
      accounts: [account('ada')],
      tokens: [liveToken('ada')],
    };
    const actions = reviewedIn(world);
    const now = { ...world, tokens: [markedToken('ada', { name: 'ci', generation: 1 })] };

    expect(fates(actions, select(actions, now))).toEqual(['ada create-token: stale']);
  });
});

test('an administrator who is needed by now is not lost', () => {
  const policy = { minAdmins: 2 };
  const actions = reviewedIn({ ...leaving, policy });
  const result = select(actions, { ...leaving, policy, others: [root] });

  expect(fates(actions, result)).toEqual(['linus set-roles: skipped']);
  expect(result.plan.actions).toEqual([]);
});

describe('what matches by now', () => {
  const now = { ...profile, accounts: [account('ada', { nickname: 'Countess', position: 'Analyst' })] };

  test('was found', () => {
    const actions = reviewedIn(profile);

    expect(fates(actions, select(actions, now))).toEqual(['ada patch-user: found']);
  });

  test('was written where an earlier process may have done it', () => {
    const actions = reviewedIn(profile);
    const uncertain = new Set(actions.map(({ id }) => id));

    expect(fates(actions, select(actions, now, { uncertain }))).toEqual(['ada patch-user: written']);
  });
});

describe('a person whom the reviewed plan creates, and who is there by now,', () => {
  const values = { email: 'ada@example.com', first_name: 'Ada', roles: ['system_user', 'system_post_all'] };
  const actions = reviewedIn({ entries: [entry('ada', values)] });
  const nowWith = (live: Parameters<typeof account>[1]): World => ({
    entries: [entry('ada', values)],
    accounts: [account('ada', live)],
  });
  const uncertain = new Set(actions.slice(0, 1).map(({ id }) => id));

  test('just as the create would make them, is given the roles', () => {
    expect(fates(actions, select(actions, nowWith({ first_name: 'Ada' })))).toEqual([
      'ada create-user: found',
      'ada set-roles: sent',
    ]);
  });

  test('otherwise than the create would make them, is given nothing', () => {
    const result = select(actions, nowWith({ first_name: 'Adelheid' }));

    expect(fates(actions, result)).toEqual(['ada create-user: stale', 'ada set-roles: stale']);
    expect(operationsOf(result.plan)).toEqual([]);
  });

  test('otherwise, after a create whose response is lost, is the one that it made', () => {
    expect(fates(actions, select(actions, nowWith({ first_name: 'Adelheid' }), { uncertain }))).toEqual([
      'ada create-user: written',
      'ada set-roles: sent',
    ]);
  });

  test('inactive, after a create whose response is lost, is not the one that it made', () => {
    expect(fates(actions, select(actions, nowWith({ first_name: 'Ada', active: false }), { uncertain }))).toEqual([
      'ada create-user: stale',
      'ada set-roles: stale',
    ]);
  });

  test('by another account than the one that an earlier process made, is given nothing', () => {
    const created = new Map([['ada', 'id-of-another']]);

    expect(fates(actions, select(actions, nowWith({ first_name: 'Adelheid' }), { created }))[1]).toBe(
      'ada set-roles: stale',
    );
  });

  describe('with some of the settings that are patched after it,', () => {
    const wanted = { email: 'ada@example.com', notify_props: { desktop: 'all', email: 'true', push: 'mention' } };
    const reviewed = reviewedIn({ entries: [entry('ada', wanted)] });
    const created = new Map([['ada', account('ada').id]]);
    const now = (notify_props: Record<string, string>, entries = [entry('ada', wanted)]): World => ({
      entries,
      accounts: [account('ada', { notify_props })],
    });

    test('is given the others', () => {
      const result = select(reviewed, now({ desktop: 'all' }), { created });

      expect(fates(reviewed, result)).toEqual(['ada create-user: found', 'ada patch-user: sent']);
      expect(result.plan.actions.map(({ call }) => call)).toEqual([
        { operation: 'patch-user', fields: { notify_props: { email: 'true', push: 'mention' } } },
      ]);
    });

    test('is given none of them where an entry wants other ones by now', () => {
      const other = entry('ada', { ...wanted, notify_props: { ...wanted.notify_props, email: 'false' } });

      expect(fates(reviewed, select(reviewed, now({ desktop: 'all' }, [other]), { created }))[1]).toBe(
        'ada patch-user: stale',
      );
    });

    test('is given none of them where the reviewed call says something else', () => {
      const edited = reviewed.map(
        (action): Action =>
          action.call.operation === 'patch-user'
            ? {
                ...action,
                call: { operation: 'patch-user', fields: { notify_props: { ...wanted.notify_props, push: 'none' } } },
              }
            : action,
      );

      expect(fates(edited, select(edited, now({ desktop: 'all' }), { created }))[1]).toBe('ada patch-user: stale');
    });
  });
});
