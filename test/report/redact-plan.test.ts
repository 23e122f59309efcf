import { describe, expect, test } from 'vitest';
import type { PlanFormat } from '../../src/cli/options.ts';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { defaultBudgets } from '../../src/model/approval.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plain } from '../../src/report/paint.ts';
import { redactionOf, redactPlan } from '../../src/report/redact-plan.ts';
import { account, entry, liveToken, planOf, root, spare, type World, wantedToken } from '../support/build-states.ts';
import { action, change, plan } from './support.ts';

const formats: readonly PlanFormat[] = ['text', 'json', 'markdown', 'diff', 'github'];
const everyFormat = (shown: Plan): string => formats.map((format) => renderPlan(shown, format, true, plain)).join('\n');

/** People with names in every place where a plan can have one. */
const world: World = {
  entries: [
    entry('quentin', { email: "q.o'tool@new.example", first_name: 'Quentin', last_name: 'O’Toole-Márquez' }),
    entry('wilhelmina', { nickname: 'Minna' }, { previousUsernames: ['mina.harker'] }),
    entry('ottoline', { auth: { service: 'ldap', data: 'cn=Ottoline Leyser,ou=people' } }),
    entry(
      'zebedee',
      { email: 'zebedee@new.example', position: 'Head of Zebedee' },
      { tokens: [wantedToken('zebedee-laptop')] },
    ),
    // Whose name does this person want, and who has it?
    entry('thaddeus', { email: 'taken@example.com' }, { id: 'i4' }),
    entry('sleeper', {}, { tokens: [] }),
    entry('leaver', { active: false }),
    entry('absentia', { active: true }),
  ],
  accounts: [
    account('quentin', { id: 'i1', email: 'quentin@old.example', first_name: 'Q', last_name: 'Tool' }),
    account('mina.harker', { id: 'i2', nickname: 'Wilhelmina' }),
    account('ottoline', { id: 'i3' }),
    account('thaddeus', { id: 'i4', email: 'thaddeus@example.com' }),
    account('hortensia', { id: 'i5', email: 'taken@example.com' }),
    account('sleeper', { id: 'i6', active: false }),
    account('leaver', { id: 'i7' }),
    account('absentia', { id: 'i8', notify_props: { mention_keys: 'absentia,abs' } }),
  ],
  others: [root, spare, account('stranger', { id: 'i9' })],
  previouslyDeclared: [{ account: account('ermintrude', { id: 'i10' }), lastDeclared: '2026-05-04' }],
  tokens: [liveToken('', { userId: 'i7', description: 'laptop of leaver' })],
  listed: false,
  policy: { protect: ['leaver'], budgets: { ...defaultBudgets, email: { maxShare: 0, floor: 9 } } },
};

function planOfNames(): Plan {
  const narrowing = {
    users: new Set(['quentin', 'wilhelmina', 'ottoline', 'zebedee', 'thaddeus', 'leaver', 'absentia']),
  };
  const made = planOf(world, { narrowing });
  const approved = { class: 'email' as const, by: 'Gwendolyn Post', reason: 'x', expires: '2026-06-20', lifted: 1 };
  return { ...made, approvals: [approved], owed_roles: [{ person: 'rosalind', roles: ['system_post_all'] }] };
}

const known: readonly string[] = [
  'quentin',
  "q.o'tool",
  'new.example',
  'old.example',
  'Márquez',
  'wilhelmina',
  'minna',
  'harker',
  'ottoline',
  'leyser',
  'zebedee',
  'thaddeus',
  'taken@',
  'hortensia',
  'sleeper',
  'leaver@',
  'absentia',
  'gwendolyn',
  'ermintrude',
  'rosalind',
];

test('the plan has all these names in it, and every section', () => {
  const { actions, held, blocked, notices } = planOfNames();
  const open = formats.map((format) => renderPlan(planOfNames(), format, false, plain)).join('\n');

  const missing = known.filter((name) => name !== 'leaver@' && !open.toLowerCase().includes(name.toLowerCase()));
  expect(missing).toEqual([]);
  for (const list of [actions, held, blocked, notices]) expect(list).not.toEqual([]);
});

test('no name, e-mail or auth data is left in any format', () => {
  const shown = everyFormat(planOfNames()).toLowerCase();

  expect(known.filter((name) => shown.includes(name.toLowerCase()))).toEqual([]);
});

const peopleIn = (one: Plan): string[] => [
  ...one.actions.map(({ person }) => person),
  ...one.actions.flatMap(({ changes }) => changes.map(({ person }) => person)),
  ...[...one.held, ...one.blocked, ...one.scheduled].map(({ change: { person } }) => person),
  ...one.notices.flatMap(({ person }) => (person === undefined ? [] : [person])),
  ...(one.narrowed?.users ?? []),
  ...(one.previously_declared ?? []).map(({ username }) => username),
  ...(one.owed_roles ?? []).map(({ person }) => person),
];

test('the same person has the same number everywhere', () => {
  const open = planOfNames();
  const shown = redactPlan(open);
  const numbers = new Map<string, string>();

  const hidden = peopleIn(shown);
  for (const [i, name] of peopleIn(open).entries()) {
    const number = hidden[i] ?? '';
    expect(number).toMatch(/^person-\d+$/);
    expect(numbers.get(name) ?? number).toBe(number);
    numbers.set(name, number);
  }
  expect(new Set(numbers.values()).size).toBe(numbers.size);
});

