import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { revealSecret } from '../model/reveal-secret.ts';
import { Secret } from '../model/secret.ts';
import type { Redactor } from './redact.ts';

/** A file to be sent as a form. */
export class FilePart {
  readonly field: string;
  readonly bytes: Uint8Array;

  constructor(field: string, bytes: Uint8Array) {
    this.field = field;
    this.bytes = bytes;
  }
}

export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: string | Uint8Array;
}

/**
 * Encodes a body, opening the secrets in it: they are in clear from here to the socket only.
 *
 * @param redactor - learns every secret that was opened
 */
export function encodeBody(body: unknown, redactor: Redactor): EncodedBody {
  if (body instanceof FilePart) return encodeForm(body);
  const bytes = JSON.stringify(body, function replace(this: unknown, key: string, value: unknown): unknown {
    // `value` has been through Secret.toJSON already; the holder still has the secret itself.
    const raw: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
    if (!(raw instanceof Secret)) return value;
    const clear = revealSecret(raw);
    redactor.add(clear, raw);
    return clear;
  });
  return { contentType: 'application/json', bytes };
}

function encodeForm(part: FilePart): EncodedBody {
  const boundary = `muster-${randomBytes(16).toString('hex')}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${part.field}"; filename="${part.field}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
  const bytes = Buffer.concat([Buffer.from(head), part.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes };
}
