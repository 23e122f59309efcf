import { isLoopbackHost } from './base-url.ts';

/** The variables that a proxy is chosen by; the caller passes its environment. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

function isExcepted(url: URL, noProxy: string): boolean {
  const port = url.port === '' ? defaultPorts[url.protocol] : url.port;
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (entryPort !== undefined && entryPort !== port) return false;
      const suffix = host.replace(/^\*?\./, '');
      return url.hostname === suffix || url.hostname.endsWith(`.${suffix}`);
    });
}

/**
 * Chooses the proxy for a server by the usual variables: `HTTPS_PROXY` or `HTTP_PROXY` by the server's scheme, unless
 * `NO_PROXY` names its host. Loopback addresses never go through a proxy.
 *
 * @param serverUrl - the URL of the server
 * @param env - an environment; lower-case names come first, as with other programs
 * @returns the proxy's URL, or `undefined`
 */
export function resolveProxy(serverUrl: string, env: ProxyEnvironment): string | undefined {
  if (!URL.canParse(serverUrl)) return undefined;
  const url = new URL(serverUrl);
  if (isLoopbackHost(url.hostname)) return undefined;
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name.toLowerCase()] ?? env[name];
  if (proxy === undefined || proxy === '') return undefined;
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return isExcepted(url, noProxy) ? undefined : proxy;
}
