/**
 * The one place where text from outside becomes text for a terminal or a log. Names and fields come from people and from
 * the server; what could move the cursor, recolour, ring or reorder the line is shown as its code instead, and so is
 * what the log of a GitHub workflow would take for a command: `::` where a line may begin, `##[` anywhere. The sign that keeps two
 * values on their sides of an arrow stays.
 */
const dangerous =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200d\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}|(?<=^\s*):(?=:)|(?<=##)\[|\u200e(?! → )/gu;

/** What a reader does not see although it makes another text: but for the sign that gives an emoji its colours. */
const unseen = /(?!\ufe0f|\u200e)\p{Default_Ignorable_Code_Point}|(?<!\p{Extended_Pictographic})\ufe0f|\u2800/gu;

/** Most text is, and a plan has a lot of it. */
const isHarmless = (text: string): boolean => /^[ -~]*$/.test(text) && !text.includes('::') && !text.includes('##[');

export function printable(text: string): string {
  if (isHarmless(text)) return text;
  return text.replace(dangerous, codeOf).replace(unseen, codeOf);
}

/**
 * The same of what tells who someone is: an address, what a provider knows a person by. Letters beyond ASCII are shown as their codes,
 * since many look like others, and the address with one is another person's.
 */
export const printableName = (text: string): string => printable(text).replace(/[^ -~]/gu, codeOf);

const codeOf = (char: string): string => (char === '\t' ? '\\t' : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
