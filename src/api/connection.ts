import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { ApiInvalidArgumentError } from './errors.ts';
import { ProxyBrokeOff } from './failure.ts';

export interface ConnectionOptions {
  /** PEM text of the authorities to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** See `resolveProxy`. */
  readonly proxy?: string | undefined;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

/** Opens the pool of connections, directly or through a proxy. Certificates are always verified. */
export function openConnections(options: ConnectionOptions): Dispatcher {
  const tls = options.ca === undefined ? {} : { ca: options.ca };
  const pool = { connections: options.maxConnections, pipelining: 1, connectTimeout: options.connectTimeoutMs };
  if (options.proxy === undefined) {
    return new Agent({ ...pool, connect: { ...tls, timeout: options.connectTimeoutMs } });
  }
  if (!URL.canParse(options.proxy) || !/^https?:$/.test(new URL(options.proxy).protocol)) {
    const call = { operation: 'createClient', method: '', path: '' };
    // Not shown: it may hold a password.
    throw new ApiInvalidArgumentError('proxy: expected an http or https URL', call);
  }
  return new ProxyAgent({
    ...pool,
    uri: options.proxy,
    requestTls: tls,
    proxyTls: tls,
    clientFactory: (origin, given) => new Pool(origin, { ...given, headersTimeout: options.connectTimeoutMs }),
    factory: (origin, given: Pool.Options) => new Pool(origin, withEnds(given)),
  });
}

/** After these the HTTP library connects again, at once and for ever, whoever waits: a broken connection is no end to it. */
const endlessCodes: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'UND_ERR_INFO', 'UND_ERR_HEADERS_TIMEOUT']);

function withEnds(options: Pool.Options): Pool.Options {
  const { connect } = options;
  if (typeof connect !== 'function') return options;
  return { ...options, connect: (target, callback) => connect(target, (...result) => callback(...ending(...result))) };
}

function ending(...result: Parameters<buildConnector.Callback>): Parameters<buildConnector.Callback> {
  const [error] = result;
  if (error === null || !('code' in error) || !endlessCodes.has(String(error.code))) return result;
  return [new ProxyBrokeOff(error), null];
}
