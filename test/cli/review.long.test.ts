/** Reviews of access, from the frozen files to the proof that what was revoked is gone. */
import { mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PackedEvidence } from '../../src/model/evidence.ts';
import type { ReviewRow } from '../../src/model/generated/review-file.ts';
import type { ReviewVerification } from '../../src/model/review.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { git } from '../support/git-repository.ts';
import { type Decision, type ReviewStage, refusals, reviewName, reviewStage } from './support/review.ts';

const folder = `reviews/${reviewName}`;
const marked = (name: string, op: string): { description: string } => ({
  description: `${name}@1 muster:2026-06-01:${op}`,
});

const muster = (more = ''): string =>
  `version: 1\npolicy:\n  min_admins: 1\n  budgets: ${JSON.stringify(openBudgets)}\n${more}`;

async function opened(...args: Parameters<typeof reviewStage>): Promise<ReviewStage> {
  const stage = await reviewStage(...args);
  onTestFinished(() => stage.close());
  return stage;
}

const keep = ({ facts }: ReviewRow): Decision => ({ decision: 'keep', ...(facts.privileged && { reason: 'needed' }) });

describe('a review of many grants', () => {
  const grants = 1500;
  const numbers = Array.from({ length: Math.ceil(grants / 1.4) }, (_, i) => i + 1);
  const nameOf = (i: number): string => `user-${String(i).padStart(5, '0')}`;
  const isUndeclared = (i: number): boolean => i % 10 === 7;
  const rolesOf = (i: number): readonly string[] => ['system_user', ...(i % 4 === 1 ? ['system_read_only_admin'] : [])];
  const hasToken = (i: number): boolean => i % 4 === 2;
  /** Of the others the entry says nothing of tokens. */
  const writesToken = (i: number): boolean => hasToken(i) && i % 12 !== 6;

  const entryOf = (i: number): string =>
    [
      `  # ${nameOf(i)} came in ${2000 + (i % 20)}`,
      `  - username: ${nameOf(i)} # a person`,
      ...(i % 3 === 0 ? [] : [`    roles: [${rolesOf(i).join(', ')}]`]),
      ...(writesToken(i) ? ['    tokens:', '      - name: ci # for builds'] : []),
      '',
    ].join('\n');

  test('is opened, decided, closed, carried out and proven in a repository', async () => {
    const stage = await opened(
      {
        users: [
          { username: 'grace' },
          ...numbers.map((i) => ({
            username: nameOf(i),
            roles: rolesOf(i),
            ...(hasToken(i) && { tokens: [marked('ci', String(i).padStart(10, 'a'))] }),
          })),
        ],
      },
      {
        'muster.yaml': muster("  review:\n    owners:\n      - { owner: platform, users: ['user-*3'] }\n"),
        'users.yaml': `version: 1\nusers:\n${numbers
          .filter((i) => !isUndeclared(i))
          .map(entryOf)
          .join('')}`,
      },
    );
    const { place, sandbox } = stage;
    expect((await place.muster(['plan', '--detailed-exitcode'])).code).toBe(0);

    const open = await stage.review('open', '--format', 'json');
    expect(open).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
    git(place.dir, 'add', '--all');
    git(place.dir, 'commit', '--quiet', '-m', 'open');
    const rows = await stage.rows();
    const { population, rows: frozen } = await stage.manifest();
    expect(rows.length).toBeGreaterThanOrEqual(grants);
    expect([rows.length, frozen.length]).toEqual([population.grants, population.grants]);
    expect(new Set(rows.map(({ owner }) => owner))).toEqual(new Set(['everybody', 'platform']));
    expect(rows.filter(({ owner }) => owner === 'platform').every(({ person }) => person.endsWith('3'))).toBe(true);
    expect((await stage.review('close')).code).toBe(3);

    const isRevoked = ({ person, facts }: ReviewRow): boolean => {
      if (!person.startsWith('user-')) return false;
      const i = Number(person.slice('user-'.length));
      if (facts.key === 'account') return i % 7 === 1;
      return facts.key.startsWith('token:') ? i % 12 === 6 || i % 5 === 0 : i % 2 === 1;
    };
    const decided = ({ facts, person }: ReviewRow, i: boolean): Decision => ({
      decision: i ? 'revoke' : 'keep',
      ...(facts.privileged && { reason: 'looked at' }),
      ...(person === 'grace' && { by: 'sandbox-admin' }),
    });
    await stage.decide((row) => decided(row, isRevoked(row)));
    const { people: before, tokens } = sandbox.snapshot();

    const closed = await stage.review('close', '--format', 'json');
    expect(closed).toMatchObject({ code: 0 });
    expect(sandbox.snapshot().people).toEqual(before);
    expect(sandbox.snapshot().tokens).toEqual(tokens);
    const { revoked, counts } = JSON.parse(closed.stdout) as { revoked: { how: string }[]; counts: object };
    const revokedRows = rows.filter(isRevoked);
    expect(counts).toEqual({ rows: rows.length, revoke: revokedRows.length, keep: rows.length - revokedRows.length });
    expect(new Set(revoked.map(({ how }) => how))).toEqual(new Set(['edited']));
    const removedLines = git(place.dir, 'diff', '--unified=0', '--', 'users.yaml')
      .split('\n')
      .filter((line) => /^-[^-]/.test(line));
    expect(removedLines.filter((line) => !/roles:|name: ci|tokens:/.test(line))).toEqual([]);
    expect((await stage.review('verify')).code).toBe(9);

    expect(await place.muster(['apply', '--yes'])).toMatchObject({ code: 0 });
    const proof = await stage.review('verify', '--format', 'json');
    expect(proof.code).toBe(0);
    const verified = JSON.parse(proof.stdout) as ReviewVerification;
    expect(verified.counts).toEqual({ revoked: revokedRows.length, gone: revokedRows.length, still_there: 0 });
    expect((await place.muster(['plan', '--detailed-exitcode'])).code).toBe(0);
    const { people } = sandbox.snapshot();
    for (const { facts, person } of revokedRows) {
      const user = people.find(({ username }) => username === person);
      if (facts.key === 'account') expect(user?.delete_at).toBeGreaterThan(0);
      if (facts.key.startsWith('role:')) expect(user?.roles).not.toContain(facts.key.slice('role:'.length));
    }

    const packed = await place.muster(['evidence', '--out', 'state/pack', '--format', 'json']);
    expect(packed).toMatchObject({ code: 0 });
    const { about } = JSON.parse(packed.stdout) as PackedEvidence;
    expect(about.reviews).toMatchObject([
      { review: reviewName, rows: rows.length, revoked: revokedRows.length, gone: revokedRows.length, still_there: 0 },
    ]);
    expect(about.runs).toMatchObject([{ how: 'complete' }]);
    for (const file of ['manifest.json', 'closed.json', 'everybody.yaml', 'platform.yaml'])
      expect(await stage.read(`state/pack/${folder}/${file}`)).toBe(await stage.read(`${folder}/${file}`));
    const proven = JSON.parse(await stage.read(`state/pack/${folder}/verified.json`)) as ReviewVerification;
    expect(proven.grants).toEqual(verified.grants);
    expect((await place.muster(['evidence', 'verify', 'state/pack'])).code).toBe(0);

    await stage.edit(`${folder}/everybody.yaml`, (text) => text.replace('decision: revoke', 'decision: keep'));
    const edited = await place.muster(['evidence', '--out', 'state/other', '--format', 'json']);
    expect([edited.code, refusals(edited)]).toEqual([3, [expect.stringContaining('review-changed')]]);
  });
});

