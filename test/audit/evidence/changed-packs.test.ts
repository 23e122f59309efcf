/**
 * Random changes of single bytes in a signed pack, judged here as `sha256sum` and `ssh-keygen` judge them, and a share of them
 * by these programs themselves: `MUSTER_REAL_CHANGES=100000` lets them judge more.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { checkPack, type Pack } from '../../../src/audit/evidence/check-pack.ts';
import { manifestName, manifestText, sha256, signatureName } from '../../../src/audit/evidence/manifest.ts';
import { makePrivateFolder } from '../../../src/disk/private-folder.ts';
import { seededRandomness, startSandbox } from '../../../src/sandbox/index.ts';
import { readSignKey } from '../../../src/secrets/sign-key.ts';
import { makeWorkplace, type Workplace } from '../../support/run-muster.ts';
import {
  allow,
  hasPrograms,
  makeKey,
  namespace,
  sha256sumAccepts,
  sshKeygenAccepts,
} from '../../support/ssh-programs.ts';

import { bySuite } from '../../support/suite.ts';

const changes = bySuite({ short: 400, long: 100_000 });
const real = Number(process.env['MUSTER_REAL_CHANGES'] ?? bySuite({ short: 25, long: 600 }));

let dir: string;
let allowed: string;
/** By their paths in the pack. */
let files: ReadonlyMap<string, Buffer>;

beforeEach((context) => {
  if (!hasPrograms) context.skip('needs sha256sum and ssh-keygen');
});
beforeAll(async () => {
  if (!hasPrograms) return;
  const place = await makeWorkplace();
  const key = makeKey(place.dir, 'key');
  allowed = allow(place.dir, readFileSync(`${key}.pub`, 'utf8'));
  dir = join(place.dir, 'pack');
  await bySuite({ short: packOf, long: packOfServer })(place, key);
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1));
  files = new Map(paths.toSorted().map((path) => [path, readFileSync(join(dir, path))]));
});

/** Signed as muster signs it, of any files. */
async function packOf(_: Workplace, key: string): Promise<void> {
  const content = new Map([
    ['README.txt', readFileSync('README.md')],
    ['report/audit.json', readFileSync('package.json')],
    ['journal/run.jsonl', Buffer.from('{"a":1}\n')],
  ]);
  const manifest = manifestText(content);
  const signature = (await readSignKey(key)).sign(Buffer.from(manifest), namespace);
  await makePrivateFolder(
    dir,
    new Map<string, Buffer | string>([...content, [manifestName, manifest], [signatureName, signature]]),
  );
}

/** As muster evidence writes it. */
async function packOfServer(place: Workplace, key: string): Promise<void> {
  const sandbox = await startSandbox({ seed: { users: [{ username: 'ada', tokens: [{ description: 'laptop' }] }] } });
  const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };
  await place.write({
    'muster.yaml': 'version: 1\npolicy: { min_admins: 1 }\n',
    'users.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n',
  });
  try {
    expect((await place.muster(['apply', '--yes'], { env })).code).toBe(0);
    expect((await place.muster(['evidence', '--out', dir, '--sign-key', key], { env })).code).toBe(0);
  } finally {
    await sandbox.close();
  }
}

interface Change {
  readonly path: string;
  readonly at: number;
  readonly byte: number;
}

/** Each file is as likely as any other, and so is each of its bytes, and each other value of it. */
function* randomChanges(count: number, seed: number): Generator<Change> {
  const next = seededRandomness(seed);
  const random = (below: number): number => Math.floor(next() * below);
  const paths = [...files.keys()];
  for (let i = 0; i < count; i++) {
    const path = paths[random(paths.length)] ?? '';
    const content = files.get(path) ?? Buffer.alloc(1);
    const at = random(content.length);
    yield { path, at, byte: ((content[at] ?? 0) + 1 + random(255)) % 256 };
  }
}

function changed({ path, at, byte }: Change): Buffer {
  const copy = Buffer.from(files.get(path) ?? '');
  copy[at] = byte;
  return copy;
}

let hashes: ReadonlyMap<string, string> | undefined;

function packWith(change: Change): Pack {
  hashes ??= new Map(
    [...files].filter(([path]) => !path.startsWith(manifestName)).map(([path, content]) => [path, sha256(content)]),
  );
  const content = changed(change);
  const of = (path: string): Buffer => (change.path === path ? content : (files.get(path) ?? Buffer.alloc(0)));
  return {
    hashes: hashes.has(change.path) ? new Map([...hashes, [change.path, sha256(content)]]) : hashes,
    manifest: of(manifestName),
    signature: of(signatureName).toString('latin1'),
  };
}

/** What the signature says, whatever stands around it: its base64 without blanks. */
function decodedBytes(text: string): string {
  const [, base64 = 'none'] = /^-----BEGIN SSH SIGNATURE-----\n([^]*?)\n-----END SSH SIGNATURE-----/.exec(text) ?? [];
  return base64.replace(/\s/g, '');
}

test('every change of a byte is found, but for those of the signature that leave its decoded bytes as they are', () => {
  const asWritten = decodedBytes((files.get(signatureName) ?? '').toString('latin1'));
  const missed: Change[] = [];
  const invented: Change[] = [];
  let harmless = 0;
  for (const change of randomChanges(changes, 7)) {
    const isFound = checkPack(packWith(change)).flaws.length > 0;
    const isHarmless = change.path === signatureName && decodedBytes(changed(change).toString('latin1')) === asWritten;
    if (isHarmless) harmless += 1;
    if (isFound === isHarmless) (isHarmless ? invented : missed).push(change);
  }

  expect({ missed, invented }).toEqual({ missed: [], invented: [] });
  expect(harmless).toBeLessThan(changes / 100);
});

test('sha256sum and ssh-keygen judge a share of these changes alike, each of them', () => {
  const inSignature = [...randomChanges(real * 8, 11)].filter(({ path }) => path === signatureName).slice(0, real / 2);
  const different: string[] = [];
  for (const change of [...randomChanges(real, 13), ...inSignature]) {
    const path = join(dir, change.path);
    writeFileSync(path, changed(change));
    const bySums = sha256sumAccepts(dir);
    const manifest = readFileSync(join(dir, manifestName));
    const byKey = sshKeygenAccepts(join(dir, signatureName), manifest, allowed);
    writeFileSync(path, files.get(change.path) ?? '');
    const { flaws } = checkPack(packWith(change));
    const isSignedHere = !flaws.some(({ code }) => code === 'signature-wrong');
    const isWholeHere = flaws.length === 0;
    if (isSignedHere !== byKey || isWholeHere !== (bySums && byKey)) different.push(JSON.stringify(change));
  }

  expect(different).toEqual([]);
});
