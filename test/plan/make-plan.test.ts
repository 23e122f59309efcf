import { describe, expect, test } from 'vitest';
import { transitionOf } from '../../src/match/match-people.ts';
import { digestOf } from '../../src/model/canonical-json.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Transition } from '../../src/model/resource-definition.ts';
import { token } from '../../src/resources/token/definition.ts';
import { user } from '../../src/resources/user/definition.ts';
import {
  account,
  admin,
  changesOf,
  createOptions,
  entry,
  liveToken,
  locate,
  markedToken,
  moment,
  planFor,
  planOf,
  problemsOf,
  type World,
  wantedToken,
} from '../support/build-states.ts';

const ada = account('ada');
const away = account('ada', { active: false });

describe('sees whether a person', () => {
  test.each<readonly [Transition, DesiredUser, LiveUser | undefined]>([
    ['joins', entry('ada'), undefined],
    ['joins', entry('ada', { active: true }), undefined],
    ['stays-away', entry('ada', { active: false }), undefined],
    ['stays', entry('ada'), ada],
    ['stays', entry('ada', { active: true }), ada],
    ['leaves', entry('ada', { active: false }), ada],
    ['stays-away', entry('ada'), away],
    ['stays-away', entry('ada', { active: false }), away],
    ['returns', entry('ada', { active: true }), away],
  ])('%s: %j beside %j', (transition, desired, live) => {
    expect(transitionOf(desired, live)).toBe(transition);
  });
});

describe('a plan', () => {
  test('says for what it was made, and its digest covers everything', () => {
    const { digest, ...content } = planFor(entry('ada', { nickname: 'x' }), ada);

    expect(content).toMatchObject({
      format: 'muster-plan',
      version: 1,
      tool: { name: 'mattermuster', version: '0.1.0' },
      server: { url: 'https://chat.example.com', key: 'server-key', version: '11.6.0', caller: 'root' },
      desired: { digest: 'sha256:0', moment: new Date(moment).toISOString(), files: ['users.yaml'] },
    });
    expect(digest).toBe(digestOf(content));
  });

  test('carries each change with its reason, before and after, and what must still be so', () => {
    const { actions } = planFor(entry('ada', { nickname: 'x', roles: ['system_post_all'] }), ada);

    expect(actions.map(({ changes, precondition, reversible }) => [changes, precondition, reversible])).toEqual([
      [
        [
          {
            id: 'ada/nickname',
            class: 'update',
            person: 'ada',
            attribute: 'nickname',
            before: '',
            after: 'x',
            reason: { text: 'declared', file: 'users.yaml', line: 3, column: 8 },
          },
        ],
        { account: 'id-ada', fields: { nickname: '' } },
        true,
      ],
      [
        [expect.objectContaining({ id: 'ada/roles/+system_post_all', class: 'role-grant' })],
        { account: 'id-ada', fields: { roles: ['system_user'] } },
        true,
      ],
    ]);
  });

  test('sums up', () => {
    const plan = planOf({
      entries: [
        entry('ada', { nickname: 'x', email: 'new@x.com' }),
        entry('bob'),
        entry('cy', { email: 'c@x.com' }, { onCreate: { ...createOptions, welcomeEmail: true } }),
        entry('dan', { active: false }),
        entry('eve', { username: 'eve', active: false }),
      ],
      accounts: [ada, account('bob'), account('eve', { auth: { service: 'ldap', data: '7' } })],
    });

    expect(plan.summary).toEqual({
      declared: 5,
      matched: 3,
      unchanged: 1,
      people: 2,
      actions: 2,
      changes: { create: 1, email: 1, update: 1 },
      held: 1,
      blocked: 0,
      scheduled: 0,
      mails: 2,
    });
  });

  test('counts no mails where the server sends none', () => {
    const { summary } = planFor(entry('ada', { email: 'new@x.com' }), ada, { facts: { sendsMail: false } });

    expect(summary.mails).toBe(0);
  });

  test('lists notices in one order, however the tokens stand in the entry', () => {
    const wanted = [wantedToken('b', { generation: 2 }), wantedToken('a', { generation: 2 })];
    const twins = ['b1', 'b2', 'a1', 'a2'].map((id) =>
      markedToken('ada', { name: id.slice(0, 1), generation: 2 }, { id }),
    );

    const plan = planFor(entry('ada', {}, { tokens: wanted }), ada, {
      tokens: [...twins, liveToken('ada')],
    });

    expect(plan.notices.map(({ code, text }) => `${code} ${text.slice(0, 35)}`)).toEqual([
      'foreign-tokens has 1 token that muster did not mak',
      'token-made-twice 2 live tokens carry the mark a@2, m',
      'token-made-twice 2 live tokens carry the mark b@2, m',
    ]);
  });
});

