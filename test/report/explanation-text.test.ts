import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/model/explanation.ts';
import { explanationText } from '../../src/report/explanation-text.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { change } from './support.ts';

const place = { file: 'users.yaml', line: 7, column: 1, from: 'entry' as const };
const quiet: Explanation = {
  username: 'ada',
  entry: place,
  account: {
    id: 'x'.repeat(26),
    username: 'alovelace',
    email: 'ada@example.com',
    active: true,
    by: ['previous username', 'e-mail'],
  },
  managed: [
    { name: 'username', wanted: 'ada', origin: place },
    { name: 'locale', wanted: 'de', origin: { ...place, line: 2, from: 'defaults' } },
    { name: 'auth', wanted: { service: 'saml', data: 'ada' }, origin: place },
  ],
  unmanaged: ['roles', 'tokens'],
  problems: [],
  changes: [],
  held: [],
  blocked: [],
  scheduled: [],
  notices: [],
};

const full: Explanation = {
  ...quiet,
  changes: [
    change('ada', 'rename', 'username', { before: 'alovelace', after: 'ada' }),
    change(
      'ada',
      'update',
      'locale',
      { before: 'en', after: 'de' },
      { text: 'defaults of users.yaml', file: 'users.yaml', line: 2, column: 1 },
    ),
  ],
  held: [
    {
      change: change('ada', 'deactivate', 'active', { before: true, after: false }),
      code: 'ldap-owns-active',
      owner: 'LDAP',
      reason: 'LDAP decides',
      hint: 'ask LDAP',
    },
  ],
  blocked: [
    {
      change: change('ada', 'admin-gain', 'roles', { after: 'system_admin' }),
      rail: 'budget',
      reason: 'admin-gain of 3 people, and the budget is 2',
      hint: 'approve it',
    },
  ],
  scheduled: [
    { change: change('ada', 'token-revoke', 'tokens.ci@1', { before: 'enabled' }), due: '2026-11-25T12:00:00.000Z' },
  ],
  notices: [
    { code: 'inactive', text: 'is inactive', hint: 'say so' },
    { code: 'mails-off', text: 'no mail' },
  ],
};

test('goes from the entry to what happens', () => {
  expect(explanationText(full, plain)).toBe(`ada  users.yaml:7
means the account alovelace (id ${'x'.repeat(26)}, active, ada@example.com), found by previous username, e-mail

Managed
  username  ada                     users.yaml:7
  locale    de                      users.yaml:2  from defaults
  auth      service saml, data ada  users.yaml:7

Not managed  left as they are: roles, tokens

Would change
  rename  username  alovelace → ada  users.yaml:7
  update  locale    en → de          users.yaml:2  defaults of users.yaml

Held  real differences that muster will not or cannot write
  deactivate  active  true → false
      LDAP decides (ldap-owns-active)
      → ask LDAP

Blocked  changes that a rail stopped
  admin-gain  roles  + system_admin
      admin-gain of 3 people, and the budget is 2 (budget)
      → approve it

Scheduled
  token-revoke  tokens.ci@1  enabled → gone  due 2026-11-25T12:00:00.000Z

Notices
  is inactive
      → say so
  no mail
`);
});

test('is the same in colour', () => {
  expect(stripVTControlCharacters(explanationText(full, coloured))).toBe(explanationText(full, plain));
});

describe('says', () => {
  const { account: _account, ...nobody } = quiet;
  const problem = {
    ...sampleProblem('ada means 2 accounts', 'name the right one with id'),
    at: { file: 'users.yaml', line: 7, column: 5 },
  };

  test.each<[string, Explanation, string]>([
    ['that nothing would change', quiet, '\nAlready matches  nothing would change\n'],
    ['that nobody is meant', nobody, '\nmeans no account on the server yet: none has the username'],
    ['that it is not certain who is meant', { ...nobody, problems: [problem] }, '\nmeans no account for certain\n'],
    [
      'why there is no plan',
      { ...quiet, problems: [problem] },
      '\nLeft alone  before this is fixed:\nusers.yaml:7:5 error ada means 2 accounts\n  → name the right one with id\n',
    ],
    ['that everything is managed', { ...quiet, unmanaged: [] }, '\nNot managed  nothing: every field is named\n'],
    [
      'that an account is inactive',
      { ...quiet, account: { id: 'y', username: 'ada', email: '', active: false, by: ['id'] } },
      '(id y, inactive), found by id',
    ],
  ])('%s', (_what, explanation, shown) => {
    expect(explanationText(explanation, plain)).toContain(shown);
  });

  test('nothing of a plan where there is none', () => {
    expect(explanationText({ ...full, problems: [problem] }, plain)).not.toMatch(
      /Would change|Already matches|Held|Blocked/,
    );
  });
});
