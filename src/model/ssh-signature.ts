/** Signatures as `ssh-keygen -Y sign` makes them (OpenSSH, PROTOCOL.sshsig), by Ed25519 keys. Pure. */
import { createHash, verify } from 'node:crypto';
import { ed25519, ed25519KeyIn } from './ssh-keys.ts';
import { SshReader, sshNumber, sshString } from './ssh-wire.ts';

const magic = 'SSHSIG';
const hashes: ReadonlySet<string> = new Set(['sha256', 'sha512']);
const begin = '-----BEGIN SSH SIGNATURE-----';
const end = '-----END SSH SIGNATURE-----';
const lineLength = 70;

/** What the key signs of a message. `ssh-keygen` hashes with SHA-512. */
export function bytesToSign(
  message: Uint8Array,
  namespace: string,
  hash = 'sha512',
  reserved: Uint8Array = Buffer.alloc(0),
): Uint8Array {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([
    Buffer.from(magic),
    sshString(namespace),
    sshString(reserved),
    sshString(hash),
    sshString(digest),
  ]);
}

export interface MadeSignature {
  /** The public key as SSH writes it. */
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  /** 64 bytes over {@link bytesToSign}. */
  readonly signature: Uint8Array;
}

/** The text of the signature file, byte for byte as `ssh-keygen -Y sign` writes it. */
export function signatureText({ publicKey, namespace, signature }: MadeSignature): string {
  const blob = Buffer.concat([
    Buffer.from(magic),
    sshNumber(1),
    sshString(publicKey),
    sshString(namespace),
    sshString(''),
    sshString('sha512'),
    sshString(Buffer.concat([sshString(ed25519), sshString(signature)])),
  ]);
  const lines = blob.toString('base64').match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `${[begin, ...lines, end].join('\n')}\n`;
}

/** A signature that fits, and the key that made it. */
export interface FittingSignature {
  readonly publicKey: Uint8Array;
}

/** @returns why it does not fit: it is none, it is for another purpose, or it is of another message */
export function checkSignature(text: string, message: Uint8Array, namespace: string): FittingSignature | string {
  const blob = decodeArmor(text);
  if (blob === undefined) return 'it is no SSH signature';
  try {
    return checkBlob(blob, message, namespace);
  } catch (error) {
    if (error instanceof RangeError) return 'it is cut short';
    throw error;
  }
}

function checkBlob(blob: Uint8Array, message: Uint8Array, namespace: string): FittingSignature | string {
  const reader = new SshReader(blob);
  if (Buffer.from(reader.take(magic.length)).toString('latin1') !== magic) return 'it is no SSH signature';
  if (reader.number() !== 1) return 'it is of another version';
  const publicKey = reader.string();
  const named = reader.text();
  const reserved = reader.string();
  const hash = reader.text();
  const inner = new SshReader(reader.string());
  const [type, signature] = [inner.text(), inner.string()];
  if (reader.left > 0 || inner.left > 0) return 'something follows it';
  if (named !== namespace) return `it was made for another purpose than ${namespace}`;
  if (!hashes.has(hash)) return 'it uses another hash';
  const key = ed25519KeyIn(publicKey);
  if (key === undefined || type !== ed25519) return 'it is of no Ed25519 key';
  const isSigned = verify(null, bytesToSign(message, namespace, hash, reserved), key, Buffer.from(signature));
  return isSigned ? { publicKey } : 'it does not fit what was signed';
}

/** Reads it as `ssh-keygen` does: it begins with its first line, blanks within do not count, nothing after it does. */
function decodeArmor(text: string): Uint8Array | undefined {
  if (!text.startsWith(`${begin}\n`)) return undefined;
  const length = text.indexOf(`\n${end}`);
  if (length < begin.length) return undefined;
  const base64 = text.slice(begin.length, length).replace(/[ \t\n\v\f\r]/g, '');
  const blob = Buffer.from(base64, 'base64');
  // Node skips what is no base64, and bits that no byte has.
  return blob.toString('base64') === base64 ? blob : undefined;
}