describe('a decided review', () => {
  let stage: ReviewStage;
  beforeAll(async () => {
    stage = await reviewStage(
      {
        users: [
          { username: 'ada', first_name: 'Ada', last_name: 'Lovelace', roles: ['system_user', 'system_admin'] },
          { username: 'bob', tokens: [marked('ci', 'aaaaaaaaaa')] },
          { username: 'grace' },
        ],
      },
      {
        'muster.yaml': muster('  review:\n    owners:\n      - { owner: platform, users: [bob] }\n'),
        'users.yaml': 'version: 1\nusers:\n  - username: ada\n  - username: bob\n  - username: grace\n',
      },
    );
    await stage.review('open');
    await stage.decide((row) => ({ ...keep(row), ...(row.person === 'grace' && { by: 'ada' }) }));
  });
  afterAll(() => stage.close());

  /** Of the row of a grant: the lines from its id up to the next row. */
  const rowOf = (text: string, person: string, grant: string): string =>
    text.split(/(?=^ {2}- id: )/m).find((row) => row.includes(`person: ${person}\n    grant: ${grant}\n`)) ?? '';
  const inRow =
    (person: string, grant: string, change: (row: string) => string) =>
    (text: string): string => {
      const row = rowOf(text, person, grant);
      expect(row).not.toBe('');
      return text.replace(row, change(row));
    };
  const lineOf = (text: string, person: string, grant: string, field: string): number => {
    const row = rowOf(text, person, grant);
    const before = text.slice(0, text.indexOf(row) + row.search(new RegExp(`^( {2}- | {4})"?${field}"?:`, 'm')));
    return before.split('\n').length;
  };

  const everybody = `${folder}/everybody.yaml`;
  const platform = `${folder}/platform.yaml`;

  const flaws: readonly [what: string, code: string, file: string, field: string, change: (row: string) => string][] = [
    [
      'a decision about oneself by username',
      'review-self',
      everybody,
      'by',
      (row) => `${row.trimEnd()}\n    by: ADA\n`,
    ],
    [
      'a decision about oneself by e-mail',
      'review-self',
      everybody,
      'by',
      (row) => `${row.trimEnd()}\n    by: Countess <ada@example.com>\n`,
    ],
    [
      'a decision about oneself by name',
      'review-self',
      everybody,
      'by',
      (row) => `${row.trimEnd()}\n    by: Ada Lovelace\n`,
    ],
    [
      'a privileged grant without a reason',
      'review-reason-missing',
      everybody,
      'reason',
      (row) => row.replace('reason: needed', 'reason: " "'),
    ],
    [
      'an undecided row',
      'review-undecided',
      everybody,
      'decision',
      (row) => row.replace('decision: keep', 'decision: ""'),
    ],
    [
      'an edited fact',
      'review-row-edited',
      everybody,
      'facts',
      (row) => row.replace('privileged: true', 'privileged: false'),
    ],
    [
      'an edited name of a grant',
      'review-row-edited',
      everybody,
      'facts',
      (row) => row.replace('grant: role system_admin', 'grant: nothing at all'),
    ],
    ['a day before the review', 'review-date', everybody, 'on', (row) => `${row.trimEnd()}\n    on: 2020-01-01\n`],
    ['a day to come', 'review-date', everybody, 'on', (row) => `${row.trimEnd()}\n    on: 2999-01-01\n`],
    ['a day that does not exist', 'review-date', everybody, 'on', (row) => `${row.trimEnd()}\n    on: 2027-02-30\n`],
    [
      'a row that was added',
      'review-row-added',
      everybody,
      'id',
      (row) => row.replace(/id: \S+/, 'id: 0123456789abcdef'),
    ],
    ['a row that stands there twice', 'review-row-twice', everybody, 'id', (row) => `${row.trimEnd()}\n\n${row}`],
  ];

  test.each(flaws)('refuses %s with its place', async (_, code, file, field, change) => {
    await stage.edit(file, inRow('ada', 'role system_admin', change));

    const { code: exit, stdout } = await stage.review('close', '--format', 'json');

    const text = await stage.read(file);
    git(stage.place.dir, 'checkout', '--quiet', '.');
    const grant = text.includes('grant: nothing at all') ? 'nothing at all' : 'role system_admin';
    const line = lineOf(text, 'ada', grant, field);
    expect(exit).toBe(3);
    const found = refusals({ stdout });
    if (code !== 'review-row-twice') expect(found).toContain(`${code} ${file}:${line}`);
    expect(found.some((one) => one.startsWith(`${code} ${file}:`))).toBe(true);
  });

  const losses: readonly [what: string, code: RegExp, change: () => Promise<void>][] = [
    [
      'a row that is missing',
      /^review-row-missing reviews\/2027-q1\/platform\.yaml:\d+$/,
      () =>
        stage.edit(
          platform,
          inRow('bob', 'token ci@1', () => ''),
        ),
    ],
    [
      'a row in the file of another owner',
      /^review-row-moved reviews\/2027-q1\/everybody\.yaml:\d+$/,
      async () => {
        const row = rowOf(await stage.read(platform), 'bob', 'token ci@1');
        await stage.edit(
          platform,
          inRow('bob', 'token ci@1', () => ''),
        );
        await stage.edit(everybody, (text) => `${text.trimEnd()}\n\n${row}`);
      },
    ],
    [
      'a file without the one who decided',
      /^review-by-missing reviews\/2027-q1\/platform\.yaml:\d+$/,
      () => stage.edit(platform, (text) => text.replace(/^by: .*$/m, 'by: ""')),
    ],
    [
      'a file without the day',
      /^review-on-missing reviews\/2027-q1\/platform\.yaml:\d+$/,
      () => stage.edit(platform, (text) => text.replace(/^"?on"?: .*$/m, 'on: ""')),
    ],
    [
      'an edited manifest',
      /^review-manifest-edited reviews\/2027-q1\/manifest\.json:1$/,
      () => stage.edit(`${folder}/manifest.json`, (text) => text.replace('"accounts": 4', '"accounts": 3')),
    ],
    [
      'a manifest that names a file of another folder',
      /^wrong-value reviews\/2027-q1\/manifest\.json:\d+$/,
      () =>
        stage.edit(`${folder}/manifest.json`, (text) =>
          text.replace('"file": "platform.yaml"', '"file": "../2027-q1/platform.yaml"'),
        ),
    ],
    [
      'a file that is missing',
      /^review-file-missing reviews\/2027-q1\/platform\.yaml:1$/,
      async () => void git(stage.place.dir, 'rm', '--quiet', platform),
    ],
    [
      'a file that was added',
      /^review-file-added reviews\/2027-q1\/mine\.yaml:1$/,
      () => stage.place.write({ [`${folder}/mine.yaml`]: 'version: 1\n' }),
    ],
    [
      'a word that is no decision',
      /^wrong-value reviews\/2027-q1\/platform\.yaml:\d+$/,
      () => stage.edit(platform, (text) => text.replace('    decision: keep', '    decision: perhaps')),
    ],
  ];

  test.each(losses)('refuses %s', async (_, expected, change) => {
    await change();

    const run = await stage.review('close', '--format', 'json');

    git(stage.place.dir, 'reset', '--quiet', '--hard');
    git(stage.place.dir, 'clean', '--quiet', '-fd', 'reviews');
    expect(run.code).toBe(3);
    expect(refusals(run)).toContainEqual(expect.stringMatching(expected));
    expect(stage.sandbox.requests.filter(({ method }) => method === 'DELETE' || method === 'PUT')).toEqual([]);
  });

  test('names everything that is in the way at once', async () => {
    await stage.edit(
      everybody,
      inRow('ada', 'role system_admin', (row) => row.replace('reason: needed', 'reason: ""')),
    );
    await stage.edit(platform, (text) => text.replaceAll('    decision: keep', '    decision: ""'));

    const run = await stage.review('close', '--format', 'json');
    const status = await stage.review('status', '--format', 'json');

    git(stage.place.dir, 'reset', '--quiet', '--hard');
    expect(refusals(run).map((one) => one.split(' ')[0])).toEqual([
      'review-reason-missing',
      'review-undecided',
      'review-undecided',
    ]);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      total: { rows: 7, keep: 5, revoke: 0, open: 2 },
      flaws: [{ code: 'review-reason-missing' }],
    });
  });

  test('refuses a manifest with another digest than the one that was named', async () => {
    const run = await stage.review('close', '--digest', `sha256:${'0'.repeat(64)}`, '--format', 'json');

    expect(run.code).toBe(3);
    expect(refusals(run)).toEqual([`review-manifest-edited ${folder}/manifest.json:1`]);
  });

  test.each<[what: string, args: readonly string[], code: string]>([
    ['a second one of the same name', ['open', reviewName], 'review-exists'],
    ['one that is not there', ['close', 'nothing'], 'review-not-found'],
    ['a name that is no folder’s', ['open', '../else'], 'review-name'],
    ['the proof of one that is not closed', ['verify', reviewName], 'review-not-closed'],
  ])('%s is refused', async (_, args, code) => {
    const run = await stage.place.muster(['review', ...args, '--format', 'json']);

    expect(run.code).toBe(3);
    expect(refusals(run)[0]).toMatch(new RegExp(`^${code} `));
  });
});

