import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser, ServerFacts } from '../../../src/model/live-state.ts';
import type { Findings } from '../../../src/model/resource-definition.ts';
import type { UserAttribute, UserValues } from '../../../src/model/user-values.ts';
import { user } from '../../../src/resources/user/definition.ts';
import {
  account,
  admin,
  contextOf,
  createOptions,
  defaultPolicy,
  type EntryOptions,
  entry,
  locate,
  personOf,
  root,
  type World,
} from '../../support/build-states.ts';

function findingsOf(desired: DesiredUser, live: LiveUser | undefined, world: World = {}): Findings {
  return user.diff(personOf(desired, live, world), contextOf(world));
}

const idsOf = ({ changes }: Findings): readonly string[] => changes.map(({ id }) => id);
const heldOf = ({ held }: Findings): readonly string[] => held.map(({ change, code }) => `${change.id} ${code}`);

type Omission = readonly [
  title: string,
  values: Partial<UserValues>,
  options: EntryOptions,
  live: LiveUser | undefined,
  changes: readonly string[],
  problems: readonly string[],
];

const withEmail = { email: 'ada@example.com' };

const omissions: readonly Omission[] = [
  ['active on create: active', withEmail, {}, undefined, ['ada/account'], []],
  ['active on an active account: untouched', withEmail, {}, account('ada'), [], []],
  ['active on an inactive account: untouched', withEmail, {}, account('ada', { active: false }), [], []],
  ['roles on create: the default of the server', withEmail, {}, undefined, ['ada/account'], []],
  [
    'roles on create: those of on_create',
    withEmail,
    { onCreate: { ...createOptions, roles: ['system_user', 'system_post_all'] } },
    undefined,
    ['ada/account', 'ada/roles/+system_post_all'],
    [],
  ],
  [
    'roles on an existing account: untouched, whatever on_create says',
    withEmail,
    { onCreate: { ...createOptions, roles: ['system_user', 'system_post_all'] } },
    admin('ada'),
    [],
    [],
  ],
  [
    'roles that are named on create: on_create counts no more',
    { ...withEmail, roles: ['system_manager'] },
    { onCreate: { ...createOptions, roles: ['system_user', 'system_post_all'] } },
    undefined,
    ['ada/account', 'ada/roles/+system_manager'],
    [],
  ],
  [
    'auth on an SSO account: untouched',
    withEmail,
    {},
    account('ada', { auth: { service: 'saml', data: '7' } }),
    [],
    [],
  ],
  ['email on create: an error', {}, {}, undefined, [], ['email-missing']],
  ['email on an existing account: untouched', {}, {}, account('ada', { email: 'other@x.com' }), [], []],
  ['an account that is wanted inactive: satisfied', { active: false }, {}, undefined, [], []],
  [
    'data of a service on create: an error',
    { ...withEmail, auth: { service: 'saml' } },
    {},
    undefined,
    [],
    ['auth-data-missing'],
  ],
  [
    'data and email on create: both errors at once',
    { auth: { service: 'saml' } },
    {},
    undefined,
    [],
    ['email-missing', 'auth-data-missing'],
  ],
  [
    'data of another service on an existing account: an error',
    { auth: { service: 'saml' } },
    {},
    account('ada'),
    [],
    ['auth-data-missing'],
  ],
  [
    'data of the same service: untouched',
    { auth: { service: 'saml' } },
    {},
    account('ada', { auth: { service: 'saml', data: '7' } }),
    [],
    [],
  ],
  [
    'every profile field on an existing account: untouched',
    {},
    {},
    account('ada', { first_name: 'A', nickname: 'n', position: 'p', locale: 'xx', props: { a: 'b' } }),
    [],
    [],
  ],
  ['nothing but a text that is cleared', { nickname: '' }, {}, account('ada', { nickname: 'n' }), ['ada/nickname'], []],
];

