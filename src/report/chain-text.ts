/** Chains of people, for a terminal. */
import type { AccessLoss, ChainReport, ChainStep, PersonChain } from '../model/generated/chain-report.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

const colours: Readonly<Record<AccessLoss['verdict'], Colour>> = {
  'in-time': 'green',
  late: 'red',
  open: 'yellow',
  'not-due': 'dim',
  unknown: 'yellow',
};

/** So many of the server's own lines are shown; JSON has all that were read. */
const maxServerLines = 5;

export function chainText(report: ChainReport, paint: Paint): string {
  const { about, server, moment, sample, people } = report;
  const lines = [
    `${paint('bold', `${about === 'onboarding' ? 'Onboarding' : 'Offboarding'} on ${printable(server.url)}`)} as of ${moment}`,
    ...(sample === undefined
      ? []
      : [
          `${sample.drawn} drawn of ${sample.population} ${sample.of}, seed ${printable(sample.seed)}`,
          `drawn by ${printable(sample.how)}`,
        ]),
    ...people.flatMap((person) => ['', ...personLines(person, report, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}

function personLines(
  { person, steps, loss, server_lines: { lines, left_out: isMore, missing } }: PersonChain,
  { leaver_hours: hours }: ChainReport,
  paint: Paint,
): readonly string[] {
  const shown = lines
    .slice(0, maxServerLines)
    .map(({ at, action, info }) => [
      { text: 'log' },
      { text: '' },
      { text: at },
      { text: printable(`${action} ${info}`) },
    ]);
  const hidden = lines.length - shown.length;
  const more = hidden > 0 || isMore ? [`  the server has more lines: --format json shows up to 200`] : [];
  return [
    paint('bold', printable(person)),
    ...(loss === undefined
      ? []
      : [`  ${paint(colours[loss.verdict], loss.verdict)}  ${printable(loss.text)} (limit: ${count(hours, 'hour')})`]),
    ...alignColumns([...steps.map((step) => stepCells(step, paint)), ...shown], '  '),
    ...(missing === undefined ? more : [`  the server shows no lines of its own: ${printable(missing)}`]),
  ];
}

function stepCells(step: ChainStep, paint: Paint): readonly Cell[] {
  const { state, at = '' } = step;
  return [
    { text: step.step },
    { text: state, ...(state === 'unknown' && { paint: (text: string) => paint('yellow', text) }) },
    { text: at },
    { text: printable(stepDetail(step)) },
  ];
}

/** What a step says, with what it names; not printable yet. */
export function stepDetail({ text, by, file, line, commit, signature, run, job }: ChainStep): string {
  const facts = [
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(file === undefined ? [] : [`${file}:${line ?? 1}`]),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
    ...(signature === undefined ? [] : [`signature ${signature}`]),
    ...(run === undefined ? [] : [`run ${Number(run.slice(0, 6))}`]),
    ...(job === undefined ? [] : [`job ${job}`]),
  ];
  return facts.length === 0 ? text : `${text} (${facts.join(', ')})`;
}
