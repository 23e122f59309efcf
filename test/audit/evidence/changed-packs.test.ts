/**
 * Random changes of single bytes in a signed pack, judged here as `sha256sum` and `ssh-keygen` judge them, and a share of them
 * by these programs themselves: `MUSTER_REAL_CHANGES=100000` lets them judge more.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { checkPack, type Pack } from '../../../src/audit/evidence/check-pack.ts';
import {
  manifestName,
  manifestText,
  parseManifest,
  sha256,
  signatureName,
} from '../../../src/audit/evidence/manifest.ts';
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
  sha256sumAcceptsEach,
  sshKeygenAccepts,
} from '../../support/ssh-programs.ts';

import { bySuite } from '../../support/suite.ts';

const changes = bySuite({ short: 400, long: 100_000 });
const real = Number(process.env['MUSTER_REAL_CHANGES'] ?? bySuite({ short: 25, long: 600 }));
const perBatch = 1000;

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

/** Of the signature, a change that its reader does not see. */
function isHarmless(change: Change): boolean {
  if (change.path !== signatureName) return false;
  const asWritten = decodedBytes((files.get(signatureName) ?? '').toString('latin1'));
  return decodedBytes(changed(change).toString('latin1')) === asWritten;
}

test('every change of a byte is found, but for those of the signature that leave its decoded bytes as they are', () => {
  const missed: Change[] = [];
  const invented: Change[] = [];
  let harmless = 0;
  for (const change of randomChanges(changes, 7)) {
    const isFound = checkPack(packWith(change)).flaws.length > 0;
    const isUnseen = isHarmless(change);
    if (isUnseen) harmless += 1;
    if (isFound === isUnseen) (isUnseen ? invented : missed).push(change);
  }

  expect({ missed, invented }).toEqual({ missed: [], invented: [] });
  expect(harmless).toBeLessThan(changes / 100);
});

/**
 * What the two programs say of each change: of a file whether the manifest's line still fits it, of the manifest and its
 * signature whether the signature does. Of what a change does not touch they say what they said before.
 */
function judgedByPrograms(all: readonly Change[]): readonly boolean[] {
  const listed = parseManifest((files.get(manifestName) ?? '').toString('latin1')) ?? new Map<string, string>();
  const contents = all.flatMap((change) => {
    const hash = listed.get(change.path);
    return hash === undefined ? [] : [{ change, hash, content: changed(change) }];
  });
  const sums = sha256sumAcceptsEach(join(dir, '..', 'changed'), contents);
  const fits = new Map(contents.map(({ change }, i) => [change, sums[i] === true]));
  return all.map((change) => fits.get(change) ?? (isSignedStill(change) && isWholeStill(change)));
}

function isSignedStill(change: Change): boolean {
  if (change.path !== signatureName) return sshKeygenAccepts(join(dir, signatureName), changed(change), allowed);
  const signature = join(dir, '..', 'changed.sig');
  writeFileSync(signature, changed(change));
  return sshKeygenAccepts(signature, files.get(manifestName) ?? Buffer.alloc(0), allowed);
}

/** Where a manifest is signed for all that it was changed: none is. */
function isWholeStill(change: Change): boolean {
  if (change.path === signatureName) return true;
  writeFileSync(join(dir, manifestName), changed(change));
  const isWhole = sha256sumAccepts(dir);
  writeFileSync(join(dir, manifestName), files.get(manifestName) ?? '');
  return isWhole;
}

test('sha256sum and ssh-keygen alone find each of a share of these changes, as muster does', async ({ annotate }) => {
  const inSignature = [...randomChanges(real * 8, 11)]
    .filter(({ path }) => path === signatureName)
    .slice(0, Math.min(real / 2, 1000));
  const all = [...randomChanges(real, 13), ...inSignature];
  const different: string[] = [];
  let found = 0;
  for (let from = 0; from < all.length; from += perBatch) {
    const some = all.slice(from, from + perBatch);
    const accepted = judgedByPrograms(some);
    for (const [i, change] of some.entries()) {
      const isAccepted = accepted[i] === true;
      if (!isAccepted) found += 1;
      const isAcceptedHere = checkPack(packWith(change)).flaws.length === 0;
      if (isAccepted !== isAcceptedHere || isAccepted !== isHarmless(change)) different.push(JSON.stringify(change));
    }
  }
  await annotate(
    `${all.length} changes: ${found} found, ${all.length - found} leave what the signature says as it was`,
  );

  expect(sha256sumAccepts(dir)).toBe(true);
  expect(sshKeygenAccepts(join(dir, signatureName), files.get(manifestName) ?? Buffer.alloc(0), allowed)).toBe(true);
  expect(different).toEqual([]);
});
