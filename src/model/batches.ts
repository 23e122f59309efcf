/** The most words in one request. */
const maxWords = 10_000;
/** A server takes bodies of 300,000 bytes, unless it is set otherwise; bytes. */
const maxBytes = 290_000;
/** The quotes and the comma of a word in a JSON list. */
const bytesAround = 3;

/** Words, such as names and ids, in as few lists as fit into a request each. */
export function batchesOf(words: readonly string[]): ReadonlyArray<readonly string[]> {
  const batches: string[][] = [];
  let bytes = maxBytes;
  for (const word of words) {
    const size = Buffer.byteLength(word) + bytesAround;
    const last = batches.at(-1);
    if (last === undefined || bytes + size > maxBytes || last.length === maxWords) {
      batches.push([word]);
      bytes = size;
    } else {
      last.push(word);
      bytes += size;
    }
  }
  return batches;
}
