import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from './base-url.ts';
import { refuseOption } from './before-any-call.ts';
import { excerpt } from './excerpt.ts';

/** The variables that a proxy is chosen by; the caller passes its environment. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** A proxy that can be connected to. */
export interface ProxyAddress {
  /** Without user and password. */
  readonly uri: string;
  /** Host and port, for messages. */
  readonly host: string;
  /** The value of `Proxy-Authorization`; a secret. */
  readonly authorization?: string;
}

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/**
 * Chooses the proxy for a server by the usual variables, as curl does: `HTTPS_PROXY` or `HTTP_PROXY` by the server's
 * scheme, else `ALL_PROXY`, unless `NO_PROXY` names its host, its domain or its network. An empty variable counts as not
 * set. Loopback addresses never go through a proxy.
 *
 * @param serverUrl - the URL of the server
 * @param env - an environment; lower-case names come first, as with other programs
 * @returns the proxy as it was written, or `undefined`
 */
export function resolveProxy(serverUrl: string, env: ProxyEnvironment): string | undefined {
  return chooseProxy(serverUrl, env)?.value;
}

/** The same with the variable that names it. */
export function chooseProxy(serverUrl: string, env: ProxyEnvironment): Variable | undefined {
  if (!URL.canParse(serverUrl)) return undefined;
  const url = new URL(serverUrl);
  if (isLoopbackHost(url.hostname)) return undefined;
  const proxy = findIn(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? findIn(env, 'ALL_PROXY');
  if (proxy === undefined) return undefined;
  return isExcepted(url, findIn(env, 'NO_PROXY')?.value ?? '') ? undefined : proxy;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function findIn(env: ProxyEnvironment, upper: string): Variable | undefined {
  for (const name of [upper.toLowerCase(), upper]) {
    const value = env[name];
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

function isExcepted(url: URL, noProxy: string): boolean {
  const port = url.port === '' ? defaultPorts[url.protocol] : url.port;
  const host = url.hostname.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry, host, port));
}

function covers(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  const [name, entryPort] = splitPort(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(host) !== 0) return coversAddress(name, host);
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return host === domain || (domain !== '' && host.endsWith(`.${domain}`));
}

/** `host`, `host:port`, `10.0.0.0/8`, `2001:db8::1`, `[2001:db8::1]:443`, `2001:db8::/32` */
function splitPort(entry: string): readonly [name: string, port?: string] {
  const [, inside, bits = '', ofAddress] = /^\[([^\]]*)\](\/\d+)?(?::(\d+))?$/.exec(entry) ?? [];
  if (inside !== undefined) return ofAddress === undefined ? [inside + bits] : [inside + bits, ofAddress];
  const [, host = entry, port] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
  return port === undefined ? [host] : [host, port];
}

/** @param name - an address, or a network such as `10.0.0.0/8`; anything else covers no address */
function coversAddress(name: string, host: string): boolean {
  const [address = '', bits, ...others] = name.split('/');
  const family = isIP(address);
  if (family === 0 || others.length > 0) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, kind);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
    list.addSubnet(address, Number(bits), kind);
  else return false;
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Reads the address of a proxy. One without a scheme is an http proxy, as with curl.
 *
 * @throws {ApiInvalidArgumentError} when it is none, or one of a kind that is not supported, such as SOCKS
 */
export function parseProxy(text: string): ProxyAddress {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  // Not shown where it cannot be read: it may hold a password.
  if (!URL.canParse(address)) refuseOption({ is: 'proxy-no-url' });
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) {
    refuseOption({ is: 'proxy-other-kind', found: excerpt(`${url.protocol}//${url.host}`, 60) });
  }
  const { username, password } = url;
  const isNamed = username !== '' || password !== '';
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { uri: url.origin, host: url.host, ...(isNamed && { authorization: `Basic ${credentials}` }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
