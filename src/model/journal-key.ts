/** How a text and the signature beside it belong together; `another key`: another token signed it. */
export type Signature = 'fits' | 'wrong' | 'another key' | 'none';

/** Signs the parts of one journal, or of one file, and checks them. Never shows its key. */
export interface Signer {
  /** @param text - or its bytes in UTF-8 */
  sign(text: string | Uint8Array): string;
  /** @param signature - what stands where the signature should; `undefined` where nothing does */
  check(text: string | Uint8Array, signature: unknown): Signature;
}

/**
 * What journals of one server are signed with: without a token of the caller's one cannot write a line that is taken for
 * muster's own, however well its hashes fit.
 */
export interface JournalKey {
  /** @param part - the name of a run, or of a file */
  signerOf(part: string): Signer;
}

/** From best to worst. */
const order: readonly Signature[] = ['fits', 'none', 'another key', 'wrong'];

/** The signature of a whole, by those of its parts: as bad as the worst of them. */
export function worstSignature(one: Signature, other: Signature): Signature {
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
