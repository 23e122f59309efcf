import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ApiInvalidArgumentError } from './errors.ts';

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
  return new ProxyAgent({ ...pool, uri: options.proxy, requestTls: tls, proxyTls: tls });
}
