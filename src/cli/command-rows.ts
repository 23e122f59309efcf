import type { CommandRow } from './command-row.ts';
import { adviceOnCommand, adviceOnOption, adviceOnOrder } from './habits.ts';
import { auditRows } from './rows/audit.ts';
import { ci } from './rows/ci.ts';
import { evidenceRows } from './rows/evidence.ts';
import { lookRows } from './rows/look.ts';
import { reconcileRows } from './rows/reconcile.ts';
import { reviewRows } from './rows/review.ts';
import { startRows } from './rows/start.ts';
import { writeRows } from './rows/write.ts';

/** Every command, in the order of the help. */
export const commandRows: readonly CommandRow[] = [
  startRows.init,
  lookRows.validate,
  lookRows.plan,
  lookRows.show,
  lookRows.explain,
  writeRows.apply,
  writeRows.undo,
  reconcileRows.reconcile,
  reconcileRows.status,
  ci,
  lookRows.journal,
  auditRows.audit,
  auditRows.access,
  reviewRows.review,
  evidenceRows.evidence,
  startRows.import,
  startRows.doctor,
  startRows.sandbox,
  startRows.completion,
  startRows.help,
  startRows.complete,
];

/** The rows that a line needs: its own alone, where that knows nothing of the others. */
export function rowsFor(word: string | undefined): readonly CommandRow[] {
  const alone = commandRows.find(({ name, looksAtProgram }) => name === word && looksAtProgram !== true);
  return alone === undefined ? commandRows : [alone];
}

/** The command that a line begins with, such as `muster journal show`: never a word that is not ours. */
export const commandNamedBy = (words: readonly string[]): string =>
  ['muster', ...rowsNamedBy(words).map(({ name }) => name)].join(' ');

/** The rows of a command and its subcommands that a line begins with. */
function rowsNamedBy(words: readonly string[]): readonly CommandRow[] {
  const found: CommandRow[] = [];
  let rows = commandRows;
  for (const word of words) {
    const row = rows.find((one) => one.name === word && one.isHidden !== true);
    if (row === undefined) break;
    found.push(row);
    rows = row.commands ?? [];
  }
  return found;
}

/** What to write instead of an option or a command that is not there: people know it from other tools, or put it elsewhere. */
export function adviceOnUsage(what: string, args: readonly string[]): string | undefined {
  const [, kind, word = ''] = /^unknown (option|command) '([^'=]*)/.exec(what) ?? [];
  const rows = rowsNamedBy(args);
  if (kind === 'command') return rows.length === 0 ? adviceOnCommand(word) : undefined;
  if (kind !== 'option') return undefined;
  const advice = adviceOnOption(word, rows.at(-1));
  return advice ?? (rows.length === 0 ? adviceOnOrder(word, args, commandRows) : undefined);
}
