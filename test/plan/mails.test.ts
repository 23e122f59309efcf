import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import { account, createOptions, entry, planOf as planWith, type World, wantedToken } from '../support/build-states.ts';

const planOf = (desired: DesiredUser, world: Omit<World, 'entries'> = {}): Plan =>
  planWith({ ...world, entries: [desired] });
const email = { email: 'ada@example.com' };
const saml = { auth: { service: 'saml', data: '7' } } as const;
const unverified = { onCreate: { ...createOptions, emailVerified: false } };
const welcomed = { onCreate: { ...createOptions, welcomeEmail: true, emailVerified: false } };
const verifies = { facts: { requiresEmailVerification: true } };
const invites = { policy: { invite: 'reset_mail' } } as const;

describe('a new person', () => {
  test.each<[string, DesiredUser, Omit<World, 'entries'>, object]>([
    ['by nothing, where nobody sends an invitation', entry('ada', email), {}, { sign_in: 'none' }],
    ['by a reset mail', entry('ada', email), invites, { sign_in: 'reset-mail' }],
    [
      'by a reset mail that the server does not send',
      entry('ada', email),
      { ...invites, facts: { sendsMail: false } },
      { sign_in: 'reset-mail', obstacle: 'mails-off' },
    ],
    [
      'by an initial password, invitation or not',
      entry('ada', email, { initialPassword: 'hr' }),
      invites,
      { sign_in: 'initial-password', source: 'hr' },
    ],
    ['by a provider', entry('ada', { ...email, ...saml }), invites, { sign_in: 'provider', service: 'saml' }],
    [
      'by a provider that is off',
      entry('ada', { ...email, ...saml }),
      { policy: { authServiceOff: 'warn' }, facts: { signInServices: new Set(['email']) } },
      { sign_in: 'provider', service: 'saml', obstacle: 'service-off' },
    ],
    [
      'by e-mail login that is off',
      entry('ada', email, { initialPassword: 'hr' }),
      { facts: { signInServices: new Set(['saml']) } },
      { sign_in: 'initial-password', source: 'hr', obstacle: 'service-off' },
    ],
    [
      'only with a verified e-mail, which no mail asks for',
      entry('ada', email, { initialPassword: 'hr', ...unverified }),
      verifies,
      { sign_in: 'initial-password', source: 'hr', obstacle: 'unverified' },
    ],
    [
      'once the e-mail is verified, as the welcome asks',
      entry('ada', email, { initialPassword: 'hr', ...welcomed }),
      verifies,
      { sign_in: 'initial-password', source: 'hr' },
    ],
  ])('signs in %s', (_, desired, world, expected) => {
    expect(planOf(desired, world).new_people).toEqual([{ person: 'ada', ...expected }]);
  });

  test('is not there where no one is new', () => {
    expect(planOf(entry('ada', { nickname: 'A' }), { accounts: [account('ada')] })).not.toHaveProperty('new_people');
  });
});

describe('the mails', () => {
  const ada = account('ada');

  test.each<[string, DesiredUser, Omit<World, 'entries'>, readonly string[]]>([
    [
      'a create with a welcome and an invitation',
      entry('ada', email, welcomed),
      invites,
      ['welcome', 'password-reset'],
    ],
    ['another e-mail', entry('ada', { email: 'new@example.com' }), { accounts: [ada] }, ['email-changed']],
    ['another username', entry('ada.l', {}, { previousUsernames: ['ada'] }), { accounts: [ada] }, ['username-changed']],
    [
      'a move to e-mail login',
      entry('ada', { auth: { service: 'email' } }),
      { accounts: [account('ada', saml)] },
      ['password-changed'],
    ],
    [
      'a second factor',
      entry('ada', { mfa: 'off' }),
      { accounts: [account('ada', { mfa: 'on' })] },
      ['mfa-switched-off'],
    ],
    ['a new token', entry('ada', {}, { tokens: [wantedToken('ci')] }), { accounts: [ada] }, ['token-added']],
    ['a deactivation', entry('ada', { active: false }), { accounts: [ada] }, []],
    ['a nickname', entry('ada', { nickname: 'A' }), { accounts: [ada] }, []],
  ])('of %s', (_, desired, world, kinds) => {
    const plan = planOf(desired, world);

    expect(plan.summary.actions).toBe(1);
    expect(plan.mails ?? []).toEqual(kinds.map((kind) => ({ kind, people: [desired.username] })));
    expect(plan.summary.mails).toBe(kinds.length);
    expect(plan.actions.map(({ mails }) => mails)).toEqual([kinds.length]);
  });

  test('are none where the server sends none, but for a welcome where it asks for verified e-mails', () => {
    const off = { ...invites, facts: { sendsMail: false } };

    expect(planOf(entry('ada', email, welcomed), off)).not.toHaveProperty('mails');
    expect(
      planOf(entry('ada', email, welcomed), { ...invites, facts: { ...off.facts, ...verifies.facts } }).mails,
    ).toEqual([{ kind: 'welcome', people: ['ada'] }]);
  });
});
