import type { StringMap } from '../rows.ts';

/** Code points that the server removes from usernames and names (API §3.2). */
const invisible =
  /[\u0340\u0341\u17a3\u17d3\u2028\u2029\u202a-\u202e\u206a-\u206f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

export const withoutInvisible = (text: string): string => text.replace(invisible, '');
export const normalUsername = (text: string): string => goLower(withoutInvisible(text));

/** On create the address is trimmed as well; an update only lower-cases it. */
export const normalEmail = (text: string): string => goLower(text);
export const normalNewEmail = (text: string): string => goLower(goTrim(text));

/**
 * `strings.ToLower`: every code point by itself, by the simple mapping of Unicode 15. JavaScript maps whole strings, by
 * newer tables, so what it would do differently is named here.
 */
export const goLower = (text: string): string =>
  Array.from(text, (letter) =>
    letter === '\u0130' ? 'i' : newCapital.test(letter) ? letter : letter.toLowerCase(),
  ).join('');

/** Capitals of Unicode 16 and 17. */
const newCapital = /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;

/** `strings.TrimSpace`, whose white space is a little other than JavaScript's. */
export const goTrim = (text: string): string =>
  text.replace(
    /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g,
    '',
  );

export const defaultNotifyProps: StringMap = {
  email: 'true',
  push: 'mention',
  desktop: 'mention',
  desktop_sound: 'true',
  mention_keys: '',
  channel: 'true',
  push_status: 'online',
  comments: 'never',
  first_name: 'false',
  desktop_threads: 'all',
  email_threads: 'all',
  push_threads: 'all',
};

export const defaultTimezone: StringMap = {
  useAutomaticTimezone: 'true',
  automaticTimezone: '',
  manualTimezone: '',
};

const supportedLocales: ReadonlySet<string> = new Set(
  'de en en-AU es fr it hu nl pl pt-BR ro sv vi tr bg ru uk fa ko zh-CN zh-TW ja'.split(' '),
);

/** The locale that a new account gets: a value outside the list is replaced without a word. */
export const newLocale = (wanted: string, fallback: string): string =>
  supportedLocales.has(wanted) ? wanted : fallback;

/** Notify settings on an update: an empty map becomes the defaults, and the mention keys are tidied. */
export function updatedNotifyProps(given: StringMap): StringMap {
  if (Object.keys(given).length === 0) return defaultNotifyProps;
  const keys = given['mention_keys'];
  if (keys === undefined) return given;
  const tidy = keys
    .split(',')
    .filter((key) => key !== '')
    .map((key) => goLower(key));
  return { ...given, mention_keys: tidy.join(',') };
}

/** A rename takes the old name out of the mention keys; what is left starts with a comma until the next update. */
export function mentionKeysAfterRename(given: StringMap, oldUsername: string): StringMap {
  const kept = (given['mention_keys'] ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '' && key !== oldUsername && key !== `@${oldUsername}`);
  return { ...given, mention_keys: kept.map((key) => `,${key}`).join('') };
}