describe('a review that is closed', () => {
  const seed = {
    users: [
      { username: 'ada', roles: ['system_user', 'system_admin'] },
      { username: 'bob', tokens: [marked('ci', 'aaaaaaaaaa'), { description: 'by hand' }] },
      { username: 'grace' },
      { username: 'robot', is_bot: true, owner: 'ada' },
    ],
  };
  const users =
    'version: 1\nusers:\n  - username: ada\n  - username: bob\n    tokens: [{ name: ci }]\n  - username: grace\n';

  test('leaves to people what no users file can say, and names each grant that is still there', async () => {
    const stage = await opened(seed, { 'muster.yaml': muster('  protect: [ada]\n'), 'users.yaml': users });
    await stage.review('open');
    const kept = new Set(['grace', 'sandbox-admin']);
    await stage.decide((row) =>
      kept.has(row.person) || row.facts.key === 'account'
        ? {
            ...keep(row),
            ...(row.person === 'robot' && { decision: 'revoke' }),
            ...(row.person === 'grace' && { by: 'ada' }),
          }
        : { decision: 'revoke', reason: 'not needed' },
    );

    const closed = await stage.review('close', '--format', 'json');
    await stage.place.muster(['apply', '--yes']);
    const proof = await stage.review('verify', '--format', 'json');

    const { revoked } = JSON.parse(closed.stdout) as { revoked: { person: string; grant: string; how: string }[] };
    expect(revoked.map(({ person, grant, how }) => `${person} ${grant}: ${how}`).toSorted()).toEqual([
      'ada role system_admin: by-hand',
      'bob token "by hand": by-hand',
      'bob token ci@1: edited',
      'robot active account: by-hand',
    ]);
    expect(proof.code).toBe(9);
    const { grants, counts } = JSON.parse(proof.stdout) as ReviewVerification;
    expect(counts).toEqual({ revoked: 4, gone: 1, still_there: 3 });
    expect(grants.filter(({ is }) => is === 'gone').map(({ person, key }) => `${person} ${key.split(':')[0]}`)).toEqual(
      ['bob token'],
    );
  });

  test('cannot be closed again, and is not proven once it was changed', async () => {
    const stage = await opened(seed, { 'muster.yaml': muster(), 'users.yaml': users });
    await stage.review('open');
    await stage.decide((row) => ({ ...keep(row), ...(row.person === 'grace' && { by: 'ada' }) }));
    expect((await stage.review('close')).code).toBe(0);

    const again = await stage.review('close', '--format', 'json');
    const unchanged = await stage.review('verify');
    await stage.edit(`${folder}/everybody.yaml`, (text) => text.replace('    decision: keep', '    decision: revoke'));
    const changed = await stage.review('verify', '--format', 'json');

    expect(refusals(again)).toEqual([`review-closed ${folder}/manifest.json:1`]);
    expect(unchanged.code).toBe(0);
    expect(changed.code).toBe(3);
    expect(refusals(changed)).toEqual([`review-changed ${folder}/manifest.json:1`]);
  });

  test('comes back in the next one: what changed stands first, with the last decision and who gave it', async () => {
    const stage = await opened(seed, {
      'muster.yaml': muster(),
      'users.yaml': users.replace('  - username: grace\n', '  - username: grace\n    roles: [system_user_manager]\n'),
    });
    const commit = git(stage.place.dir, 'rev-parse', 'HEAD');
    expect(await stage.place.muster(['apply', '--yes'])).toMatchObject({ code: 0 });
    await stage.review('open');
    await stage.decide((row) => ({
      ...keep(row),
      ...(row.grant === 'token ci@1' && { decision: 'revoke' }),
      ...(row.person === 'grace' && { by: 'ada' }),
    }));
    expect((await stage.review('close')).code).toBe(0);
    await stage.edit('users.yaml', (text) =>
      text
        .replace('  - username: grace\n', '  - { username: new, email: new@example.com }\n  - username: grace\n')
        .replace('tokens: []', 'tokens: [{ name: ci }]'),
    );
    expect((await stage.place.muster(['apply', '--yes'])).code).toBe(0);

    const next = await stage.place.muster(['review', 'open', '2027-q2']);

    expect(next.code).toBe(0);
    const rows = await stage.rows('2027-q2');
    expect(rows.slice(0, 3).map(({ person, grant, facts }) => [person, grant, facts.change])).toEqual([
      ['bob', 'token ci@1', 'revoked-before'],
      ['new', 'active account', 'new'],
      ['ada', 'active account', 'same'],
    ]);
    expect(rows[0]?.facts.last_decision).toMatchObject({ decision: 'revoke', by: 'grace', review: reviewName });
    expect(rows.find(({ grant }) => grant === 'role system_user_manager')?.facts.since).toMatchObject({
      run: expect.stringMatching(/^000001-/),
      by: 'sandbox-admin',
      commit,
    });
  });
});