describe('undeclared accounts', () => {
  const accounts = [
    ada,
    admin('bob'),
    account('bot', { isBot: true }),
    account('far', { isRemote: true }),
    account('gone', { active: false }),
  ];

  test('are the active people that no entry stands for', () => {
    const { undeclared } = planOf({ entries: [entry('ada')], accounts });

    expect(undeclared).toEqual([
      { id: 'id-bob', username: 'bob', admin: true },
      { id: 'id-root', username: 'root', admin: true },
      { id: 'id-spare', username: 'spare', admin: true },
    ]);
  });

  test('are not listed where not everybody was', () => {
    expect(planOf({ entries: [entry('ada')], accounts, listed: false }).undeclared).toEqual([]);
  });

  test('are not listed where the policy ignores them', () => {
    const plan = planOf({ entries: [entry('ada')], accounts, policy: { undeclaredUsers: 'ignore' } });

    expect(plan.undeclared).toEqual([]);
  });
});

describe('refuses to plan', () => {
  test('a role that the server does not have, at its place', () => {
    const found = problemsOf({ entries: [entry('ada', { roles: ['system_nonsense'] })], accounts: [ada] });

    expect(found.map(({ code, at }) => [code, at?.column])).toEqual([['unknown-role', 'roles'.length]]);
    expect(found[0]?.message).toBe('ada wants the role system_nonsense, which this server does not have');
  });

  test('a role of on_create that the server does not have, where it would count', () => {
    const options = { onCreate: { ...createOptions, roles: ['system_user', 'system_nonsense'] } };

    const used = problemsOf({ entries: [entry('ada', { email: 'a@x.com' }, options)] });
    const unused = problemsOf({ entries: [entry('ada', { email: 'a@x.com', roles: ['system_admin'] }, options)] });

    expect(used.map(({ code }) => code)).toEqual(['unknown-role']);
    expect(unused).toEqual([]);
  });

  test('people and roles with problems, all of them at once', () => {
    const found = problemsOf({
      entries: [entry('bot'), entry('ada', { roles: ['system_nonsense'] })],
      accounts: [ada, account('bot', { isBot: true })],
    });

    expect(found.map(({ code }) => code)).toEqual(['is-a-bot', 'unknown-role']);
  });

  test('entries that cannot become accounts, all of them at once', () => {
    const found = problemsOf({ entries: [entry('ada'), entry('bob')] });

    expect(found.map(({ code }) => code)).toEqual(['email-missing', 'email-missing']);
  });
});

test('plans the same twice', () => {
  const world = { entries: [entry('ada', { nickname: 'x', active: false })], accounts: [ada] };

  expect(planOf(world)).toEqual(planOf(world));
});

test('a kind that makes no action of a change is a bug, and there is no plan', () => {
  const silent = { ...user, actions: () => [] };
  const world = { entries: [entry('ada', { nickname: 'Countess' })], accounts: [ada] };

  expect(() => planOf(world, { kinds: [silent, token] })).toThrow(
    expect.objectContaining({ code: 'PLAN_NOT_COMPLETE', message: 'no action makes these changes: ada/nickname' }),
  );
});

test('asks where an entry stands only for people of whom something is said: for each answer a file is read again', () => {
  const people = ['ada', 'grace', 'linus'].map((name) => account(name, { position: 'Engineer' }));
  const asked: string[] = [];
  const world: World = {
    accounts: people,
    entries: people.map(({ values }) =>
      entry(
        values.username,
        {
          email: values.email,
          position: values.username === 'linus' ? 'Captain' : 'Engineer',
          active: true,
          roles: ['system_user'],
        },
        { tokens: [wantedToken('ci')], teams: [] },
      ),
    ),
    tokens: people.map((one) => markedToken(one, { name: 'ci', generation: 1 })),
    places: { core: {}, 'core/ops': {} },
    memberships: Object.fromEntries(people.map(({ id }) => [id, {}])),
    desired: {
      locate: (desired, part) => {
        asked.push(desired.username);
        return locate(desired, part);
      },
    },
    policy: { exactPlaces: ['core'], foreignTokens: 'disable' },
  };

  expect(changesOf(planOf(world))).toEqual(['linus/position']);
  expect(new Set(asked)).toEqual(new Set(['linus']));
});
