/**
 * What the server accepts and how it stores it (API reference §3). Both sides of a comparison pass through the same
 * functions, so that a difference of spelling alone never becomes a change.
 */

import { compareText } from './compare.ts';

/** Code points that the server removes from usernames and names. */
const invisible =
  /[\u0340\u0341\u17a3\u17d3\u2028\u2029\u202a-\u202e\u206a-\u206f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

export const reservedUsernames: ReadonlySet<string> = new Set(['all', 'channel', 'matterbot', 'system']);

/** Prefix of the names that muster gives for a moment while usernames are swapped: `muster.tmp.<id>`. */
export const temporaryUsernamePrefix = 'muster.tmp.';

/** Whether a text can be a username, in whatever case: what cannot is not shown as one. */
export const isUsername = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);

export const normalizeUsername = (text: string): string => lowerCase(stripInvisible(text));
export const normalizeEmail = (text: string): string => lowerCase(text.trim());
export const stripInvisible = (text: string): string => (isAscii(text) ? text : text.replace(invisible, ''));

/** Most texts have nothing that any rule for letters changes. */
const isAscii = (text: string): boolean => ascii.test(text);
const ascii = /^[\0-\x7f]*$/;

/** A name as it is compared and sent: in the composed form, so that the two spellings of an accent are one. */
export const normalizeName = (text: string): string => composed(stripInvisible(text));
/** Like {@link normalizeName}; of a position the server keeps every character. */
export const composed = (text: string): string => (isAscii(text) ? text : text.normalize('NFC'));

/** Whether two names or positions look the same to a reader: then they are no change. */
export const looksTheSame = (one: string, other: string): boolean => plainBlanks(one) === plainBlanks(other);
/** Blanks that only differ in whether a line may end there. */
const plainBlanks = (text: string): string => composed(text).replace(/[\u00a0\u2007\u202f]/g, ' ');

/** Capitals of scripts younger than the tables of Unicode (15) that servers are built with: they stay as they are. */
const unknownToServers = /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;

/**
 * Lower case as the server makes it: letter by letter. JavaScript looks at the neighbours of a sigma, and turns the
 * dotted capital I of Turkish into two characters, which would make another address of an e-mail.
 */
export function lowerCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return Array.from(text, lowerLetter).join('');
}

function lowerLetter(letter: string): string {
  if (letter === '\u0130') return 'i';
  return unknownToServers.test(letter) ? letter : letter.toLowerCase();
}

/** The words of a comma-separated list as the server keeps them: lower case, no empty items, as a sorted set. */
export function normalizeMentionKeys(text: string): string {
  const words = text
    .split(',')
    .map((word) => lowerCase(word.trim()))
    .filter((word) => word !== '');
  return [...new Set(words)].toSorted().join(',');
}

/** A set of roles in one order: `system_user` or `system_guest` first, then by name. */
export function sortRoles(roles: Iterable<string>): readonly string[] {
  return [...new Set(roles)].toSorted((a, b) => Number(isBaseRole(b)) - Number(isBaseRole(a)) || compareText(a, b));
}

const memberAlone: readonly string[] = ['system_user'];

/** The roles that an entry means: `system_user` is implied unless `system_guest` is there. */
export function impliedRoles(declared: readonly string[]): readonly string[] {
  if (declared.length === 1 && declared[0] === 'system_user') return memberAlone;
  return sortRoles(declared.includes('system_guest') ? declared : ['system_user', ...declared]);
}

/** The roles of a whole server that Mattermost comes with. */
export const systemRoles: readonly string[] = [
  'system_user',
  'system_admin',
  'system_guest',
  'system_manager',
  'system_user_manager',
  'system_read_only_admin',
  'system_custom_group_admin',
  'system_post_all',
  'system_post_all_public',
  'system_user_access_token',
];

/** What every member or guest has: losing it is never wanted, having it grants nothing more. */
export const isBaseRole = (role: string): boolean => role === 'system_user' || role === 'system_guest';
export const isAdmin = (roles: readonly string[]): boolean => roles.includes('system_admin');
export const isGuest = (roles: readonly string[]): boolean => roles.includes('system_guest');
