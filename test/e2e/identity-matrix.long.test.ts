/**
 * Whom an entry means, on a server: each row makes accounts, applies a users file, and looks which account has become
 * what. Nobody is ever made twice, and an account keeps its id through everything.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ApiNotFoundError } from '../../src/api/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { InputError } from '../../src/model/problem.ts';
import { Secret } from '../../src/model/secret.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { prefixed } from './prefixed.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

interface Account {
  readonly name: string;
  /** Default: `<name>@example.com`. */
  readonly email?: string;
  readonly auth?: readonly [service: string, data: string];
  readonly inactive?: true;
}

interface Row {
  readonly what: string;
  readonly accounts: readonly Account[];
  /** Entries; `<name>` stands for the id of an account. */
  readonly users: readonly string[];
  /** From the name that an account had to the one that it has; new accounts by their names. */
  readonly ends?: { readonly kept?: Readonly<Record<string, string>>; readonly made?: readonly string[] };
  /** Codes of the problems that refuse the file. */
  readonly refused?: readonly string[];
  /** Codes of what is held. */
  readonly held?: readonly string[];
}

const saml = (data: string): readonly [string, string] => ['saml', data];
const one = (name: string, more: Partial<Account> = {}): Account => ({ name, ...more });

const rows: readonly Row[] = [
  // Nobody, by whatever key.
  {
    what: 'a new person by name and e-mail',
    accounts: [],
    users: ['{ username: ada, email: ada@example.com }'],
    ends: { made: ['ada'] },
  },
  {
    what: 'a new person beside another',
    accounts: [one('bob')],
    users: ['{ username: ada, email: ada@example.com }'],
    ends: { kept: { bob: 'bob' }, made: ['ada'] },
  },
  {
    what: 'a new person with a previous name that nobody has',
    accounts: [],
    users: ['{ username: ada, previous_usernames: [augusta], email: ada@example.com }'],
    ends: { made: ['ada'] },
  },
  {
    what: 'a new person at a provider',
    accounts: [],
    users: ['{ username: ada, email: ada@example.com, auth: { service: saml, data: ada } }'],
    ends: { made: ['ada'] },
  },
  {
    what: 'nobody, wanted inactive',
    accounts: [],
    users: ['{ username: ada, active: false }', '{ username: bob, email: bob@example.com }'],
    ends: { made: ['bob'] },
  },
  // One, by each key alone.
  {
    what: 'one by name',
    accounts: [one('ada')],
    users: ['{ username: ada, nickname: a }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'one by name in other letters',
    accounts: [one('ada')],
    users: ['{ username: ADA, nickname: a }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'one by name and e-mail',
    accounts: [one('ada')],
    users: ['{ username: ada, email: Ada@Example.com, nickname: a }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'one by a previous name',
    accounts: [one('augusta')],
    users: ['{ username: ada, previous_usernames: [augusta] }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'one by the second previous name',
    accounts: [one('augusta')],
    users: ['{ username: ada, previous_usernames: [byron, augusta] }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'one by e-mail alone',
    accounts: [one('augusta', { email: 'ada@example.com' })],
    users: ['{ username: ada, email: ada@example.com }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'one by the id at the provider alone',
    accounts: [one('augusta', { auth: saml('ada') })],
    users: ['{ username: augusta2, email: new@example.com, auth: { service: saml, data: ada } }'],
    ends: { kept: { augusta: 'augusta' } },
    held: ['sso-owns-username'],
  },
  {
    what: 'one by id',
    accounts: [one('augusta')],
    users: ['{ username: ada, id: <augusta> }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'one by id, although the name is another one’s previous',
    accounts: [one('augusta'), one('bob')],
    users: ['{ username: ada, id: <augusta>, previous_usernames: [bob] }'],
    ends: { kept: { augusta: 'ada', bob: 'bob' } },
  },
  // One, by several keys that agree.
  {
    what: 'one by previous name and e-mail',
    accounts: [one('augusta')],
    users: ['{ username: ada, previous_usernames: [augusta], email: augusta@example.com }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'one by name and provider',
    accounts: [one('ada', { auth: saml('ada') })],
    users: ['{ username: ada, auth: { service: saml, data: ada }, nickname: a }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'a new e-mail by name',
    accounts: [one('ada')],
    users: ['{ username: ada, email: new@example.com }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'a new name and a new e-mail by previous name',
    accounts: [one('augusta')],
    users: ['{ username: ada, previous_usernames: [augusta], email: ada@example.com }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'a rename that is done already',
    accounts: [one('ada')],
    users: ['{ username: ada, previous_usernames: [augusta], email: ada@example.com }'],
    ends: { kept: { ada: 'ada' } },
  },
  // Inactive accounts: adopted where everything that is said agrees.
  {
    what: 'an inactive one by name and e-mail, brought back',
    accounts: [one('ada', { inactive: true })],
    users: ['{ username: ada, email: ada@example.com, active: true }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an inactive one by name alone',
    accounts: [one('ada', { inactive: true })],
    users: ['{ username: ada, active: true }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an inactive one by e-mail, renamed and brought back',
    accounts: [one('augusta', { email: 'ada@example.com', inactive: true })],
    users: ['{ username: ada, email: ada@example.com, active: true }'],
    ends: { kept: { augusta: 'ada' } },
  },
  {
    what: 'an inactive one that the entry does not speak of',
    accounts: [one('ada', { inactive: true })],
    users: ['{ username: ada, nickname: a }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an inactive one wanted inactive',
    accounts: [one('ada', { inactive: true })],
    users: ['{ username: ada, active: false }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an active one wanted inactive',
    accounts: [one('ada')],
    users: ['{ username: ada, active: false }'],
    ends: { kept: { ada: 'ada' } },
  },
  // Namesakes.
  {
    what: 'an inactive namesake with another e-mail',
    accounts: [one('ada', { email: 'other@example.com', inactive: true })],
    users: ['{ username: ada, email: ada@example.com, active: true }'],
    refused: ['another-person'],
  },
  {
    what: 'an inactive namesake with another sign-in',
    accounts: [one('ada', { auth: saml('other'), inactive: true })],
    users: ['{ username: ada, auth: { service: saml, data: ada }, active: true }'],
    refused: ['another-person'],
  },
  {
    what: 'an active namesake whose e-mail alone differs',
    accounts: [one('ada', { email: 'other@example.com' })],
    users: ['{ username: ada, email: ada@example.com }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an active namesake of whom both differ',
    accounts: [one('ada', { email: 'other@example.com', auth: saml('other') })],
    users: ['{ username: ada, email: ada@example.com, auth: { service: saml, data: ada } }'],
    refused: ['another-person'],
  },
  {
    what: 'an inactive namesake, adopted',
    accounts: [one('ada', { email: 'other@example.com', inactive: true })],
    users: ['{ username: ada, email: ada@example.com, active: true, adopt: true }'],
    ends: { kept: { ada: 'ada' } },
  },
  {
    what: 'an inactive namesake, pinned',
    accounts: [one('ada', { email: 'other@example.com', inactive: true })],
    users: ['{ username: ada, id: <ada>, email: ada@example.com, active: true }'],
    ends: { kept: { ada: 'ada' } },
  },
  // Several.
  {
    what: 'two by name and e-mail',
    accounts: [one('ada'), one('bob')],
    users: ['{ username: ada, email: bob@example.com }'],
    refused: ['ambiguous-person'],
  },
  {
    what: 'two by name and previous name',
    accounts: [one('ada'), one('augusta')],
    users: ['{ username: ada, previous_usernames: [augusta] }'],
    refused: ['ambiguous-person'],
  },
  {
    what: 'two by previous names',
    accounts: [one('augusta'), one('byron')],
    users: ['{ username: ada, previous_usernames: [augusta, byron] }'],
    refused: ['ambiguous-person'],
  },
  {
    what: 'three by name, previous name and e-mail',
    accounts: [one('ada'), one('augusta'), one('bob')],
    users: ['{ username: ada, previous_usernames: [augusta], email: bob@example.com }'],
    refused: ['ambiguous-person'],
  },
  {
    what: 'two by name and e-mail, pinned',
    accounts: [one('ada'), one('bob')],
    users: ['{ username: ada, id: <ada>, nickname: a }'],
    ends: { kept: { ada: 'ada', bob: 'bob' } },
  },
  {
    what: 'one that two entries mean',
    accounts: [one('ada')],
    users: ['{ username: ada, nickname: a }', '{ username: augusta, email: ada@example.com }'],
    ends: { kept: { ada: 'augusta' } },
    refused: ['email-missing'],
  },
  {
    what: 'one that two entries mean by e-mail and id',
    accounts: [one('ada')],
    users: ['{ username: augusta, id: <ada> }', '{ username: byron, email: ada@example.com }'],
    refused: ['account-claimed-twice'],
  },
  {
    what: 'an id that nobody has',
    accounts: [one('ada')],
    users: ['{ username: ada, id: zzzzzzzzzzzzzzzzzzzzzzzzzz }'],
    refused: ['id-not-found'],
  },
  // Names that change hands.
  {
    what: 'a name given on to a new person',
    accounts: [one('ada')],
    users: [
      '{ username: augusta, previous_usernames: [ada], email: ada@example.com }',
      '{ username: ada, email: new@example.com }',
    ],
    ends: { kept: { ada: 'augusta' }, made: ['ada'] },
  },
  {
    what: 'a name given on to a new person, known by e-mail',
    accounts: [one('ada')],
    users: ['{ username: augusta, email: ada@example.com }', '{ username: ada, email: new@example.com }'],
    ends: { kept: { ada: 'augusta' }, made: ['ada'] },
  },
  {
    what: 'a name given on to a new person, known by id',
    accounts: [one('ada')],
    users: ['{ username: augusta, id: <ada> }', '{ username: ada, email: new@example.com }'],
    ends: { kept: { ada: 'augusta' }, made: ['ada'] },
  },
  {
    what: 'a chain of two',
    accounts: [one('max'), one('max2')],
    users: [
      '{ username: maximilian, previous_usernames: [max], email: max@example.com }',
      '{ username: max, previous_usernames: [max2], email: max2@example.com }',
    ],
    ends: { kept: { max: 'maximilian', max2: 'max' } },
  },
  {
    what: 'a chain of two by names alone',
    accounts: [one('max'), one('max2')],
    users: ['{ username: maximilian, previous_usernames: [max] }', '{ username: max, previous_usernames: [max2] }'],
    ends: { kept: { max: 'maximilian', max2: 'max' } },
  },
  {
    what: 'a chain of two that is done',
    accounts: [one('maximilian'), one('max')],
    users: ['{ username: maximilian, previous_usernames: [max] }', '{ username: max, previous_usernames: [max2] }'],
    ends: { kept: { maximilian: 'maximilian', max: 'max' } },
  },
  {
    what: 'a chain of three',
    accounts: [one('a1'), one('a2'), one('a3')],
    users: [
      '{ username: a0, previous_usernames: [a1] }',
      '{ username: a1, previous_usernames: [a2] }',
      '{ username: a2, previous_usernames: [a3] }',
    ],
    ends: { kept: { a1: 'a0', a2: 'a1', a3: 'a2' } },
  },
  {
    what: 'a swap of two',
    accounts: [one('ada'), one('bob')],
    users: [
      '{ username: bob, previous_usernames: [ada], email: ada@example.com }',
      '{ username: ada, previous_usernames: [bob], email: bob@example.com }',
    ],
    ends: { kept: { ada: 'bob', bob: 'ada' } },
  },
  {
    what: 'a swap of two, known by e-mail alone',
    accounts: [one('ada'), one('bob')],
    users: ['{ username: bob, email: ada@example.com }', '{ username: ada, email: bob@example.com }'],
    ends: { kept: { ada: 'bob', bob: 'ada' } },
  },
  {
    what: 'a swap of two, pinned',
    accounts: [one('ada'), one('bob')],
    users: ['{ username: bob, id: <ada> }', '{ username: ada, id: <bob> }'],
    ends: { kept: { ada: 'bob', bob: 'ada' } },
  },
  {
    what: 'a swap of two that is done',
    accounts: [one('ada'), one('bob')],
    users: [
      '{ username: bob, previous_usernames: [ada], email: bob@example.com }',
      '{ username: ada, previous_usernames: [bob], email: ada@example.com }',
    ],
    ends: { kept: { ada: 'ada', bob: 'bob' } },
  },
  {
    what: 'a swap of two by names alone',
    accounts: [one('ada'), one('bob')],
    users: ['{ username: bob, previous_usernames: [ada] }', '{ username: ada, previous_usernames: [bob] }'],
    refused: ['ambiguous-person'],
  },
  {
    what: 'a cycle of three',
    accounts: [one('ada'), one('bob'), one('cy')],
    users: [
      '{ username: bob, previous_usernames: [ada], email: ada@example.com }',
      '{ username: cy, previous_usernames: [bob], email: bob@example.com }',
      '{ username: ada, previous_usernames: [cy], email: cy@example.com }',
    ],
    ends: { kept: { ada: 'bob', bob: 'cy', cy: 'ada' } },
  },
  {
    what: 'a cycle of three, pinned',
    accounts: [one('ada'), one('bob'), one('cy')],
    users: ['{ username: bob, id: <ada> }', '{ username: cy, id: <bob> }', '{ username: ada, id: <cy> }'],
    ends: { kept: { ada: 'bob', bob: 'cy', cy: 'ada' } },
  },
  {
    what: 'a name of a provider’s person, which stays',
    accounts: [one('ada', { auth: saml('ada') })],
    users: ['{ username: augusta, previous_usernames: [ada] }'],
    ends: { kept: { ada: 'ada' } },
    held: ['sso-owns-username'],
  },
  {
    what: 'a name that a provider’s person does not give up',
    accounts: [one('ada', { auth: saml('ada') }), one('bob')],
    users: ['{ username: augusta, previous_usernames: [ada] }', '{ username: ada, previous_usernames: [bob] }'],
    ends: { kept: { ada: 'ada', bob: 'bob' } },
    held: ['prerequisite-held', 'sso-owns-username'],
  },
  {
    what: 'an exchange of e-mails, which the server does not allow',
    accounts: [one('ada'), one('bob')],
    users: [
      '{ username: ada, id: <ada>, email: bob@example.com }',
      '{ username: bob, id: <bob>, email: ada@example.com }',
    ],
    ends: { kept: { ada: 'ada', bob: 'bob' } },
    held: ['email-cycle', 'email-cycle'],
  },
  {
    what: 'an e-mail given on',
    accounts: [one('ada'), one('bob')],
    users: [
      '{ username: ada, id: <ada>, email: new@example.com }',
      '{ username: bob, id: <bob>, email: ada@example.com }',
    ],
    ends: { kept: { ada: 'ada', bob: 'bob' } },
  },
  {
    what: 'a person who leaves the provider and gets another name',
    accounts: [one('ada', { auth: saml('ada') })],
    users: ['{ username: augusta, previous_usernames: [ada], auth: { service: email } }'],
    ends: { kept: { ada: 'augusta' } },
  },
];

useFastTimeOnSandbox();

let target: Target;
let place: Workplace;
let prefix = '';

beforeAll(async () => {
  target = await openTarget();
  // A server of one's own has seen the runs of a whole day: budgets are no part of the matrix.
  const policy = { undeclared_users: 'ignore', auth_service_off: 'warn', budgets: openBudgets };
  const config = JSON.stringify({ files: ['users.yaml'], policy });
  place = await makeWorkplace({ 'muster.yaml': config }, { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token });
});

afterEach(async () => {
  if (prefix === '') return;
  // The seats of a server without a licence are few.
  for (const user of await target.client.users.search({ term: prefix, limit: 100 })) {
    if (user.username.startsWith(prefix)) await target.client.users.deactivate(user.id);
  }
});

afterAll(async () => {
  await target.close();
});

async function makeAccount({ name, email, auth, inactive }: Account): Promise<string> {
  const { client } = target;
  const { id } = await client.users.create({
    username: prefix + name,
    email: prefix + (email ?? `${name}@example.com`),
    email_verified: true,
    ...(auth === undefined
      ? { password: new Secret(randomBytes(12).toString('hex')) }
      : { auth_service: auth[0], auth_data: prefix + auth[1] }),
  });
  if (inactive === true) await client.users.setActive(id, false);
  return id;
}

async function idOf(name: string): Promise<string | undefined> {
  try {
    return (await target.client.users.getByUsername(prefix + name)).id;
  } catch (error) {
    if (error instanceof ApiNotFoundError) return undefined;
    throw error;
  }
}

describe('on a server', () => {
  test('the matrix has at least fifty rows', () => {
    expect(rows.length).toBeGreaterThanOrEqual(50);
  });

  test.each(rows.map((row, i) => ({ ...row, i })))('$what', async ({ accounts, users, ends, refused, held, i }) => {
    prefix = `${target.prefix}${i}.`;
    const ids = new Map<string, string>();
    for (const account of accounts) ids.set(account.name, await makeAccount(account));
    const entries = users.map((entry) => entry.replace(/<(\w+)>/g, (_, name: string) => ids.get(name) ?? ''));
    await place.write({
      'users.yaml': prefixed(`version: 1\nusers:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`, prefix),
    });

    const applied = await place.muster(['apply', '--yes', '--format', 'json']);

    if (refused !== undefined) {
      expect(applied.code, applied.stdout).toBe(3);
      const { error, plan } = JSON.parse(applied.stdout) as { error?: InputError; plan?: Plan };
      const problems = error?.problems ?? plan?.unusable?.flatMap((entry) => entry.problems) ?? [];
      expect([...new Set(problems.map(({ code }) => code))]).toEqual(refused);
      for (const [name, id] of ids) expect(await idOf(name)).toBe(id);
      return;
    }
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    for (const [name, now] of Object.entries(ends?.kept ?? {})) expect(await idOf(now), now).toBe(ids.get(name));
    for (const name of ends?.made ?? []) {
      const id = await idOf(name);
      expect(id).toBeDefined();
      expect([...ids.values()]).not.toContain(id);
    }
    const after = await place.muster(['plan', '--format', 'json']);
    const plan = JSON.parse(after.stdout) as Plan;
    expect(plan.actions).toEqual([]);
    expect(plan.held.map(({ code }) => code).toSorted()).toEqual(held ?? []);
  });
});
