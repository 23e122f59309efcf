/** Bundles: what an entry has by them, who contradicts whom, and where each part stands. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';
import { openBudgets, openStage, type Stage } from '../apply/support/stage.ts';

const teams = [{ name: 'core', channels: ['dev', { name: 'ops', type: 'P' as const }] }, { name: 'sales' }];

interface Files {
  readonly bundles?: ConfigFile['bundles'];
  readonly files?: Readonly<Record<string, string>>;
}

async function openBundles(users: readonly UserEntry[], { bundles, files = {} }: Files): Promise<Stage> {
  const stage = await openStage({
    teams,
    users: users.map(({ username }) => ({ username })),
    config: { 'TeamSettings.MaxUsersPerTeam': 1000 },
    muster: {
      version: 1,
      policy: { min_admins: 1, budgets: openBudgets },
      ...(bundles !== undefined && { bundles }),
      ...(Object.keys(files).length > 0 && { bundle_files: ['bundles/*.yaml'] }),
    },
  });
  await stage.declare(users);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(stage.dir, name)), { recursive: true });
    await writeFile(join(stage.dir, name), text);
  }
  return stage;
}

async function problemsOf(stage: Stage): Promise<readonly Problem[]> {
  try {
    return (await stage.plan()).unusable?.flatMap(({ problems }) => problems as readonly Problem[]) ?? [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

const engineer = `version: 1
bundles:
  engineer:
    roles: [system_post_all]
    teams:
      - team: core
        channels: [dev]
  oncall:
    teams:
      - { team: core, channels: [{ channel: ops, role: member }] }
`;

const changeIds = async (stage: Stage): Promise<readonly string[]> =>
  (await stage.plan()).actions.flatMap(({ changes }) => changes.map(({ id }) => id)).toSorted();

describe('an entry with bundles', () => {
  test('has the roles and teams of each of them, and its own', async () => {
    const stage = await openBundles(
      [{ username: 'ada', bundles: ['engineer', 'oncall'], teams: ['sales', { team: 'core', role: 'admin' }] }],
      { files: { 'bundles/all.yaml': engineer } },
    );

    expect(await changeIds(stage)).toEqual([
      'ada/roles/+system_post_all',
      'ada/teams.core/dev/channel-join',
      'ada/teams.core/ops/channel-join',
      'ada/teams.core/team-admin-gain',
      'ada/teams.core/team-join',
      'ada/teams.sales/team-join',
    ]);
  });

  test('leaves roles and teams alone that neither says anything of', async () => {
    const stage = await openBundles([{ username: 'ada', bundles: ['plain'] }], {
      bundles: { plain: { teams: ['sales'] } },
    });
    stage.sandbox.control.updateUser('ada', { roles: 'system_user system_post_all' });

    expect(await changeIds(stage)).toEqual(['ada/teams.sales/team-join']);
  });

  test('tells the line of the entry and that of the bundle, in the plan and in explain', async () => {
    const stage = await openBundles([{ username: 'ada', bundles: ['engineer'], teams: ['core'] }], {
      files: { 'bundles/all.yaml': engineer },
    });

    const plan = await stage.plan();
    const explained = await explain('ada', {}, stage.ports);

    const reasons = new Map(plan.actions.flatMap(({ changes }) => changes.map(({ id, reason }) => [id, reason])));
    expect(reasons.get('ada/roles/+system_post_all')).toMatchObject({
      text: 'declared by bundle engineer (bundles/all.yaml:4)',
      file: 'users.yaml',
      line: 1,
    });
    expect(reasons.get('ada/teams.core/dev/channel-join')?.text).toBe(
      'declared by bundle engineer (bundles/all.yaml:7)',
    );
    expect(reasons.get('ada/teams.core/team-join')?.text).toBe(
      'declared here and by bundle engineer (bundles/all.yaml:6)',
    );
    expect(JSON.stringify(explained)).toContain('"bundle":"engineer","file":"bundles/all.yaml","line":7');
  });

  test('moves a person with one word', async () => {
    const bundles = { one: { teams: ['core'] }, two: { teams: ['sales'] } };
    const stage = await openBundles([{ username: 'ada', bundles: ['one'] }], { bundles });
    await stage.apply();
    await stage.declare([{ username: 'ada', bundles: ['two'] }]);

    expect(await changeIds(stage)).toEqual(['ada/teams.sales/team-join']);
  });
});

describe('is refused, with both places:', () => {
  test('an entry and a bundle that give different roles in one team', async () => {
    const stage = await openBundles([{ username: 'ada', bundles: ['two'], teams: [{ team: 'core', role: 'admin' }] }], {
      files: {
        'bundles/b.yaml': 'version: 1\nbundles:\n  two:\n    teams:\n      - { team: core, role: member }\n',
      },
    });

    expect(await problemsOf(stage)).toMatchObject([
      {
        code: 'bundles-contradict',
        message: 'ada is admin of core by the entry, and member by bundle two (bundles/b.yaml:5)',
        at: { file: 'users.yaml' },
        also: { file: 'bundles/b.yaml', line: 5 },
      },
    ]);
  });

  test('an entry that ends what its bundle gives', async () => {
    const stage = await openBundles(
      [{ username: 'ada', bundles: ['one'], teams: [{ team: 'core', channels: [{ channel: 'dev', member: false }] }] }],
      { bundles: { one: { teams: [{ team: 'core', channels: ['dev'] }] } } },
    );

    expect(await problemsOf(stage)).toMatchObject([
      { code: 'bundles-contradict', also: { file: expect.stringContaining('muster.yaml') } },
    ]);
  });

  test('two bundles of one name', async () => {
    const stage = await openBundles([{ username: 'ada' }], {
      bundles: { one: { teams: ['core'] } },
      files: { 'bundles/a.yaml': 'version: 1\nbundles:\n  one: { teams: [sales] }\n' },
    });

    expect(await problemsOf(stage)).toMatchObject([
      {
        code: 'duplicate-bundle',
        at: { file: 'bundles/a.yaml', line: 3 },
        also: { file: expect.stringContaining('muster.yaml') },
      },
    ]);
  });
});

describe('a bundle makes no one an administrator', () => {
  test.each([
    ['of a team', { teams: [{ team: 'core', role: 'admin' }] }],
    ['of a channel', { teams: [{ team: 'core', channels: [{ channel: 'ops', role: 'admin' }] }] }],
  ])('%s, in a file of bundles or in muster.yaml', async (_, boss) => {
    const inFile = await openBundles([{ username: 'ada' }], {
      files: { 'bundles/a.yaml': `version: 1\nbundles:\n  boss: ${JSON.stringify(boss)}\n` },
    });
    const inConfig = await openBundles([{ username: 'ada' }], {});
    const path = join(inConfig.dir, 'muster.yaml');
    const config = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...config, bundles: { boss } }));

    for (const stage of [inFile, inConfig])
      expect(await problemsOf(stage)).toMatchObject([
        {
          code: 'wrong-value',
          message: expect.stringContaining('admin'),
          hint: expect.stringContaining('write role: admin in the entry of each person who needs it'),
        },
      ]);
  });
});

describe('is refused:', () => {
  test.each([
    [
      'a bundle that is not defined',
      [{ username: 'ada', bundles: ['engeneer'] }],
      {},
      'unknown-bundle',
      'did you mean engineer?',
    ],
    [
      'a role that administers the server',
      [{ username: 'ada' }],
      { boss: { roles: ['system_admin'] } },
      'administrative-bundle',
      '',
    ],
    ['the same team twice', [{ username: 'ada' }], { boss: { teams: ['core', 'core'] } }, 'duplicate-place', ''],
  ])('%s', async (_, users, bundles, code, hint) => {
    const stage = await openBundles(users, { bundles: { engineer: { teams: ['core'] }, ...bundles } });

    const [problem] = await problemsOf(stage);

    expect(problem?.code).toBe(code);
    expect(problem?.hint ?? '').toContain(hint);
  });

  test('a role of a bundle that administers only this server', async () => {
    const stage = await openBundles([{ username: 'ada', bundles: ['one'] }], {
      bundles: { one: { roles: ['system_user', 'helpdesk_lead'] } },
    });

    // The server does not have the role: no entry is believed about it either way.
    expect((await problemsOf(stage)).map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown-role']));
  });

  test('a guest by a bundle who is in a team without a channel, at the line of the entry', async () => {
    const stage = await openBundles([{ username: 'ada', bundles: ['one'] }], {
      bundles: { one: { roles: ['system_guest'], teams: ['core'] } },
    });

    expect(await problemsOf(stage)).toMatchObject([{ code: 'guest-without-channel', at: { file: 'users.yaml' } }]);
  });
});

test('files of bundles and muster.yaml say bundles in the same way', async () => {
  const defsOf = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
    const schema = JSON.parse(await readFile(`schemas/${name}.schema.json`, 'utf8')) as { $defs: object };
    return Object.fromEntries(Object.entries(schema.$defs).filter(([def]) => def.startsWith('Bundle')));
  };

  expect(await defsOf('config')).toEqual(await defsOf('bundles'));
});
