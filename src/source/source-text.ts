import type { Problem, SourcePosition } from '../model/problem.ts';

const maxExcerpt = 120;

/** What may be a secret that somebody wrote into a file: never shown, not even to say that it is wrong. */
const secretValue = /(["']?[\w-]*(?:pass(?:word|wd)?|pwd|secret|api_?key|bearer)[\w-]*["']?\s*:\s*)([^\s{[,}][^,}]*)/gi;

/** The text of a file, with the way from an offset to a line that a person can look at. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** @param offset - in UTF-16 units from the start of the text */
  position(offset: number): SourcePosition {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The line that holds the offset, without its end, cut to a readable length. */
  line(offset: number): string {
    const start = this.text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.text.indexOf('\n', offset);
    const line = this.text
      .slice(start, end === -1 ? undefined : end)
      .trimEnd()
      .replace(secretValue, '$1(hidden)');
    return line.length > maxExcerpt ? `${line.slice(0, maxExcerpt)}…` : line;
  }

  /** A problem that stands at an offset, with its place and its line. */
  problem(offset: number, problem: Omit<Problem, 'at' | 'excerpt'>): Problem {
    return { ...problem, at: this.position(offset), excerpt: this.line(offset) };
  }

  #starts(): number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}
