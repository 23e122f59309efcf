/** Access reviews for a terminal. */
import { authorshipRows } from '../model/authorship.ts';
import type { ReviewClosed, RevokedGrant } from '../model/generated/review-closed.ts';
import type { ReviewManifest } from '../model/generated/review-manifest.ts';
import { groupBy } from '../model/group-by.ts';
import type { ReviewCounts, ReviewStatus, ReviewVerification } from '../model/review.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { printable } from './printable.ts';
import { problemsText } from './problems-text.ts';
import { count } from './values.ts';

const cells = (...texts: readonly string[]): readonly Cell[] => texts.map((text) => ({ text: printable(text) }));
const arrow = (paint: Paint, text: string): string => `  ${paint('cyan', `→ ${printable(text)}`)}\n`;

/** @param folder - as it is shown */
export function openedText(
  { review, population, owners, digest }: ReviewManifest,
  folder: string,
  paint: Paint,
): string {
  const rows = owners.map(({ owner, file, rows: own }) => cells(`${folder}/${file}`, owner, count(own, 'grant')));
  return [
    `${paint('bold', `Review ${printable(review)}`)}: ${count(population.grants, 'grant')} to decide on, of ${count(population.accounts, 'account')}\n`,
    ...(population.without_access === 0
      ? []
      : [
          `${count(population.without_access, 'inactive account or disabled token has', 'inactive accounts and disabled tokens have')} no row: no access to decide on\n`,
        ]),
    ...alignColumns(rows, '  ').map((line) => `${line}\n`),
    `${paint('dim', `manifest ${digest}`)}\n`,
    arrow(paint, `commit ${folder}, let each owner decide in a pull request, then run muster review close ${review}`),
  ].join('');
}

export function reviewStatusText(
  { review, opened, closed, files, total, authorship, flaws }: ReviewStatus,
  paint: Paint,
): string {
  const state = closed === undefined ? 'open' : `closed ${closed}`;
  const rows = [...files, { file: 'all', owner: '', ...total }].map((one) =>
    cells(one.file, one.owner, ...countWords(one)),
  );
  return [
    `${paint('bold', `Review ${printable(review)}`)}: opened ${opened}, ${state}\n`,
    ...alignColumns(rows, '  ').map((line) => `${line}\n`),
    ...authorsText(authorship),
    ...(flaws.length === 0 ? [] : ['\n', problemsText(flaws, paint)]),
  ].join('');
}

/** How far git proves who decided. */
function authorsText(authorship: ReviewStatus['authorship'] = {}): readonly string[] {
  const parts = Object.entries(authorshipRows).flatMap(([status, { text }]) => {
    const number = new Map(Object.entries(authorship)).get(status) ?? 0;
    return number === 0 ? [] : [`${number} ${text}`];
  });
  return parts.length === 0 ? [] : [`decisions in git: ${parts.join(', ')}\n`];
}

const countWords = ({ rows, keep, revoke, open, privileged }: ReviewCounts): readonly string[] => [
  count(rows, 'row'),
  `${keep} keep`,
  `${revoke} revoke`,
  `${open} open`,
  `${privileged} privileged`,
];

const howWords: Readonly<Record<RevokedGrant['how'], string>> = {
  edited: 'taken out of the users files: the next plan removes them',
  planned: 'the users files remove them already',
  gone: 'gone already',
  'by-hand': 'to be removed by hand',
};

export function closedText({ review, counts, edited, revoked, authorship }: ReviewClosed, paint: Paint): string {
  const groups = groupBy(revoked, ({ how }) => how);
  const blocks = Object.entries(howWords).flatMap(([how, words]) => {
    const own = [...groups].find(([name]) => name === how)?.[1] ?? [];
    const rows = own.map(({ person, grant, by, reason, hint }) => cells(person, grant, `by ${by}`, hint ?? reason));
    return own.length === 0 ? [] : [`${count(own.length, 'grant')} ${words}\n`, ...lines(rows)];
  });
  return [
    `${paint('bold', `Review ${printable(review)} is closed`)}: ${counts.keep} of ${count(counts.rows, 'grant')} kept, ${counts.revoke} revoked\n`,
    ...authorsText(authorship),
    ...blocks,
    ...edited.map((file) => `edited ${printable(file)}\n`),
    arrow(paint, `look at the edits, run muster plan and muster apply, then muster review verify ${review}`),
  ].join('');
}

export function verifiedReviewText({ review, counts, grants, completeness }: ReviewVerification, paint: Paint): string {
  const left = grants.filter(({ is }) => is === 'still-there');
  const colour: Colour = left.length === 0 ? 'green' : 'red';
  const rows = left.map(({ person, grant, by, on, hint }) =>
    cells(person, grant, `revoked ${on} by ${by}`, hint ?? ''),
  );
  return [
    `${paint('bold', `Review ${printable(review)}`)}: ${paint(colour, `${counts.gone} of ${count(counts.revoked, 'revoked grant')} gone`)}, read ${completeness.ended} from ${printable(completeness.server.url)}\n`,
    ...(left.length === 0 ? [] : [`${count(left.length, 'grant')} still there\n`, ...lines(rows)]),
  ].join('');
}

const lines = (rows: readonly (readonly Cell[])[]): readonly string[] =>
  alignColumns(rows, '  ').map((line) => `${line}\n`);
