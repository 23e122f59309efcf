/** Public keys of SSH. Of them muster knows Ed25519; the others are only compared. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SshReader, sshString } from './ssh-wire.ts';

export const ed25519 = 'ssh-ed25519';

/** The public part of an Ed25519 key as SSH writes it. */
export const ed25519Blob = (key: Uint8Array): Uint8Array => Buffer.concat([sshString(ed25519), sshString(key)]);

/** @returns `undefined` when it is no Ed25519 key */
export function ed25519KeyIn(blob: Uint8Array): KeyObject | undefined {
  try {
    const reader = new SshReader(blob);
    const [type, key] = [reader.text(), reader.string()];
    if (type !== ed25519 || key.length !== 32 || reader.left > 0) return undefined;
    return createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') },
      format: 'jwk',
    });
  } catch {
    return undefined;
  }
}

/** `SHA256:` and what `ssh-keygen -l` shows. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** As it stands in a `.pub` file, without a comment. */
export const publicKeyText = (blob: Uint8Array): string => `${ed25519} ${Buffer.from(blob).toString('base64')}`;

const keyInLine = /(?:^|[\s,])(ssh-[a-z0-9-]+|ecdsa-[a-z0-9-]+|sk-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?=\s|$)/;

/** The keys of a text, line by line: a `.pub` file, or a file of allowed signers. */
export function publicKeysIn(text: string): readonly Uint8Array[] {
  return text.split('\n').flatMap((line) => {
    const [, type, base64] = keyInLine.exec(line.trimStart().startsWith('#') ? '' : line) ?? [];
    if (type === undefined || base64 === undefined) return [];
    const blob = Buffer.from(base64, 'base64');
    return isOfType(blob, type) ? [blob] : [];
  });
}

function isOfType(blob: Uint8Array, type: string): boolean {
  try {
    return new SshReader(blob).text() === type;
  } catch {
    return false;
  }
}
