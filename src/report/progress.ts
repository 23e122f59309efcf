import { actionName } from '../model/action-name.ts';
import type { Outcome } from '../model/outcome.ts';
import type { RunEvent } from '../model/run-event.ts';
import { outcomeText } from './apply-text.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { requestText, type ShownRequests } from './request-text.ts';
import { openRunText, standingText } from './run-text.ts';
import { count } from './values.ts';
import { warningText } from './warning-text.ts';

/** Where progress goes: a person's terminal, or a log. */
export interface ProgressSink {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** A wait that a person would notice. */
const noticeableMs = 1000;

/** Shows a run: one line that changes on a terminal, plain lines in a log. Never on stdout. */
export function createProgress(
  sink: ProgressSink,
  paint: Paint,
  now: () => number,
  requests: ShownRequests = 'none',
): { readonly emit: (event: RunEvent) => void; readonly end: () => void } {
  const line = new ChangingLine(sink);
  const tally = new Tally();
  const bar = (): string => barText(tally, now(), paint);
  const emit = (event: RunEvent): void => {
    switch (event.type) {
      case 'reading':
        return line.show(readingText(event));
      case 'read':
        return requests === 'none' ? undefined : line.writeAbove(paint('dim', readText(event)));
      case 'request':
        return requests === 'none' ? undefined : line.writeAbove(paint('dim', requestText(event, requests)));
      case 'apply-started':
        tally.start(event, now());
        return sink.isTerminal ? line.show(bar()) : line.write(applyingText(event));
      case 'action-started':
      case 'action-ended':
        return undefined;
      case 'action-recorded':
        tally.add(event.outcome);
        return sink.isTerminal
          ? line.show(`${bar()}  ${printable(actionName(event.action))}`)
          : line.write(recordedText(event, tally));
      case 'waiting':
        if (event.ms < noticeableMs) return undefined;
        return sink.isTerminal
          ? line.show(`${tally.total === 0 ? '' : `${bar()}  `}${waitingText(event)}`)
          : line.write(waitingText(event));
      case 'settling':
        return line.write(settlingText(event));
      case 'open-run':
        return line.write(`warning: ${openRunText(event)}`);
      case 'canary-passed':
        return line.write(`first ${count(event.people, 'person', 'people')} verified; continuing`);
      case 'warning':
        return line.write(`warning: ${warningText(event)}`);
      case 'stopped':
        return line.write(`stopped: ${printable(event.because)}`);
      case 'apply-ended':
        return line.show('');
    }
  };
  return { emit, end: () => line.clear() };
}

/** The last line of a terminal, which changes; in a log there is none. */
class ChangingLine {
  readonly #sink: ProgressSink;
  #open = '';

  constructor(sink: ProgressSink) {
    this.#sink = sink;
  }

  show(text: string): void {
    if (!this.#sink.isTerminal) return;
    this.#sink.write(`\r\u001b[2K${text}`);
    this.#open = text;
  }

  clear(): void {
    if (this.#open !== '') this.show('');
  }

  /** A line that stays. */
  write(text: string): void {
    this.clear();
    this.#sink.write(`${text}\n`);
  }

  /** A line that stays above the one that changes. */
  writeAbove(text: string): void {
    const shown = this.#open;
    this.write(text);
    this.show(shown);
  }
}

/** How many actions there are, and are over. */
class Tally {
  total = 0;
  done = 0;
  failed = 0;
  /** Actions that were over before this process began. */
  #endedBefore = 0;
  #startedMs = 0;

  start({ before, actions }: EventOf<'apply-started'>, nowMs: number): void {
    this.total = before?.actions ?? actions;
    this.#endedBefore = this.total - actions;
    this.done = this.#endedBefore;
    this.#startedMs = nowMs;
  }

  add({ status }: Outcome): void {
    if (status === 'done') this.done++;
    else this.failed++;
  }

  /** How fast it goes and how long it will take, once there is something to tell it by. */
  pace(nowMs: number): string {
    const seconds = (nowMs - this.#startedMs) / 1000;
    const ended = this.done + this.failed - this.#endedBefore;
    if (seconds < 2 || ended === 0) return '';
    const rate = ended / seconds;
    return `, ${rate.toFixed(1)}/s, ${timeText((this.total - this.done - this.failed) / rate)} left`;
  }
}

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

const barWidth = 24;

function barText(tally: Tally, nowMs: number, paint: Paint): string {
  const { total, done, failed } = tally;
  const filled = total === 0 ? 0 : Math.round((barWidth * (done + failed)) / total);
  const failures = failed === 0 ? '' : paint('red', `, ${failed} not done`);
  const line = `${paint('green', '━'.repeat(filled))}${paint('dim', '━'.repeat(barWidth - filled))}`;
  return `${line} ${done + failed}/${total}${failures}${paint('dim', tally.pace(nowMs))}`;
}

const readingText = ({ what, done, total }: EventOf<'reading'>): string =>
  `reading ${printable(what)} ${done}${total === undefined ? '' : ` of ${total}`}`;

function applyingText({ actions, people, before }: EventOf<'apply-started'>): string {
  const standing = before === undefined ? '' : `: ${standingText(before)}`;
  return `applying ${count(actions, 'action')} for ${count(people, 'person', 'people')}${standing}`;
}

function recordedText({ action, outcome }: EventOf<'action-recorded'>, { done, failed, total }: Tally): string {
  const why = outcome.status === 'done' ? '' : `: ${outcomeText(outcome)}`;
  return `[${done + failed}/${total}] ${outcome.status} ${printable(actionName(action))}${why}`;
}

const waitingText = ({ ms, because }: EventOf<'waiting'>): string =>
  `waiting ${Math.ceil(ms / 1000)} s for ${printable(because)}`;

function settlingText({ run, calls, tokens }: EventOf<'settling'>): string {
  const open = `${count(calls, 'call')} without a response, ${count(tokens, 'token')} to look for`;
  return `cleaning up after the run ${printable(run)}, which was ended from outside: ${open}`;
}

function readText({ kind, because }: EventOf<'read'>): string {
  if (kind.isSamePlan === true)
    return `warm read: beyond the full read of ${new Date(kind.fullMs).toISOString()} nothing that this plan hangs on has changed`;
  if (kind.is === 'warm')
    return `warm read: beyond the full read of ${new Date(kind.fullMs).toISOString()} only changes`;
  return because === undefined ? 'full read' : `full read: ${printable(because)}`;
}

function timeText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
