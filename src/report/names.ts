import { printable } from './printable.ts';

/** So many names tell who it is about; the others are counted. */
export const maxNames = 20;

/** The first names, and how many more there are. */
export function nameList(names: readonly string[]): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return `${names.slice(0, maxNames).map(printable).join(', ')}${more}`;
}
