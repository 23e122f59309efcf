/** Signs that a reader of a file does not see, and that do something to the reader: to be written as their codes in JSON and in YAML. */

/** Whether a text has any, blanks that are no spaces among them: in YAML it has to stand in double quotes. */
export const hasUnseenSign = (text: string): boolean => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text);

/** What a terminal obeys, and what makes it, an editor or a reviewer's page show a line in another order than a program reads it. */
// oxlint-disable-next-line no-control-regex
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Of a file in which they stand in double quotes alone: the same file to programs. */
export const withCodes = (file: string): string =>
  file.replace(obeyed, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
