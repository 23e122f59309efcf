import { wrapWords } from './columns.ts';

/** How a report for people is laid out. */
export interface Layout {
  /** Columns of the terminal. */
  readonly width: number;
  /** Everything one by one, nothing grouped or shortened. */
  readonly isVerbose: boolean;
}

/** For where no terminal says how wide it is: lines are as long as what they say. */
export const unlimited: Layout = { width: Number.POSITIVE_INFINITY, isVerbose: false };

/** Text in lines that fit, each with the indent and painted on its own. */
export function wrapped(
  text: string,
  indent: string,
  { width }: Layout,
  paint: (line: string) => string = (line) => line,
): readonly string[] {
  return wrapWords(text, Math.max(20, width - indent.length)).map((line) => `${indent}${paint(line)}`);
}

/** What to do about it, behind an arrow. */
export function hintLines(hint: string, layout: Layout, paint: (line: string) => string): readonly string[] {
  const [first = '', ...next] = wrapWords(hint, Math.max(20, layout.width - 8));
  return [`      ${paint(`→ ${first}`)}`, ...next.map((line) => `        ${paint(line)}`)];
}
