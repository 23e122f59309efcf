import type { Signature } from '../model/journal-key.ts';
import { runNumberOf } from '../model/run-name.ts';
import type { RunSummary, ServerRuns } from '../model/run-summary.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { momentText } from './run-text.ts';
import { count } from './values.ts';

const nothingRecorded =
  'no run is recorded here (the state directory of another machine or user? --state-dir names it)\n';

/** The runs of every server, one line each. */
export function journalsText(servers: readonly ServerRuns[], paint: Paint): string {
  if (servers.length === 0) return nothingRecorded;
  return servers
    .map(({ dir, runs }) => {
      // A run that was refused before it began is not shown.
      const begun = runs.filter(({ how }) => how !== 'never begun');
      return `${paint('bold', printable(dir))}\n${tableOf(begun, paint)}`;
    })
    .join('\n');
}

function tableOf(runs: readonly RunSummary[], paint: Paint): string {
  const lines = alignColumns(
    runs.map((run): readonly Cell[] => [
      { text: printable(runNumberOf(run.run)) },
      { text: run.started === undefined ? '' : momentText(run.started) },
      { text: run.how, paint: (word) => paint(run.how === 'complete' ? 'green' : 'yellow', word) },
      { text: standingOf(run) },
      { text: run.by === undefined ? '' : `by ${printable(run.by)}` },
      { text: printable(notesOf(run)) },
    ]),
    '  ',
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `23 of 30 done, 7 left` */
const standingOf = ({ done, actions, left }: RunSummary): string =>
  `${done} of ${actions} done${left > 0 ? `, ${left} left` : ''}`;

function notesOf({ failed, stale, undoes, flaws }: RunSummary): string {
  return [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stale > 0 ? [`${stale} stale`] : []),
    ...(undoes === undefined ? [] : [`takes back run ${runNumberOf(undoes)}`]),
    ...flaws,
  ].join(', ');
}

/**
 * What verifying found.
 *
 * @param missingHead - a hash that was asked for and is no journal's last
 */
export function verifiedText(servers: readonly ServerRuns[], missingHead: string | undefined, paint: Paint): string {
  if (servers.length === 0 && missingHead === undefined) return nothingRecorded;
  const runs = servers.flatMap((server) => server.runs);
  const flaws = servers.flatMap(({ dir, runs: own }) =>
    own.flatMap((run) => run.flaws.map((flaw) => `${dir}: ${flaw}`)),
  );
  const all =
    missingHead === undefined
      ? flaws
      : [
          ...flaws,
          `no journal ends with ${missingHead}: lines at the end of that run's journal are missing, or it is not here`,
        ];
  if (all.length === 0) {
    const last = runs.at(-1);
    return `${paint('green', `${count(runs.length, 'journal')} as written`)}${last?.head === undefined ? '' : `; the newest ends with ${last.head}`}\n${signedText(runs, paint)}`;
  }
  return `${all.map((flaw) => `${paint('red', 'broken')}  ${printable(flaw)}`).join('\n')}\n`;
}

/** Whose the lines are that are as written. */
function signedText(all: readonly RunSummary[], paint: Paint): string {
  const runs = all.filter(({ how }) => how !== 'never begun');
  if (runs.every(({ signature }) => signature === undefined))
    return 'not authenticated: set MUSTER_TOKEN, or that of the named server, to check signatures\n';
  const others = runs.filter(({ signature }) => signature !== 'fits');
  if (others.length === 0) return `${paint('green', 'all signed with the token in the environment')}\n`;
  const of = (wanted: Signature): number => others.filter(({ signature }) => signature === wanted).length;
  const parts = [
    `${count(of('another key'), 'journal')} signed with another token`,
    `${count(of('none'), 'journal')} not signed in every line`,
  ].filter((part) => !part.startsWith('0 '));
  return `${paint('yellow', `not authenticated: ${parts.join(', ')}`)}\n`;
}

export function journalsJson(servers: readonly ServerRuns[]): Readonly<Record<string, unknown>> {
  return { servers };
}
