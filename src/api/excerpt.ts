// Control characters, line separators, zero-width and bidirectional marks, lone surrogates: whatever could move a
// cursor, start a line or turn text around when an error is printed.
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu;

/** Text from outside, made fit for an error message: on one line, visible, and short. */
export function excerpt(text: string, maxLength = 200): string {
  const head = text.slice(0, maxLength * 2).trim();
  const visible = head.replace(unprintable, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
  return visible.length <= maxLength && head.length === text.trim().length
    ? visible
    : `${visible.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '')}…`;
}
