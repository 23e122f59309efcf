import { actionName } from '../model/action-name.ts';
import { assertNever } from '../model/assert-never.ts';
import type { FinishedAction, Outcome, RunResult } from '../model/outcome.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

/** How an apply ended: a total first, then everything that was not done, each with what to do. */
export function applyText(
  { results, interrupted, stopped }: Omit<RunResult, 'created'>,
  paint: Paint,
  journal?: { readonly file: string; readonly head: string },
): string {
  const done = results.filter(({ outcome }) => outcome.status === 'done');
  const others = results.filter(({ outcome }) => outcome.status !== 'done');
  const isCut = interrupted || stopped !== undefined;
  const lines = [
    paint(others.length === 0 && !isCut ? 'green' : 'red', totalText({ results, interrupted, stopped })),
    ...(stopped !== undefined && !interrupted ? [`  ${printable(stopped)}`] : []),
    ...done.flatMap((result) => noteLines(result)),
    ...foldSkipped(others).flatMap((part) =>
      'because' in part
        ? [`  ${paint('red', 'skipped')}  ${count(part.actions, 'action')}: ${printable(part.because)}`]
        : failureLines(part, paint),
    ),
  ];
  if (others.length > 0) lines.push(paint('cyan', `→ ${isCut ? goOn : lookAgain}`));
  if (journal !== undefined) lines.push(paint('dim', `journal ${printable(journal.file)}, head ${journal.head}`));
  return `${lines.join('\n')}\n`;
}

/** How it ended in a few words, and how many actions are done. */
export function totalText({
  results,
  interrupted,
  stopped,
}: Pick<RunResult, 'results' | 'interrupted'> & { readonly stopped?: string | undefined }): string {
  const done = results.flatMap(({ outcome }) => (outcome.status === 'done' ? [outcome] : []));
  const found = done.filter(({ as }) => as === 'found').length;
  const total = `${done.length} of ${count(results.length, 'action')} done${found > 0 ? ` (${found} already so)` : ''}`;
  return `${interrupted ? 'Interrupted' : stopped === undefined ? 'Applied' : 'Stopped'}: ${total}`;
}

const goOn = 'muster apply --resume resumes this run; muster plan shows what is left';
const lookAgain = 'run muster plan to see what is left; what is done stays done';

/** What was skipped for one and the same reason is one line, where it would be many. */
function foldSkipped(
  results: readonly FinishedAction[],
): ReadonlyArray<FinishedAction | { readonly because: string; readonly actions: number }> {
  const counts = new Map<string, number>();
  for (const { outcome } of results)
    if (outcome.status === 'skipped') counts.set(outcome.because, (counts.get(outcome.because) ?? 0) + 1);
  const isFolded = ({ outcome }: FinishedAction): boolean =>
    outcome.status === 'skipped' && (counts.get(outcome.because) ?? 0) > mostAlike;
  const folded = [...counts].filter(([, actions]) => actions > mostAlike);
  return [
    ...results.filter((result) => !isFolded(result)),
    ...folded.map(([because, actions]) => ({ because, actions })),
  ];
}

const mostAlike = 5;
const longestStatus = 'skipped'.length;
const nameOf = ({ action }: FinishedAction): string => printable(actionName(action));

function noteLines(result: FinishedAction): readonly string[] {
  const notes = result.outcome.status === 'done' ? result.outcome.notes : [];
  return notes.map((note) => `  ${nameOf(result)}: ${printable(note)}`);
}

function failureLines(result: FinishedAction, paint: Paint): readonly string[] {
  const { outcome } = result;
  const hint =
    outcome.status === 'failed' && outcome.error.hint !== undefined
      ? [`      ${paint('cyan', `→ ${printable(outcome.error.hint)}`)}`]
      : [];
  return [
    `  ${paint('red', outcome.status.padEnd(longestStatus))}  ${nameOf(result)}: ${outcomeText(outcome)}`,
    ...hint,
  ];
}

/** One line about an outcome; for logs and summaries. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.status) {
    case 'done':
      return outcome.as === 'found' ? 'already so' : 'done';
    case 'skipped':
      return printable(outcome.because);
    case 'stale':
      return printable(`the plan saw ${outcome.expected}, now it is ${outcome.found}: left alone`);
    case 'failed':
      return printable(outcome.error.message) + writtenText(outcome);
    default:
      return assertNever(outcome);
  }
}

function writtenText({ written, error }: Extract<Outcome, { status: 'failed' }>): string {
  switch (written) {
    case 'no':
      return '';
    case 'yes':
      // That error says itself what was written.
      return error.code === 'NOT_VERIFIED' ? '' : ' (it was written, but could not be read back)';
    case 'unknown':
      return ' (it may have been written all the same)';
    default:
      return assertNever(written);
  }
}
