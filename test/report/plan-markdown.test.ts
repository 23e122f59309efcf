import { describe, expect, test } from 'vitest';
import { code } from '../../src/report/markdown.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { change, fullPlan, plan } from './support.ts';

test('shows everything that a plan holds, the riskiest first', () => {
  expect(planMarkdown(fullPlan)).toMatchInlineSnapshot(`
    "### muster plan: 9 actions for 4 people

    \`https://chat.example.com\` (Mattermost \`11.6.1\`), as \`muster\`, as of \`2026-11-24T12:00:00.000Z\`: 12 declared: 10 have an account, 5 already match

    | create | activate | deactivate | admin-gain | role-revoke | email | update | token-create | token-disable | token-revoke |
    |--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
    | 1 | 1 | 1 | 1 | 1 | 1 | 2 | 1 | 1 | 1 |

    <details open><summary>Blocked: 1 (exit code 4)</summary>

    | who | what | why | what to do |
    |---|---|---|---|
    | \`dorothy\` | admin-loss \`roles\` \`system_admin → (none)\` | min-admins: \`one administrator would be left, two are needed\` | \`make another person administrator first\` |

    </details>

    <details open><summary>deactivate: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`linus\` | \`active\` | \`true\` | \`false\` | \`users.yaml:30  ended 2026-11-01\` |

    </details>

    <details open><summary>admin-gain: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`grace\` | \`roles\` |  | \`system_admin\` | \`users.yaml:7\` |

    </details>

    <details open><summary>activate: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`margaret\` | \`active\` | \`false\` | \`true\` | \`users.yaml:7\` |

    </details>

    <details open><summary>token-revoke: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`margaret\` | \`tokens.x\` | \`foreign token abc\` |  | \`foreign tokens are revoked\` |

    </details>

    <details open><summary>token-disable: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`linus\` | \`tokens.old\` | \`enabled\` | \`disabled\` | \`users.yaml:30  tokens of somebody who leaves\` |

    </details>

    <details open><summary>role-revoke: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`grace\` | \`roles\` | \`system_manager\` |  | \`users.yaml:7\` |

    </details>

    <details open><summary>email: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`grace\` | \`email\` | \`g@example.com\` | \`grace@example.com\` | \`users.yaml:7\` |

    </details>

    <details open><summary>create: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`ada\` | \`account\` |  | \`ada@example.com, service saml, data ada\`, \`first_name Ada, nickname ""\` | \`users.yaml:7\` |

    </details>

    <details open><summary>token-create: 1</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`ada\` | \`tokens.ci\` |  | \`generation 1\` | \`users.yaml:7\` |

    </details>

    <details open><summary>update: 2</summary>

    | who | field | before | after | why |
    |---|---|---|---|---|
    | \`grace\` | \`nickname\` | \`漢字の名前\` | \`""\` | \`users.yaml:2  defaults of users.yaml\` |
    | \`grace\` | \`position\` | \`Developer\\u{a}Berlin\` | \`"Developer\\u{a}Hamburg\\u{a}"\` | \`users.yaml:7\` |

    </details>

    <details><summary>Held: 1</summary>

    | who | what | why | what to do |
    |---|---|---|---|
    | \`katherine\` | deactivate \`active\` \`true → false\` | \`LDAP decides whether this account is active\` | \`deactivate the person in LDAP\` |

    </details>

    <details><summary>Scheduled: 2</summary>

    | who | what | due |
    |---|---|---|
    | \`ada\` | token-revoke \`tokens.deploy\` \`generation 1 → (none)\` | \`2026-11-25 12:00 UTC\` |
    | \`margaret\` | token-revoke \`tokens.ci\` \`generation 1 → (none)\` | \`2026-11-26 00:30 UTC\` |

    </details>

    <details open><summary>Previously declared: 2</summary>

    still active, and no entry stands for them any more: write active: false for each who is to go; name in policy.protect who is to stay as they are

    | active account | last declared | |
    |---|---|---|
    | \`barbara\` | \`2026-10-30\` | admin |
    | \`ken\` | \`2026-11-02\` |  |

    </details>

    <details><summary>Notices: 2</summary>

    | who | what |
    |---|---|
    | \`edsger\` | \`is inactive, and the entry does not say whether that is wanted: write active: true or active: false\` |
    |  | \`the server cannot send mail\` |

    </details>

    <details><summary>Undeclared: 2</summary>

    | active account | |
    |---|---|
    | \`root\` | admin |
    | \`zoe\` |  |

    </details>


    Plan: 1 create, 1 activate, 1 deactivate, 1 admin-gain, 1 role-revoke, 1 email, 2 update, 1 token-create, 1 token-disable, 1 token-revoke; 1 held, 1 blocked, 2 scheduled, 2 previously declared, the server will send 2 mails.
    "
  `);
});

