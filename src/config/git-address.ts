/** Where muster may pull from. Pure. */

/** What git calls the way there. */
export type GitScheme = 'https' | 'http' | 'ssh' | 'file';

/** `user@host:path`, as ssh has it: no option, and no program of git's own (`ext::`). */
const shortSsh = /^[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)[^\s]+$/;
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @returns `undefined` where it is no address, holds a password, or is not encrypted on its way */
export function gitSchemeOf(url: string): GitScheme | undefined {
  if (/[\s\p{Cc}]/u.test(url)) return undefined;
  if (url.startsWith('/')) return 'file';
  if (shortSsh.test(url)) return 'ssh';
  if (!/^(?:https?|ssh):\/\/[^/]/.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  // ssh would take a host that begins with a dash for an option.
  if (password !== '' || search !== '' || hash !== '' || hostname === '' || hostname.startsWith('-')) return undefined;
  if (protocol === 'ssh:') return username.startsWith('-') ? undefined : 'ssh';
  if (username !== '') return undefined;
  if (protocol === 'https:') return 'https';
  return loopback.has(hostname) ? 'http' : undefined;
}