test('everything else stays as it was', () => {
  const open = planOfNames();
  const { digest, ...shown } = redactPlan(open);

  expect(digest).toBeUndefined();
  expect(shown.summary).toEqual(open.summary);
  expect(shown.server).toEqual({ ...open.server, caller: shown.server.caller });
  expect(shown.actions.map(({ call }) => call.operation)).toEqual(open.actions.map(({ call }) => call.operation));
  expect(shown.blocked.map(({ rail }) => rail)).toEqual(open.blocked.map(({ rail }) => rail));
  expect(shown.actions.flatMap(({ changes }) => changes.map((one) => one.class))).toEqual(
    open.actions.flatMap(({ changes }) => changes.map((one) => one.class)),
  );
});

test('what differs can still be told apart', () => {
  const shown = redactPlan(
    plan({
      actions: [
        action(
          change('ada', 'email', 'email', { before: 'a@x.org', after: 'b@x.org' }),
          change('ada', 'rename', 'username', { before: 'alovelace', after: 'ada' }),
        ),
      ],
    }),
  );

  expect(shown.actions[0]?.changes.map(({ before, after }) => [before, after])).toEqual([
    ['person-1-email', 'person-1-email-2'],
    ['person-1-username', 'person-1'],
  ]);
});

test('a first name that several people share is each one’s own', () => {
  const shown = redactPlan(
    plan({
      actions: [
        action(change('ada', 'update', 'first_name', { after: 'Alex' })),
        action(change('bob', 'update', 'first_name', { after: 'Alex' })),
      ],
    }),
  );

  expect(shown.actions.flatMap(({ changes }) => changes.map(({ after }) => after))).toEqual([
    'person-1-first_name',
    'person-2-first_name',
  ]);
});

test('the day on which someone was last declared stays, whatever people are called', () => {
  const accounts = [{ id: 'i1', username: '2026', last_declared: '2026-10-30', admin: false }];

  expect(redactPlan(plan({ previously_declared: accounts })).previously_declared).toEqual([
    { id: 'i1', username: 'person-1', last_declared: '2026-10-30', admin: false },
  ]);
});

describe('a person who is called like a word of ours', () => {
  test.each(['email', 'update', 'patch-user', 'muster-plan', 'budget', 'declared', 'done', 'https', '1'])(
    'such as %s changes no totals and no shape',
    (name) => {
      const open = plan({ actions: [action(change(name, 'update', 'email', { before: 'x', after: 'y' }))] });
      const shown = redactPlan(open);

      expect(shown.actions[0]?.changes[0]).toMatchObject({ class: 'update', attribute: 'email', person: 'person-1' });
      expect(shown.actions[0]?.call.operation).toBe('patch-user');
      expect(shown.format).toBe('muster-plan');
      expect(renderPlan(open, 'markdown', true, plain)).toContain('<summary>update: 1</summary>');
    },
  );
});

test.each([
  ['off', 'mfa', 'mfa', { before: 'on', after: 'off' }],
  ['on', 'mfa', 'mfa', { before: 'on', after: 'off' }],
  ['system_post_all', 'role-grant', 'roles', { after: 'system_post_all' }],
  ['de', 'update', 'locale', { before: 'en', after: 'de' }],
] as const)('a person who is called %s changes no value of %s', (name, changeClass, attribute, values) => {
  const shown = redactPlan(plan({ actions: [action(change(name, changeClass, attribute, values))] }));

  expect(shown.actions[0]?.changes[0]).toMatchObject({ person: 'person-1', ...values });
});

describe('in a sentence', () => {
  const { text } = redactionOf(
    plan({
      actions: [
        action(change('ada', 'email', 'email', { before: 'ada@x.org', after: 'countess@x.org' })),
        action(change('ada.l', 'update', 'nickname', { before: '', after: '¡Hola!' })),
        action(change('_bob_', 'update', 'last_name', { before: 'de la Cruz', after: '' })),
      ],
    }),
  );

  test.each([
    ['a name', 'create-user ada: done', 'create-user person-1: done'],
    ['a name within a word', 'adamant', 'adamant'],
    ['a name in capitals', 'ADA', 'person-1'],
    ['a name at the end', 'it is ada.', 'it is person-1.'],
    ['the longer of two names', 'see ada.l', 'see person-2'],
    ['a name in a path', 'users/ada.yaml', 'users/person-1.yaml'],
    ['an e-mail', 'ada@x.org is taken', 'person-1-email is taken'],
    ['an e-mail in brackets', '<countess@x.org>', '<person-1-email-2>'],
    ['an e-mail that nobody knows', 'sent to eve@y.org', 'sent to (e-mail)'],
    ['a token, which is no e-mail', 'tokens.ci@2', 'tokens.ci@2'],
    ['a name of several words', 'Prof. de la Cruz-Y', 'Prof. person-3-last_name-Y'],
    ['a name with signs around', 'by _bob_', 'by _person-3_'],
    ['a name of signs and letters', '"¡Hola!"', '"¡person-2-nickname!"'],
    ['nothing', '', ''],
  ])('%s', (_what, sentence, shown) => {
    expect(text(sentence)).toBe(shown);
  });
});

test('what is redacted once stays as it is', () => {
  const once = redactPlan(planOfNames());
  const shown = JSON.stringify(once);

  expect(JSON.stringify(redactionOf(planOfNames()).data(once))).toBe(shown);
});

test('people whose entries differ from those of the base have numbers, too', () => {
  const differences = [
    { person: 'gwendolen', field: 'ends', before: '2026-12-31' },
    { people: ['peregrine', 'gwendolen'], field: 'position', before: 'managed', after: 'not managed' },
  ];
  const text = everyFormat(redactPlan(plan({ compared: { status: 'different', base: 'main', differences } })));

  expect(text).toContain('2026-12-31');
  expect(text).not.toMatch(/gwendolen|peregrine/);
});
