import { ApiInvalidArgumentError } from './errors.ts';
import { excerpt } from './excerpt.ts';

/** Where the server is: every request goes to this origin and nowhere else. */
export interface BaseUrl {
  /** `https://chat.example.com:8443` */
  readonly origin: string;
  /** The sub-path that Mattermost is served under, without a slash at its end; mostly empty. */
  readonly prefix: string;
  /** Origin and prefix. */
  readonly text: string;
  readonly isLoopback: boolean;
}

/** Whether a host name (as in `URL.hostname`) is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function refuse(problem: string, hint?: string): never {
  const call = { operation: 'createClient', method: '', path: '' };
  throw new ApiInvalidArgumentError(problem, call, hint === undefined ? {} : { hint });
}

/**
 * Reads the URL of a server. Plain http would show the token to everybody on the way, so it is refused beyond this
 * machine unless allowed.
 *
 * @throws {ApiInvalidArgumentError}
 */
export function parseBaseUrl(text: string, allowPlainHttp = false): BaseUrl {
  if (!URL.canParse(text))
    refuse(
      `url: expected a URL, found "${excerpt(text.replace(/\/\/.*@/, '//…@'), 100)}"`,
      'write it like https://chat.example.com',
    );
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuse(`url: expected https, found ${excerpt(url.protocol, 20)}`, 'write it like https://chat.example.com');
  }
  if (url.username !== '' || url.password !== '')
    refuse('url: holds a user name or password', 'give the token separately');
  if (url.search !== '' || url.hash !== '')
    refuse('url: holds a query or a fragment', 'give the address of the server alone');
  const prefix = url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v4)?$/.test(prefix)) refuse('url: ends with the path of the API', 'leave /api/v4 away');
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && !allowPlainHttp) {
    refuse(
      `url: plain http to ${url.hostname} would send the token in clear`,
      'use https, or allow plain http explicitly',
    );
  }
  return { origin: url.origin, prefix, text: url.origin + prefix, isLoopback };
}
