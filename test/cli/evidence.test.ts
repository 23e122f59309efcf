/** Evidence packs: whole or absent, checked without muster, and the same bytes for the same inputs. */
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidence } from '../../src/app/evidence.ts';
import { defaultPorts } from '../../src/app/ports.ts';
import { evidencePrinters } from '../../src/cli/render-evidence.ts';
import { byText } from '../../src/model/compare.ts';
import type { EvidenceFile } from '../../src/model/generated/evidence-file.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { JumpingClock } from '../api/support/clocks.ts';
import { makeWorkplace, type Run, type Workplace } from '../support/run-muster.ts';
import { allow, hasPrograms, makeKey, sha256sumAccepts, sshKeygenAccepts } from '../support/ssh-programs.ts';

const files = {
  'muster.yaml': 'version: 1\npolicy: { min_admins: 1 }\n',
  'users.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n  - { username: bob, active: false }\n',
};
let sandbox: Sandbox;
let place: Workplace;
let env: NodeJS.ProcessEnv;
/** A signed pack that no test changes. */
let pack: string;
let key: string;
let made: Run;

beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'ada', roles: ['system_user', 'system_admin'], tokens: [{ description: 'laptop' }] },
        { username: 'bob', tokens: [{ description: 'ci@1 muster:2026-06-01:aaaaaaaaaa' }] },
      ],
      teams: ['main'],
      integrations: [{ kind: 'incoming-webhook', name: 'Builds', creator: 'bob' }],
    },
  });
  env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };
  place = await makeWorkplace(files, env);
  await place.muster(['apply', '--yes']);
  if (hasPrograms) key = makeKey(place.dir, 'key');
  pack = join(place.dir, 'pack');
  made = await place.muster(['evidence', '--out', 'pack', ...(hasPrograms ? ['--sign-key', 'key'] : [])]);
});
afterAll(() => sandbox.close());

/** Paths of everything below a folder, folders too. */
const allIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((path) => join(dir, path));

const about = (dir: string): EvidenceFile =>
  JSON.parse(readFileSync(join(dir, 'evidence.json'), 'utf8')) as EvidenceFile;

const codesOf = ({ stdout }: Pick<Run, 'stdout'>): readonly string[] => {
  const { flaws, error } = JSON.parse(stdout) as {
    flaws?: readonly { readonly code: string; readonly file: string }[];
    error?: { readonly code: string; readonly problems?: readonly Problem[] };
  };
  return [
    ...(flaws ?? []).map(({ code, file }) => `${code} ${file}`),
    ...(error?.problems ?? (error === undefined ? [] : [error])).map(({ code }) => code),
  ];
};

test('a pack holds the report, the answers, the plan, the journals and their list, for its owner alone', () => {
  const paths = allIn(pack).map((path) => path.slice(pack.length + 1));
  const { runs, answers } = about(pack);

  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('Evidence written to pack') });
  for (const path of [
    'README.txt',
    'report/audit.json',
    'report/audit.html',
    'report/audit.csv',
    'plan/plan.json',
    'plan/plan.txt',
  ])
    expect(paths).toContain(path);
  expect(runs).toMatchObject([{ how: 'complete', done: 3, signature: 'fits', by: 'sandbox-admin' }]);
  for (const { file, plan } of runs) {
    const name = file.slice('journal/'.length);
    const written = allIn(join(place.dir, 'state')).find((path) => path.endsWith(name)) ?? '';
    expect(readFileSync(join(pack, file))).toEqual(readFileSync(written));
    expect(paths).toContain(plan);
  }
  expect(answers.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['answers/users.pages.jsonl', 'answers/tokens.search.jsonl']),
  );
  for (const path of [pack, ...allIn(pack)])
    expect(lstatSync(path).mode & 0o777).toBe(lstatSync(path).isDirectory() ? 0o700 : 0o600);
});

