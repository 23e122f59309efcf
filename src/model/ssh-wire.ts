/** How SSH writes keys and signatures: numbers of four bytes, and texts with their length before them (RFC 4251, 5). */

/** A text, or bytes, with the length before it. */
export function sshString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([sshNumber(bytes.length), bytes]);
}

export function sshNumber(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads from the front; what does not fit throws. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {RangeError} when there are fewer */
  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError('the bytes end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** @throws {RangeError} when fewer than four bytes are left */
  number(): number {
    return Buffer.from(this.take(4)).readUInt32BE();
  }

  /** @throws {RangeError} when it is longer than what is left */
  string(): Uint8Array {
    return this.take(this.number());
  }

  text(): string {
    return Buffer.from(this.string()).toString('latin1');
  }
}
