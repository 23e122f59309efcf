import { refuseOption } from './before-any-call.ts';
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

/**
 * Reads the URL of a server. Plain http would show the token to everybody on the way, so it is refused beyond this
 * machine unless allowed.
 *
 * @throws {ApiInvalidArgumentError}
 */
export function parseBaseUrl(text: string, allowPlainHttp = false): BaseUrl {
  if (typeof text !== 'string') refuseOption({ is: 'server-no-text' });
  if (!URL.canParse(text)) {
    const found = excerpt(text.replace(/\/\/.*@/, '//…@'), 100);
    const lacksScheme = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(text);
    refuseOption(
      lacksScheme ? { is: 'server-no-scheme', found, address: excerpt(text, 100) } : { is: 'server-no-url', found },
    );
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuseOption({ is: 'server-no-https', found: excerpt(url.protocol, 20) });
  }
  if (url.username !== '' || url.password !== '') refuseOption({ is: 'server-with-user' });
  if (url.search !== '' || url.hash !== '') refuseOption({ is: 'server-with-query' });
  const prefix = url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v4)?$/.test(prefix)) refuseOption({ is: 'server-with-api' });
  const link =
    /^(.*?)\/(?:[^/]+\/(?:channels|messages|pl|threads)|_redirect|admin_console|login|signup_user_complete|boards|playbooks)(?:\/|$)/;
  const [isLink, subPath = ''] = link.exec(prefix) ?? [];
  if (isLink !== undefined) refuseOption({ is: 'server-page', address: `${url.origin}${subPath}` });
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !isLoopback && !allowPlainHttp) {
    refuseOption({ is: 'server-plain-http', host: url.hostname });
  }
  return { origin: url.origin, prefix, text: url.origin + prefix, isLoopback };
}
