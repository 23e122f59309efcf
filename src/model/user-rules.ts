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

export const normalizeUsername = (text: string): string => stripInvisible(text).toLowerCase();
export const normalizeEmail = (text: string): string => text.trim().toLowerCase();
export const stripInvisible = (text: string): string => text.replace(invisible, '');

/** The words of a comma-separated list as the server keeps them: lower case, no empty items, as a sorted set. */
export function normalizeMentionKeys(text: string): string {
  const words = text
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  return [...new Set(words)].toSorted().join(',');
}

/** A set of roles in one order: `system_user` or `system_guest` first, then by name. */
export function sortRoles(roles: Iterable<string>): readonly string[] {
  return [...new Set(roles)].toSorted((a, b) => Number(isBaseRole(b)) - Number(isBaseRole(a)) || compareText(a, b));
}

/** The roles that an entry means: `system_user` is implied unless `system_guest` is there. */
export function impliedRoles(declared: readonly string[]): readonly string[] {
  return sortRoles(declared.includes('system_guest') ? declared : ['system_user', ...declared]);
}

/** What every member or guest has: losing it is never wanted, having it grants nothing more. */
export const isBaseRole = (role: string): boolean => role === 'system_user' || role === 'system_guest';
export const isAdmin = (roles: readonly string[]): boolean => roles.includes('system_admin');
export const isGuest = (roles: readonly string[]): boolean => roles.includes('system_guest');
