import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

interface CheckLine {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'bad';
  readonly text: string;
  readonly hint?: string;
}

const colours = { ok: 'green', note: 'yellow', bad: 'red' } as const;

/** What the doctor saw: a line a check, and what to do below those that ask for it. */
export function checksText(checks: readonly CheckLine[], paint: Paint): string {
  const rows = checks.map(({ name, status, text }): readonly Cell[] => [
    { text: status, paint: (word) => paint(colours[status], word) },
    { text: printable(name) },
    { text: printable(text) },
  ]);
  const lines = alignColumns(rows, '');
  return `${checks.flatMap(({ hint }, i) => [lines[i] ?? '', ...(hint === undefined ? [] : [`      ${paint('cyan', `→ ${printable(hint)}`)}`])]).join('\n')}\n`;
}
