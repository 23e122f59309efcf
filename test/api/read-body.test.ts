/** Bodies that are compressed: what they say about their own length is a hint, and no more. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defaultBodyLimits, readBody } from '../../src/api/read-body.ts';

const read = (bytes: Uint8Array, limits = defaultBodyLimits): Promise<Uint8Array> =>
  readBody(Readable.from([bytes]), { 'content-encoding': 'gzip' }, limits);

/** Compressible, and no two pieces of it alike. */
const bytesOf = (length: number): Buffer =>
  Buffer.from(Array.from({ length: Math.ceil(length / 8) }, (_, i) => String(i).padStart(8)).join('')).subarray(
    0,
    length,
  );

describe('a compressed body', () => {
  const piece = 16 * 1024;

  test.each([0, 1, piece - 1, piece, piece + 1, 1_000_000])('of %i bytes is read whole', async (length) => {
    const bytes = bytesOf(length);

    expect(Buffer.compare(await read(gzipSync(bytes)), bytes)).toBe(0);
  });

  test('in parts, of which the last tells only its own length, is read whole', async () => {
    const [first, last] = [bytesOf(500_000), bytesOf(10)];

    const found = await read(Buffer.concat([gzipSync(first), gzipSync(last)]));

    expect(Buffer.compare(found, Buffer.concat([first, last]))).toBe(0);
  });

  test.each([
    ['more than it holds', 0xff_ff_ff_ff],
    ['less than it holds', 1],
  ])('that claims %s is damaged', async (_what, claimed) => {
    const bytes = gzipSync(bytesOf(100_000));
    bytes.writeUInt32LE(claimed, bytes.length - 4);

    await expect(read(bytes)).rejects.toMatchObject({ what: { is: 'damaged-compression' } });
  });

  test('shorter than a length is damaged', async () => {
    await expect(read(Buffer.from('\u001f'))).rejects.toMatchObject({ what: { is: 'damaged-compression' } });
  });

  test('is held to the limit, whatever it claims', async () => {
    const bytes = gzipSync(bytesOf(100_000));

    await expect(read(bytes, { maxBytes: 99_999, maxRatio: 200 })).rejects.toMatchObject({ what: { is: 'too-large' } });
  });
});
