/** What a pull request changes of the rules themselves, against the branch that it wants to be merged into. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { commitAll, git } from '../support/git-repository.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';
import { isLong, share } from '../support/suite.ts';

const running: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
});

const names = ['ann', 'ben', 'cat', 'dan'];
const config = (more = '', policy = ''): string =>
  `version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\npolicy:\n  min_admins: 1\n${policy}${more}`;
const noApprovals = 'version: 1\napprovals: []\n';
const leaving = (...who: readonly string[]): string =>
  `version: 1\nusers:\n${names.map((name) => `  - { username: ${name}${who.includes(name) ? ', active: false' : ', nickname: x'} }\n`).join('')}`;

/** Within the days that an approval may hold. */
const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const approvalOf = (...users: readonly string[]): string =>
  `version: 1\napprovals:\n  - { class: deactivate, reason: office closes, by: grace, expires: ${soon}, users: [${users.join(', ')}] }\n`;

interface Stage {
  readonly sandbox: Sandbox;
  readonly place: Workplace;
  readonly plan: (...args: readonly string[]) => Promise<Run>;
}

/** A repository whose branch `main` is the base, and whose work tree is the pull request. */
async function openStage(
  base: Readonly<Record<string, string>>,
  pullRequest: Readonly<Record<string, string>>,
): Promise<Stage> {
  const sandbox = await startSandbox({ seed: { users: names.map((username) => ({ username, nickname: 'x' })) } });
  running.push(sandbox);
  const place = await makeWorkplace(
    { 'users.yaml': leaving(), 'muster.yaml': config(), 'approvals.yaml': noApprovals, ...base },
    {
      MUSTER_SERVER: sandbox.url,
      MUSTER_TOKEN: sandbox.adminToken,
      PATH: process.env['PATH'],
      XDG_STATE_HOME: await mkdtemp(join(tmpdir(), 'muster-state-')),
    },
  );
  commitAll(place.dir);
  await place.write(pullRequest);
  return { sandbox, place, plan: (...args) => place.muster(['plan', '--base', 'main', ...args]) };
}

const planOf = ({ stdout }: Run): Plan => JSON.parse(stdout) as Plan;
const fieldsOf = (run: Run): readonly string[] => planOf(run).compared?.differences.map(({ field }) => field) ?? [];

interface Attack {
  /** What the base has beside the usual. */
  readonly base?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly field: string;
}

const withFiles = config('bundle_files: [bundles/*.yaml]\nwaivers: waivers.yaml\n');
const bundleOf = (...places: readonly string[]): string =>
  `version: 1\nbundles:\n  engineer: { roles: [system_post_all], teams: [{ team: core, channels: [${places.join(', ')}] }] }\n`;
const waiverOf = (...users: readonly string[]): string =>
  `version: 1\nwaivers:\n  - { rule: dormant-account, users: [${users.join(', ')}], reason: on leave, by: grace, expires: ${soon} }\n`;
const filesInBase = { 'muster.yaml': withFiles, 'bundles/all.yaml': bundleOf('dev'), 'waivers.yaml': waiverOf('ann') };

/** What a hostile pull request would do to the rules, and a plan shows. */
const attacks: Readonly<Record<string, Attack>> = {
  'gives a bundle of a file another channel': {
    base: filesInBase,
    files: { 'bundles/all.yaml': bundleOf('dev', 'ops') },
    field: 'bundles.engineer.teams',
  },
  'brings a file with another bundle': {
    base: filesInBase,
    files: { 'bundles/new.yaml': bundleOf('ops').replace('engineer', 'guest') },
    field: 'bundles.guest.roles',
  },
  'adds a waiver': { base: filesInBase, files: { 'waivers.yaml': waiverOf('ann', 'ben') }, field: 'waiver' },
  'raises a budget': {
    files: { 'muster.yaml': config('', '  budgets: { deactivate: { cap: 1000 } }\n') },
    field: 'policy.budgets.deactivate.cap',
  },
  'lowers min_admins': {
    files: { 'muster.yaml': config().replace('min_admins: 1', 'min_admins: 1\n  protect: [boss]') },
    field: 'policy.protect',
  },
  'makes a sink of a command': {
    files: { 'muster.yaml': config('secrets: { sinks: { vault: { command: [curl, hush-hush] } } }\n') },
    field: 'secrets.sinks.vault.command',
  },
  'adds an approval': { files: { 'approvals.yaml': approvalOf('ann', 'ben', 'cat') }, field: 'approval' },
  'names another approvals file': {
    files: {
      'muster.yaml': config().replace('approvals.yaml', 'other.yaml'),
      'other.yaml': noApprovals,
    },
    field: 'approvals',
  },
};

