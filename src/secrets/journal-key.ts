import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { JournalKey, Signature, Signer } from '../model/journal-key.ts';
import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';

/**
 * The key that journals of a server are signed with, from the caller's token: the owner of the token can check them on
 * any machine, and no one else can sign.
 *
 * @param serverKey - tells the server from every other
 */
export function journalKeyOf(token: Secret, serverKey: string): JournalKey {
  return { signerOf: (part) => new TokenSigner(token, serverKey, part) };
}

/** A signature is the name of its key and a MAC of 128 bits: `5f0c1d2e.` and 32 digits. */
class TokenSigner implements Signer {
  readonly #key: KeyObject;
  readonly #keyName: string;

  constructor(token: Secret, serverKey: string, part: string) {
    const info = JSON.stringify(['muster journal 1', serverKey, part]);
    this.#key = createSecretKey(Buffer.from(hkdfSync('sha256', revealSecret(token), '', info, 32)));
    this.#keyName = this.#mac('key name').slice(0, 8);
  }

  sign(text: string | Uint8Array): string {
    return `${this.#keyName}.${this.#mac('text\n', text)}`;
  }

  check(text: string | Uint8Array, signature: unknown): Signature {
    if (signature === undefined) return 'none';
    if (typeof signature !== 'string' || !/^[0-9a-f]{8}\.[0-9a-f]{32}$/.test(signature)) return 'wrong';
    if (!signature.startsWith(`${this.#keyName}.`)) return 'another key';
    return timingSafeEqual(Buffer.from(this.sign(text)), Buffer.from(signature)) ? 'fits' : 'wrong';
  }

  /** Part after part: a long text is not copied into one with what stands before it. */
  #mac(...parts: ReadonlyArray<string | Uint8Array>): string {
    const mac = createHmac('sha256', this.#key);
    for (const part of parts) mac.update(part);
    return mac.digest('hex').slice(0, 32);
  }
}
