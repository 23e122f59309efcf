/** Many servers in one comment of a pull request, or as the annotations of one step: what needs a look comes with its name. */
import { groupBy } from '../model/group-by.ts';
import { type Annotation, annotations } from './annotations.ts';
import type { FleetLine } from './fleet-text.ts';
import { code } from './markdown.ts';
import { type CommentPart, maxComment } from './markdown-sections.ts';
import { count } from './values.ts';

/** One server of a comment. */
export interface ServerComment {
  readonly line: FleetLine;
  /** What there is to say below; absent: its line says everything. */
  readonly markdown?: (part: Required<CommentPart>) => string;
}

/** For the lines that say that others are left out. */
const noteRoom = 200;

/**
 * One comment, never longer than one may be: a line for each server, and below what there is to say of each. Servers share
 * the room; what does not fit is left out as a whole, and counted.
 *
 * @param about - the command, such as `muster plan`
 */
export function fleetMarkdown(about: string, servers: readonly ServerComment[]): string {
  const lines = servers.map(({ line }) => line);
  const head = `### ${about}: ${fleetSums(lines)}\n\n${tableOf(lines, maxComment / 2)}`;
  const shown = servers.filter(({ markdown }) => markdown !== undefined);
  let room = maxComment - head.length - noteRoom;
  const parts: string[] = [];
  let left = 0;
  for (const [i, { line, markdown }] of shown.entries()) {
    const share = Math.floor(room / (shown.length - i));
    const part = `\n${markdown?.({ heading: `#### ${code(line.name)}`, room: share - 1 }) ?? ''}`;
    // One that is short by nature leaves the others more; one that cannot be cut may take from them.
    if (part.length > room) left += 1;
    else {
      parts.push(part);
      room -= part.length;
    }
  }
  const note = left === 0 ? '' : `\n… and ${count(left, 'server')} more, left out to fit a comment\n`;
  return `${head}${parts.join('')}${note}`;
}

/** `3 servers (changes: 1, no changes: 2)`. */
function fleetSums(lines: readonly FleetLine[]): string {
  const words = [...groupBy(lines, ({ word }) => word)].map(([word, own]) => `${word}: ${own.length}`);
  return `${count(lines.length, 'server')} (${words.join(', ')})`;
}

function tableOf(lines: readonly FleetLine[], maxLength: number): string {
  const rows: string[] = ['| server | | |', '|---|---|---|'];
  let length = 0;
  let left = 0;
  for (const { name, word, text } of lines) {
    const row = `| ${code(name)} | ${word} | ${text === '' ? '' : code(text)} |`;
    length += row.length + 1;
    if (length > maxLength - noteRoom) left += 1;
    else rows.push(row);
  }
  const note = left === 0 ? [] : ['', `… and ${left} more`];
  return `${[...rows, ...note].join('\n')}\n`;
}

/** One server of the annotations. */
export interface ServerAnnotations {
  readonly line: FleetLine;
  readonly annotations: readonly Annotation[];
}

/** Each begins with the name of its server; the totals of servers give way, that of all does not. */
export function fleetAnnotations(about: string, servers: readonly ServerAnnotations[]): string {
  const all = servers.flatMap(({ line: { name }, annotations: own }) =>
    own.map(({ level, title, at, text, standsFor }): Annotation => {
      const named = title === undefined ? name : `${name}: ${title}`;
      return { level, title: named, text, ...(at && { at }), ...(standsFor !== undefined && { standsFor }) };
    }),
  );
  const total = fleetSums(servers.map(({ line }) => line));
  return annotations([...all, { level: 'notice', title: about, text: total, isTotal: true }]);
}