describe('reads the omission of', () => {
  test.each(omissions)('%s', (_, values, options, live, changes, problems) => {
    const findings = findingsOf(entry('ada', values, options), live);

    expect(idsOf(findings)).toEqual(changes);
    expect(findings.held).toEqual([]);
    expect(findings.problems.map(({ code }) => code)).toEqual(problems);
  });
});

test('says so when an inactive account is left as it is', () => {
  const left = findingsOf(entry('ada'), account('ada', { active: false }));
  const wanted = findingsOf(entry('ada', { active: false }), account('ada', { active: false }));

  expect(left.notices.map(({ code, person }) => [code, person])).toEqual([['inactive-not-managed', 'ada']]);
  expect(wanted.notices).toEqual([]);
});

test('says so when auth data differs only in case', () => {
  const saml = (data: string) => ({ auth: { service: 'saml', data } });
  const { notices } = findingsOf(entry('sam', saml('sam@idp')), account('sam', saml('Sam@idp')));

  expect(notices.map(({ code, person }) => [code, person])).toEqual([['auth-data-case', 'sam']]);
});

describe('points at the place of each difference:', () => {
  test('the field of the entry', () => {
    const { changes } = findingsOf(entry('ada', { nickname: 'x' }), account('ada'));

    expect(changes[0]?.reason).toEqual({ text: 'declared', file: 'users.yaml', line: 3, column: 'nickname'.length });
  });

  test('the defaults of the file', () => {
    const desired = { locate: () => ({ ...locate(entry('ada'), 'locale'), from: 'defaults' as const }) };

    const { changes } = findingsOf(entry('ada', { locale: 'de' }), account('ada'), { desired });

    expect(changes[0]?.reason.text).toBe('defaults of users.yaml');
  });

  test('the date that decided over being active', () => {
    const desired = entry('ada', { active: false }, { window: 'ended on 2026-06-01' });

    const { changes } = findingsOf(desired, account('ada'));

    expect(changes[0]?.reason).toMatchObject({ rule: 'window', text: 'ended on 2026-06-01', line: 3 });
  });
});

const sso = (service: string): LiveUser => account('ada', { auth: { service, data: '7' } });
const toEmail = { auth: { service: 'email' } };

type HeldRow = readonly [
  title: string,
  values: Partial<UserValues>,
  live: LiveUser,
  facts: Partial<ServerFacts>,
  held: readonly string[],
  changes: readonly string[],
];

const providerFields = {
  providerAttributes: { ldap: new Set(['position'] as const), saml: new Set(['nickname', 'first_name'] as const) },
};

