/** Every code of every register in one form, to explain it. */
import type { ExitName } from '../exit-codes.ts';
import { approvalAdvice, blockedRows } from './blocked-rows.ts';
import { everyErrorRow } from './errors.ts';
import { heldRows } from './held-rows.ts';
import { noticeRows } from './notice-rows.ts';
import { everyProblemRow } from './problems.ts';
import type { Text } from './text.ts';
import { warningRows } from './warning-rows.ts';

export type Level = 'error' | 'problem' | 'held change' | 'blocked change' | 'notice' | 'warning';

/** A code with all that can be said with it. */
export interface Explained {
  readonly code: string;
  readonly level: Level;
  /** What a run ends with for it; absent: it has no exit code. */
  readonly exit?: ExitName;
  readonly when: string;
  readonly texts: readonly Text[];
}

interface Row {
  readonly when: string;
  readonly exit?: ExitName;
  readonly todo?: string;
}

type AnyRow = Row & (Text | { readonly texts: Readonly<Record<string, Text>> });

const registers = (): ReadonlyArray<{
  readonly level: Level;
  readonly exit?: ExitName;
  readonly rows: Readonly<Record<string, AnyRow>>;
}> => [
  { level: 'error', rows: everyErrorRow() },
  { level: 'problem', exit: 'input', rows: everyProblemRow() },
  { level: 'held change', rows: heldRows },
  { level: 'blocked change', exit: 'blocked', rows: blockedRows },
  { level: 'notice', rows: noticeRows },
  { level: 'warning', rows: warningRows },
];

export const everyCode = (): readonly string[] => registers().flatMap(({ rows }) => Object.keys(rows));

/** @param word - a code as a report shows it, or in other letters */
export function explainCode(word: string): Explained | undefined {
  const wanted = word.toLowerCase();
  for (const { level, rows, exit: ofAll } of registers()) {
    for (const [code, row] of Object.entries(rows)) {
      if (code.toLowerCase() !== wanted) continue;
      const exit = row.exit ?? ofAll;
      return { code, level, ...(exit !== undefined && { exit }), when: row.when, texts: textsOf(row) };
    }
  }
  return undefined;
}

/** Each text once, with what to do. */
function textsOf(row: AnyRow): readonly Text[] {
  const all = 'texts' in row ? Object.values(row.texts) : [row];
  const texts = all.flatMap(({ text, todo = row.todo }): readonly Text[] =>
    todo?.includes('{advice}') === true
      ? Object.values(approvalAdvice).map((advice) => ({ text, todo: todo.replace('{advice}', advice) }))
      : [{ text, ...(todo !== undefined && { todo }) }],
  );
  return [...new Map(texts.map((one) => [`${one.text}\n${one.todo ?? ''}`, one])).values()];
}

/** Where a code has its section in the documentation that comes with muster. */
export const docsOf = (code: string): string => `docs/reference/errors.md#${code.toLowerCase()}`;
