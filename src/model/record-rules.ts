/**
 * What the server asks of a whole account before it writes its profile, its roles or its active flag (API reference §3,
 * `User.IsValid` after `User.PreUpdate`): a stored field that it calls invalid, from an older version or from its
 * database, makes it refuse every such write, also of other fields.
 */
import { isServerEmail } from './email-rules.ts';
import { isServerLocale } from './locale-rules.ts';
import { lowerCase, normalizeUsername, reservedUsernames, stripInvisible } from './user-rules.ts';
import type { StringMap, UserAttribute, UserValues } from './user-values.ts';

/** A field for which the server refuses an account. */
export interface RecordFlaw {
  readonly attribute: UserAttribute;
  /** Continues "the server calls ". */
  readonly what: string;
  /** What an entry has to say, so that a change of this field comes first; or what else helps. */
  readonly cure: string;
}

/** @param values - as the server shows them, or as a write would leave them */
export function recordFlaws(values: UserValues): readonly RecordFlaw[] {
  if (!rules.some(([, isRefused]) => isRefused(values))) return noFlaws;
  const refused = rules.filter(([, isRefused]) => isRefused(values));
  return refused.map(([attribute, , what, cure]) => ({ attribute, what: what(values), cure: cure(values) }));
}

const noFlaws: readonly RecordFlaw[] = [];

type Rule = readonly [
  attribute: UserAttribute,
  isRefused: (values: UserValues) => boolean,
  what: (values: UserValues) => string,
  cure: (values: UserValues) => string,
];

const bytes = (text: string): number => Buffer.byteLength(text);
/** Whether a text has more characters than that, as the server counts them: code points. A short one is not counted. */
const isLonger = (text: string, limit: number): boolean => text.length > limit && Array.from(text).length > limit;

const tooLong = (attribute: 'nickname' | 'first_name' | 'last_name' | 'position', limit: number): Rule => [
  attribute,
  (values) => values[attribute].length > limit && isLonger(stripInvisible(values[attribute]), limit),
  () => `its ${attribute} of more than ${limit} characters invalid`,
  () => `write a shorter ${attribute}`,
];

const rules: readonly Rule[] = [
  [
    'username',
    ({ username }) => !isServerUsername(username) && !isServerUsername(normalizeUsername(username)),
    ({ username }) => `its username ${JSON.stringify(username)} invalid`,
    () => 'write id: with its id, and another username',
  ],
  [
    'email',
    ({ email }) => !isServerEmail(lowerCase(email)),
    ({ email }) => `its e-mail ${JSON.stringify(email)} invalid`,
    ({ email }) => `write email: ${plainEmail(email)}`,
  ],
  tooLong('nickname', 64),
  tooLong('position', 128),
  tooLong('first_name', 64),
  tooLong('last_name', 64),
  [
    'auth',
    ({ auth }) => auth.data !== undefined && bytes(auth.data) > 128,
    () => 'its auth data of more than 128 bytes invalid',
    () => 'write auth: with shorter data',
  ],
  [
    'auth',
    ({ auth }) => auth.service === 'email' && auth.data !== undefined,
    () => 'auth data without a sign-in service invalid',
    () => 'set a password for the account by other means, which takes the data away',
  ],
  [
    'locale',
    ({ locale }) => !isServerLocale(locale),
    ({ locale }) => `its locale ${JSON.stringify(locale)} invalid`,
    () => 'write locale: en',
  ],
  [
    'timezone',
    ({ timezone }) => isTooLongZone(timezone),
    () => 'its timezone settings of more than 256 characters invalid',
    () => 'write shorter values under timezone:',
  ],
  [
    'roles',
    ({ roles }) => areTooManyRoles(roles),
    () => 'its roles of more than 256 characters invalid',
    () => 'write fewer roles',
  ],
  [
    'props',
    ({ props }) => !isStatus(props['customStatus'] ?? ''),
    () => 'its custom status invalid',
    () => 'let the person clear the status, or clear it in the database of the server',
  ],
];

const isServerUsername = (username: string): boolean =>
  usernamePattern.test(username) && !reservedUsernames.has(username);
const usernamePattern = /^[a-z0-9._-]{1,64}$/;

/** What was meant by an address in brackets, or with more around it. */
function plainEmail(email: string): string {
  const plain = lowerCase(email)
    .replace(/^.*<([^<>]*)>.*$/, '$1')
    .replace(/^mailto:|[\s,;.]+$/g, '');
  return isServerEmail(plain) ? plain : 'with a valid address';
}

/** Most people share what they have, which is looked at once. */
function remembered<Value extends object>(isTrue: (value: Value) => boolean): (value: Value) => boolean {
  const known = new WeakMap<Value, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const found = isTrue(value);
    known.set(value, found);
    return found;
  };
}

const isTooLongZone = remembered((timezone: StringMap) => isLonger(goJson(timezone), 256));
const areTooManyRoles = remembered((roles: readonly string[]) => bytes(roles.join(' ')) > 256);

/** The server writes these characters with six. */
const goJson = (map: StringMap): string => JSON.stringify(map).replace(/[<>&\u2028\u2029]/g, '\\u0000');

/** Empty, or JSON of which something comes. */
function isStatus(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== null;
  } catch {
    return false;
  }
}