const heldRows: readonly HeldRow[] = [
  ['LDAP people who leave', { active: false }, sso('ldap'), {}, ['ada/active ldap-owns-active'], []],
  [
    'LDAP people who come back',
    { active: true },
    account('ada', { active: false, auth: { service: 'ldap', data: '7' } }),
    {},
    ['ada/active ldap-owns-active'],
    [],
  ],
  ['SAML people who leave: nothing', { active: false }, sso('saml'), {}, [], ['ada/active']],
  [
    'people who leave and move to LDAP: by then the server refuses it',
    { active: false, auth: { service: 'ldap', data: '7' } },
    account('ada'),
    {},
    ['ada/active ldap-owns-active'],
    ['ada/auth'],
  ],
  [
    'LDAP people who leave and move to e-mail login: nothing',
    { active: false, ...toEmail },
    sso('ldap'),
    {},
    [],
    ['ada/active', 'ada/auth'],
  ],
  [
    'the sign-in of guests with a magic link',
    toEmail,
    account('ada', { auth: { service: 'magic_link' } }),
    {},
    ['ada/auth magic-link-guest'],
    [],
  ],
  ...(
    ['ldap', 'saml', 'gitlab', 'google', 'office365', 'openid', 'email (stored literally, cannot sign in)'] as const
  ).map(
    (service): HeldRow => [
      `the username of ${service} people`,
      { username: 'lovelace' },
      sso(service),
      {},
      ['ada/username sso-owns-username'],
      [],
    ],
  ),
  ...(['ldap', 'gitlab', 'google', 'office365', 'openid'] as const).map(
    (service): HeldRow => [
      `the e-mail of ${service} people`,
      { email: 'a@x.com' },
      sso(service),
      {},
      ['ada/email sso-owns-email'],
      [],
    ],
  ),
  ['the e-mail of SAML people: nothing', { email: 'a@x.com' }, sso('saml'), {}, [], ['ada/email']],
  ...(['gitlab', 'google', 'office365', 'openid'] as const).map(
    (service): HeldRow => [
      `the names of ${service} people`,
      { first_name: 'A', last_name: 'L', nickname: 'al' },
      sso(service),
      {},
      ['ada/first_name sso-owns-name', 'ada/last_name sso-owns-name'],
      ['ada/nickname'],
    ],
  ),
  [
    'what LDAP fills in, and nothing that SAML fills in',
    { position: 'p', nickname: 'n' },
    sso('ldap'),
    providerFields,
    ['ada/position provider-owns-field'],
    ['ada/nickname'],
  ],
  [
    'what SAML fills in',
    { position: 'p', nickname: 'n', first_name: 'f' },
    sso('saml'),
    providerFields,
    ['ada/first_name provider-owns-field', 'ada/nickname provider-owns-field'],
    ['ada/position'],
  ],
  [
    'what providers fill in, of e-mail people: nothing',
    { position: 'p', nickname: 'n' },
    account('ada'),
    providerFields,
    [],
    ['ada/nickname', 'ada/position'],
  ],
  [
    'what SAML fills in, of a person who moves to it: not yet',
    { nickname: 'n', auth: { service: 'saml', data: '7' } },
    account('ada'),
    providerFields,
    [],
    ['ada/nickname', 'ada/auth'],
  ],
  [
    'an e-mail where the server wants it verified',
    { email: 'a@x.com' },
    account('ada'),
    { requiresEmailVerification: true },
    ['ada/email email-needs-verification'],
    [],
  ],
  [
    'a custom status, and no other property',
    { props: { customStatus: '{}', team: 'x' } },
    account('ada'),
    {},
    ['ada/props.customStatus server-owns-custom-status'],
    ['ada/props.team'],
  ],
  [
    'everything that the provider owned, moved to e-mail login: nothing',
    { username: 'lovelace', email: 'a@x.com', first_name: 'A', ...toEmail },
    sso('gitlab'),
    {},
    [],
    ['ada/username', 'ada/email', 'ada/first_name', 'ada/auth'],
  ],
  [
    'names that the next provider leaves free, of a person who moves to it',
    { first_name: 'A', email: 'a@x.com', auth: { service: 'saml', data: '7' } },
    sso('gitlab'),
    {},
    [],
    ['ada/email', 'ada/first_name', 'ada/auth'],
  ],
  [
    'what the next provider fills in, of a person who moves to it from another',
    { nickname: 'n', auth: { service: 'saml', data: '7' } },
    sso('gitlab'),
    providerFields,
    ['ada/nickname provider-owns-field'],
    ['ada/auth'],
  ],
  [
    'a username that moves from one provider to another',
    { username: 'lovelace', auth: { service: 'saml', data: '7' } },
    sso('gitlab'),
    {},
    ['ada/username sso-owns-username'],
    ['ada/auth'],
  ],
];

