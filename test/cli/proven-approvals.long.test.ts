/** Approvals, waivers and decisions against the commits that brought them: signed, merged, unsigned, by someone else, shallow. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import type { ChainReport } from '../../src/model/generated/chain-report.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ReviewStatus } from '../../src/model/review.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { commitAll, git } from '../support/git-repository.ts';
import { type Gpg, hasGpg, openGpg } from '../support/gpg.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { hasPrograms, makeKey } from '../support/ssh-programs.ts';
import { refusals } from './support/review.ts';

const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const approval = `version: 1\napprovals:\n  - { class: deactivate, users: [ada, bob], reason: they leave, by: grace, expires: ${day} }\n`;
const waiver = `version: 1\nwaivers:\n  - { rule: undeclared-admin, users: [root], reason: break glass, by: grace, expires: ${day} }\n`;
const users = 'version: 1\nusers:\n  - { username: ada, active: false }\n  - { username: bob, active: false }\n';

let sandbox: Sandbox;
let keys: Readonly<Record<'grace' | 'other' | 'forge', string>>;
beforeEach((context) => {
  if (!hasPrograms) context.skip('needs ssh-keygen');
});
beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'ada' },
        { username: 'bob' },
        { username: 'grace' },
        { username: 'root', roles: ['system_user', 'system_admin'] },
      ],
    },
  });
  if (!hasPrograms) return;
  const dir = mkdtempSync(join(tmpdir(), 'muster-keys-'));
  keys = { grace: makeKey(dir, 'grace'), other: makeKey(dir, 'other'), forge: makeKey(dir, 'forge') };
});
afterAll(() => sandbox.close());

const publicKey = (name: keyof typeof keys): string => readFileSync(`${keys[name]}.pub`, 'utf8').trim();

const config = (signature: 'off' | 'report' | 'require'): string => `version: 1
approvals: approvals.yaml
waivers: waivers.yaml
approvers:
  grace: { emails: [grace@example.com], keys: ['${publicKey('grace')}'] }
  boss: { emails: [grace@example.com] }
policy:
  min_admins: 1
  budgets: { deactivate: { floor: 0, cap: 0 } }
  approvals: { signature: ${signature}, trusted_merge_keys: ['${publicKey('forge')}'] }
`;

interface Commit {
  readonly author: string;
  readonly key?: keyof typeof keys;
}

const byGrace: Commit = { author: 'Grace <grace@example.com>', key: 'grace' };

function commit(dir: string, { author, key }: Commit): void {
  git(dir, 'add', '--all');
  const signing = key === undefined ? [] : ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${keys[key]}`];
  git(
    dir,
    ...signing,
    'commit',
    '--quiet',
    ...(key === undefined ? [] : ['-S']),
    `--author=${author}`,
    '-m',
    'approve',
  );
}

/** A repository in which one commit brings the approval and the waiver. */
async function repository(
  how: Commit | undefined,
  signature: 'off' | 'report' | 'require' = 'require',
): Promise<Workplace> {
  const place = await makeWorkplace(
    { '.gitignore': 'state/\n', 'muster.yaml': config(signature), 'users.yaml': users },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  commitAll(place.dir);
  await place.write({ 'approvals.yaml': approval, 'waivers.yaml': waiver });
  if (how !== undefined) commit(place.dir, how);
  return place;
}

async function planIn(place: Workplace): Promise<readonly [number, Plan]> {
  const { code, stdout } = await place.muster(['plan', '--format', 'json']);
  return [code, JSON.parse(stdout) as Plan];
}

const auditIn = async (place: Workplace): Promise<AuditReport> =>
  JSON.parse((await place.muster(['audit', '--format', 'json'])).stdout) as AuditReport;

describe('with signature: require', () => {
  test.each<[string, Commit, string]>([
    ['is signed by a key of the person who is named', byGrace, 'signed'],
    [
      'was merged by the forge for the person who is named',
      { author: 'Grace <grace@example.com>', key: 'forge' },
      'merged',
    ],
  ])('an approval and a waiver count whose commit %s', async (_, how, status) => {
    const place = await repository(how);

    const [code, { approvals }] = await planIn(place);
    expect([code, approvals?.map(({ authorship }) => authorship?.status)]).toEqual([0, [status]]);
    expect((await place.muster(['plan'])).stdout).toMatch(
      /Approved by grace until .*; (signed|merged).*, commit [0-9a-f]{8} by Grace/,
    );
    const { waivers, findings } = await auditIn(place);
    expect(waivers).toMatchObject([{ state: 'valid', waives: 1, authorship: { status } }]);
    expect(findings.filter(({ waived }) => waived !== undefined)).toHaveLength(1);
  });

  const unproven: readonly [string, Commit | undefined, string][] = [
    ['has no signature', { author: 'Grace <grace@example.com>' }, 'approval-not-signed'],
    ['is signed by a key of no approver', { author: 'Grace <grace@example.com>', key: 'other' }, 'approval-not-signed'],
    ['has another author', { author: 'Ada <ada@example.com>', key: 'other' }, 'approval-another-author'],
    ['is the merge of another author', { author: 'Ada <ada@example.com>', key: 'forge' }, 'approval-another-author'],
    ['is not there', undefined, 'approval-not-committed'],
  ];

  test.each(unproven)(
    'an approval lifts nothing, and a waiver accepts nothing, whose commit %s',
    async (_, how, refused) => {
      const place = await repository(how);

      const [code, { blocked }] = await planIn(place);
      expect(code).toBe(4);
      expect(blocked.map(({ approval_refused: one }) => one?.code)).toEqual([refused, refused]);
      const { waivers, findings } = await auditIn(place);
      expect(waivers).toMatchObject([{ state: 'not-proven', waives: 0 }]);
      expect(findings.filter(({ waived }) => waived !== undefined)).toEqual([]);
    },
  );

  test('a line of an approval that someone else changed afterwards makes it another author’s', async () => {
    const place = await repository(byGrace);
    await place.write({ 'approvals.yaml': approval.replace('users: [ada, bob]', 'users: [bob, ada]') });
    commit(place.dir, { author: 'Ada <ada@example.com>', key: 'other' });

    const [code, { blocked }] = await planIn(place);

    expect([code, blocked[0]?.approval_refused?.code]).toEqual([4, 'approval-another-author']);
  });

  const lines = (what: string, who: string): string =>
    `  - class: ${what}\n    users: [${who}]\n    reason: so it is\n    by: grace\n    expires: ${day}\n`;
  test.each<[string, string, string, string]>([
    [
      'that someone else put together of the lines of two',
      'approvals.yaml',
      `version: 1\napprovals:\n${lines('deactivate', 'root')}${lines('create', 'ada, bob')}`,
      `version: 1\napprovals:\n${lines('deactivate', 'ada, bob')}`,
    ],
    ['that was given in another file', 'staging.yaml', approval, approval],
  ])('an approval %s proves nothing', async (_, name, signed, stands) => {
    const place = await repository(undefined);
    rmSync(join(place.dir, 'approvals.yaml'));
    await place.write({ [name]: signed });
    commit(place.dir, byGrace);
    git(place.dir, 'mv', '-k', name, 'approvals.yaml');
    await place.write({ 'approvals.yaml': stands });
    commit(place.dir, { author: 'Ada <ada@example.com>', key: 'other' });

    const [code, { blocked }] = await planIn(place);

    expect([code, blocked[0]?.approval_refused]).toMatchObject([
      4,
      { code: 'approval-not-verifiable', why: 'no commit of this person has its lines together in this file' },
    ]);
  });

  test('a shallow clone is not verifiable, never fine', async () => {
    const place = await repository(byGrace);
    await place.write({ 'later.txt': '' });
    commit(place.dir, { author: 'Ada <ada@example.com>' });
    const clone = await makeWorkplace({}, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${place.dir}`, join(clone.dir, 'clone')]);
    const run = await clone.muster(['plan', '--format', 'json'], { in: 'clone' });

    expect(run.code).toBe(4);
    expect((JSON.parse(run.stdout) as Plan).blocked[0]?.approval_refused).toMatchObject({
      code: 'approval-not-verifiable',
      why: expect.stringContaining('shallow'),
    });
  });

  test('a review is closed only when every decision is proven', async () => {
    const place = await repository(byGrace);
    expect((await place.muster(['review', 'open', 'q1'])).code).toBe(0);
    commit(place.dir, { author: 'Ada <ada@example.com>' });
    const path = join(place.dir, 'reviews/q1/everybody.yaml');
    const today = new Date().toISOString().slice(0, 10);
    const decided = readFileSync(path, 'utf8')
      .replace(/^by: .*$/m, 'by: boss')
      .replace(/^on: .*$/m, `on: ${today}`)
      .replaceAll(/^( +)decision: .*$/gm, '$1decision: keep')
      .replaceAll(/^( +)reason: .*$/gm, '$1reason: needed');
    await place.write({ 'reviews/q1/everybody.yaml': decided });
    commit(place.dir, { author: 'Ada <ada@example.com>' });

    const close = await place.muster(['review', 'close', 'q1', '--format', 'json']);
    const codes = new Set(refusals(close).map((line) => line.split(' ')[0]));
    const status = JSON.parse(
      (await place.muster(['review', 'status', 'q1', '--format', 'json'])).stdout,
    ) as ReviewStatus;

    expect(close.code).toBe(3);
    expect(codes).toContain('review-not-proven');
    expect(codes).toContain('review-self');
    expect(status.authorship).toEqual({ 'another-author': status.total.rows });
  });
});

test.each<[string, Commit, string]>([
  ['by a key of an approver', byGrace, 'verified'],
  ['by another key', { author: 'Grace <grace@example.com>', key: 'other' }, 'not verifiable'],
])('the chain of a person says of a commit that is signed %s what that proves', async (_, how, signature) => {
  const place = await repository(undefined, 'report');
  await place.write({ 'users.yaml': `${users}  - { username: grace }\n` });
  commit(place.dir, how);

  const { stdout } = await place.muster(['audit', 'onboarding', 'grace', '--format', 'json']);

  const { people } = JSON.parse(stdout) as ChainReport;
  expect(people.map(({ steps }) => steps[0])).toMatchObject([{ step: 'declared', signature }]);
});

describe('a forge that signs by OpenPGP', () => {
  let gpg: Gpg;
  let forge: string;
  beforeEach((context) => {
    if (!hasGpg) context.skip('needs gpg');
  });
  beforeAll(() => {
    if (!hasGpg) return;
    gpg = openGpg();
    forge = gpg.makeKey('forge');
  });
  afterAll(() => {
    if (hasGpg) gpg.close();
  });

  const armoured = (): string => `|\n${gpg.publicKey(forge).trim().replaceAll(/^/gm, '        ')}`;
  const configOf = (key: string): string =>
    config('require').replace(
      /approvals: \{.*\}/,
      `approvals:\n    signature: require\n    trusted_merge_keys:\n      - ${key}`,
    );

  test('proves an approval by its author, and who merged a joiner, where its key is listed', async () => {
    const place = await repository(undefined);
    await place.write({ 'muster.yaml': configOf(armoured()) });
    const signing = [...gpg.signing(forge), '-c', 'user.name=Forge', '-c', 'user.email=noreply@forge.example'];
    git(place.dir, 'add', '--all');
    git(place.dir, ...signing, 'commit', '--quiet', '-S', '--author=Grace <grace@example.com>', '-m', 'approve');
    git(place.dir, 'checkout', '--quiet', '-b', 'joiner');
    await place.write({ 'users.yaml': `${users}  - { username: root }\n` });
    commit(place.dir, { author: 'Ada <ada@example.com>' });
    git(place.dir, 'checkout', '--quiet', 'main');
    git(place.dir, ...signing, 'merge', '--quiet', '--no-ff', '--no-commit', 'joiner');
    git(place.dir, ...signing, 'commit', '--quiet', '-S', '--author=Grace <grace@example.com>', '-m', 'Merge');

    const [code, { approvals }] = await planIn(place);
    const chain = await place.muster(['audit', 'onboarding', 'root', '--format', 'json']);

    expect([code, approvals?.map(({ authorship }) => authorship?.status)]).toEqual([0, ['merged']]);
    const { people } = JSON.parse(chain.stdout) as ChainReport;
    expect(people[0]?.steps.slice(0, 2)).toMatchObject([
      { step: 'declared', state: 'proven', by: 'Ada', signature: 'unsigned' },
      {
        step: 'approved',
        state: 'proven',
        by: 'Grace <grace@example.com>',
        text: 'merged; nothing proves its author',
        signature: 'verified',
      },
    ]);
    const markdown = await place.muster(['audit', 'onboarding', 'root', '--format', 'markdown']);
    expect(markdown.stdout).toMatch(
      /\| `root` \| approved \| proven \| `.*` \| `merged; nothing proves its author \(by Grace <grace@example.com>/,
    );
  });

  test('a key that cannot be read is refused at its line, and none of it is shown', async () => {
    const place = await repository(undefined);
    const secret = gpg.secretKey(forge).replaceAll('PRIVATE', 'PUBLIC').trim();
    await place.write({ 'muster.yaml': configOf(`|\n${secret.replaceAll(/^/gm, '        ')}`) });

    const run = await place.muster(['plan', '--format', 'json']);

    expect(run.code).toBe(3);
    expect(run.stdout).toContain('this is no public key that muster can read');
    expect(`${run.stdout}${run.stderr}`).not.toContain(secret.split('\n')[4]);
  });
});

describe('without it', () => {
  test('with report, an approval that is not signed lifts, and the plan says what git tells', async () => {
    const place = await repository({ author: 'Ada <ada@example.com>' }, 'report');

    const [code, { approvals }] = await planIn(place);

    expect([code, approvals?.map(({ authorship }) => authorship?.status)]).toEqual([0, ['another-author']]);
    expect((await place.muster(['plan', '--redact'])).stdout).not.toContain('ada@example.com');
    expect((await auditIn(place)).waivers).toMatchObject([
      { state: 'valid', authorship: { status: 'another-author' } },
    ]);
  });

  test('with off, git is not asked', async () => {
    const place = await repository({ author: 'Ada <ada@example.com>' }, 'off');

    const [code, { approvals }] = await planIn(place);

    expect([code, approvals?.map(({ authorship }) => authorship)]).toEqual([0, [undefined]]);
  });
});
