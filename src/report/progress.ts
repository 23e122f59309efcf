import { actionName } from '../model/action-name.ts';
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
  let total = 0;
  /** Actions that were over before this process began. */
  let endedBefore = 0;
  let done = 0;
  let failed = 0;
  /** The line that changes. */
  let open = '';
  let startedMs = 0;
  const show = (text: string): void => {
    if (!sink.isTerminal) return;
    sink.write(`\r\u001b[2K${text}`);
    open = text;
  };
  const line = (text: string): void => {
    if (open !== '') show('');
    sink.write(`${text}\n`);
  };
  const bar = (): string => {
    const width = 24;
    const filled = total === 0 ? 0 : Math.round((width * (done + failed)) / total);
    const failures = failed === 0 ? '' : paint('red', `, ${failed} not done`);
    return `${paint('green', '━'.repeat(filled))}${paint('dim', '━'.repeat(width - filled))} ${done + failed}/${total}${failures}${paint('dim', pace())}`;
  };
  /** How fast it goes and how long it will take, once there is something to tell it by. */
  const pace = (): string => {
    const seconds = (now() - startedMs) / 1000;
    const ended = done + failed - endedBefore;
    if (seconds < 2 || ended === 0) return '';
    const rate = ended / seconds;
    return `, ${rate.toFixed(1)}/s, ${timeText((total - done - failed) / rate)} left`;
  };
  return {
    emit(event) {
      switch (event.type) {
        case 'reading':
          return show(
            `reading ${printable(event.what)} ${event.done}${event.total === undefined ? '' : ` of ${event.total}`}`,
          );
        case 'read': {
          if (requests === 'none') return undefined;
          const shown = open;
          line(paint('dim', readText(event)));
          return show(shown);
        }
        case 'apply-started':
          total = event.before?.actions ?? event.actions;
          endedBefore = total - event.actions;
          done = endedBefore;
          startedMs = now();
          if (sink.isTerminal) return show(bar());
          return line(
            `applying ${count(event.actions, 'action')} for ${count(event.people, 'person', 'people')}${event.before === undefined ? '' : `: ${standingText(event.before)}`}`,
          );
        case 'action-started':
        case 'action-ended':
          return undefined;
        case 'action-recorded': {
          if (event.outcome.status === 'done') done++;
          else failed++;
          const name = printable(actionName(event.action));
          if (!sink.isTerminal)
            return line(
              `[${done + failed}/${total}] ${event.outcome.status} ${name}${event.outcome.status === 'done' ? '' : `: ${outcomeText(event.outcome)}`}`,
            );
          return show(`${bar()}  ${name}`);
        }
        case 'request': {
          if (requests === 'none') return undefined;
          const shown = open;
          line(paint('dim', requestText(event, requests)));
          return show(shown);
        }
        case 'waiting':
          if (event.ms < noticeableMs) return undefined;
          return sink.isTerminal
            ? show(
                `${total === 0 ? '' : `${bar()}  `}waiting ${Math.ceil(event.ms / 1000)} s for ${printable(event.because)}`,
              )
            : line(`waiting ${Math.ceil(event.ms / 1000)} s for ${printable(event.because)}`);
        case 'settling':
          return line(
            `cleaning up after the run ${printable(event.run)}, which was ended from outside: ${count(event.calls, 'call')} without a response, ${count(event.tokens, 'token')} to look for`,
          );
        case 'open-run':
          return line(`warning: ${openRunText(event)}`);
        case 'canary-passed':
          return line(`first ${count(event.people, 'person', 'people')} verified; continuing`);
        case 'warning':
          return line(`warning: ${warningText(event)}`);
        case 'stopped':
          return line(`stopped: ${printable(event.because)}`);
        case 'apply-ended':
          return show('');
      }
    },
    end() {
      if (open !== '') show('');
    },
  };
}

function readText({ kind, because }: Extract<RunEvent, { readonly type: 'read' }>): string {
  if (kind.isSamePlan === true)
    return `warm read: beyond the full read of ${new Date(kind.fullMs).toISOString()} nothing that this plan hangs on has changed`;
  if (kind.is === 'warm')
    return `warm read: beyond the full read of ${new Date(kind.fullMs).toISOString()} only changes`;
  return because === undefined ? 'full read' : `full read: ${printable(because)}`;
}

function timeText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
