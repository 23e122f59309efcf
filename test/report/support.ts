import type { Action, Change, ChangeClass, Plan, PlanSummary } from '../../src/model/plan.ts';

/** A change of one person; the reason is a line of users.yaml. */
export function change(
  person: string,
  changeClass: ChangeClass,
  attribute: string,
  values: Pick<Change, 'before' | 'after'> = {},
  reason: Change['reason'] = { text: 'declared', file: 'users.yaml', line: 7, column: 5 },
): Change {
  return { id: `${person}/${attribute}/${changeClass}`, class: changeClass, person, attribute, ...values, reason };
}

/** An action of the first change's person; what it calls does not show in a report of a plan. */
export function action(...changes: readonly [Change, ...Change[]]): Action {
  return {
    id: changes[0].id,
    person: changes[0].person,
    account: 'x'.repeat(26),
    changes,
    precondition: { account: 'x'.repeat(26), fields: {} },
    after: [],
    reversible: true,
    mails: 0,
    call: { operation: 'patch-user', fields: {} },
  };
}

/** A plan of these parts; the summary counts what can be counted. */
export function plan(parts: Partial<Omit<Plan, 'summary'>> = {}, summary: Partial<PlanSummary> = {}): Plan {
  const { actions = [], held = [], blocked = [], scheduled = [], notices = [], undeclared = [] } = parts;
  const changes: Record<string, number> = {};
  for (const one of actions.flatMap((each) => each.changes)) changes[one.class] = (changes[one.class] ?? 0) + 1;
  return {
    format: 'muster-plan',
    version: 1,
    tool: { name: 'mattermuster', version: '1.0.0' },
    server: { url: 'https://chat.example.com', key: 'k'.repeat(26), version: '11.6.1', caller: 'muster' },
    desired: { digest: `sha256:${'0'.repeat(64)}`, moment: '2026-11-24T12:00:00.000Z', files: ['users.yaml'] },
    ...parts,
    summary: {
      declared: 12,
      matched: 10,
      unchanged: 5,
      people: new Set(actions.map(({ person }) => person)).size,
      actions: actions.length,
      changes,
      held: held.length,
      blocked: blocked.length,
      scheduled: scheduled.length,
      mails: 0,
      ...summary,
    },
    actions,
    held,
    blocked,
    scheduled,
    notices,
    undeclared,
  };
}

/** A plan with something in every section. */
export const fullPlan: Plan = plan(
  {
    actions: [
      action(
        change('ada', 'create', 'account', {
          after: { email: 'ada@example.com', first_name: 'Ada', nickname: '', auth: { service: 'saml', data: 'ada' } },
        }),
      ),
      action(change('ada', 'token-create', 'tokens.ci', { after: { generation: 1 } })),
      action(
        change('grace', 'email', 'email', { before: 'g@example.com', after: 'grace@example.com' }),
        change(
          'grace',
          'update',
          'nickname',
          { before: '漢字の名前', after: '' },
          { text: 'defaults of users.yaml', file: 'users.yaml', line: 2, column: 13 },
        ),
        change('grace', 'update', 'position', { before: 'Developer\nBerlin', after: 'Developer\nHamburg\n' }),
      ),
      action(change('grace', 'admin-gain', 'roles', { after: 'system_admin' })),
      action(change('grace', 'role-revoke', 'roles', { before: 'system_manager' })),
      action(
        change(
          'linus',
          'token-disable',
          'tokens.old',
          { before: 'enabled', after: 'disabled' },
          { text: 'tokens of somebody who leaves', rule: 'leaver', file: 'users.yaml', line: 30, column: 5 },
        ),
      ),
      action(
        change(
          'linus',
          'deactivate',
          'active',
          { before: true, after: false },
          { text: 'ended 2026-11-01', rule: 'window', file: 'users.yaml', line: 30, column: 5 },
        ),
      ),
      action(change('margaret', 'activate', 'active', { before: false, after: true })),
      action(
        change(
          'margaret',
          'token-revoke',
          'tokens.x',
          { before: 'foreign token abc' },
          { text: 'foreign tokens are revoked', rule: 'foreign-tokens' },
        ),
      ),
    ],
    held: [
      {
        change: change('katherine', 'deactivate', 'active', { before: true, after: false }),
        code: 'ldap-owns-active',
        owner: 'ldap',
        reason: 'LDAP decides whether this account is active',
        hint: 'deactivate the person in LDAP',
      },
    ],
    blocked: [
      {
        change: change('dorothy', 'admin-loss', 'roles', { before: 'system_admin' }),
        rail: 'min-admins',
        reason: 'one administrator would be left, two are needed',
        hint: 'make another person administrator first',
      },
    ],
    scheduled: [
      {
        change: change(
          'ada',
          'token-revoke',
          'tokens.deploy',
          { before: 'generation 1' },
          { text: 'replaced by generation 2', rule: 'rotation', file: 'users.yaml', line: 9, column: 7 },
        ),
        due: '2026-11-25T12:00:00.000Z',
      },
      {
        change: change('margaret', 'token-revoke', 'tokens.ci', { before: 'generation 1' }),
        due: '2026-11-26T00:30:00.000Z',
      },
    ],
    notices: [
      {
        code: 'stays-inactive',
        person: 'edsger',
        text: 'is inactive, and the entry does not say whether that is wanted',
        hint: 'write active: true or active: false',
      },
      { code: 'no-mail', text: 'the server cannot send mail' },
    ],
    undeclared: [
      { id: 'a'.repeat(26), username: 'root', admin: true },
      { id: 'b'.repeat(26), username: 'zoe', admin: false },
    ],
    previously_declared: [
      { id: 'c'.repeat(26), username: 'barbara', last_declared: '2026-10-30', admin: true },
      { id: 'd'.repeat(26), username: 'ken', last_declared: '2026-11-02', admin: false },
    ],
  },
  { mails: 2 },
);