test('of nothing to do says so in one line', () => {
  expect(planMarkdown(plan())).toBe(`### muster plan: no actions

\`https://chat.example.com\` (Mattermost \`11.6.1\`), as \`muster\`, as of \`2026-11-24T12:00:00.000Z\`: 12 declared: 10 have an account, 5 already match


Plan: no actions.
`);
});

test('tells a reviewer first what the plan is limited to, and what someone answers for', () => {
  const shown = planMarkdown(
    plan({
      narrowed: { users: ['ada'], classes: ['deactivate', 'email'], left_out: 3 },
      approvals: [{ class: 'deactivate', by: 'grace', reason: 'office closes', expires: '2026-12-01', lifted: 4 }],
    }),
  );

  expect(shown).toContain('**Limited** to `ada`, `deactivate`, `email`; 3 changes left out');
  expect(shown).toContain(
    '**Approved** by `grace` until `2026-12-01`: deactivate over its budget by 4 (`office closes`)',
  );
});

test('of many names in a limit shows some and counts the others', () => {
  const users = Array.from({ length: 500 }, (_, i) => `person${i}`);

  const shown = planMarkdown(plan({ narrowed: { users, left_out: 0 } }));

  expect(shown).toContain('`person19` and 480 more; 0 changes left out');
});

test('opens short sections and what is blocked, and folds the rest', () => {
  const held = { code: 'x', owner: 'x', reason: 'x', hint: 'x' };
  const one = change('ada', 'update', 'nickname');

  const shown = planMarkdown(
    plan({
      blocked: [{ change: one, rail: 'seats', reason: 'x', hint: 'x' }],
      held: [{ change: one, ...held }],
    }),
  );

  expect(shown).toContain('<details open><summary>Blocked: 1');
  expect(shown).toContain('<details><summary>Held: 1');
});

describe('data stands in a code span', () => {
  test.each([
    ['a word', 'ada', '`ada`'],
    ['nothing', '', '` `'],
    ['a backtick', 'a`b', '``a`b``'],
    ['a backtick at the end', 'a`', '`` a` ``'],
    ['spaces around', ' a ', '`  a  `'],
    ['a space alone', ' ', '` `'],
    ['many backticks', '`````````', '```` ```… ````'],
    ['a pipe', 'a|b', '`a\\|b`'],
    ['a pipe after a backslash', 'a\\|b', '`a\\\\u{7c}b`'],
    ['a backslash at the end', 'a\\', '`a\\`'],
    ['a line end', 'a\nb', '`a\\u{a}b`'],
    ['a mention', '@everyone', '`@everyone`'],
  ])('%s', (_what, text, shown) => {
    expect(code(text)).toBe(shown);
  });

  test('cut where it is very long, and never through a character', () => {
    expect(code('x'.repeat(500))).toBe(`\`${'x'.repeat(200)}… and 300 more characters\``);
    expect(code(`${'x'.repeat(199)}🙂🙂`)).toBe(`\`${'x'.repeat(199)}… and 4 more characters\``);
    expect(code(`${'x'.repeat(199)}🙂`)).toBe(`\`${'x'.repeat(199)}… and 2 more characters\``);
    expect(code('x'.repeat(201))).toBe(`\`${'x'.repeat(200)}… and 1 more character\``);
    expect(code(`${'x'.repeat(198)}🙂🙂`)).toBe(`\`${'x'.repeat(198)}🙂… and 2 more characters\``);
    expect(code('x'.repeat(200))).toBe(`\`${'x'.repeat(200)}\``);
  });
});
