import { command } from './annotations.ts';
import { code } from './markdown.ts';
import type { Paint } from './paint.ts';
import { count } from './values.ts';

/** What files that are in order hold. */
export interface Validation {
  readonly people: number;
  readonly files: readonly string[];
}

export const validationSums = ({ people, files }: Validation): string =>
  `${count(people, 'person', 'people')} in ${count(files.length, 'file')}`;

export const validationText = (valid: Validation, paint: Paint): string =>
  `${paint('green', 'valid')}: ${validationSums(valid)}\n`;

export const validationAnnotations = (valid: Validation): string =>
  command('notice', { title: 'muster validate' }, `valid: ${validationSums(valid)}`);

const maxFiles = 50;

/** As a comment of a pull request. */
export function validationMarkdown(valid: Validation): string {
  const { files } = valid;
  const more = files.length - maxFiles;
  return [
    '### muster validate: valid',
    '',
    validationSums(valid),
    '',
    ...files.slice(0, maxFiles).map((file) => `- ${code(file)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
  ].join('\n');
}
