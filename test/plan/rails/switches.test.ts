import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser, ServerFacts } from '../../../src/model/live-state.ts';
import type { Policy } from '../../../src/model/settings.ts';
import {
  account,
  blockedOf,
  changesOf,
  entry,
  liveToken,
  markedToken,
  planOf,
  wantedToken,
} from '../../support/build-states.ts';

const noGuests = { hasGuests: false };
const noTokens = { hasUserAccessTokens: false };
const onlyEmail = { signInServices: new Set(['email']) };
const guest = (options: object = {}): LiveUser => account('ada', { roles: ['system_guest'], ...options });
const away = { active: false };
const saml = { auth: { service: 'saml', data: '7' } };
const ci = [wantedToken('ci')];

type Row = readonly [
  title: string,
  desired: DesiredUser,
  live: LiveUser | undefined,
  facts: Partial<ServerFacts>,
  policy: Partial<Policy>,
  blocked: readonly string[],
  passed: readonly string[],
];

const rows: readonly Row[] = [
  [
    'a new token, tokens off',
    entry('ada', {}, { tokens: ci }),
    account('ada'),
    noTokens,
    {},
    ['ada/tokens/ci@1/token-create: switch'],
    [],
  ],
  [
    'a new guest, guests off',
    entry('ada', { roles: ['system_guest'] }),
    account('ada'),
    noGuests,
    {},
    ['ada/roles/+system_guest: switch'],
    [],
  ],
  [
    'a guest who is new altogether, guests off: nobody is made as a full member instead',
    entry('ada', { email: 'a@x.com', roles: ['system_guest'] }),
    undefined,
    noGuests,
    {},
    ['ada/account: prerequisite', 'ada/roles/+system_guest: switch'],
    [],
  ],
  [
    'a guest with a role, guests off: a member gets no role of a guest',
    entry('ada', { roles: ['system_guest', 'system_post_all'] }),
    account('ada'),
    noGuests,
    {},
    ['ada/roles/+system_guest: switch', 'ada/roles/+system_post_all: prerequisite'],
    [],
  ],
  [
    'a guest who becomes a member, guests off',
    entry('ada', { roles: ['system_user'] }),
    guest(),
    noGuests,
    {},
    [],
    ['ada/roles/+system_guest'],
  ],
  [
    'a guest who comes back, guests off',
    entry('ada', { active: true }),
    guest(away),
    noGuests,
    {},
    ['ada/active: switch'],
    [],
  ],
  [
    'a guest who comes back as a member, guests off',
    entry('ada', { active: true, roles: ['system_user'] }),
    guest(away),
    noGuests,
    {},
    [],
    ['ada/roles/+system_guest', 'ada/active'],
  ],
  [
    'a member who comes back as a guest, guests off',
    entry('ada', { active: true, roles: ['system_guest'] }),
    account('ada', away),
    noGuests,
    {},
    ['ada/active: prerequisite', 'ada/roles/+system_guest: switch'],
    [],
  ],
  ['a guest who leaves, guests off', entry('ada', away), guest(), noGuests, {}, [], ['ada/active']],
  [
    'a licensed role, without the licence',
    entry('ada', { roles: ['system_manager'] }),
    account('ada'),
    { hasCustomPermissions: false },
    {},
    ['ada/roles/+system_manager: switch'],
    [],
  ],
  [
    'a role that needs no licence, without the licence',
    entry('ada', { roles: ['system_post_all'] }),
    account('ada'),
    { hasCustomPermissions: false },
    {},
    [],
    ['ada/roles/+system_post_all'],
  ],
  [
    'a move of an active person to a service that is off',
    entry('ada', saml),
    account('ada'),
    onlyEmail,
    {},
    ['ada/auth: switch'],
    [],
  ],
  [
    'the same where the policy only warns',
    entry('ada', saml),
    account('ada'),
    onlyEmail,
    { authServiceOff: 'warn' },
    [],
    ['ada/auth'],
  ],
  [
    'the same of somebody inactive',
    entry('ada', saml, { adopt: true }),
    account('ada', away),
    onlyEmail,
    {},
    [],
    ['ada/auth'],
  ],
  ['a move to a service that is on', entry('ada', saml), account('ada'), {}, {}, [], ['ada/auth']],
  [
    'a new person with a service that is off',
    entry('ada', { email: 'a@x.com', ...saml }),
    undefined,
    onlyEmail,
    {},
    [],
    ['ada/account'],
  ],
];

describe('decides on', () => {
  test.each(rows)('%s', (_, desired, live, facts, policy, blocked, passed) => {
    const plan = planOf({ entries: [desired], accounts: live === undefined ? [] : [live], facts, policy });

    expect(blockedOf(plan)).toEqual(blocked);
    expect(changesOf(plan)).toEqual(passed);
  });
});

test('still disables, enables and revokes where tokens are off', () => {
  const ada = account('ada');
  const marked = (name: string, enabled: boolean) => markedToken(ada, { name, generation: 1 }, { id: name, enabled });

  const plan = planOf({
    entries: [entry('ada', {}, { tokens: [wantedToken('on'), wantedToken('off', { enabled: false })] })],
    accounts: [ada],
    tokens: [marked('on', false), marked('off', true), marked('old', true), liveToken(ada)],
    facts: noTokens,
  });

  expect(plan.blocked).toEqual([]);
  expect(changesOf(plan)).toHaveLength(3);
});

test('keeps the old token where its successor cannot be made', () => {
  const ada = account('ada');

  const plan = planOf({
    entries: [entry('ada', {}, { tokens: [wantedToken('ci', { generation: 2 })] })],
    accounts: [ada],
    tokens: [markedToken(ada, { name: 'ci', generation: 1 }, { id: 'ci1' })],
    facts: noTokens,
  });

  expect(plan.actions).toEqual([]);
  expect(blockedOf(plan)).toEqual([
    'ada/tokens/ci1/token-revoke: prerequisite',
    'ada/tokens/ci@2/token-create: switch',
  ]);
});

test.each<readonly [string, DesiredUser, LiveUser | undefined]>([
  ['a new person', entry('ada', { email: 'a@x.com', ...saml }), undefined],
  ['a person who is moved', entry('ada', saml), account('ada')],
])('says that %s cannot sign in while the service is off', (_, desired, live) => {
  const plan = planOf({
    entries: [desired],
    accounts: live === undefined ? [] : [live],
    facts: onlyEmail,
    policy: { authServiceOff: 'warn' },
  });

  expect(plan.notices.map(({ code, person }) => [code, person])).toEqual([['sign-in-service-off', 'ada']]);
});
