import { createHash } from 'node:crypto';
import type { SandboxConfig } from '../config.ts';
import { Refusal } from '../errors.ts';

const classes: readonly (readonly [keyof SandboxConfig, string, RegExp])[] = [
  ['PasswordSettings.Lowercase', '_lowercase', /[a-z]/],
  ['PasswordSettings.Uppercase', '_uppercase', /[A-Z]/],
  ['PasswordSettings.Number', '_number', /[0-9]/],
  // Every sign of ASCII but the two curly brackets, and the space.
  ['PasswordSettings.Symbol', '_symbol', /[ !"#$%&'()*+,\-./:;<=>?@[\\\]^_`|~]/],
];

/**
 * The server's policy (API §3.1). Lengths are bytes; a failed length is reported alone.
 *
 * @throws {Refusal} 400 with an id that names all that is missing
 */
export function checkPassword(password: string, config: SandboxConfig): void {
  const length = Buffer.byteLength(password);
  if (length < config['PasswordSettings.MinimumLength']) {
    throw new Refusal('model.user.is_valid.pwd_min_length.app_error');
  }
  if (length > 72) throw new Refusal('model.user.is_valid.pwd_max_length.app_error');
  const missing = classes.filter(([setting, , sign]) => config[setting] === true && !sign.test(password));
  if (missing.length > 0) {
    throw new Refusal(`model.user.is_valid.pwd${joined(missing.map(([, name]) => name))}.app_error`);
  }
}

const joined = (names: readonly string[]): `_${string}` => `_${names.join('').slice(1)}`;

/**
 * A salted SHA-256, good enough for a sandbox and fast enough for 100,000 people. A real server's slow hashes are not
 * imitated: one that is stored as "already hashed" can be kept and compared, but no one can log in with it.
 */
export function hashPassword(password: string, salt: string): string {
  return `sandbox$${salt}$${digest(password, salt)}`;
}

export function isPassword(password: string, hash: string): boolean {
  const [scheme, salt = '', wanted] = hash.split('$');
  return scheme === 'sandbox' && wanted === digest(password, salt);
}

const digest = (password: string, salt: string): string =>
  createHash('sha256').update(`${salt}$${password}`).digest('hex');
