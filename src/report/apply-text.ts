import { assertNever } from '../model/assert-never.ts';
import type { ActionResult, ApplyResult, Outcome } from '../model/outcome.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

/** How an apply ended: a total first, then everything that was not done, each with what to do. */
export function applyText({ results, interrupted }: ApplyResult, paint: Paint): string {
  const done = results.filter(({ outcome }) => outcome.status === 'done');
  const others = results.filter(({ outcome }) => outcome.status !== 'done');
  const found = done.filter(({ outcome }) => outcome.status === 'done' && outcome.as === 'found').length;
  const total = `${done.length} of ${count(results.length, 'action')} done${found > 0 ? ` (${found} already so)` : ''}`;
  const lines = [
    paint(
      others.length === 0 && !interrupted ? 'green' : 'red',
      interrupted ? `Interrupted: ${total}` : `Applied: ${total}`,
    ),
    ...done.flatMap((result) => noteLines(result)),
    ...others.flatMap((result) => failureLines(result, paint)),
  ];
  if (others.length > 0) lines.push(paint('cyan', '→ run muster plan to see what is left; what is done stays done'));
  return `${lines.join('\n')}\n`;
}

const longestStatus = 'skipped'.length;
const nameOf = ({ action }: ActionResult): string => `${action.call.operation} ${printable(action.person)}`;

function noteLines(result: ActionResult): readonly string[] {
  const notes = result.outcome.status === 'done' ? result.outcome.notes : [];
  return notes.map((note) => `  ${nameOf(result)}: ${printable(note)}`);
}

function failureLines(result: ActionResult, paint: Paint): readonly string[] {
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
      return printable(outcome.error.message) + writtenText[outcome.written];
    default:
      return assertNever(outcome);
  }
}

const writtenText: Readonly<Record<'no' | 'yes' | 'unknown', string>> = {
  no: '',
  yes: '',
  unknown: ' (it may have been written all the same)',
};
