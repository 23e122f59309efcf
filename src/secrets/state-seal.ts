/** Seals what muster keeps between jobs where more people can read it than may know it: with a key from the caller's token. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';

export interface Seal {
  /** @param name - of the file: what is moved to another name does not open */
  close(name: string, content: Uint8Array): Uint8Array;
  /** @returns `undefined` where another token sealed it, or it was changed */
  open(name: string, sealed: Uint8Array): Uint8Array | undefined;
}

const start = Buffer.from('muster sealed 1\n');
const nonceBytes = 12;
const tagBytes = 16;

export function stateSealOf(token: Secret): Seal {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', revealSecret(token), '', 'muster state seal 1', 32)));
  return {
    close: (name, content) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(content), cipher.final()]);
      return Buffer.concat([start, nonce, cipher.getAuthTag(), body]);
    },
    open: (name, sealed) => opened(key, name, Buffer.from(sealed)),
  };
}

function opened(key: KeyObject, name: string, sealed: Buffer): Uint8Array | undefined {
  const [nonceAt, tagAt] = [start.length, start.length + nonceBytes];
  const bodyAt = tagAt + tagBytes;
  if (sealed.length < bodyAt || !sealed.subarray(0, nonceAt).equals(start)) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(nonceAt, tagAt))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(tagAt, bodyAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(bodyAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}
