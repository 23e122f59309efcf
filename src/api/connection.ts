import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { ProxyBrokeOff, ProxyRefusal } from './failure.ts';
import { parseProxy } from './proxy.ts';

export interface ConnectionOptions {
  /** PEM text of the authorities to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** See `resolveProxy`. */
  readonly proxy?: string | undefined;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

/**
 * Opens the pool of connections, directly or through a proxy. Certificates are always verified: to say so here leaves
 * no say to `NODE_TLS_REJECT_UNAUTHORIZED`. Authorities of `NODE_EXTRA_CA_CERTS` are trusted, as by every Node program.
 *
 * @throws {ApiInvalidArgumentError} when the proxy is no address of one
 */
export function openConnections(options: ConnectionOptions): Dispatcher {
  const tls = { rejectUnauthorized: true, ...(options.ca !== undefined && { ca: options.ca }) };
  const pool = { connections: options.maxConnections, pipelining: 1, connectTimeout: options.connectTimeoutMs };
  if (options.proxy === undefined) {
    return new Agent({ ...pool, connect: { ...tls, timeout: options.connectTimeoutMs } });
  }
  const { uri, host, authorization } = parseProxy(options.proxy);
  return new ProxyAgent({
    ...pool,
    uri,
    ...(authorization !== undefined && { token: authorization }),
    requestTls: tls,
    proxyTls: tls,
    clientFactory: (origin, given) => new Pool(origin, { ...given, headersTimeout: options.connectTimeoutMs }),
    factory: (origin, given: Pool.Options) => new Pool(origin, withEnds(given, host)),
  });
}

/** After these the HTTP library connects again, at once and for ever, no matter what waits: a broken connection does not stop it. */
const endlessCodes: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'UND_ERR_INFO', 'UND_ERR_HEADERS_TIMEOUT']);

function withEnds(options: Pool.Options, proxy: string): Pool.Options {
  const { connect } = options;
  if (typeof connect !== 'function') return options;
  return {
    ...options,
    connect: (target, callback) => connect(target, (...result) => callback(...ending(proxy, ...result))),
  };
}

function ending(proxy: string, ...result: Parameters<buildConnector.Callback>): Parameters<buildConnector.Callback> {
  const [error] = result;
  if (error === null) return result;
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  if (status !== undefined) return [new ProxyRefusal(Number(status), proxy), null];
  if (!('code' in error) || !endlessCodes.has(String(error.code))) return result;
  return [new ProxyBrokeOff(error), null];
}
