/** What programs read of teams and channels: plans, journals and reports of access follow the schemas that are published. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { changeClasses, changeClassRows } from '../../src/model/change-classes.ts';
import type { ChangeClass, Plan } from '../../src/model/plan.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { closeLater } from '../support/opened.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const classes = changeClasses.filter((name) => changeClassRows[name].kind === 'membership');

const users = `version: 1
users:
  - { username: admin }
  - { username: ann, teams: [{ team: core, channels: [dev] }] }
  - { username: ben, teams: [{ team: core, member: false }] }
  - { username: cat, teams: [{ team: core, channels: [{ channel: ops, member: false }] }] }
  - { username: dan, teams: [{ team: core, role: admin }] }
  - { username: eve, teams: [{ team: core, role: member }] }
  - { username: fay, teams: [{ team: core, channels: [{ channel: ops, role: admin }] }] }
  - { username: gus, email: gus@example.com, starts: 2999-01-01, teams: [core] }
  - { username: hal, active: false }
  - { username: ian, active: true, teams: [sales] }
  - { username: joy, teams: [synced] }
  - { username: kim, email: kim@example.com, teams: [{ team: core, role: admin, channels: [dev, { channel: ops, role: admin }] }] }
`;

const musterOf = (budgets: object): string =>
  JSON.stringify({
    version: 1,
    files: ['users.yaml'],
    policy: {
      min_admins: 1,
      budgets,
      leavers: { memberships: 'leave' },
      returners: { memberships: 'leave' },
      memberships: { exact: ['exact'] },
    },
  });

const both = { team: 'core', channels: ['dev', 'ops'] };
const server: SandboxOptions = {
  config: { 'TeamSettings.MaxUsersPerTeam': 100 },
  seed: {
    teams: [
      { name: 'core', channels: ['dev', { name: 'ops', type: 'P' }] },
      { name: 'sales', channels: [{ name: 'deals', type: 'P' }] },
      'exact',
      'synced',
    ],
    users: [
      { username: 'admin', roles: 'system_user system_admin', teams: [{ ...both, role: 'admin' }] },
      ...['ann', 'joy', 'lou'].map((username) => ({ username })),
      ...['ben', 'cat', 'dan', 'fay'].map((username) => ({ username, teams: [both] })),
      { username: 'eve', teams: [{ ...both, role: 'admin' }] },
      { username: 'hal', teams: [both, { team: 'sales', channels: ['deals'] }] },
      { username: 'ian', active: false, teams: [{ ...both, role: 'admin' }] },
      { username: 'stranger', teams: ['exact'] },
    ],
  },
};

async function openPlace(budgets: object, more = ''): Promise<Workplace> {
  const sandbox = await startSandbox(server);
  closeLater(sandbox);
  sandbox.control.updateTeam('synced', { group_constrained: true });
  return await makeWorkplace(
    { 'users.yaml': `${users}${more}`, 'muster.yaml': musterOf(budgets) },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
}

/** What is wrong with a text by a schema as it is published. */
async function flawsIn(text: string, schema: string): Promise<readonly string[]> {
  const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  const isValid = ajv.compile(JSON.parse(await readFile(`schemas/${schema}.schema.json`, 'utf8')) as object);
  isValid(JSON.parse(text));
  return (isValid.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

const classesIn = (changes: readonly { readonly class: ChangeClass }[]): readonly ChangeClass[] =>
  classes.filter((name) => changes.some((change) => change.class === name));

describe('a plan with memberships', () => {
  test('follows its schema with every class of theirs as an action, as text, as a file, and without names', async () => {
    const place = await openPlace(openBudgets, '  - { username: lou, teams: [nowhere] }\n');
    const made = await place.muster(['plan', '--format', 'json', '--out', 'plan.json']);
    const plan = JSON.parse(made.stdout) as Plan;
    const texts = [
      made.stdout,
      await readFile(join(place.dir, 'plan.json'), 'utf8'),
      (await place.muster(['show', 'plan.json', '--format', 'json'])).stdout,
      (await place.muster(['show', 'plan.json', '--format', 'json', '--redact'])).stdout,
    ];

    expect(classesIn(plan.actions.flatMap(({ changes }) => changes))).toEqual(classes);
    expect(classesIn(plan.scheduled.map(({ change }) => change))).toEqual(['team-join']);
    expect(plan.held.map(({ change, code }) => `${change.id}: ${code}`)).toContain(
      'joy/teams.synced/team-join: group-owns-membership',
    );
    expect(plan.messages?.length).toBeGreaterThan(0);
    expect(plan.unusable).toHaveLength(1);
    for (const text of texts) expect(await flawsIn(text, 'plan')).toEqual([]);
    expect(await flawsIn(made.stdout.replace(/"class": ?"team-join"/, '"class":"team-joins"'), 'plan')).not.toEqual([]);
  });

  test('follows its schema with every class of theirs blocked', async () => {
    const none = { share: 0, floor: 0 };
    const place = await openPlace({ ...openBudgets, ...Object.fromEntries(classes.map((name) => [name, none])) });

    const { code, stdout } = await place.muster(['plan', '--format', 'json']);

    expect(code).toBe(4);
    expect(classesIn((JSON.parse(stdout) as Plan).blocked.map(({ change }) => change))).toEqual(classes);
    expect(await flawsIn(stdout, 'plan')).toEqual([]);
  });

  test('has a journal, a way back and a report of access that follow theirs', async () => {
    const place = await openPlace(openBudgets);

    const applied = await place.muster(['apply', '--yes', '--format', 'json']);
    const back = await place.muster(['undo', '--out', 'undo.json']);
    const journal = await place.muster(['journal', 'show', '1', '--format', 'json']);
    const access = await place.muster(['access', '--format', 'json']);

    expect([applied.code, back.code, journal.code, access.code]).toEqual([0, 0, 0, 0]);
    expect(await flawsIn(await readFile(join(place.dir, 'undo.json'), 'utf8'), 'plan')).toEqual([]);
    expect(journal.stdout).toContain('team-join');
    expect(await flawsIn(journal.stdout, 'journal')).toEqual([]);
    expect(access.stdout).toContain('"team:core"');
    expect(await flawsIn(access.stdout, 'access-report')).toEqual([]);
  });
});
