import { describe, expect, test } from 'vitest';
import { mailsOf } from '../../../src/model/calls.ts';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { ActionDraft } from '../../../src/model/plan.ts';
import { user } from '../../../src/resources/user/definition.ts';
import {
  account,
  admin,
  contextOf,
  createOptions,
  type EntryOptions,
  entry,
  personOf,
} from '../../support/build-states.ts';

function actionsFor(desired: DesiredUser, live?: LiveUser): readonly ActionDraft[] {
  const person = personOf(desired, live);
  const { changes } = user.diff(person, contextOf({}));
  const actions = user.actions(person, changes, contextOf({}));
  // Every change comes back in exactly one action.
  expect(actions.flatMap((one) => one.changes).map(({ id }) => id)).toHaveLength(changes.length);
  expect(new Set(actions.flatMap((one) => one.changes))).toEqual(new Set(changes));
  return actions;
}

const callsFor = (desired: DesiredUser, live?: LiveUser): readonly unknown[] =>
  actionsFor(desired, live).map(({ call }) => call);

const saml = { auth: { service: 'saml', data: '7' } };
const withEmail = { email: 'ada@x.com' };

const create = (values: object, options: EntryOptions = {}): ActionDraft | undefined =>
  actionsFor(entry('ada', { ...withEmail, ...values }, options))[0];

describe('creates', () => {
  test('a person with e-mail login and a password that no one keeps', () => {
    expect(create({ first_name: 'Ada' })).toMatchObject({
      precondition: { absent: ['ada', 'ada@x.com'], fields: {} },
      call: {
        operation: 'create-user',
        fields: { username: 'ada', email: 'ada@x.com', first_name: 'Ada' },
        password: { random: true },
        welcome_email: false,
        email_verified: true,
      },
    });
  });

  test('a person with e-mail login and the password of a source', () => {
    expect(create({}, { initialPassword: 'hr-start' })?.call).toMatchObject({ password: { source: 'hr-start' } });
  });

  test('a person of a provider, without any password', () => {
    const call = create(saml, { initialPassword: 'hr-start' })?.call;

    expect(call).toMatchObject({
      auth: { service: 'saml', data: '7' },
      fields: { username: 'ada', email: 'ada@x.com' },
    });
    expect(call).not.toHaveProperty('password');
    expect(call).not.toHaveProperty('fields.auth');
  });

  test('a person who declares e-mail login by never naming it to the server', () => {
    expect(create({ auth: { service: 'email' } })?.call).not.toHaveProperty('auth');
  });

  test('a person with a welcome', () => {
    const action = create({}, { onCreate: { ...createOptions, welcomeEmail: true, emailVerified: false } });

    expect(action).toMatchObject({ call: { welcome_email: true, email_verified: false } });
  });

  test('an administrator by giving the role afterwards', () => {
    const actions = actionsFor(entry('ada', { ...withEmail, roles: ['system_admin'] }));

    expect(actions[1]).toMatchObject({
      phase: 'roles',
      precondition: { fields: { roles: ['system_user'] } },
      call: { operation: 'set-roles', roles: ['system_user', 'system_admin'] },
    });
    expect(actions[1]).not.toHaveProperty('account');
  });
});

describe('patches', () => {
  test('all profile fields in one call, of maps the named keys alone', () => {
    const live = account('ada', { notify_props: { push: 'all', desktop: 'all' }, props: { other: 'y' } });
    const desired = entry('ada', {
      nickname: 'x',
      notify_props: { push: 'none', email: 'false', desktop: 'all' },
      props: { 'a.b': 'c' },
    });

    expect(actionsFor(desired, live)).toMatchObject([
      {
        phase: 'patch',
        account: 'id-ada',
        precondition: { account: 'id-ada', fields: { nickname: '', 'notify_props.push': 'all' } },
        call: {
          operation: 'patch-user',
          fields: { nickname: 'x', notify_props: { push: 'none', email: 'false' }, props: { 'a.b': 'c' } },
        },
      },
    ]);
  });

  test('a name and an e-mail at the price of two mails', () => {
    const actions = actionsFor(entry('lovelace', withEmail), account('ada'));

    expect(actions.map(({ call }) => mailsOf(call))).toEqual([['email-changed', 'username-changed']]);
  });
});

describe('moves a person', () => {
  test('to a provider by the call for that, after the patch', () => {
    expect(actionsFor(entry('ada', saml), account('ada'))).toMatchObject([
      {
        phase: 'join-provider',
        precondition: { fields: { auth: { service: 'email' }, roles: ['system_user'] } },
        call: { operation: 'set-auth', auth: { service: 'saml', data: '7' } },
      },
    ]);
  });

  test('from one provider to another before the patch', () => {
    const live = account('ada', { auth: { service: 'gitlab', data: '1' } });

    expect(actionsFor(entry('ada', saml), live)).toMatchObject([
      { phase: 'leave-provider', precondition: { fields: { auth: { service: 'gitlab', data: '1' } } } },
    ]);
  });

  test('to e-mail login by a password, never by the call for providers', () => {
    const desired = entry('ada', { auth: { service: 'email' } }, { initialPassword: 'hr-start' });

    expect(actionsFor(desired, account('ada', saml))).toMatchObject([
      { phase: 'leave-provider', call: { operation: 'set-password', password: { source: 'hr-start' } } },
    ]);
  });
});

