import { createHmac } from 'node:crypto';

/** Time-based one-time codes (RFC 6238): SHA-1, 30 seconds, six digits. */

const stepMs = 30_000;
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A secret in base32, one letter for each of another text, such as a new id. */
export function secretFrom(text: string): string {
  return Array.from(Buffer.from(text), (byte) => base32.charAt(byte % 32)).join('');
}

function decodeBase32(secret: string): Buffer {
  let bits = '';
  for (const sign of secret) bits += Math.max(0, base32.indexOf(sign)).toString(2).padStart(5, '0');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The code that an authenticator shows at a moment. */
export function codeAt(secret: string, nowMs: number): string {
  return codeOfStep(secret, Math.floor(nowMs / stepMs));
}

function codeOfStep(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, '0');
}

/**
 * Takes a code of now, the step before or the step after, once each.
 *
 * @returns the steps used so far, or undefined when the code is wrong or was used before
 */
export function acceptCode(
  secret: string,
  code: string,
  usedSteps: readonly number[],
  nowMs: number,
): readonly number[] | undefined {
  const now = Math.floor(nowMs / stepMs);
  const step = [now - 1, now, now + 1].find((candidate) => codeOfStep(secret, candidate) === code);
  if (step === undefined || usedSteps.includes(step)) return undefined;
  return [...usedSteps.filter((used) => used >= now - 1), step];
}
