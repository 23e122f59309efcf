import stringWidth from 'string-width';
import { asTold } from '../model/machine-error.ts';
import { MusterError, ProgrammingError } from '../model/muster-error.ts';
import { countProblems, firstProblems, InputError, type Problem } from '../model/problem.ts';
import { defaultHint } from './default-hints.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

/** What went wrong, for people: where, what was found, what to do; every problem of an input at once. */
export function errorText(thrown: unknown, paint: Paint): string {
  const error = asTold(thrown);
  if (error instanceof InputError) return problemsText(error.problems, paint);
  if (error instanceof MusterError && !(error instanceof ProgrammingError)) {
    const advice = error.hint ?? defaultHint(error.code);
    const hint = advice === undefined ? '' : `\n  ${paint('cyan', `→ ${printable(advice)}`)}`;
    const place = `\n  ${paint('dim', `${error.code}, see muster help ${error.code}`)}`;
    return `${paint('red', 'error')} ${printable(error.message)}${hint}${place}\n`;
  }
  const text = error instanceof Error ? error.message : String(error);
  return `${paint('red', 'bug')} ${printable(text)}\n  ${paint('cyan', '→ this should not happen; please report it with the command that you ran')}\n`;
}

/** The first problems, each with its place, and how many there are in all. */
export function problemsText(problems: readonly Problem[], paint: Paint): string {
  const blocks = firstProblems(problems).map((problem) => problemText(problem, paint));
  const total = problems.length > 1 ? `\n${count(countProblems(problems), 'problem')}; nothing was written\n` : '';
  return `${blocks.join('\n')}${total}`;
}

function problemText({ message, hint, at, excerpt, also }: Problem, paint: Paint): string {
  const place = at === undefined ? '' : `${printable(at.file)}:${at.line}:${at.column} `;
  const lines = [`${paint('bold', place)}${paint('red', 'error')} ${printable(message)}`];
  if (at !== undefined && excerpt !== undefined && excerpt.trim() !== '') {
    const number = String(at.line);
    const before = printable(excerpt.slice(0, at.column - 1));
    lines.push(`  ${paint('dim', `${number} |`)} ${printable(excerpt)}`);
    if (at.column <= excerpt.length + 1)
      lines.push(
        `  ${' '.repeat(number.length)} ${paint('dim', '|')} ${' '.repeat(stringWidth(before))}${paint('red', '^')}`,
      );
  }
  if (also !== undefined)
    lines.push(`  ${paint('dim', `also at ${printable(also.file)}:${also.line}:${also.column}`)}`);
  if (hint !== undefined) lines.push(`  ${paint('cyan', `→ ${printable(hint)}`)}`);
  return `${lines.join('\n')}\n`;
}
