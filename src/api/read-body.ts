import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ApiHeaders, headerText } from './headers.ts';

type Unzip = (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number; readonly chunkSize: number },
) => Promise<Uint8Array>;
const unzip: Unzip = promisify(gunzip);

const pieces = { leastBytes: 16 * 1024, mostBytes: 16 * 1024 * 1024 };

export interface BodyLimits {
  /** After decompression. */
  readonly maxBytes: number;
  /** Decompressed to compressed; more is a bomb. */
  readonly maxRatio: number;
}

export const defaultBodyLimits: BodyLimits = { maxBytes: 32 * 1024 * 1024, maxRatio: 200 };

/** Small answers may be compressed as well as they like. */
const freeBytes = 1024 * 1024;

/** What the message of the register needs, but for the host. */
type BodyFlaw =
  | { readonly is: 'too-large'; readonly bytes: number }
  | { readonly is: 'grows-too-much'; readonly times: number }
  | { readonly is: 'odd-compression' | 'damaged-compression' };

/** A body that is too large or cannot be decompressed. */
export class BodyProblem extends Error {
  override readonly name = 'BodyProblem';
  readonly what: BodyFlaw;

  constructor(what: BodyFlaw) {
    super();
    this.what = what;
  }
}

function tooLarge(limits: BodyLimits): BodyProblem {
  return new BodyProblem({ is: 'too-large', bytes: limits.maxBytes });
}

/**
 * Reads a body to its end, within limits.
 *
 * @throws {BodyProblem} when it is too large or badly compressed; what the stream throws when it breaks
 */
export async function readBody(body: Readable, headers: ApiHeaders, limits: BodyLimits): Promise<Uint8Array> {
  // Code that stops reading early must end the stream, or its connection would never be used again.
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      const bytes: Uint8Array = chunk;
      length += bytes.length;
      if (length > limits.maxBytes) throw tooLarge(limits);
      chunks.push(bytes);
    }
    const [first] = chunks;
    const raw = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length);
    return await decompress(raw, headerText(headers, 'content-encoding'), limits);
  } finally {
    body.destroy();
  }
}

async function decompress(raw: Uint8Array, encoding: string | undefined, limits: BodyLimits): Promise<Uint8Array> {
  if (encoding === undefined || encoding === 'identity' || raw.length === 0) return raw;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new BodyProblem({ is: 'odd-compression' });
  const maxOutputLength = Math.min(limits.maxBytes, Math.max(freeBytes, raw.length * limits.maxRatio));
  try {
    const chunkSize = Math.max(pieces.leastBytes, Math.min(claimedLength(raw), pieces.mostBytes, maxOutputLength));
    return await unzip(raw, { maxOutputLength, chunkSize });
  } catch (error) {
    const isTooLong = error instanceof RangeError;
    if (!isTooLong) throw new BodyProblem({ is: 'damaged-compression' });
    if (maxOutputLength === limits.maxBytes) throw tooLarge(limits);
    throw new BodyProblem({ is: 'grows-too-much', times: limits.maxRatio });
  }
}

/**
 * What an answer says itself that it is long, and a byte more, so that the end shows: then all of it fits into one piece
 * and is not copied. It is a hint, and may be wrong. Twice the room costs twice as many collections of the whole heap,
 * since V8 begins one for every 64 MB that lie outside of it.
 */
function claimedLength(raw: Uint8Array): number {
  return raw.length < lengthBytes
    ? 0
    : Buffer.from(raw.buffer, raw.byteOffset, raw.length).readUInt32LE(raw.length - lengthBytes) + 1;
}

/** Little-endian, at the end of what gzip wrote (source: RFC 1952, ISIZE). */
const lengthBytes = 4;