describe('holds', () => {
  test.each(heldRows)('%s', (_, values, live, facts, held, changes) => {
    const findings = findingsOf({ ...entry('ada'), values: { username: 'ada', ...values } }, live, { facts });

    expect(heldOf(findings)).toEqual(held);
    expect(idsOf(findings)).toEqual(changes);
  });

  test('with an owner, a reason and a hint', () => {
    const { held } = findingsOf(entry('ada', { active: false }), sso('ldap'));

    expect(held[0]?.change.reason.rule).toBeUndefined();
    expect(held[0]).toMatchObject({
      owner: 'ldap',
      reason: 'the server refuses to change the active flag of people who sign in through LDAP',
      hint: 'disable the person in the directory; the next LDAP sync follows it',
    });
  });

  test('every difference of a protected person', () => {
    const desired = entry('ada', { nickname: 'x', roles: ['system_admin'], active: false });

    const findings = findingsOf(desired, account('ada'), { policy: { ...defaultPolicy, protect: ['ada'] } });

    expect(findings.changes).toEqual([]);
    expect(heldOf(findings)).toEqual([
      'ada/nickname protected',
      'ada/roles/+system_admin protected',
      'ada/active protected',
    ]);
  });

  test('a protected person who is not there yet', () => {
    const findings = findingsOf(entry('ada', withEmail), undefined, { policy: { ...defaultPolicy, protect: ['ada'] } });

    expect(findings.changes).toEqual([]);
    expect(heldOf(findings)).toEqual(['ada/account protected']);
  });

  test('the access of the caller, and their e-mail, which the server changes only for their password', () => {
    const values = { active: false, roles: ['system_user'], auth: { service: 'saml', data: '7' } };
    const desired = entry('root', { ...values, email: 'new@x.com', nickname: 'x' });

    const findings = findingsOf(desired, root);

    expect(idsOf(findings)).toEqual(['root/nickname']);
    expect(heldOf(findings)).toEqual([
      'root/email caller',
      'root/roles/-system_admin caller',
      'root/active caller',
      'root/auth caller',
    ]);
  });

  test('the access of the person who owns the calling bot, and nothing else', () => {
    const facts = { caller: { id: 'id-bot', username: 'bot', ownerId: 'id-ada', permissions: new Set<string>() } };
    const desired = entry('ada', { active: false, email: 'new@x.com', roles: ['system_admin'], mfa: 'off' });

    const findings = findingsOf(desired, account('ada', { mfa: 'on' }), { facts });

    expect(idsOf(findings)).toEqual(['ada/email']);
    expect(heldOf(findings)).toEqual([
      'ada/roles/+system_admin caller-owner',
      'ada/active caller-owner',
      'ada/mfa caller-owner',
    ]);
  });
});

test('holds what the provider of the caller owns, beside what is out of reach', () => {
  const live = admin('root', { auth: { service: 'saml', data: '7' } });

  const findings = findingsOf(entry('ada', { nickname: 'x' }, { id: 'id-root' }), live);

  expect(idsOf(findings)).toEqual(['ada/nickname']);
  expect(heldOf(findings)).toEqual(['ada/username sso-owns-username']);
});

test('marks what only the move to e-mail login sets free', () => {
  const desired = { ...entry('ada'), values: { username: 'lovelace', nickname: 'x', ...toEmail } };

  const { changes } = findingsOf(desired, sso('gitlab'));

  expect(changes.map(({ attribute, part_of: part }) => [attribute, part])).toEqual([
    ['username', 'leaving-provider'],
    ['nickname', undefined],
    ['auth', undefined],
  ]);
});

test.each<[service: string, expected: readonly string[]]>([
  ['gitlab', ['username', 'email', 'first_name']],
  ['ldap', ['username', 'email', 'nickname']],
  ['saml', ['username']],
])('marks what has to be written before %s owns it', (service, expected) => {
  const facts = { providerAttributes: { ldap: new Set<UserAttribute>(['nickname']), saml: new Set<UserAttribute>() } };
  const values = {
    username: 'lovelace',
    email: 'new@x.com',
    first_name: 'Ada',
    nickname: 'x',
    roles: ['system_post_all'],
  };
  const desired = { ...entry('ada'), values: { ...values, auth: { service, data: '7' } } };

  const { changes } = findingsOf(desired, account('ada'), { facts });

  const marked = changes.filter((change) => change.part_of === 'joining-provider');
  expect(marked.map(({ attribute }) => attribute)).toEqual(expected);
});

