/** Longer words are no slips of the pen, and comparing them would cost more than it helps. */
const maxLength = 64;

/**
 * The candidate that a mistyped word most likely means; none when nothing is near.
 *
 * @param maxDistance - how many letters may be wrong; by default more in a longer word
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
  maxDistance: number = Math.max(2, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = maxDistance + 1;
  if (word.length > maxLength) return undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** More suggestions than these do not help. */
const maxNames = 3;

/** The names that a person may mean who wrote a part of one, or mistyped it: those that begin with it first. */
export function suggestNames(word: string, names: Iterable<string>): readonly string[] {
  const wanted = word.toLowerCase();
  const all = [...names];
  const beginning = all.filter((name) => name.startsWith(wanted));
  const parts = beginning.length > 0 ? beginning : all.filter((name) => name.split(/[._-]/).includes(wanted));
  if (wanted.length > 1 && parts.length > 0) return parts.toSorted().slice(0, maxNames);
  const near = suggest(word, all);
  return near === undefined ? [] : [near];
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, at(beforePrevious, j - 2) + 1);
      row.push(distance);
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? 0;
