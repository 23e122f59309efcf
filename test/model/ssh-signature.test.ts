/** Signatures of SSH: made as ssh-keygen makes them, and judged as it judges them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publicKeysIn, sshFingerprint } from '../../src/model/ssh-keys.ts';
import { checkSignature } from '../../src/model/ssh-signature.ts';
import { readSignKey, type SignKey } from '../../src/secrets/sign-key.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { allow, hasPrograms, makeKey, namespace, sshKeygenAccepts } from '../support/ssh-programs.ts';

const message = Buffer.from('a message\n');
let dir: string;
let path: string;
let key: SignKey;
let allowed: string;

beforeAll(async () => {
  if (!hasPrograms) return;
  ({ dir } = await makeWorkplace());
  path = makeKey(dir, 'key');
  key = await readSignKey(path);
  allowed = allow(dir, readFileSync(`${path}.pub`, 'utf8'));
});
beforeEach((context) => {
  if (!hasPrograms) context.skip('needs ssh-keygen');
});

/** The signature that ssh-keygen itself makes. */
function signedBySsh(purpose: string, ...options: readonly string[]): string {
  const { status, stdout } = spawnSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', path, '-n', purpose, ...options], {
    input: message,
  });
  if (status !== 0) throw new Error('ssh-keygen does not sign');
  return stdout.toString();
}

test('a signature is byte for byte the one that ssh-keygen makes', () => {
  expect(key.sign(message, namespace)).toBe(signedBySsh(namespace));
  expect(key.sign(message, 'something else')).toBe(signedBySsh('something else'));
});

test('a key has the fingerprint that ssh-keygen shows, and stands in its .pub file', () => {
  const shown = spawnSync('ssh-keygen', ['-l', '-f', `${path}.pub`]).stdout.toString();

  expect(shown).toContain(sshFingerprint(key.publicKey));
  expect(publicKeysIn(readFileSync(`${path}.pub`, 'utf8'))).toEqual([Buffer.from(key.publicKey)]);
  expect(publicKeysIn(readFileSync(allowed, 'utf8'))).toEqual([Buffer.from(key.publicKey)]);
  expect(publicKeysIn(`# ${readFileSync(`${path}.pub`, 'utf8')}\nno key ssh-ed25519 AAAA\n`)).toEqual([]);
});

describe('a signature is judged as ssh-keygen judges it', () => {
  const text = (): string => key.sign(message, namespace);
  const lines = (): readonly string[] => text().split('\n');
  const rows: ReadonlyArray<readonly [what: string, make: () => string, accepted: boolean]> = [
    ['as it was made', text, true],
    ['that hashes with SHA-256', () => signedBySsh(namespace, '-O', 'hashalg=sha256'), true],
    ['with a blank in its base64', () => text().replace(/^(U1NI.{10})/m, '$1 \t'), true],
    ['with an empty line in its base64', () => text().replace('\nU1NI', '\n\nU1NI'), true],
    ['with a text after it', () => `${text()}and more`, true],
    ['without its last line end', () => text().trimEnd(), true],
    ['with a text before it', () => `x${text()}`, false],
    ['with CRLF', () => text().replaceAll('\n', '\r\n'), false],
    ['without its first line', () => lines().slice(1).join('\n'), false],
    ['without its last line', () => lines().slice(0, -2).join('\n'), false],
    [
      'without a line of its base64',
      () =>
        lines()
          .filter((_, i) => i !== 2)
          .join('\n'),
      false,
    ],
    ['with a letter more', () => text().replace('\nU1NI', '\nAU1NI'), false],
    ['without its padding', () => text().replace('=', ''), false],
    [
      'with other bits in its padding',
      () => text().replace(/(.)=\n-----END/, (_, last: string) => `${next(last)}=\n-----END`),
      false,
    ],
    ['for another purpose', () => signedBySsh('file'), false],
    ['of nothing', () => '', false],
    ['of no bytes', () => '-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n', false],
  ];

  test.each(rows)('one %s', (_, make, accepted) => {
    const file = join(dir, 'signature');
    writeFileSync(file, make());

    expect(sshKeygenAccepts(file, message, allowed)).toBe(accepted);
    expect(typeof checkSignature(make(), message, namespace) !== 'string').toBe(accepted);
  });

  test('one of another message', () => {
    const file = join(dir, 'signature');
    writeFileSync(file, text());

    expect(sshKeygenAccepts(file, Buffer.from('another'), allowed)).toBe(false);
    expect(checkSignature(text(), Buffer.from('another'), namespace)).toBe('it does not fit what was signed');
  });
});

/** The next sign of base64: another bit at its end. */
const next = (sign: string): string => String.fromCharCode(sign.charCodeAt(0) + (/[Zz9]/.test(sign) ? -1 : 1));