test('the answers hold the population of the report, and no secret', async () => {
  const { completeness } = JSON.parse(readFileSync(join(pack, 'report/audit.json'), 'utf8')) as {
    completeness: { reads: readonly { what: string; found: number }[] };
  };
  const pages = readFileSync(join(pack, 'answers/users.pages.jsonl'), 'utf8').trim().split('\n');
  const ids = pages
    .map((line) => JSON.parse(line) as { call: string; answer: { id: string }[] })
    .filter(({ call }) => !call.includes('roles='))
    .flatMap(({ answer }) => answer.map(({ id }) => id));
  const hooks = await fetch(`${sandbox.url}/api/v4/hooks/incoming`, {
    headers: { authorization: `Bearer ${sandbox.adminToken}` },
  });
  const [{ id: webhook = '' } = {}] = JSON.parse(await hooks.text()) as { id?: string }[];

  expect(new Set(ids).size).toBe(completeness.reads.find(({ what }) => what === 'accounts')?.found);
  const text = allIn(pack)
    .filter((path) => lstatSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  expect(text).not.toContain(sandbox.adminToken);
  expect(webhook).toHaveLength(26);
  expect(text).not.toContain(webhook);
});

test.skipIf(!hasPrograms)('sha256sum and ssh-keygen check a pack without muster, as its README.txt says', () => {
  const allowed = allow(place.dir, readFileSync(`${key}.pub`, 'utf8'));
  const signature = join(pack, 'manifest.sha256.sig');
  const manifest = readFileSync(join(pack, 'manifest.sha256'));
  const [, line = ''] = /^ {2}(muster namespaces=.*)$/m.exec(readFileSync(join(pack, 'README.txt'), 'utf8')) ?? [];

  expect(sha256sumAccepts(pack)).toBe(true);
  expect(sshKeygenAccepts(signature, manifest, allowed)).toBe(true);
  expect(sshKeygenAccepts(signature, Buffer.concat([manifest, Buffer.from('\n')]), allowed)).toBe(false);
  expect(sshKeygenAccepts(signature, manifest, allowed, 'file')).toBe(false);
  expect(readFileSync(allowed, 'utf8')).toContain(line);
});

test('the same inputs give the same bytes, however many requests are under way at once', async () => {
  const packed = async (out: string, concurrency: number): Promise<readonly (readonly [string, string])[]> => {
    await evidence(
      { out, concurrency, print: evidencePrinters, ...(hasPrograms && { signKey: key }) },
      defaultPorts({
        workingDir: place.dir,
        env: { ...env, XDG_STATE_HOME: join(place.dir, 'state') },
        clock: new JumpingClock(Date.now()),
      }),
    );
    const dir = join(place.dir, out);
    const found = allIn(dir).filter((path) => lstatSync(path).isFile());
    return found
      .map((path) => [path.slice(dir.length), readFileSync(path, 'latin1')] as const)
      .toSorted(byText(([path]) => path));
  };
  const realNow = Date.now;
  Date.now = () => 1_796_000_000_000;
  try {
    const one = await packed('once', 1);
    const other = await packed('twice', 8);

    expect(other.map(([path]) => path)).toEqual(one.map(([path]) => path));
    for (const [i, [path, text]] of one.entries()) expect(other[i], path).toEqual([path, text]);
  } finally {
    Date.now = realNow;
  }
});

describe('muster evidence verify', () => {
  let copies = 0;
  const changed = (change: (dir: string) => void): string => {
    copies += 1;
    const dir = join(place.dir, `changed-${copies}`);
    cpSync(pack, dir, { recursive: true });
    change(dir);
    return dir;
  };
  const rows: ReadonlyArray<readonly [what: string, change: (dir: string) => void, codes: readonly string[]]> = [
    [
      'a file that was changed',
      (dir) => writeFileSync(join(dir, 'plan/plan.txt'), 'x'),
      ['file-changed plan/plan.txt'],
    ],
    ['a file that is gone', (dir) => rmSync(join(dir, 'report/audit.csv')), ['file-missing report/audit.csv']],
    ['a file that was added', (dir) => writeFileSync(join(dir, 'report/more.txt'), ''), ['file-added report/more.txt']],
    [
      'a link in the place of a file',
      (dir) => {
        rmSync(join(dir, 'README.txt'));
        symlinkSync(join(pack, 'README.txt'), join(dir, 'README.txt'));
      },
      ['file-changed README.txt'],
    ],
    ['a manifest that is gone', (dir) => rmSync(join(dir, 'manifest.sha256')), ['manifest-missing manifest.sha256']],
  ];

  test.each(rows)('finds %s, with exit code 10', async (_, change, codes) => {
    const run = await place.muster(['evidence', 'verify', changed(change), '--format', 'json']);

    expect(run.code).toBe(10);
    expect(codesOf(run)).toEqual(codes);
  });

  const signedRows: ReadonlyArray<readonly [what: string, change: (dir: string) => void, codes: readonly string[]]> = [
    [
      'a manifest that fits a changed file',
      (dir) => {
        const path = join(dir, 'manifest.sha256');
        writeFileSync(path, readFileSync(path, 'utf8').replace(/^[0-9a-f]{64}(?= {2}README)/m, 'a'.repeat(64)));
      },
      ['file-changed README.txt', 'signature-wrong manifest.sha256.sig'],
    ],
    [
      'a manifest with a line that is none',
      (dir) => writeFileSync(join(dir, 'manifest.sha256'), 'x\n'),
      ['manifest-unreadable manifest.sha256', 'signature-wrong manifest.sha256.sig'],
    ],
    [
      'a signature that is none',
      (dir) => writeFileSync(join(dir, 'manifest.sha256.sig'), 'x'),
      ['signature-wrong manifest.sha256.sig'],
    ],
  ];

  test.skipIf(!hasPrograms).each(signedRows)('finds %s, with exit code 10', async (_, change, codes) => {
    const run = await place.muster(['evidence', 'verify', changed(change), '--format', 'json']);

    expect(run.code).toBe(10);
    expect(codesOf(run)).toEqual(codes);
  });

  test.skipIf(!hasPrograms)(
    'says whose signature it is, and refuses another one or none where one is asked for',
    async () => {
      const other = makeKey(place.dir, 'other');
      const verify = (dir: string, ...more: readonly string[]): Promise<Run> =>
        place.muster(['evidence', 'verify', dir, '--format', 'json', ...more]);
      const unsigned = changed((dir) => rmSync(join(dir, 'manifest.sha256.sig')));

      expect(await verify('pack', '--allowed-signers', 'key.pub')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"isSignerKnown": true'),
      });
      const foreign = await verify('pack', '--allowed-signers', `${other}.pub`);
      expect([foreign.code, codesOf(foreign)]).toEqual([10, ['signer-unknown manifest.sha256.sig']]);
      expect((await verify(unsigned)).code).toBe(0);
      const missing = await verify(unsigned, '--allowed-signers', 'key.pub');
      expect([missing.code, codesOf(missing)]).toEqual([10, ['signature-missing manifest.sha256.sig']]);
      expect((await place.muster(['evidence', 'verify', 'pack'])).stdout).toContain(
        'files as packed\nsigned by SHA256:',
      );
    },
  );

  test('refuses what is no pack, and what holds no key, with exit code 3', async () => {
    for (const [args, code] of [
      [['none'], 'no-evidence'],
      [['state'], 'no-evidence'],
      [['pack', '--allowed-signers', 'users.yaml'], 'no-signers'],
      [['pack', '--allowed-signers', 'none'], 'no-signers'],
    ] as const) {
      const run = await place.muster(['evidence', 'verify', ...args, '--format', 'json']);
      expect([run.code, codesOf(run)]).toEqual([3, [code]]);
    }
  });
});

