import type { SettingsComparison } from '../model/plan.ts';
import { type Annotation, annotations, annotationsOfComparison, annotationsOfEntries } from './annotations.ts';
import { comparisonMarkdown, differencesSection } from './comparison-markdown.ts';
import { code } from './markdown.ts';
import { type CommentPart, fitComment } from './markdown-sections.ts';
import type { Paint } from './paint.ts';
import { count } from './values.ts';

/** What files that are in order hold. */
export interface Validation {
  readonly people: number;
  readonly files: readonly string[];
  /** With the base of a pull request. */
  readonly compared?: SettingsComparison | undefined;
}

export const validationSums = ({ people, files }: Validation): string =>
  `${count(people, 'person', 'people')} in ${count(files.length, 'file')}`;

export const validationText = (valid: Validation, paint: Paint): string =>
  `${paint('green', 'valid')}: ${validationSums(valid)}\n`;

export const validationAnnotations = (valid: Validation): string => annotations(annotationsOfValidation(valid));

const title = 'muster validate';

const annotationsOfValidation = (valid: Validation): readonly Annotation[] => [
  ...annotationsOfComparison(valid.compared, title),
  ...annotationsOfEntries(valid.compared),
  { level: 'notice', title, text: `valid: ${validationSums(valid)}`, isTotal: true },
];

const maxFiles = 50;

/** As a comment of a pull request. */
export function validationMarkdown(valid: Validation, { heading = `### ${title}`, room }: CommentPart = {}): string {
  const { files, compared } = valid;
  const more = files.length - maxFiles;
  const head = [
    `${heading}: valid`,
    '',
    validationSums(valid),
    ...comparisonMarkdown(compared),
    '',
    ...files.slice(0, maxFiles).map((file) => `- ${code(file)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
  ].join('\n');
  return fitComment(head, [differencesSection(compared)], '', room);
}
