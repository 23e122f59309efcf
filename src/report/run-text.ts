/** Runs in a few words, the same wherever they are named. Their figures come from their journals. */
import type { Plan } from '../model/plan.ts';
import type { Before } from '../model/run-event.ts';
import { runNumberOf } from '../model/run-name.ts';
import type { RunCounts } from '../model/run-summary.ts';
import { code } from './markdown.ts';
import { printable } from './printable.ts';
import { count, wordFor } from './values.ts';

/** `run 13` */
export const runLabel = (run: string): string => `run ${printable(runNumberOf(run))}`;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** `28 Nov 2026 11:28`, in UTC as everywhere in journals. */
export function momentText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return printable(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}`;
}

/** `15 of 60 actions done` */
export const doneText = ({ done, actions }: Pick<RunCounts, 'done' | 'actions'>): string =>
  `${done} of ${count(actions, 'action')} done`;

/** `15 of 60 actions done before; 45 left, 4 of which need no call any more` */
export function standingText({ settled, ...counts }: Before): string {
  const rest = settled === 0 ? '' : `, ${settled} of which ${wordFor(settled, 'needs', 'need')} no call any more`;
  return `${doneText(counts)} before; ${counts.left} left${rest}`;
}

/** The headline of a resume. */
export const resumedText = ({ run, ...standing }: Before & { readonly run: string }): string =>
  `Resumes ${runLabel(run)}: ${standingText(standing)}`;

/** The headline of a plan that takes a run back; empty for every other plan. */
export function takenBackText({ undoes, takes_back: back }: Plan): string {
  if (undoes === undefined) return '';
  const about =
    back === undefined
      ? ''
      : ` of ${momentText(back.started)} (${count(back.actions, 'action')} by ${printable(back.caller)})`;
  return `Takes back ${runLabel(undoes)}${about}`;
}

/** The same for a comment. */
export function takenBackMarkdown({ undoes, takes_back: back }: Plan): string | undefined {
  if (undoes === undefined) return undefined;
  if (back === undefined) return code(runLabel(undoes));
  return `${code(runLabel(undoes))} of ${code(momentText(back.started))} (${count(back.actions, 'action')} by ${code(back.caller)})`;
}

interface OpenRunWords extends Pick<RunCounts, 'actions' | 'done' | 'left'> {
  readonly run: string;
  readonly state: 'under way' | 'interrupted';
}

/** What a user should know of a run that is not over. */
export function openRunText({ run, state, ...counts }: OpenRunWords): string {
  return state === 'under way'
    ? `${runLabel(run)} is under way (${counts.done} of ${counts.actions}): what it has not done yet shows as left`
    : `${runLabel(run)} was interrupted: ${doneText(counts)}, ${counts.left} left; muster apply --resume resumes it`;
}
