/**
 * Whom a text may mean that stands in an entry which cannot be used. A reading is a guess, and guesses are never written: every
 * account that one of them hits is left alone. So more readings than needed cost little, and one that is missing costs much.
 */
import { lowerCase, normalizeEmail, normalizeUsername } from './user-rules.ts';

/** What an entry may mean, in the forms in which the server stores them. */
export interface Readings {
  readonly usernames: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
  readonly authData: ReadonlySet<string>;
}

/** The texts of an entry that may say who it is. */
export interface Said {
  /** May be usernames, ids or e-mails. */
  readonly names: readonly string[];
  /** May be the data of a sign-in. */
  readonly data: readonly string[];
}

export const noReadings: Readings = readingsOf({ names: [], data: [] });

export function readingsOf({ names, data }: Said): Readings {
  const words = names.flatMap((text) => [text, ...text.split(/[\s,;:<>()"']+/)]).map((word) => word.trim());
  const known = words.filter((word) => word !== '');
  return {
    usernames: new Set(known.map((word) => normalizeUsername(word.replace(/^@/, '')))),
    ids: new Set(known.map((word) => word.toLowerCase())),
    emails: new Set(known.filter((word) => word.includes('@')).flatMap(addressesIn)),
    authData: new Set(data.flatMap((text) => [text, text.trim()])),
  };
}

/** As it stands; as another program would store it; without what the server refuses in it. */
function addressesIn(word: string): readonly string[] {
  const spellings = [
    word,
    word.normalize('NFC'),
    lowerCase(word).normalize('NFC'),
    word.toLowerCase().normalize('NFC'),
  ];
  return spellings.flatMap((one) => [normalizeEmail(one), withoutStrayDots(normalizeEmail(one))]);
}

const withoutStrayDots = (email: string): string =>
  email
    .replace(/\.{2,}/g, '.')
    .replace(/^\.|\.$/g, '')
    .replace(/\.?@\.?/g, '@');

/** Whether two entries may mean the same person, or want the same name. */
export const haveSameReading = (one: Readings, other: Readings): boolean =>
  meet(one.usernames, other.usernames) ||
  meet(one.ids, other.ids) ||
  meet(one.emails, other.emails) ||
  meet(one.authData, other.authData);

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const text of one) if (other.has(text)) return true;
  return false;
}