/** A plan refuses this one by the server that the token belongs to. */
const otherServer: (typeof attacks)[string] = {
  files: { 'muster.yaml': config('server: https://evil.example\n') },
  field: 'server',
};

describe('a pull request that', () => {
  test.runIf(isLong)('names another server gets no plan, and has that named by validate', async () => {
    const stage = await openStage({}, otherServer.files);

    const plan = await stage.plan();
    const validated = await stage.place.muster(['validate', '--base', 'main']);

    expect([plan.code, validated.code]).toEqual([3, 0]);
    expect(plan.stderr).toContain('evil.example');
    expect(validated.stdout).toMatch(/server {2}.* → https:\/\/evil\.example {2}muster\.yaml:/);
    expect(stage.sandbox.requests).toEqual([]);
  });

  test.each(share(Object.entries(attacks), 6))(
    '%s has that named by its plan, with the place',
    async (_what, { base = {}, files, field }) => {
      const stage = await openStage(base, files);

      const run = await stage.plan('--format', 'json');

      expect(run.code).toBe(0);
      expect(fieldsOf(run)).toContain(field);
      expect(planOf(run).compared).toMatchObject({
        status: 'different',
        base: 'main',
        commit: git(stage.place.dir, 'rev-parse', 'main'),
        has_config: true,
      });
      expect(run.stdout).not.toContain(stage.place.dir);
      expect(planOf(run).compared?.differences.every(({ file, line }) => file !== undefined && (line ?? 0) > 0)).toBe(
        true,
      );
      expect(run.stdout).not.toContain('hush');
    },
  );

  test('moves the day on which someone leaves has that named, also beside an entry that cannot be used and under a lock', async () => {
    const day = (inDays: number): string => new Date(Date.now() + inDays * 86_400_000).toISOString().slice(0, 10);
    const entries = (ends: string, more: string): string =>
      `version: 1\nusers:\n  - { username: ann, nickname: x${ends} }\n  - { username: ben${more} }\n  - { username: cat }\n`;
    const stage = await openStage(
      {
        'muster.yaml': config().replace('policy:\n', 'policy:\n  locked: true\n'),
        'users.yaml': entries(`, ends: ${day(40)}`, ''),
      },
      { 'users.yaml': entries(`, ends: ${day(400)}`, ', email: 5') },
    );

    const [text, markdown, json] = [
      await stage.plan(),
      await stage.plan('--format', 'markdown'),
      await stage.plan('--format', 'json'),
    ];

    expect([text.code, markdown.code, json.code]).toEqual([3, 3, 3]);
    expect(text.stdout).toMatch(new RegExp(`ann: ends +${day(40)} → ${day(400)} +users.yaml:3`));
    expect(text.stdout).toContain('1 difference of entries that no action shows');
    expect(markdown.stdout).toContain(`| \`ann: ends\` | \`${day(40)}\` | \`${day(400)}\` | \`users.yaml:3\` |`);
    expect(planOf(json).compared).toMatchObject({
      status: 'different',
      differences: [{ person: 'ann', field: 'ends', before: day(40), after: day(400) }],
    });
  });

  test.each(share(Object.entries({ ...attacks, 'names another server': otherServer }), 12))(
    '%s is refused where the base is locked',
    async (_what, { base = {}, files, field }) => {
      const locked = (text: string): string => text.replace('policy:\n', 'policy:\n  locked: true\n');
      const changed = files['muster.yaml'];
      const stage = await openStage(
        { ...base, 'muster.yaml': locked(base['muster.yaml'] ?? config()) },
        { ...files, ...(changed !== undefined && { 'muster.yaml': locked(changed) }) },
      );

      for (const args of [
        ['plan', '--base', 'main'],
        ['apply', '--yes', '--base', 'main'],
        ['apply', '--resume', '--yes', '--base', 'main'],
        ['validate', '--base', 'main'],
      ]) {
        const { code, stderr } = await stage.place.muster(args);

        expect(code).toBe(3);
        expect(stderr).toContain(`${field} is locked: `);
        expect(stderr).not.toContain('hush');
      }
      expect(stage.sandbox.requests).toEqual([]);
    },
  );

  test('only moves a bundle into muster.yaml, or writes it another way, is no difference', async () => {
    const inline =
      'bundles: { engineer: { teams: [{ channels: [{ channel: dev }], team: core }], roles: [system_post_all] } }\n';
    const stage = await openStage(filesInBase, { 'muster.yaml': config(`${inline}waivers: waivers.yaml\n`) });
    await rm(join(stage.place.dir, 'bundles'), { recursive: true });

    const run = await stage.plan('--format', 'json');

    expect(run.code).toBe(0);
    expect(fieldsOf(run)).toEqual(['bundle_files']);
  });

  test('takes the lock away, with the rest, is refused by the base all the same, each difference with before and after', async () => {
    const stage = await openStage(
      { 'muster.yaml': config('', '  locked: true\n  budgets: { deactivate: { cap: 3, floor: 1 } }\n') },
      { 'muster.yaml': config('', '  budgets: { deactivate: { cap: 900, floor: 1 } }\n') },
    );

    const { code, stdout } = await stage.plan('--format', 'json');

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        problems: [
          {
            code: 'locked-policy',
            message: 'policy.budgets.deactivate.cap is locked: 3 in main, 900 here',
            at: { line: 6 },
          },
          { code: 'locked-policy', message: 'policy.locked is locked: true in main, false here' },
        ],
      },
    });
  });

  test('deletes the config is refused by the base all the same', async () => {
    const stage = await openStage({ 'muster.yaml': config('', '  locked: true\n') }, {});
    await rm(join(stage.place.dir, 'muster.yaml'));

    const { code, stderr } = await stage.plan('-f', 'users.yaml');

    expect(code).toBe(3);
    expect(stderr).toContain('main:muster.yaml');
  });

  test('changes only what the plan shows of people is no difference, and passes a lock', async () => {
    const stage = await openStage(
      { 'muster.yaml': config('', '  locked: true\n') },
      { 'users.yaml': leaving().replace('ann, nickname: x', 'ann, nickname: y') },
    );

    const run = await stage.plan('--format', 'json');

    expect(run.code).toBe(0);
    expect(planOf(run).compared).toMatchObject({ status: 'same', differences: [] });
  });
});

