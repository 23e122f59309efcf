import type { Problem, SourcePosition, Unplaced } from '../model/problem.ts';
import { showBlanks } from './odd-blanks.ts';
import { hidden, hideSecrets, mayContinueSecret } from './secret-words.ts';

const maxExcerpt = 120;
/** How far above a line that could not be parsed the beginning of a secret is looked for. */
const linesLookedBack = 100;

/** In UTF-16 units from the start of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text of a file, with the way from an offset to a line that a person can look at. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #isQuoted: boolean;
  readonly #hidden: Range[] = [];
  #findHidden: (() => readonly Range[]) | undefined;
  #lineStarts: number[] | undefined;
  #lines: readonly string[] | undefined;

  /** @param isQuoted - false: problems come without the line that they stand in */
  constructor(file: string, text: string, isQuoted = true) {
    this.file = file;
    this.text = text;
    this.#isQuoted = isQuoted;
  }

  /** Never shows what stands between two offsets. Calls come in the order of the text. */
  hide(start: number, end: number): void {
    this.#hidden.push({ start, end });
  }

  /** What is never shown is found once a line is: most files show none. */
  hideLater(find: () => readonly Range[]): void {
    this.#findHidden = find;
  }

  /** What is never shown, in the order of the text. */
  hidden(): readonly Range[] {
    const find = this.#findHidden;
    this.#findHidden = undefined;
    for (const range of find?.() ?? []) this.#hidden.push(range);
    return this.#hidden;
  }

  /** @param offset - in UTF-16 units from the start of the text */
  position(offset: number): SourcePosition {
    const line = this.#lineIndex(offset);
    return { file: this.file, line: line + 1, column: offset - this.#startOf(line) + 1 };
  }

  /** All lines, as git counts them. */
  lines(): readonly string[] {
    this.#lines ??= this.text.split('\n');
    return this.#lines;
  }

  /** The line that holds the offset, without its end, cut to a readable length and without secrets. */
  line(offset: number): string {
    const { start, end } = this.#lineRange(this.#lineIndex(offset));
    // Cut first: a line may be the whole of a large file.
    const shownEnd = Math.min(end, start + maxExcerpt);
    const secret = this.#firstHidden(start, shownEnd);
    if (secret !== undefined) {
      const visible = hideSecrets(this.text.slice(start, Math.max(start, secret.start)));
      return visible.endsWith(hidden) ? visible : visible + hidden;
    }
    const line = showBlanks(hideSecrets(this.text.slice(start, shownEnd).trimEnd()));
    return shownEnd < end ? `${line}…` : line;
  }

  /** A problem that stands at an offset, with its place and its line. */
  problem(offset: number, problem: Unplaced): Problem {
    const at = this.position(offset);
    return this.#isQuoted ? { ...problem, at, excerpt: this.line(offset) } : { ...problem, at };
  }

  /** A problem of a text that is no YAML: where its secrets begin and end is unknown. */
  problemInUnparsed(offset: number, problem: Unplaced): Problem {
    if (!this.#isQuoted) return this.problem(offset, problem);
    const index = this.#lineIndex(offset);
    const before = Array.from({ length: Math.min(index, linesLookedBack) }, (_, i) => {
      const { start, end } = this.#lineRange(index - 1 - i);
      return this.text.slice(start, Math.min(end, start + maxExcerpt));
    }).toReversed();
    const excerpt = this.line(offset);
    return {
      ...problem,
      at: this.position(offset),
      excerpt: mayContinueSecret(excerpt, before) ? hidden : excerpt,
    };
  }

  #firstHidden(start: number, end: number): Range | undefined {
    const ranges = this.hidden();
    const range = ranges[search(ranges.length, (i) => (ranges[i]?.end ?? 0) > start)];
    return range !== undefined && range.start < end ? range : undefined;
  }

  #lineIndex(offset: number): number {
    const starts = this.#starts();
    return search(starts.length, (i) => (starts[i] ?? 0) > offset) - 1;
  }

  #lineRange(line: number): Range {
    const start = this.#startOf(line);
    let end = this.#starts()[line + 1] ?? this.text.length;
    while (end > start && /[\r\n]/.test(this.text[end - 1] ?? '')) end--;
    return { start, end };
  }

  #startOf(line: number): number {
    return this.#starts()[line] ?? 0;
  }

  #starts(): readonly number[] {
    this.#lineStarts ??= lineStartsOf(this.text);
    return this.#lineStarts;
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  return starts;
}

/** The first of `count` indexes for which a test holds that, once true, stays true; `count` if there is none. */
function search(count: number, isReached: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
