/** Public keys of OpenPGP, as `gpg --armor --export` writes them. Of them muster reads which key it is; `gpg` checks signatures. Pure. */
import { createHash } from 'node:crypto';

const begin = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const end = '-----END PGP PUBLIC KEY BLOCK-----';
const lineLength = 64;

/** One key with its user ids, subkeys and their signatures. */
export interface OpenPgpKey {
  /** What the armour holds. */
  readonly packets: Uint8Array;
  /** Of the primary key: 40 hexadecimal digits, as `gpg --fingerprint` shows them without blanks. */
  readonly fingerprint: string;
}

const primary = 6;
/** Signature, primary key, user id, subkey, user attribute: no secret, and nothing that `gpg` would take for its own notes. */
const ownTags: ReadonlySet<number> = new Set([2, primary, 13, 14, 17]);

/** @returns `undefined` where it is not exactly one public key of version 4 */
export function openPgpKeyIn(text: string): OpenPgpKey | undefined {
  const packets = decodeArmor(text);
  const found = packets === undefined ? undefined : packetsIn(packets);
  const [first, ...others] = found ?? [];
  if (packets === undefined || first?.tag !== primary || first.body[0] !== 4) return undefined;
  if (others.some(({ tag }) => tag === primary || !ownTags.has(tag))) return undefined;
  return { packets, fingerprint: fingerprintOf(first.body) };
}

/** The same key in one spelling: without headers, comments and checksum. */
export function openPgpKeyText({ packets }: OpenPgpKey): string {
  const lines = Buffer.from(packets)
    .toString('base64')
    .match(new RegExp(`.{1,${lineLength}}`, 'g'));
  return [begin, '', ...(lines ?? []), end].join('\n');
}

/** Headers end with an empty line; the line that begins with `=` is a checksum. */
function decodeArmor(text: string): Uint8Array | undefined {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const from = lines.indexOf('');
  if (lines[0] !== begin || lines.at(-1) !== end || from === -1) return undefined;
  const base64 = lines
    .slice(from, -1)
    .filter((line) => !line.startsWith('='))
    .join('');
  const packets = Buffer.from(base64, 'base64');
  // Node skips what is no base64.
  return packets.toString('base64') === base64 ? packets : undefined;
}

interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** RFC 4880, section 4.2. @returns `undefined` where a length reaches too far, or is not told at the beginning */
function packetsIn(bytes: Uint8Array): readonly Packet[] | undefined {
  const found: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = headAt(Buffer.from(bytes), at);
    if (head === undefined || head.from + head.length > bytes.length) return undefined;
    at = head.from + head.length;
    found.push({ tag: head.tag, body: bytes.subarray(head.from, at) });
  }
  return found;
}

interface Head {
  readonly tag: number;
  readonly from: number;
  readonly length: number;
}

function headAt(bytes: Buffer, at: number): Head | undefined {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return undefined;
  return first < 0xc0 ? oldHead(bytes, at, first) : newHead(bytes, at, first & 0x3f);
}

function oldHead(bytes: Buffer, at: number, first: number): Head | undefined {
  const size = [1, 2, 4][first & 3];
  if (size === undefined || at + 1 + size > bytes.length) return undefined;
  return { tag: (first >> 2) & 0xf, from: at + 1 + size, length: bytes.readUIntBE(at + 1, size) };
}

function newHead(bytes: Buffer, at: number, tag: number): Head | undefined {
  const first = bytes[at + 1] ?? 0;
  if (first < 192) return { tag, from: at + 2, length: first };
  if (first < 224) return { tag, from: at + 3, length: (first - 192) * 256 + (bytes[at + 2] ?? 0) + 192 };
  if (first !== 255 || at + 6 > bytes.length) return undefined;
  return { tag, from: at + 6, length: bytes.readUInt32BE(at + 2) };
}

/** RFC 4880, section 12.2. */
function fingerprintOf(body: Uint8Array): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
}
