import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { account, admin, blockedOf, changesOf, entry, heldOf, planOf } from '../support/build-states.ts';

const saml = (data: string) => ({ auth: { service: 'saml', data } });
const toEmail = { auth: { service: 'email' } };
const pinned = (username: string, id: string, values: Parameters<typeof entry>[1] = {}): DesiredUser =>
  entry(username, values, { id: `id-${id}` });

const [ada, bob, cy] = [account('ada'), account('bob'), account('cy')];

type Row = readonly [
  title: string,
  entries: readonly DesiredUser[],
  accounts: readonly LiveUser[],
  held: readonly string[],
  blocked: readonly string[],
  changes: readonly string[],
];

const rows: readonly Row[] = [
  [
    'a chain of three whose first name is not free',
    [pinned('ada', 'bob'), pinned('bob', 'cy'), pinned('cy', 'dan')],
    [ada, bob, cy, account('dan')],
    [],
    ['ada/username: prerequisite', 'bob/username: prerequisite', 'cy/username: prerequisite'],
    [],
  ],
  [
    'a name whose holder keeps it because of a provider',
    [entry('bob', { email: 'b@x.com' }), pinned('robert', 'bob')],
    [account('bob', saml('7'))],
    ['bob/account: prerequisite-held', 'robert/username: sso-owns-username'],
    [],
    [],
  ],
  [
    'a chain behind a name that is held',
    [pinned('robert', 'bob'), pinned('bob', 'ada'), entry('ada', { email: 'new@x.com' })],
    [ada, account('bob', saml('7'))],
    ['ada/account: prerequisite-held', 'bob/username: prerequisite-held', 'robert/username: sso-owns-username'],
    [],
    [],
  ],
  [
    'a name that belongs to somebody of whom nothing is declared',
    [pinned('bob', 'ada')],
    [ada, bob],
    [],
    ['bob/username: prerequisite'],
    [],
  ],
  [
    'an e-mail that belongs to somebody of whom no e-mail is declared',
    [pinned('ada', 'ada', { email: 'bob@example.com' }), entry('bob')],
    [ada, bob],
    [],
    ['ada/email: prerequisite'],
    [],
  ],
  [
    'sign-in data that belong to somebody of whom nothing is declared',
    [pinned('ada', 'ada', saml('7'))],
    [ada, account('bob', { auth: { service: 'ldap', data: '7' } })],
    [],
    ['ada/auth: prerequisite'],
    [],
  ],
  [
    'a chain behind a name that is taken',
    [pinned('bob', 'ada'), entry('ada', { email: 'new@x.com' })],
    [ada, bob],
    [],
    ['ada/account: prerequisite', 'bob/username: prerequisite'],
    [],
  ],
  [
    'an SSO person who is renamed on the way to e-mail login',
    [pinned('lovelace', 'ada', toEmail)],
    [account('ada', saml('7'))],
    [],
    [],
    ['lovelace/auth', 'lovelace/username'],
  ],
];

describe('settles', () => {
  test.each(rows)('%s', (_, entries, accounts, held, blocked, changes) => {
    const plan = planOf({ entries, accounts });

    expect(heldOf(plan)).toEqual(held);
    expect(blockedOf(plan)).toEqual(blocked);
    expect(changesOf(plan)).toEqual(changes);
  });
});

describe('takes along', () => {
  test('the move to a provider, which would keep a username that cannot be changed yet', () => {
    const plan = planOf({ entries: [pinned('bob', 'ada', { ...saml('7'), nickname: 'x' })], accounts: [ada, bob] });

    expect(blockedOf(plan)).toEqual(['bob/auth: prerequisite', 'bob/username: prerequisite']);
    expect(changesOf(plan)).toEqual(['bob/nickname']);
  });

  test.each([
    ['gitlab', ['ada/auth: prerequisite', 'ada/email: budget']],
    ['ldap', ['ada/auth: prerequisite', 'ada/email: budget']],
    ['saml', ['ada/email: budget']],
  ] as const)('the move to %s, which may own the e-mail before it is written', (service, blocked) => {
    const plan = planOf({
      entries: [pinned('ada', 'ada', { auth: { service, data: '7' }, email: 'new@x.com', nickname: 'x' })],
      accounts: [ada],
      policy: { budgets: { email: { maxShare: 0, floor: 0 } } },
    });

    expect(blockedOf(plan)).toEqual(blocked);
    expect(changesOf(plan)).toContain('ada/nickname');
  });

  test('but not a move after which as much is held as before it', () => {
    const plan = planOf({
      entries: [pinned('ada', 'ada', { auth: { service: 'ldap', data: '7' }, email: 'new@x.com' })],
      accounts: [ada],
      facts: { requiresEmailVerification: true },
    });

    expect(heldOf(plan)).toEqual(['ada/email: email-needs-verification']);
    expect(changesOf(plan)).toEqual(['ada/auth']);
  });

  test('what the provider owns, where the move to e-mail login is blocked', () => {
    const plan = planOf({
      entries: [pinned('lovelace', 'ada', { ...toEmail, first_name: 'A', nickname: 'x' })],
      accounts: [admin('ada', { auth: { service: 'gitlab', data: '7' } })],
      others: [admin('root')],
      policy: { minAdmins: 2 },
    });

    expect(blockedOf(plan)).toEqual([
      'lovelace/auth: min-admins',
      'lovelace/first_name: prerequisite',
      'lovelace/username: prerequisite',
    ]);
    expect(changesOf(plan)).toEqual(['lovelace/nickname']);
  });

  test('what the provider owns, where the move to e-mail login is held', () => {
    const plan = planOf({
      entries: [pinned('chief', 'root', { ...toEmail, nickname: 'x' })],
      others: [admin('root', saml('7'))],
    });

    expect(heldOf(plan)).toEqual(['chief/auth: caller', 'chief/username: prerequisite-held']);
    expect(changesOf(plan)).toEqual(['chief/nickname']);
  });

  test('the roles and tokens that a returner would have lost, where the return is held', () => {
    const plan = planOf({
      entries: [entry('ada', { active: true })],
      accounts: [admin('ada', { active: false, auth: { service: 'ldap', data: '7' } })],
    });

    expect(heldOf(plan)).toEqual(['ada/active: ldap-owns-active', 'ada/roles/-system_admin: prerequisite-held']);
    expect(plan.actions).toEqual([]);
  });

  test('the demotion that would take a role which may not go', () => {
    const plan = planOf({
      entries: [entry('ada', { roles: ['system_guest'] })],
      accounts: [account('ada', { roles: ['system_user', 'system_post_all'] })],
      facts: { caller: { id: 'id-root', username: 'root', permissions: new Set(['demote_to_guest']) } },
    });

    expect(blockedOf(plan)).toEqual([
      'ada/roles/+system_guest: prerequisite',
      'ada/roles/-system_post_all: permission',
    ]);
  });

  test('with the owner and the place of what holds it', () => {
    const plan = planOf({
      entries: [entry('bob', { email: 'b@x.com' }), pinned('robert', 'bob')],
      accounts: [account('bob', saml('7'))],
    });

    expect(plan.held[0]).toMatchObject({
      owner: 'saml',
      reason: 'bob is not given up by robert',
      hint: 'see what holds username of robert',
    });
  });
});

test('says who has a name that is taken', () => {
  const plan = planOf({ entries: [pinned('bob', 'ada')], accounts: [ada, bob] });

  expect(plan.blocked[0]?.reason).toBe('bob belongs to the account bob (id id-bob), which no entry moves away');
});
