/** What a webhook gets of what changed. */
import type { Notice } from '../model/reconcile-event.ts';
import type { NoticeChannel } from '../model/reconcile-settings.ts';
import { printable } from './printable.ts';
import { reconcileText, withoutNames } from './reconcile-line.ts';

/** Mattermost takes 16,383 characters. */
const maxShown = 30;
const maxLength = 400;

export function noticeBody(
  { server, turns }: Notice,
  { format, redact }: Pick<NoticeChannel, 'format' | 'redact'>,
): object {
  const told = redact ? turns.map(withoutNames) : turns;
  const lines = turns.slice(0, maxShown).map((turn) => printable(reconcileText(turn, redact)).slice(0, maxLength));
  if (format === 'json') return { version: 1, from: 'muster', server, changes: told, text: lines.join('\n') };
  const more = turns.length - lines.length;
  const rest = more === 0 ? [] : [`- and ${more} more`];
  const text = [`**muster** ${code(server)}`, ...lines.map((line) => `- ${code(line)}`), ...rest].join('\n');
  return { text };
}

/** What stands in code is no mention, no link and no markup: names and messages are anybody's. */
const code = (text: string): string => `\`${printable(text).replaceAll('`', "'")}\``;
