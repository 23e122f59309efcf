/** Whom a word of the files means: who approves, waives or decides is named by a word that people know them by. */
import { normalizeEmail } from './user-rules.ts';
import type { UserValues } from './user-values.ts';

/** A person who may approve, as muster.yaml says. */
export interface Approver {
  readonly name: string;
  /** Normalised. */
  readonly emails: readonly string[];
  /** Public keys of SSH or OpenPGP, in one spelling (`publicKeySpelling`). */
  readonly keys: readonly string[];
}

/** Usernames, e-mails and names, normalised: people are the same where they share one. */
export type Identity = ReadonlySet<string>;

/** `@ada` and `Ada <ada@example.com>` are Ada, too. */
function wordsIn(text: string): readonly string[] {
  const word = normalizeEmail(text);
  const [, before = '', address = ''] = /^([^<]*)<([^>]*)>$/.exec(word) ?? [];
  return [word, word.replace(/^@/, ''), before.trim(), address.trim()].filter((one) => one !== '');
}

/** What stands between several people in one text. */
const separators = /[,;:/|&+()[\]{}]|\s(?:and|und|for|by)\s/u;

/** Everyone whom a text may mean: `ceo (Ada)` is Ada, too, and so is a name in wide letters or with signs in it that no one sees. */
function everyoneIn(text: string): readonly string[] {
  const seen = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  return [text, seen, ...seen.split(separators)].flatMap(wordsIn);
}

/**
 * Everything that is known of the people whom a text may name.
 *
 * @param by - as it is written
 */
export function identityOf(by: string, approvers: readonly Approver[]): Identity {
  const words = new Set(everyoneIn(by));
  const meant = approvers.filter(({ name, emails }) => [name, ...emails].some((one) => words.has(normalizeEmail(one))));
  return new Set([...words, ...meant.flatMap(({ name, emails }) => [normalizeEmail(name), ...emails])]);
}

/**
 * The one approver whom a word names, for a proof: where it could be read in two ways, it names no one.
 *
 * @param by - as it is written
 */
export function approverNamed(by: string, approvers: readonly Approver[]): Approver | undefined {
  const words = new Set(wordsIn(by));
  const meant = approvers.filter(({ name, emails }) => [name, ...emails].some((one) => words.has(normalizeEmail(one))));
  const [approver, ...others] = meant;
  const addresses = [...words].filter((word) => word.includes('@') && !word.startsWith('@') && !word.includes('<'));
  const isPlain = addresses.every((address) => approver?.emails.includes(address) === true);
  return others.length === 0 && isPlain ? approver : undefined;
}

/** The words by which an account is known. */
export const namesOfAccount = ({
  username,
  email,
  first_name,
  last_name,
}: Pick<UserValues, 'username' | 'email' | 'first_name' | 'last_name'>): readonly string[] => [
  username,
  email,
  `${first_name} ${last_name}`.trim(),
];

/** Whether it is the person who is known by one of these words. */
export const isKnownAs = (identity: Identity, words: Iterable<string | undefined>): boolean =>
  [...words].some((word) => word !== undefined && word !== '' && identity.has(normalizeEmail(word)));