/** An inactive account with roles of before. */
const away = (options: Partial<UserValues> = {}): LiveUser =>
  account('ada', { active: false, roles: ['system_user', 'system_admin', 'system_post_all'], ...options });

describe('takes a returner back', () => {
  test('without the roles of before, where the entry names none', () => {
    const findings = findingsOf(entry('ada', { active: true }), away());

    expect(idsOf(findings)).toEqual(['ada/roles/-system_admin', 'ada/roles/-system_post_all', 'ada/active']);
    expect(findings.changes.map(({ reason }) => reason.rule)).toEqual(['returner', 'returner', undefined]);
  });

  test('with the roles that the entry names', () => {
    const findings = findingsOf(entry('ada', { active: true, roles: ['system_post_all'] }), away());

    expect(idsOf(findings)).toEqual(['ada/roles/-system_admin', 'ada/active']);
    expect(findings.changes[0]?.reason.rule).toBeUndefined();
  });

  test('as the guest that they were', () => {
    const findings = findingsOf(entry('ada', { active: true }), away({ roles: ['system_guest', 'system_post_all'] }));

    expect(idsOf(findings)).toEqual(['ada/roles/-system_post_all', 'ada/active']);
  });

  test('without what on_create gives to new accounts', () => {
    const onCreate = { ...createOptions, roles: ['system_user', 'system_manager'] };

    const guest = findingsOf(entry('ada', { active: true }, { onCreate }), away({ roles: ['system_guest'] }));
    const member = findingsOf(entry('ada', { active: true }, { onCreate }), away({ roles: ['system_user'] }));

    expect(idsOf(guest)).toEqual(['ada/active']);
    expect(idsOf(member)).toEqual(['ada/active']);
  });

  test('with a base role, where the account had none at all', () => {
    const findings = findingsOf(entry('ada', { active: true }), away({ roles: [] }));

    expect(idsOf(findings)).toEqual(['ada/roles/+system_user', 'ada/active']);
  });
});

test.each([
  ['an active person', account('ada')],
  ['a person who stays away', account('ada', { active: false })],
])('leaves the roles of %s alone where the entry names none', (_, live) => {
  const findings = findingsOf(entry('ada', { active: live.values.active }), {
    ...live,
    values: { ...live.values, roles: ['system_user', 'system_admin'] },
  });

  expect(findings.changes).toEqual([]);
});

describe('makes a new person', () => {
  test('with what the server takes as it is, and the rest afterwards', () => {
    const values = {
      email: 'ada@x.com',
      first_name: 'Ada',
      position: 'p',
      locale: 'xx',
      timezone: { manualTimezone: 'UTC' },
      notify_props: { push: 'none', desktop: 'all' },
      props: { team: 'x' },
      auth: { service: 'saml', data: '7' },
      roles: ['system_admin'],
    };

    const { changes } = findingsOf(entry('ada', values), undefined);

    expect(changes.map(({ id }) => id)).toEqual([
      'ada/account',
      'ada/roles/+system_admin',
      'ada/locale',
      'ada/notify_props.desktop',
      'ada/notify_props.push',
    ]);
    expect(changes[0]?.after).toEqual({
      username: 'ada',
      email: 'ada@x.com',
      first_name: 'Ada',
      position: 'p',
      timezone: { manualTimezone: 'UTC' },
      props: { team: 'x' },
      auth: { service: 'saml', data: '7' },
    });
  });

  test('with a language that the server offers at once', () => {
    const { changes } = findingsOf(entry('ada', { ...withEmail, locale: 'de' }), undefined);

    expect(changes.map(({ id }) => id)).toEqual(['ada/account']);
    expect(changes[0]?.after).toMatchObject({ locale: 'de' });
  });

  test('as a guest by way of a member', () => {
    const { changes } = findingsOf(entry('ada', { ...withEmail, roles: ['system_guest'] }), undefined);

    expect(changes.map((change) => [change.class, change.after])).toContainEqual(['guest', 'guest']);
  });
});
