/** Whatever a plan file was made to say, with a digest that fits: nothing is written that a fresh plan would not write. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/model/canonical-json.ts';
import type { Action, Change, Plan } from '../../src/model/plan.ts';
import { planFileText } from '../../src/plan/plan-file.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const users = `version: 1
users:
  - { username: ada, nickname: Countess }
  - { username: grace, nickname: Admiral, active: false }
`;
const config = 'version: 1\nfiles: [users.yaml]\npolicy: { min_admins: 1 }\n';

let sandbox: Sandbox;
let place: Workplace;
beforeEach(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'ada' },
        { username: 'grace' },
        { username: 'boss', roles: 'system_user system_admin' },
        { username: 'ceo' },
      ],
    },
  });
  place = await makeWorkplace(
    { 'users.yaml': users, 'muster.yaml': config },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  await place.muster(['plan', '--out', 'plan.json']);
});
afterEach(async () => {
  await sandbox.close();
});

/** The plan with each of its actions changed, under a digest that fits. */
async function edit(change: (action: Action, plan: Plan) => unknown): Promise<void> {
  const file = join(place.dir, 'plan.json');
  const { digest: _, ...plan } = JSON.parse(await readFile(file, 'utf8')) as Plan & { readonly digest?: string };
  const actions = plan.actions.map((action) => change(action, plan));
  const edited = { ...plan, actions } as Plan;
  await writeFile(file, planFileText({ ...edited, digest: digestOf(edited) }));
}

/** Calls that write to accounts, with what they sent. */
const written = (): readonly string[] =>
  sandbox.requests
    .filter(({ method, path }) => !path.includes('/preferences') && (method === 'PUT' || method === 'DELETE'))
    .map(({ path, body }) => `${path.replace(/^.*\/users\//, '')} ${JSON.stringify(body)}`)
    .toSorted();

const idOf = (name: string): string => sandbox.control.user(name)?.id ?? '?';
const wanted = (): readonly string[] =>
  [
    `${idOf('ada')}/patch {"nickname":"Countess"}`,
    `${idOf('grace')}/active {"active":false}`,
    `${idOf('grace')}/patch {"nickname":"Admiral"}`,
  ].toSorted();

const withChanges = (action: Action, part: Partial<Change>): unknown => ({
  ...action,
  changes: action.changes.map((change) => ({ ...change, ...part })),
});

const targetIds = ['boss', 'ceo', 'sandbox-admin'];
const edits: ReadonlyArray<readonly [string, (action: Action) => unknown]> = [
  ['another call', (action) => ({ ...action, call: { operation: 'deactivate' } })],
  [
    'administration',
    (action) => ({ ...action, call: { operation: 'set-roles', roles: ['system_admin', 'system_user'] } }),
  ],
  [
    'another value in the call',
    (action) => ({ ...action, call: { operation: 'patch-user', fields: { nickname: 'x' } } }),
  ],
  ['an e-mail', (action) => ({ ...action, call: { operation: 'patch-user', fields: { email: 'x@example.com' } } })],
  ['another value in what is shown', (action) => withChanges(action, { after: 'x' })],
  ['another class', (action) => withChanges(action, { class: 'email' })],
  ['another person', (action) => ({ ...(withChanges(action, { person: 'ceo' }) as Action), person: 'ceo' })],
  ...targetIds.map(
    (name) =>
      [
        `the account of ${name}`,
        (action: Action) => ({
          ...action,
          account: idOf(name),
          precondition: { ...action.precondition, account: idOf(name) },
        }),
      ] as const,
  ),
  [
    'everything at once',
    (action) => ({
      ...action,
      account: idOf('boss'),
      call: { operation: 'deactivate' },
      precondition: { account: idOf('boss'), fields: { active: true } },
      after: [],
    }),
  ],
];

describe('an edited plan file writes nothing that a fresh plan would not write:', () => {
  test('not edited, it writes all of it', async () => {
    await edit((action) => action);

    expect(await place.muster(['apply', 'plan.json', '--yes'])).toMatchObject({
      stderr: expect.not.stringContaining('refused'),
      code: 0,
    });
    expect(written()).toEqual(wanted());
  });

  test.each(edits)('%s', async (_, change) => {
    await edit(change);

    const { code, stderr } = await place.muster(['apply', 'plan.json', '--yes']);

    expect(wanted()).toEqual(expect.arrayContaining([...written()]));
    expect([4, 6]).toContain(code);
    expect(stderr).not.toContain('digest');
  });

  test('what an action waits for, taken away, is waited for all the same', async () => {
    await edit((action) => ({ ...action, after: [], mails: 0, reversible: true }));

    await place.muster(['apply', 'plan.json', '--yes']);

    expect(written()).toEqual(wanted());
  });
});

describe('administration that falls due by a date, and that no plan showed', () => {
  const entry = (dates: string): string =>
    `version: 1\nusers:\n  - { username: ada, roles: [system_user, system_admin]${dates} }\n`;
  const rolesOf = (name: string): string | undefined => sandbox.control.user(name)?.roles;

  /** What a plan of the same gain without a date has, in the plan with one, under a digest that fits. */
  async function forge(): Promise<string> {
    await place.write({ 'users.yaml': entry('') });
    await place.muster(['plan', '--out', 'other.json']);
    await place.write({ 'users.yaml': entry(', starts: 2020-01-01') });
    await place.muster(['plan', '--out', 'plan.json']);
    const planIn = async (name: string): Promise<Plan> =>
      JSON.parse(await readFile(join(place.dir, name), 'utf8')) as Plan;
    const { actions } = await planIn('other.json');
    const { digest: _, ...plan } = await planIn('plan.json');
    const scheduled = plan.blocked.map(({ change }) => ({ change, due: '2020-01-01T00:00:00.000Z' }));
    const forged = { ...plan, actions, blocked: [], scheduled } as Plan;
    const digest = digestOf(forged);
    await writeFile(join(place.dir, 'plan.json'), planFileText({ ...forged, digest }));
    return digest;
  }

  test('is not shown by a plan file that says so', async () => {
    await forge();

    const { code, stdout } = await place.muster(['apply', 'plan.json', '--yes']);

    expect(code).toBe(6);
    expect(stdout).toContain('no applied plan has shown it');
    expect(rolesOf('ada')).toBe('system_user');
  });

  test('is shown by the plan whose digest a person names', async () => {
    const digest = await forge();

    await place.muster(['apply', 'plan.json', '--digest', digest, '--yes']);

    expect(rolesOf('ada')).toContain('system_admin');
  });

  test('is shown by the question at a terminal', async () => {
    await forge();

    await place.muster(['apply', 'plan.json'], { answer: 'yes' });

    expect(rolesOf('ada')).toContain('system_admin');
  });
});
