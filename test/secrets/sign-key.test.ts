import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSignKey } from '../../src/secrets/sign-key.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { hasPrograms, makeKey } from '../support/ssh-programs.ts';

let dir: string;
let good: string;

beforeAll(async () => {
  ({ dir } = await makeWorkplace());
  if (hasPrograms) good = makeKey(dir, 'good');
});
beforeEach((context) => {
  if (!hasPrograms) context.skip('needs ssh-keygen');
});

function written(name: string, text: string | Uint8Array, mode = 0o600): string {
  const path = join(dir, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

const armoured = (bytes: Uint8Array): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;

const bytesOf = (path: string): Buffer =>
  Buffer.from(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('---'))
      .join(''),
    'base64',
  );

describe('a signing key is refused', () => {
  const rows: ReadonlyArray<readonly [what: string, make: () => string, why: string]> = [
    ['that is not there', () => join(dir, 'none'), 'ENOENT'],
    ['that is a folder', () => dir, 'not a regular file'],
    ['that others may read', () => written('open', readFileSync(good), 0o644), 'others may read or write'],
    ['that its group may write', () => written('group', readFileSync(good), 0o620), 'others may read or write'],
    ['that has a passphrase', () => makeKey(dir, 'locked', 'ed25519', 'a passphrase'), 'is encrypted'],
    ['of another type', () => makeKey(dir, 'ecdsa', 'ecdsa'), 'of the type ecdsa-sha2-nistp256'],
    ['that is its public part', () => written('public', readFileSync(`${good}.pub`)), 'no private key of OpenSSH'],
    ['that is empty', () => written('empty', ''), 'no private key of OpenSSH'],
    ['that is too large', () => written('large', 'x'.repeat(20_000)), 'no private key of OpenSSH'],
    [
      'that is PEM',
      () => written('pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
      'no private key of OpenSSH',
    ],
    [
      'that is cut short',
      () => written('short', armoured(bytesOf(good).subarray(0, 120))),
      'no private key of OpenSSH',
    ],
    [
      'whose public part is another',
      () => written('mixed', armoured(otherPublicPart(bytesOf(good)))),
      'no private key of OpenSSH',
    ],
  ];

  /** Both copies of the public part within the private one. */
  function otherPublicPart(bytes: Buffer): Buffer {
    const type = bytes.lastIndexOf('ssh-ed25519');
    const at = type + 'ssh-ed25519'.length + 4;
    const copy = Buffer.from(bytes);
    for (const place of [at, at + 32 + 4 + 32]) copy.fill(7, place, place + 32);
    return copy;
  }

  test.each(rows)('%s', async (_, make, why) => {
    await expect(readSignKey(make())).rejects.toMatchObject({
      code: 'SIGN_KEY',
      message: expect.stringContaining(why),
    });
  });
});

test('a signing key shows nothing of its private part', async () => {
  const key = await readSignKey(good);
  const bytes = bytesOf(good);
  const seed = bytes.indexOf(key.publicKey.slice(-32), bytes.lastIndexOf('ssh-ed25519')) + 32 + 4;
  const part = bytes.subarray(seed, seed + 8);

  const shown = inspect(key, { depth: 9, showHidden: true });
  for (const form of [part.toString('hex'), part.toString('hex').replace(/../g, '$& '), part.toString('base64')])
    expect(shown).not.toContain(form.trim());
  expect(Object.keys(key)).toEqual(['publicKey', 'sign']);
});