describe('muster evidence', () => {
  test('writes only into a folder that is new or empty, and makes nothing where it fails', async () => {
    const refused = async (args: readonly string[], options = {}): Promise<readonly [number, readonly string[]]> => {
      const run = await place.muster(['evidence', ...args, '--format', 'json'], options);
      return [run.code, codesOf(run)];
    };
    const before = readdirSync(place.dir);

    expect(await refused([])).toEqual([3, ['no-out']]);
    expect(await refused(['--out', 'pack'])).toEqual([3, ['evidence-folder-taken']]);
    expect(await refused(['--out', 'users.yaml'])).toEqual([3, ['REPORT_NOT_WRITTEN']]);
    expect(await refused(['--out', 'none/pack'])).toEqual([3, ['REPORT_NOT_WRITTEN']]);
    expect(await refused(['--out', 'fresh', '--sign-key', 'users.yaml'])).toEqual([3, ['SIGN_KEY']]);
    expect(await refused(['--out', 'fresh'], { env: { MUSTER_TOKEN: 'wrong' } })).toEqual([5, ['API_UNAUTHORIZED']]);
    expect(readdirSync(place.dir)).toEqual(before);
  });

  test('packs the runs of a period', async () => {
    const day = (ms: number): string => new Date(Date.now() + ms).toISOString().slice(0, 10);
    const runsOf = async (out: string, ...args: readonly string[]): Promise<number> => {
      expect((await place.muster(['evidence', '--out', out, ...args])).code).toBe(0);
      return about(join(place.dir, out)).runs.length;
    };

    expect(await runsOf('today', '--since', day(-86_400_000), '--until', day(86_400_000))).toBe(1);
    expect(await runsOf('tomorrow', '--since', day(2 * 86_400_000))).toBe(0);
    expect(await runsOf('yesterday', '--until', day(-2 * 86_400_000))).toBe(0);
    expect(about(join(place.dir, 'today')).period.until).toBe(`${day(86_400_000)}T23:59:59.999Z`);
  });

  test.skipIf(!hasPrograms)('signs with the key of muster.yaml, and hides addresses where that says so', async () => {
    await place.write({ 'muster.yaml': `${files['muster.yaml']}evidence: { sign_key: key, emails: hide }\n` });

    const run = await place.muster(['evidence', '--out', 'configured']);
    await place.write(files);

    expect(run.stdout).toContain('signed by SHA256:');
    const answers = allIn(join(place.dir, 'configured/answers')).map((path) => readFileSync(path, 'utf8'));
    expect(answers.filter((text) => text.includes('@example'))).toEqual([]);
  });

  test('refuses a journal in which a line was edited with exit code 10, as muster journal verify does', async () => {
    const path = allIn(join(place.dir, 'state')).find((name) => name.endsWith('.jsonl')) ?? '';
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"actions":3', '"actions":4'));
    expect(readFileSync(path, 'utf8')).not.toBe(text);

    const run = await place.muster(['evidence', '--out', 'tampered', '--format', 'json']);
    const verified = await place.muster(['journal', 'verify']);
    writeFileSync(path, text);

    expect([run.code, codesOf(run)]).toEqual([10, ['JOURNAL_TAMPERED']]);
    expect(existsSync(join(place.dir, 'tampered'))).toBe(false);
    expect(verified.code).toBe(10);
  });
});
