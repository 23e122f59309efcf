import { isIP } from 'node:net';
import { Refusal } from '../errors.ts';
import { writeJson } from '../go-json.ts';
import { isRemote, type StringMap, type UserRow } from '../rows.ts';
import { isLocale } from './locales.ts';
import { goLower } from './normalize.ts';

/**
 * What an account must look like to be stored (API §3), in the order in which the server looks.
 *
 * @throws {Refusal} 400 with the id of the first field that fails
 */
export function checkUser(user: UserRow): void {
  for (const [isValid, id] of checks) {
    if (!isValid(user)) throw new Refusal(id);
  }
}

type FieldErrorId = Extract<ConstructorParameters<typeof Refusal>[0], `model.user.is_valid.${string}`>;

const bytes = (text: string): number => Buffer.byteLength(text);
/** Characters as the server counts them: code points. */
const runes = (text: string): number => Array.from(text).length;

const checks: readonly (readonly [(user: UserRow) => boolean, FieldErrorId])[] = [
  [(user) => isUsername(user.username, isRemote(user)), 'model.user.is_valid.username.app_error'],
  [
    (user) => isEmail(user.email) || (isRemote(user) && user.email !== '' && bytes(user.email) <= 128),
    'model.user.is_valid.email.app_error',
  ],
  [(user) => runes(user.nickname) <= 64, 'model.user.is_valid.nickname.app_error'],
  [(user) => runes(user.position) <= 128, 'model.user.is_valid.position.app_error'],
  [(user) => runes(user.first_name) <= 64, 'model.user.is_valid.first_name.app_error'],
  [(user) => runes(user.last_name) <= 64, 'model.user.is_valid.last_name.app_error'],
  [(user) => bytes(user.auth_data ?? '') <= 128, 'model.user.is_valid.auth_data.app_error'],
  [(user) => (user.auth_data ?? '') === '' || user.auth_service !== '', 'model.user.is_valid.auth_data_type.app_error'],
  [(user) => (user.auth_data ?? '') === '' || user.password === '', 'model.user.is_valid.auth_data_pwd.app_error'],
  [(user) => isLocale(user.locale), 'model.user.is_valid.locale.app_error'],
  [(user) => runes(writeJson(user.timezone)) <= 256, 'model.user.is_valid.timezone_limit.app_error'],
  [(user) => bytes(user.roles) <= 256, 'model.user.is_valid.roles_limit.app_error'],
  [(user) => isCustomStatus(user.props), 'model.user.is_valid.invalidProperty.app_error'],
];

const reserved: ReadonlySet<string> = new Set(['all', 'channel', 'matterbot', 'system']);

/** Whether the database, which knows no character of code 0 in a text, would refuse to store something. */
export const isUnstorable = (...values: readonly unknown[]): boolean => JSON.stringify(values).includes('\\u0000');

/** Lower case only: what is not normalised yet is not a username. Remote accounts may hold a colon. */
export function isUsername(text: string, isRemoteAccount = false): boolean {
  const shape = isRemoteAccount ? /^[a-z0-9._:-]+$/ : /^[a-z0-9._-]+$/;
  return text.length <= 64 && shape.test(text) && !reserved.has(text);
}

/**
 * `IsValidEmail` of the server: lower case, and `net/mail` reads the whole of it as one address, which is then written
 * the same (so no display name, brackets, quotes, comment or blank around it).
 */
export function isEmail(text: string): boolean {
  return text !== '' && bytes(text) <= 128 && text === goLower(text) && plainAddress(text) === text;
}

/** What is left of an address after its local part and its domain were read, letter by letter, as Go reads them. */
function plainAddress(text: string): string | undefined {
  const local = dotAtomAt(text, 0);
  if (local === undefined || text[local] !== '@') return undefined;
  if (text[local + 1] !== '[') {
    const end = dotAtomAt(text, local + 1);
    return end === undefined ? undefined : text.slice(0, end);
  }
  const close = text.indexOf(']', local);
  const address = text.slice(local + 2, close);
  return close !== -1 && isIP(address) !== 0 && !address.includes('%') ? text.slice(0, close + 1) : undefined;
}

/** Where a dot-atom ends that begins at an index; nothing where none does, or where a dot is out of its place. */
function dotAtomAt(text: string, start: number): number | undefined {
  let end = start;
  while (end < text.length && isAtomText(text.charCodeAt(end))) end++;
  const atom = text.slice(start, end);
  return atom === '' || atom.startsWith('.') || atom.endsWith('.') || atom.includes('..') ? undefined : end;
}

const specials: ReadonlySet<number> = new Set(Array.from('()<>[]:;@\\,"', (char) => char.charCodeAt(0)));
const isAtomText = (code: number): boolean => code >= 0x80 || (code > 0x20 && code < 0x7f && !specials.has(code));

/** Anything that is JSON, but for `null`: the server only looks whether something came of it. */
function isCustomStatus(props: StringMap): boolean {
  const text = props['customStatus'] ?? '';
  if (text === '') return true;
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

/** `TeamSettings.RestrictCreationToDomains` and its like: a list by commas, spaces or `@`; empty accepts all. */
export const isAcceptedDomain = (email: string, domains: string): boolean => {
  const allowed = domains
    .split(/[\s,@]+/)
    .map((domain) => goLower(domain.trim()))
    .filter((domain) => domain !== '');
  return allowed.length === 0 || allowed.some((domain) => goLower(email).trim().endsWith(`@${domain}`));
};
