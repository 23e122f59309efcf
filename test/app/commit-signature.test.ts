import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CommitSignature, signatureOf } from '../../src/app/commit-signature.ts';
import { type PublicKey, publicKeyOf, publicKeySpelling } from '../../src/model/public-keys.ts';
import { git } from '../support/git-repository.ts';
import { type Gpg, hasGpg, openGpg } from '../support/gpg.ts';

const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };

describe('a commit that is signed by OpenPGP', () => {
  let gpg: Gpg;
  let dir: string;
  let own: string;
  let other: string;

  beforeEach((context) => {
    if (!hasGpg) context.skip('needs gpg');
  });
  beforeAll(() => {
    if (!hasGpg) return;
    gpg = openGpg();
    dir = mkdtempSync(join(tmpdir(), 'muster-signed-'));
    git(dir, 'init', '--quiet', '--initial-branch=main');
    own = gpg.makeKey('own');
    other = gpg.makeKey('other');
  });
  afterAll(() => {
    if (hasGpg) gpg.close();
  });

  const keys = (...fingerprints: readonly string[]): readonly PublicKey[] =>
    fingerprints.flatMap((one) => publicKeyOf(gpg.publicKey(one)) ?? []);

  /** As git stores it. */
  function committed(signing: readonly string[]): Buffer {
    git(dir, ...signing, 'commit', '--quiet', '--allow-empty', '-S', '-m', 'Größe');
    return execFileSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: dir });
  }

  const judged = (raw: Buffer, trusted: readonly PublicKey[], of = env): Promise<CommitSignature> =>
    signatureOf(raw, trusted, of);

  const refused = (why: string): CommitSignature => ({ state: 'not verifiable', why });

  test('is verified by a key that is listed, and by no other', async () => {
    const raw = committed(gpg.signing(own));

    expect(await judged(raw, keys(other, own))).toEqual({ state: 'verified', key: own });
    expect(await judged(raw, keys(other))).toEqual(refused('its key is not a trusted one'));
    expect(await judged(raw, [])).toEqual(refused('it is by an OpenPGP key, and none is listed'));
  });

  test('is verified by a subkey of a key that is listed, and names the key', async () => {
    gpg.run(['--passphrase', '', '--quick-add-key', own, 'ed25519', 'sign', 'never']);
    const subkey = [...gpg.run(['--with-colons', '--list-keys', own]).matchAll(/^fpr:+([0-9A-F]{40}):/gm)].at(-1)?.[1];

    expect(subkey).not.toBe(own);
    expect(await judged(committed(gpg.signing(`${subkey}!`)), keys(own))).toEqual({ state: 'verified', key: own });
  });

  test('is not verifiable once a byte of it is another', async () => {
    const raw = committed(gpg.signing(own));
    const forged = Buffer.from(raw.toString('latin1').replace('author test', 'author best'), 'latin1');

    expect(await judged(forged, keys(own))).toEqual(refused('it does not fit what was signed'));
  });

  test('is not verifiable by a key that has expired, or that was revoked', async () => {
    const then = '20200101T000000!';
    const old = gpg.makeKey('old', { expires: '1y', now: then });
    const gone = gpg.makeKey('gone');
    const byGone = committed(gpg.signing(gone));
    gpg.revoke(gone);

    const byOld = committed(gpg.signing(old, '--faked-system-time', then));
    expect(await judged(byOld, keys(old))).toEqual(refused('its key has expired'));
    expect(await judged(byGone, keys(gone))).toEqual(refused('its key was revoked'));
  });

  test('is not verifiable where two keys signed, nor where the hash is weak', async () => {
    const byBoth = committed(gpg.signing(own, '--local-user', other));

    expect(await judged(byBoth, keys(own))).toMatchObject({ state: 'not verifiable' });
    expect(await judged(byBoth, keys(own, other))).toMatchObject({ state: 'not verifiable' });
    const rsa = gpg.makeKey('weak', { sort: 'rsa2048' });
    const byWeak = committed(gpg.signing(rsa, '--digest-algo', 'SHA1'));
    expect(await judged(byWeak, keys(rsa))).toEqual(refused('it uses a weak hash'));
  });

  test('is not verifiable by a whole message, which would be checked in place of the commit', async () => {
    const raw = committed(gpg.signing(own)).toString('latin1');
    const message = gpg
      .run(['--armor', '--local-user', own, '--sign'], 'tree of something else\n')
      .trim()
      .replaceAll('PGP MESSAGE', 'PGP SIGNATURE');
    const forged = raw.replace(/^gpgsig .*(?:\n .*)*/m, () => `gpgsig ${message.replaceAll('\n', '\n ')}`);

    expect(forged).not.toBe(raw);
    expect(await judged(Buffer.from(forged, 'latin1'), keys(own))).toMatchObject({ state: 'not verifiable' });
  });

  test('is not verifiable without gpg, and never by the keyring, the options or the program of another', async () => {
    const raw = committed(gpg.signing(own));
    const home = mkdtempSync(join(tmpdir(), 'muster-home-'));
    const [bin, tmp, marks] = [join(home, 'bin'), join(home, 'tmp'), join(home, 'ran')];
    for (const folder of [bin, tmp]) mkdirSync(folder);
    vi.stubEnv('TMPDIR', tmp);
    git(dir, 'config', 'gpg.program', join(home, 'evil.sh'));
    writeFileSync(join(home, 'evil.sh'), `#!/bin/sh\ntouch ${marks}\necho '[GNUPG:] GOODSIG'\n`, { mode: 0o755 });

    expect(await judged(raw, keys(own), { ...env, PATH: bin })).toEqual(refused('gpg is not there to check it'));
    const ofOther = { ...env, HOME: home, GNUPGHOME: gpg.home };
    expect(await judged(raw, keys(other), ofOther)).toEqual(refused('its key is not a trusted one'));
    vi.unstubAllEnvs();
    expect(readdirSync(home).toSorted()).toEqual(['bin', 'evil.sh', 'tmp']);
    expect(readdirSync(tmp)).toEqual([]);
  });

  test('is by a key whose fingerprint muster reads as gpg does, in one spelling', () => {
    const text = gpg.publicKey(own);

    expect(publicKeyOf(text)).toMatchObject({ sort: 'openpgp', fingerprint: own });
    expect(publicKeyOf(gpg.publicKey(other))).toMatchObject({ fingerprint: other });
    expect(publicKeySpelling(text.replace('\n\n', '\nComment: of the forge\n\n'))).toBe(publicKeySpelling(text));
    expect(publicKeyOf(gpg.run(['--armor', '--export', own, other]))).toBeUndefined();
    const secret = gpg.secretKey(own).replaceAll('PRIVATE', 'PUBLIC');
    expect(publicKeyOf(secret)).toBeUndefined();
  });
});

test('a signature of another sort is not verifiable, and a commit without one is unsigned', async () => {
  const commit = 'tree 1\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n';
  const signed = `${commit}gpgsig -----BEGIN SIGNED MESSAGE-----\n abc\n -----END SIGNED MESSAGE-----\n\nhello\n`;

  expect(await signatureOf(Buffer.from(`${commit}\nhello\n`), [], env)).toEqual({ state: 'unsigned' });
  expect(await signatureOf(Buffer.from(signed), [], env)).toMatchObject({
    state: 'not verifiable',
    why: 'signatures of this sort are not checked',
  });
  // Words that every object of the language knows are none of a table.
  for (const word of ['__proto__', 'constructor', 'toString'])
    expect(await signatureOf(Buffer.from(`${commit}gpgsig ${word}\n\nhello\n`), [], env)).toMatchObject({
      state: 'not verifiable',
    });
});
