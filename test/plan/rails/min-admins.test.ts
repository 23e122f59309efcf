import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import { account, admin, blockedOf, changesOf, entry, planOf, type World } from '../../support/build-states.ts';

const [ada, bob, cy] = [admin('ada'), admin('bob'), admin('cy')];
const noAdmin = { roles: ['system_user'] };
const leaves = { active: false };

type Row = readonly [
  title: string,
  entries: readonly DesiredUser[],
  accounts: readonly LiveUser[],
  minAdmins: number,
  blocked: readonly string[],
];

/** `root`, who calls, is an administrator as well and stays one; `accounts` are there beside. */
const rows: readonly Row[] = [
  ['losing down to the limit', [entry('ada', noAdmin)], [ada, bob], 2, []],
  ['losing to one below the limit', [entry('ada', noAdmin)], [ada], 2, ['ada/roles/-system_admin: min-admins']],
  ['leaving down to the limit', [entry('ada', leaves)], [ada, bob], 2, []],
  ['leaving to one below the limit', [entry('ada', leaves)], [ada], 2, ['ada/active: min-admins']],
  [
    'two losses of which one would be allowed: neither is chosen',
    [entry('ada', noAdmin), entry('bob', leaves)],
    [ada, bob],
    2,
    ['ada/roles/-system_admin: min-admins', 'bob/active: min-admins'],
  ],
  [
    'both ways of losing one and the same administrator: it counts once',
    [entry('ada', { ...noAdmin, ...leaves })],
    [ada, bob],
    2,
    [],
  ],
  [
    'a loss beside a gain: a gain may fail',
    [entry('ada', noAdmin), entry('dan', { roles: ['system_admin'] })],
    [ada, account('dan')],
    2,
    ['ada/roles/-system_admin: min-admins'],
  ],
  [
    'a loss beside an administrator who comes back',
    [entry('ada', noAdmin), entry('dan', { active: true, roles: ['system_admin'] })],
    [ada, admin('dan', leaves)],
    2,
    ['ada/roles/-system_admin: min-admins'],
  ],
  [
    'another sign-in of an administrator',
    [entry('ada', { auth: { service: 'saml', data: '7' } })],
    [ada],
    2,
    ['ada/auth: min-admins'],
  ],
  [
    'becoming a guest, which takes the role along',
    [entry('ada', { roles: ['system_guest'] })],
    [ada],
    2,
    ['ada/roles/+system_guest: min-admins', 'ada/roles/-system_admin: min-admins'],
  ],
  ['a new name or e-mail of an administrator', [entry('ada', { email: 'x@x.com', nickname: 'x' })], [ada], 2, []],
  ['a member who leaves', [entry('dan', leaves)], [ada, account('dan')], 2, []],
  ['an inactive administrator who loses the role', [entry('dan', noAdmin)], [ada, admin('dan', leaves)], 2, []],
  [
    'bots: they do not count',
    [entry('ada', leaves)],
    [ada, admin('bot', { isBot: true })],
    2,
    ['ada/active: min-admins'],
  ],
  [
    'people of connected servers: they do not count',
    [entry('ada', leaves)],
    [ada, admin('far', { isRemote: true })],
    2,
    ['ada/active: min-admins'],
  ],
  [
    'administrators whose sign-in is switched off: they do not count',
    [entry('ada', leaves)],
    [ada, admin('bob', { auth: { service: 'ldap', data: '7' } })],
    2,
    ['ada/active: min-admins'],
  ],
  [
    'administrators whose sign-in nobody knows: they do not count',
    [entry('ada', leaves)],
    [ada, admin('bob', { auth: { service: 'email (stored literally, cannot sign in)' } })],
    2,
    ['ada/active: min-admins'],
  ],
  [
    'the loss of one who cannot sign in: nothing is lost, even below the limit',
    [entry('bob', leaves)],
    [admin('bob', { auth: { service: 'saml', isHidden: true } })],
    3,
    [],
  ],
  [
    'the role of somebody inactive, with one active administrator: the server refuses it',
    [entry('dan', noAdmin)],
    [admin('dan', leaves)],
    1,
    ['dan/roles/-system_admin: min-admins'],
  ],
  [
    'the role of somebody inactive, while another loss leaves one administrator: the server may refuse it',
    [entry('dan', noAdmin), entry('ada', leaves)],
    [ada, admin('dan', leaves)],
    1,
    ['dan/roles/-system_admin: min-admins'],
  ],
  [
    'the return of somebody whose old role cannot be taken first',
    [entry('dan', { active: true })],
    [admin('dan', leaves)],
    1,
    ['dan/active: prerequisite', 'dan/roles/-system_admin: min-admins'],
  ],
];

const noLdapNorSaml = { signInServices: new Set(['email']) };

const worldOf = ([, entries, accounts, minAdmins]: Row, others = [admin('root')]): World => ({
  entries,
  accounts,
  others,
  policy: { minAdmins, authServiceOff: 'warn' },
  facts: noLdapNorSaml,
});

describe('with root and the accounts of the row, decides on', () => {
  test.each(rows)('%s', (...row) => {
    const plan = planOf(worldOf(row));

    expect(blockedOf(plan)).toEqual(row[4]);
  });
});

test('says how many there are, how many would be left, and what to do', () => {
  const { blocked } = planOf({
    entries: [entry('ada', leaves)],
    accounts: [ada],
    others: [admin('root')],
    policy: { minAdmins: 2 },
  });

  expect(blocked[0]).toMatchObject({
    reason: 'only 1 of 2 administrators is sure to remain, and policy.min_admins is 2',
    hint: expect.stringContaining('make another person administrator first'),
  });
});

test('lets everything else of the same people pass', () => {
  const plan = planOf({
    entries: [entry('ada', { ...leaves, nickname: 'x' }), entry('cy', { nickname: 'x' })],
    accounts: [ada, cy],
    others: [],
    policy: { minAdmins: 2 },
  });

  expect(blockedOf(plan)).toEqual(['ada/active: min-admins']);
  expect(changesOf(plan)).toEqual(['ada/nickname', 'cy/nickname']);
});