describe('an approval of the pull request', () => {
  const pullRequest = {
    'users.yaml': leaving('ann', 'ben', 'cat'),
    'approvals.yaml': approvalOf('ann', 'ben', 'cat'),
  };

  test('lifts in the plan, which marks what passes by it alone', async () => {
    const stage = await openStage(
      {},
      { ...pullRequest, 'users.yaml': leaving('ann', 'ben', 'cat').replace('dan, nickname: x', 'dan, nickname: y') },
    );

    const run = await stage.plan('--format', 'json');

    const plan = planOf(run);
    expect(run.code).toBe(0);
    expect(plan.approvals).toMatchObject([{ class: 'deactivate', lifted: 1, conditional: true }]);
    expect(plan.actions.map(({ person, call, conditional }) => [person, call.operation, conditional])).toEqual([
      ['ann', 'deactivate', true],
      ['ben', 'deactivate', true],
      ['cat', 'deactivate', true],
      ['dan', 'patch-user', undefined],
    ]);
  });

  test.each([
    [
      'text',
      /3 actions only once merged.*\n[^]*Lifts 1 once merged, approved by grace[^]*\(once merged\) {2}users\.yaml:3/,
    ],
    [
      'markdown',
      /\*\*3 actions only once merged\*\*[^]*\*\*Lifts 1 once merged, approved\*\*[^]*\*\*once merged\*\* `users\.yaml:3, 4, 5`/,
    ],
    ['diff', /\+approval: \{ class: deactivate[^]*# once merged:[^]*# Lifts 1 once merged, approved by grace/],
    ['github', /::warning file=approvals\.yaml,line=3[^]*Lifts 1 once merged, approved by grace/],
  ])('is seen in %s, after what differs', async (format, expected) => {
    const stage = await openStage({}, pullRequest);

    const { code, stdout } = await stage.plan('--format', format);

    expect(code).toBe(0);
    expect(stdout).toMatch(expected);
    expect(stdout.indexOf('approval')).toBeLessThan(stdout.indexOf('once merged'));
  });

  test.runIf(isLong)('lets an administrator come by a date in the plan, which marks that, too', async () => {
    const policy = { 'muster.yaml': config('', '  budgets: { admin-gain: { floor: 5 } }\n') };
    const eve =
      '  - { username: eve, email: eve@example.com, roles: [system_user, system_admin], starts: 2020-01-01 }\n';
    const stage = await openStage(policy, {
      'users.yaml': `${leaving()}${eve}`,
      'approvals.yaml': approvalOf('eve').replace('deactivate', 'admin-gain'),
    });

    const run = await stage.plan('--format', 'json');
    const applied = await stage.place.muster(['apply', '--yes', '--base', 'main']);

    const plan = planOf(run);
    expect(run.code).toBe(0);
    expect(plan.actions.map(({ call, conditional }) => [call.operation, conditional])).toEqual([
      ['create-user', undefined],
      ['set-roles', true],
    ]);
    expect(applied.code).toBe(4);
    expect(stage.sandbox.control.user('eve')?.roles).toBe('system_user');
  });

  test.runIf(isLong)('lifts nothing in an apply until it is merged', async () => {
    const stage = await openStage({}, pullRequest);

    const before = await stage.place.muster(['apply', '--yes', '--base', 'main']);
    commitAll(stage.place.dir, 'merged');
    const after = await stage.place.muster(['apply', '--yes', '--base', 'HEAD', '--require-base']);

    expect(before.code).toBe(4);
    expect(before.stdout).toContain('the approval at approvals.yaml:3 is not in the base yet: merge it first');
    expect(after.code).toBe(0);
    expect(names.filter((name) => (stage.sandbox.control.user(name)?.delete_at ?? 0) > 0)).toEqual([
      'ann',
      'ben',
      'cat',
    ]);
  });

  test('lifts as ever where there is no base', async () => {
    const stage = await openStage({}, pullRequest);

    expect((await stage.place.muster(['apply', '--yes'])).code).toBe(0);
  });

  test.runIf(isLong)('that names more people than that of the base is not that of the base', async () => {
    const stage = await openStage({ 'approvals.yaml': approvalOf('ann', 'ben') }, pullRequest);

    expect((await stage.place.muster(['apply', '--yes', '--base', 'main'])).code).toBe(4);
  });

  test.runIf(isLong)('that the pull request takes away lifts no longer', async () => {
    const stage = await openStage(pullRequest, { 'approvals.yaml': noApprovals });

    expect((await stage.place.muster(['apply', '--yes', '--base', 'main'])).code).toBe(4);
  });

  test.runIf(isLong)('in a plan file is refused, and so is one that was never compared', async () => {
    const stage = await openStage({}, pullRequest);
    await stage.plan('--out', 'conditional.json');
    await stage.place.muster(['plan', '--out', 'uncompared.json']);

    const conditional = await stage.place.muster(['apply', 'conditional.json', '--yes']);
    const uncompared = await stage.place.muster(['apply', 'uncompared.json', '--yes', '--base', 'main']);

    expect([conditional.code, uncompared.code]).toEqual([7, 7]);
    expect(conditional.stderr).toContain('approvals that were not merged');
    expect(uncompared.stderr).toContain('never compared with a base');
    expect(names.filter((name) => (stage.sandbox.control.user(name)?.delete_at ?? 0) > 0)).toEqual([]);
  });

  test.runIf(isLong)('names no one with --redact', async () => {
    const stage = await openStage({}, { ...pullRequest, 'muster.yaml': config('', '  protect: [boss]\n') });

    for (const format of ['text', 'json', 'markdown', 'diff', 'github']) {
      const { code, stdout } = await stage.plan('--redact', '--format', format);

      expect(code).toBe(0);
      expect(stdout).not.toMatch(/\b(?:ann|ben|cat|grace|boss)\b/);
      expect(stdout).toContain('policy.protect');
    }
  });
});

describe('without a base', () => {
  test.each(share(['text', 'json', 'markdown', 'diff', 'github'], 5))(
    'a plan says in %s that it is not compared',
    async (format) => {
      const stage = await openStage({}, {});

      const { code, stdout } = await stage.place.muster(['plan', '--format', format]);

      expect(code).toBe(0);
      expect(stdout).toMatch(/not[- ]compared/i);
    },
  );

  test.each(['plan', 'validate', 'apply --yes'])(
    '%s ends with 3 where --require-base asks for one',
    async (command) => {
      const stage = await openStage({}, {});

      const { code, stderr } = await stage.place.muster([...command.split(' '), '--require-base']);

      expect(code).toBe(3);
      expect(stderr).toContain('no base to compare with');
      expect(stage.sandbox.requests).toEqual([]);
    },
  );
});

test('a folder is a base as a commit is', async () => {
  const stage = await openStage({}, { 'muster.yaml': config('', '  locked: true\n') });
  await mkdir(join(stage.place.dir, 'checkout'));
  await writeFile(join(stage.place.dir, 'checkout/muster.yaml'), config());
  await writeFile(join(stage.place.dir, 'checkout/approvals.yaml'), noApprovals);

  const run = await stage.place.muster(['plan', '--base', './checkout', '--format', 'json']);

  expect(planOf(run).compared).toMatchObject({ status: 'different', base: './checkout' });
  expect(fieldsOf(run)).toEqual(['policy.locked']);
});

test('a base without a config says that everything is new', async () => {
  const stage = await openStage({}, {});
  git(stage.place.dir, 'checkout', '--quiet', '--orphan', 'empty');
  git(stage.place.dir, 'rm', '-rq', '--cached', '.');
  git(stage.place.dir, 'commit', '--quiet', '--allow-empty', '-m', 'empty');

  const { stdout } = await stage.place.muster(['plan', '--base', 'empty']);

  expect(stdout).toContain('has no muster.yaml, so everything is new');
});

test.each(['--upload-pack=touch x', '-x', 'a b', 'HEAD:../x', 'nowhere'])('the base %s is refused', async (ref) => {
  const stage = await openStage({}, {});

  const { code, stderr } = await stage.place.muster(['plan', `--base=${ref}`]);

  expect(code).toBe(3);
  expect(stderr).toContain('cannot compare with');
});

test('validate shows the differences, for people and for programs', async () => {
  const stage = await openStage({}, { 'muster.yaml': config('', '  protect: [boss]\n') });

  const text = await stage.place.muster(['validate', '--base', 'main']);
  const json = await stage.place.muster(['validate', '--base', 'main', '--format', 'json']);

  expect([text.code, json.code]).toEqual([0, 0]);
  expect(text.stdout).toMatch(/policy\.protect {2}\[\] → \[boss\]/);
  expect(JSON.parse(json.stdout)).toMatchObject({ compared: { differences: [{ field: 'policy.protect' }] } });
});
