import type { Warning } from '../model/messages/warning-rows.ts';
import { printable } from './printable.ts';

/** For people: what is wrong, and on a line of its own what to do. */
export const warningText = ({ text, hint }: Pick<Warning, 'text' | 'hint'>): string =>
  `${printable(text)}${hint === undefined ? '' : `\n  → ${hint}`}`;
