/**
 * Which e-mail addresses the server takes, so that a file is refused and not the write (API reference §3): what Go's
 * `net/mail` parses with nothing left over, in lower case, at most 128 bytes. Domains are not looked up, and need no dot.
 */
import { type ProblemText, refuse, type WhatOfProblem } from './messages/problems.ts';
import { lowerCase } from './user-rules.ts';

/** How an address is refused that looks like none. */
type RefusedEmail = WhatOfProblem<'email-refused'>['is'];

/**
 * Why an address is refused, and what to write instead.
 *
 * @param email - normalised
 * @param what - whose address it is, as the beginning of a sentence
 */
export function flawOfEmail(email: string, what: string): ProblemText | undefined {
  if (isPlain(email) && isServerEmail(email)) return undefined;
  if (hasInvisible(email)) return refuse('invisible-character', { what });
  if (email !== email.normalize('NFC')) return refuse('email-not-composed', { what });
  return isServerEmail(email) ? undefined : refuse('email-refused', { is: shapeOf(email), what, max: maxBytes });
}

/** Words of small letters and digits, with single signs between them: good by every rule below. */
const isUsual = (email: string): boolean => usual.test(email);
const usual = /^[a-z0-9]+(?:[._-][a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/** Characters of ASCII that can be seen. */
const isPlain = (email: string): boolean => plain.test(email);
const plain = /^[!-~]*$/;

/** What is invisible in an address would make two addresses of one; so would a dot above a letter that has one. */
const hasInvisible = (email: string): boolean =>
  /\p{C}|\p{Default_Ignorable_Code_Point}|\u2800|\p{Soft_Dotted}\u0307/u.test(email);

/** The first that fits says what to write. */
const shapes: ReadonlyArray<readonly [RegExp, RefusedEmail]> = [
  [/^mailto:/, 'mailto'],
  [/[<>]/, 'in-brackets'],
  [/[,;]$/, 'sign-at-end'],
  [/\.$|\.@/, 'dot-at-end'],
  [/^\.|@\./, 'dot-at-start'],
  [/\.\./, 'two-dots'],
  [/"/, 'in-quotes'],
];

function shapeOf(email: string): RefusedEmail {
  const found = shapes.find(([pattern]) => pattern.test(email));
  if (found !== undefined) return found[1];
  return byteLength(email) > maxBytes ? 'too-long' : 'other';
}

const maxBytes = 128;
const byteLength = (text: string): number => Buffer.byteLength(text);

/** Whether the server stores an address as it is. */
export function isServerEmail(email: string): boolean {
  // Most addresses need no closer look.
  if (email.length <= maxBytes && isUsual(email)) return true;
  if (byteLength(email) > maxBytes || lowerCase(email) !== email) return false;
  const at = email.indexOf('@');
  if (at === -1 || !isDotAtom(email.slice(0, at))) return false;
  const domain = email.slice(at + 1);
  return isDotAtom(domain) || (domain.startsWith('[') && domain.endsWith(']') && isIpAddress(domain.slice(1, -1)));
}

/**
 * Whether the server can be asked for one address by a path (`/users/email/…`). It reads the path first and tidies it
 * afterwards: an empty part or a single dot between slashes would make another address of it.
 */
export function fitsPath(email: string): boolean {
  const parts = email.split('/');
  return isServerEmail(email) && !parts.some((part, i) => part === '.' || (part === '' && i < parts.length - 1));
}

/** Words with single dots between them; every character beyond ASCII is a letter of a word. */
const isDotAtom = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  /^[^\0-\x20\x7f()<>[\]:;@\\,".]+(?:\.[^\0-\x20\x7f()<>[\]:;@\\,".]+)*$/.test(text);

const isIpAddress = (text: string): boolean => (text.includes(':') ? isIpv6(text) : isIpv4(text));

const isIpv4 = (text: string): boolean =>
  /^(?:\d+\.){3}\d+$/.test(text) &&
  text.split('.').every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);

/** Eight groups, or fewer with one `::`; the last two may be written as an IPv4 address. */
function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const count = groupsOf(head, tail === undefined) + (tail === undefined ? 0 : groupsOf(tail, true));
  return tail === undefined ? count === 8 : count < 8;
}

/** How many groups of 16 bits a part of an address has; not a number where it is none. */
function groupsOf(text: string, mayEndInIpv4: boolean): number {
  if (text === '') return 0;
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const hasIpv4 = mayEndInIpv4 && last.includes('.') && isIpv4(last);
  const groups = hasIpv4 ? parts.slice(0, -1) : parts;
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? groups.length + (hasIpv4 ? 2 : 0) : Number.NaN;
}
