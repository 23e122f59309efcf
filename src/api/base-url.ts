import { beforeAnyCall } from './before-any-call.ts';
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

/** The host, with its port where that is not the usual one. */
export const hostOf = ({ origin }: BaseUrl): string => new URL(origin).host;

function refuse(problem: string, hint?: string): never {
  throw new ApiInvalidArgumentError(`server URL: ${problem}`, beforeAnyCall, hint === undefined ? {} : { hint });
}

/**
 * Reads the URL of a server. Plain http would show the token to everybody on the way, so it is refused beyond this
 * machine unless allowed.
 *
 * @throws {ApiInvalidArgumentError}
 */
export function parseBaseUrl(text: string, allowPlainHttp = false): BaseUrl {
  if (typeof text !== 'string') refuse('expected a text', 'give the option url');
  if (!URL.canParse(text))
    refuse(
      `expected a URL, found "${excerpt(text.replace(/\/\/.*@/, '//…@'), 100)}"`,
      /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(text)
        ? `write https://${excerpt(text, 100)}`
        : 'write it like https://chat.example.com',
    );
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuse(`expected https, found ${excerpt(url.protocol, 20)}`, 'write it like https://chat.example.com');
  }
  if (url.username !== '' || url.password !== '') refuse('holds a user name or password', 'give the token separately');
  if (url.search !== '' || url.hash !== '')
    refuse('holds a query or a fragment', 'give the address of the server alone');
  const prefix = url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v4)?$/.test(prefix)) refuse('ends with the path of the API', 'leave /api/v4 away');
  const link =
    /^(.*?)\/(?:[^/]+\/(?:channels|messages|pl|threads)|_redirect|admin_console|login|signup_user_complete|boards|playbooks)(?:\/|$)/;
  const [isLink, subPath = ''] = link.exec(prefix) ?? [];
  if (isLink !== undefined) refuse('found a link to a page of the server', `write ${url.origin}${subPath}`);
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && !allowPlainHttp) {
    refuse(`plain http to ${url.hostname} would send the token in clear`, 'use https, or allow plain http explicitly');
  }
  return { origin: url.origin, prefix, text: url.origin + prefix, isLoopback };
}