test('is not opened when it could not be proven that no account is missing', async () => {
  const stage = await opened(
    { users: Array.from({ length: 5 }, (_, i) => ({ username: `user-${i}` })) },
    { 'muster.yaml': muster(), 'users.yaml': 'version: 1\nusers:\n  - username: user-1\n' },
  );
  stage.sandbox.faults.add({
    kind: 'short-page',
    drop: 1,
    match: { method: 'GET', path: '/users' },
    times: Number.POSITIVE_INFINITY,
  });

  const run = await stage.review('open');

  expect(run.code).toBe(5);
  await expect(stage.manifest()).rejects.toThrow('ENOENT');
});

test('is not opened, nor closed, where its folder is a link that leads elsewhere', async () => {
  const stage = await opened(
    { users: [{ username: 'ada' }] },
    { 'muster.yaml': muster(), 'users.yaml': 'version: 1\nusers:\n  - username: ada\n' },
  );
  const elsewhere = await mkdtemp(join(tmpdir(), 'muster-elsewhere-'));
  const reviews = join(stage.place.dir, 'reviews');
  await symlink(elsewhere, reviews);
  const open = await stage.review('open', '--format', 'json');
  await rm(reviews);
  expect((await stage.review('open')).code).toBe(0);
  await stage.decide(() => ({ decision: 'keep', reason: 'needed' }));
  await rename(join(reviews, reviewName), join(elsewhere, reviewName));
  await symlink(join(elsewhere, reviewName), join(reviews, reviewName));
  const close = await stage.review('close', '--format', 'json');

  expect([open.code, refusals(open)[0]]).toEqual([3, 'review-elsewhere :']);
  expect([close.code, refusals(close)[0]]).toEqual([3, 'review-elsewhere :']);
  expect(await readdir(elsewhere)).toEqual([reviewName]);
  expect(await readdir(join(elsewhere, reviewName))).not.toContain('closed.json');
});
