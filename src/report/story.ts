/** What runs did: for people, for programs, and for a comment. */

import { runNumberOf } from '../model/run-name.ts';
import type { RunOrigin } from '../model/run-origin.ts';
import type { ChangeOutcome, RunStory, ToldChange } from '../model/run-story.ts';
import { classLabel } from './admin-marks.ts';
import { approvalText } from './authorship-text.ts';
import { showDifference } from './change-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import { code } from './markdown.ts';
import type { Colour, Paint } from './paint.ts';

import { printable } from './printable.ts';
import { doneText, momentText, runLabel } from './run-text.ts';

const outcomes: Readonly<Record<ChangeOutcome, { readonly says: string; readonly colour: Colour }>> = {
  done: { says: '', colour: 'green' },
  found: { says: 'already so', colour: 'dim' },
  failed: { says: 'failed', colour: 'red' },
  stale: { says: 'changed meanwhile: left alone', colour: 'yellow' },
  skipped: { says: 'skipped', colour: 'yellow' },
  uncertain: { says: 'begun, end unknown', colour: 'yellow' },
  left: { says: 'not begun', colour: 'yellow' },
};

const nothingTold = 'no run did that here (muster journal shows the runs; --state-dir names another place)\n';

export function storiesText(stories: readonly RunStory[], paint: Paint): string {
  return stories.length === 0 ? nothingTold : stories.map((story) => storyText(story, paint)).join('\n');
}

function storyText(story: RunStory, paint: Paint): string {
  const rows = story.changes.map((one): readonly Cell[] => [
    { text: one.at?.slice(11, 19) ?? '', paint: (text) => paint('dim', text) },
    { text: printable(one.person) },
    { text: classLabel(one.change) },
    { text: printable(one.change.attribute) },
    { text: printable(oneLine(showDifference(one.change))) },
    { text: outcomeText(one), paint: (text) => paint(outcomes[one.outcome].colour, text) },
  ]);
  return `${[
    `${paint('bold', capital(runLabel(story.run)))}  ${headText(story)}`,
    ...aboutLines(story).map((line) => `  ${line}`),
    ...story.flaws.map((flaw) => `  ${paint('red', 'broken')}  ${printable(flaw)}`),
    ...alignColumns(rows, '  ', 40),
  ].join('\n')}\n`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A text of several lines would break a row. */
const oneLine = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

const headText = ({ started, how, ...counts }: RunStory): string =>
  `${started === undefined ? '' : `${momentText(started)} UTC, `}${how}: ${doneText(counts)}${counts.left > 0 ? `, ${counts.left} left` : ''}`;

function aboutLines({
  caller,
  server,
  tool,
  origin = {},
  approvals = [],
  undoes,
  takenBackBy,
}: RunStory): readonly string[] {
  const by = caller === undefined ? [] : [`by ${printable(caller.username ?? caller.id)}`];
  const where = server === undefined ? [] : [`on ${printable(server.url)}`];
  return [
    [...by, ...where, ...(tool === undefined ? [] : [`with muster ${printable(tool)}`])].join(' '),
    ...originLines(origin),
    ...approvals.map((one) => `approved ${printable(approvalText(one))}`),
    ...(undoes === undefined ? [] : [`takes back ${runLabel(undoes)}`]),
    ...takenBackBy.map((run) => `taken back by ${runLabel(run)}`),
  ].filter((line) => line !== '');
}

function originLines({ commit, author, job, url }: RunOrigin): readonly string[] {
  const made = [
    ...(commit === undefined ? [] : [`commit ${printable(commit.slice(0, 12))}`]),
    ...(author === undefined ? [] : [`by ${printable(author)}`]),
  ];
  const ran = [...(job === undefined ? [] : [`job ${printable(job)}`]), ...(url === undefined ? [] : [printable(url)])];
  return [made.join(' '), ran.join(', ')];
}

const outcomeText = ({ outcome, written, code: why }: ToldChange): string =>
  `${outcomes[outcome].says}${written === undefined ? '' : writtenText[written]}${why === undefined ? '' : ` (${printable(why)})`}`;

const writtenText = { yes: ', though it was written', unknown: ', and may have been written' } as const;

/** Under the names of the schema `journal.schema.json`. */
export function storiesJson(stories: readonly RunStory[]): Readonly<Record<string, unknown>> {
  return { format: 'muster-journal', version: 1, runs: stories.map(storyJson) };
}

function storyJson({ takenBackBy, changes, ...story }: RunStory): Readonly<Record<string, unknown>> {
  return {
    ...story,
    number: runNumberOf(story.run),
    taken_back_by: takenBackBy,
    changes: changes.map(({ change, ...one }) => ({
      ...one,
      class: change.class,
      attribute: change.attribute,
      ...(change.concerns_admin !== undefined && { concerns_admin: change.concerns_admin }),
      ...(change.before !== undefined && { before: change.before }),
      ...(change.after !== undefined && { after: change.after }),
      reason: change.reason,
    })),
  };
}

const maxRows = 200;

export function storiesMarkdown(stories: readonly RunStory[]): string {
  return stories.length === 0 ? nothingTold : stories.map(storyMarkdown).join('\n');
}

function storyMarkdown(story: RunStory): string {
  const rows = story.changes.slice(0, maxRows).map((one) => {
    const cells = [one.at ?? '', one.person, classLabel(one.change), one.change.attribute, showDifference(one.change)];
    const outcome = outcomeText(one);
    return `| ${[...cells, outcome === '' ? 'done' : outcome].map(code).join(' | ')} |`;
  });
  const more = story.changes.length - rows.length;
  return [
    `### ${capital(runLabel(story.run))}: ${headText(story)}`,
    '',
    ...[...aboutLines(story), ...story.flaws].map((line) => `- ${code(line)}`),
    ...(rows.length === 0
      ? []
      : ['', '| when | who | what | field | change | outcome |', '|---|---|---|---|---|---|', ...rows]),
    ...(more > 0 ? ['', `… and ${more} more of ${story.changes.length}`] : []),
    '',
  ].join('\n');
}