describe('sets roles', () => {
  type Row = readonly [title: string, before: readonly string[], wanted: readonly string[], calls: readonly object[]];

  test.each<Row>([
    [
      'as one whole list',
      ['system_user', 'system_post_all'],
      ['system_manager'],
      [{ operation: 'set-roles', roles: ['system_user', 'system_manager'] }],
    ],
    [
      'down to the base role, never to none',
      ['system_post_all'],
      ['system_user'],
      [{ operation: 'set-roles', roles: ['system_user'] }],
    ],
    ['where there are none at all', [], ['system_user'], [{ operation: 'set-roles', roles: ['system_user'] }]],
    [
      'by a demotion alone, which takes the rest along',
      ['system_user', 'system_admin'],
      ['system_guest'],
      [{ operation: 'demote-to-guest' }],
    ],
    [
      'by a demotion, and what a guest keeps afterwards',
      ['system_user', 'system_post_all', 'system_manager'],
      ['system_guest', 'system_post_all'],
      [{ operation: 'demote-to-guest' }, { operation: 'set-roles', roles: ['system_guest', 'system_post_all'] }],
    ],
    [
      'by a promotion alone',
      ['system_guest', 'system_post_all'],
      ['system_post_all'],
      [{ operation: 'promote-guest' }],
    ],
    [
      'by a promotion and the rest afterwards',
      ['system_guest', 'system_post_all'],
      ['system_admin'],
      [{ operation: 'promote-guest' }, { operation: 'set-roles', roles: ['system_user', 'system_admin'] }],
    ],
    [
      'of somebody who is guest and member at once by a promotion',
      ['system_guest', 'system_user'],
      ['system_user'],
      [{ operation: 'promote-guest' }],
    ],
  ])('%s', (_, before, wanted, calls) => {
    expect(callsFor(entry('ada', { roles: wanted }), account('ada', { roles: before }))).toEqual(calls);
  });

  test('never an empty list, where only what takes away is left of the changes', () => {
    const person = personOf(entry('ada', { roles: ['system_user'] }), account('ada', { roles: ['system_post_all'] }));
    const { changes } = user.diff(person, contextOf({}));
    const losses = changes.filter((change) => change.class === 'role-revoke');

    const actions = user.actions(person, losses, contextOf({}));

    expect(losses).toHaveLength(1);
    expect(actions.map(({ call }) => call)).toEqual([{ operation: 'set-roles', roles: ['system_user'] }]);
  });

  test('after a promotion, with what the promotion made in its precondition', () => {
    const actions = actionsFor(entry('ada', { roles: ['system_admin'] }), account('ada', { roles: ['system_guest'] }));

    expect(actions.map(({ precondition }) => precondition.fields['roles'])).toEqual([
      ['system_guest'],
      ['system_user'],
    ]);
  });

  test('in the lane of losses where an administrator is lost', () => {
    const [member, guest, more] = [['system_user'], ['system_guest'], ['system_admin', 'system_manager']].map((roles) =>
      actionsFor(entry('ada', { roles }), admin('ada')).map(({ phase, lane }) => [phase, lane]),
    );

    expect(member).toEqual([['roles', 'admin-loss']]);
    expect(guest).toEqual([['guest', 'admin-loss']]);
    expect(more).toEqual([['roles', undefined]]);
  });
});

describe('switches an account', () => {
  test('off, if it is as it was seen', () => {
    expect(actionsFor(entry('ada', { active: false }), account('ada'))).toMatchObject([
      {
        phase: 'deactivate',
        precondition: { account: 'id-ada', fields: { active: true, roles: ['system_user'] } },
        call: { operation: 'deactivate' },
      },
    ]);
  });

  test('off whatever became of its roles, where this plan changes them', () => {
    const live = account('ada', { roles: ['system_user', 'system_post_all'] });
    const off = actionsFor(entry('ada', { active: false, roles: ['system_user'] }), live).at(-1);

    expect(off?.precondition.fields).toEqual({ active: true });
  });

  test('off in the lane of losses, where it is an administrator', () => {
    const off = actionsFor(entry('ada', { active: false }), admin('ada'));

    expect(off[0]?.lane).toBe('admin-loss');
  });

  test.each<readonly [string, Partial<LiveUser['values']>, readonly string[] | undefined, readonly string[]]>([
    ['as they were', { roles: ['system_user'] }, undefined, ['system_user']],
    ['without those of before', { roles: ['system_user', 'system_admin'] }, undefined, ['system_user']],
    ['as declared', { roles: ['system_user'] }, ['system_post_all'], ['system_user', 'system_post_all']],
    ['of a guest who was a member', { roles: ['system_user', 'system_admin'] }, ['system_guest'], ['system_guest']],
    [
      'of a member who was a guest',
      { roles: ['system_guest'] },
      ['system_post_all'],
      ['system_user', 'system_post_all'],
    ],
  ])('on only with its roles %s', (_, live, wanted, expected) => {
    const desired = entry('ada', { active: true, ...(wanted !== undefined && { roles: wanted }) });

    const on = actionsFor(desired, account('ada', { ...live, active: false })).at(-1);

    expect(on).toMatchObject({ phase: 'activate', precondition: { fields: { active: false, roles: expected } } });
  });
});
