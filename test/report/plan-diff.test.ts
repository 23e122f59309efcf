import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { coloured, plain } from '../../src/report/paint.ts';
import { planDiff } from '../../src/report/plan-diff.ts';
import { action, change, fullPlan, plan } from './support.ts';

test('shows what accounts are and what files want, person by person', () => {
  expect(planDiff(fullPlan, plain)).toMatchInlineSnapshot(`
    "--- /dev/null
    +++ desired/ada
    @@ users.yaml:7 @@
    +email: ada@example.com
    +first_name: Ada
    +nickname: ""
    +auth: { service: saml, data: ada }
    +tokens.ci: { generation: 1 }
    --- live/grace
    +++ desired/grace
    @@ users.yaml:7 @@
    -email: g@example.com
    +email: grace@example.com
    -nickname: "漢字の名前"
    +nickname: ""
     position: |
       Developer
    -  Berlin
    +  Hamburg
    +roles: system_admin
    -roles: system_manager
    --- live/linus
    +++ desired/linus
    @@ users.yaml:30 @@
    -tokens.old: enabled
    +tokens.old: disabled
    -active: true
    +active: false
    --- live/margaret
    +++ desired/margaret
    @@ users.yaml:7 @@
    -active: false
    +active: true
    -tokens.x: foreign token abc
    # Scheduled: ada: token-revoke tokens.deploy: generation 1 → gone, due 2026-11-25 12:00 UTC
    # Scheduled: margaret: token-revoke tokens.ci: generation 1 → gone, due 2026-11-26 00:30 UTC
    # Previously declared: 2, still active, and no entry stands for them any more
    #   barbara (admin)  last declared 2026-10-30
    #   ken              last declared 2026-11-02
    #   → write active: false for each who is to go; name in policy.protect who is to stay as they are
    # Plan: 1 create, 1 activate, 1 deactivate, 1 admin-gain, 1 role-revoke, 1 email, 2 update, 1 token-create, 1 token-disable, 1 token-revoke; 1 held, 1 blocked, 2 scheduled, 2 previously declared, the server will send 2 mails.
    "
  `);
});

test('of nothing to do has the totals alone', () => {
  expect(planDiff(plan(), plain)).toBe('# Plan: no actions.\n');
});

test('is the same in colour', () => {
  expect(stripVTControlCharacters(planDiff(fullPlan, coloured))).toBe(planDiff(fullPlan, plain));
  expect(planDiff(fullPlan, coloured)).not.toBe(planDiff(fullPlan, plain));
});

test('puts what belongs to one person together, wherever it stands in the plan', () => {
  const shown = planDiff(
    plan({
      actions: [
        action(change('ada', 'update', 'nickname', { before: 'a', after: 'b' })),
        action(change('bob', 'update', 'nickname', { before: 'a', after: 'b' })),
        action(change('ada', 'email', 'email', { before: 'a@x.org', after: 'b@x.org' })),
      ],
    }),
    plain,
  );

  expect(shown.match(/^\+\+\+ .*/gm)).toEqual(['+++ desired/ada', '+++ desired/bob']);
});

test.each([
  ['a word', 'Ada', 'Ada'],
  ['several words', 'Ada K. Lovelace', 'Ada K. Lovelace'],
  ['nothing', '', '""'],
  ['what YAML takes for something else', 'yes', '"yes"'],
  ['a number', '007', '"007"'],
  ['a colon', 'a: b', '"a: b"'],
  ['a comment', 'a #b', '"a #b"'],
  ['a space at the end', 'a ', '"a "'],
])('writes %s as it would stand in a users file', (_what, value, yaml) => {
  const shown = planDiff(
    plan({ actions: [action(change('ada', 'update', 'nickname', { before: 'x', after: value }))] }),
    plain,
  );

  expect(shown).toContain(`\n+nickname: ${yaml}\n`);
});

test('says what the plan is limited to, and what someone answers for', () => {
  const shown = planDiff(
    plan({
      narrowed: { users: ['ada'], left_out: 1 },
      approvals: [{ class: 'deactivate', by: 'grace', reason: 'office closes', expires: '2026-12-01', lifted: 4 }],
    }),
    plain,
  );

  expect(shown).toBe(`# Limited to ada; 1 change left out
# Approved by grace until 2026-12-01: deactivate over its budget by 4 (office closes)
# Plan: no actions.
`);
});
