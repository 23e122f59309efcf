import { asTold } from '../model/machine-error.ts';
import { MusterError } from '../model/muster-error.ts';
import { countProblems, firstProblems, InputError, type Problem } from '../model/problem.ts';
import { defaultHint } from './default-hints.ts';
import { code } from './markdown.ts';
import { count } from './values.ts';

/**
 * What went wrong, as a comment of a pull request: the person who opened it sees why there is no plan. Every text in it may come
 * from outside.
 *
 * @param heading - with the command, such as `### muster plan`
 */
export function errorMarkdown(thrown: unknown, heading: string): string {
  const error = asTold(thrown);
  if (error instanceof InputError) return problemsMarkdown(error.problems, heading);
  const text = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof MusterError;
  const hint = isOurs ? (error.hint ?? defaultHint(error.code)) : 'please report it with the command that you ran';
  return `${heading}: ${isOurs ? 'failed' : 'bug'}\n\n${code(text)}\n${hint === undefined ? '' : `\n→ ${code(hint)}\n`}`;
}

function problemsMarkdown(problems: readonly Problem[], heading: string): string {
  const total = count(countProblems(problems), 'problem');
  return [
    `${heading}: ${total}`,
    '',
    'Nothing was written.',
    '',
    '| where | what | what to do |',
    '|---|---|---|',
    ...firstProblems(problems).map(
      ({ at, message, hint }) =>
        `| ${at === undefined ? '' : code(`${at.file}:${at.line}:${at.column}`)} | ${code(message)} | ${hint === undefined ? '' : code(hint)} |`,
    ),
    '',
  ].join('\n');
}

/** The same without a word that may name a person: codes, places, and what to look up. */
export function redactedErrorMarkdown(thrown: unknown, heading: string): string {
  const error = asTold(thrown);
  if (error instanceof InputError) {
    const rows = error.problems.map(({ at, code: name }) => {
      const where = at === undefined ? '' : code(`${at.file}:${at.line}:${at.column}`);
      return `| ${where} | ${code(name)} | ${code(`muster help ${name}`)} |`;
    });
    const total = count(countProblems(error.problems), 'problem');
    const head = ['| where | what | what to do |', '|---|---|---|'];
    return [`${heading}: ${total}`, '', 'Nothing was written.', '', ...head, ...rows, ''].join('\n');
  }
  const name = error instanceof MusterError ? error.code : 'bug';
  return `${heading}: failed\n\n${code(name)} (not shown)\n\n→ ${code(`muster help ${name}`)}\n`;
}
