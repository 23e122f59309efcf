/** The private key that evidence is signed with: an OpenSSH file that its owner alone can read. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Stats } from 'node:fs';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import { ed25519, ed25519Blob } from '../model/ssh-keys.ts';
import { bytesToSign, signatureText } from '../model/ssh-signature.ts';
import { SshReader } from '../model/ssh-wire.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { readCheckedFile } from './checked-file.ts';

/** The key cannot be used. Nothing was written. */
export class SignKeyError extends MusterError {
  override readonly name = 'SignKeyError';

  constructor(what: WhatOfError<'SIGN_KEY'>) {
    super(say('SIGN_KEY', what));
  }
}

/** Signs, and never shows its private part. */
export interface SignKey {
  /** As SSH writes it. */
  readonly publicKey: Uint8Array;
  /** The text of a signature file, as `ssh-keygen -Y sign` writes it. */
  sign(message: Uint8Array, namespace: string): string;
}

/**
 * @param path - absolute
 * @throws {SignKeyError} when it is no Ed25519 key of OpenSSH, is encrypted, or others can read it
 */
export async function readSignKey(path: string): Promise<SignKey> {
  const { privateKey, publicKey } = parsePrivateKey(await readKeyFile(path), path);
  return {
    publicKey,
    sign: (message, namespace) =>
      signatureText({ publicKey, namespace, signature: sign(null, bytesToSign(message, namespace), privateKey) }),
  };
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readCheckedFile(path, {
      followsLinks: true,
      maxBytes: 16_384,
      check: (found) => refuseUnsafe(path, found),
      tooLarge: () => notAKey(path),
    });
  } catch (error) {
    if (error instanceof SignKeyError) throw error;
    throw new SignKeyError({ is: 'unreadable', path, why: systemCodeOf(error) });
  }
}

function refuseUnsafe(path: string, found: Stats): void {
  const { mode, uid } = found;
  if (!found.isFile()) throw new SignKeyError({ is: 'no-file', path });
  const me = process.getuid?.();
  if (me !== undefined && uid !== me && uid !== 0) throw new SignKeyError({ is: 'other-owner', path });
  if ((mode & 0o026) !== 0)
    throw new SignKeyError({ is: 'others-may-use', path, mode: `0${(mode & 0o777).toString(8)}` });
}

const notAKey = (path: string): SignKeyError => new SignKeyError({ is: 'no-key', path });

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

/** OpenSSH, PROTOCOL.key. */
function parsePrivateKey(text: string, path: string): KeyPair {
  const [, base64] =
    /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----\s*$/.exec(
      text.replaceAll('\r', ''),
    ) ?? [];
  if (base64 === undefined) throw notAKey(path);
  try {
    return readPair(Buffer.from(base64, 'base64'), path);
  } catch (error) {
    if (error instanceof RangeError) throw notAKey(path);
    throw error;
  }
}

const magic = 'openssh-key-v1\0';

function readPair(bytes: Uint8Array, path: string): KeyPair {
  const reader = new SshReader(bytes);
  if (Buffer.from(reader.take(magic.length)).toString('latin1') !== magic) throw notAKey(path);
  const cipher = reader.text();
  if (cipher !== 'none') throw new SignKeyError({ is: 'encrypted', path });
  // How it would be encrypted.
  reader.string();
  reader.string();
  if (reader.number() !== 1) throw notAKey(path);
  const outer = reader.string();
  const type = new SshReader(outer).text();
  if (type !== ed25519) throw new SignKeyError({ is: 'other-type', path, type: type.slice(0, 40), expected: ed25519 });
  return readPrivatePart(new SshReader(reader.string()), path);
}

function readPrivatePart(reader: SshReader, path: string): KeyPair {
  const checks = [reader.number(), reader.number()];
  if (checks[0] !== checks[1] || reader.text() !== ed25519) throw notAKey(path);
  const [open, both] = [Buffer.from(reader.string()), Buffer.from(reader.string())];
  if (open.length !== 32 || both.length !== 64 || !both.subarray(32).equals(open)) throw notAKey(path);
  const x = open.toString('base64url');
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: both.subarray(0, 32).toString('base64url'), x };
  const privateKey = privateKeyOf(jwk, path);
  // The public part that the file names need not belong to the private one. Node 26 refuses such a key by itself.
  if (createPublicKey(privateKey).export({ format: 'jwk' }).x !== x) throw notAKey(path);
  return { privateKey, publicKey: ed25519Blob(open) };
}

function privateKeyOf(jwk: Readonly<Record<string, string>>, path: string): KeyObject {
  try {
    return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    throw notAKey(path);
  }
}
