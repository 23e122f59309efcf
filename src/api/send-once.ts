/** One request to another service than the server: a forge, a webhook. Its address and its token are secrets like every other. */
import type { Dispatcher } from 'undici';
import { systemCodeOf } from '../model/system-error.ts';
import { isLoopbackHost } from './base-url.ts';
import { openConnections } from './connection.ts';
import { type ProxyEnvironment, resolveProxy } from './proxy.ts';

export interface SendOptions {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  readonly env: ProxyEnvironment;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why there is no answer. Does not say where the request went. */
export interface NoAnswer {
  readonly why: string;
}

/**
 * Sends it over a connection of its own, and follows no redirect. Never throws: no message of a library, which may hold the
 * address, gets out.
 *
 * @param read - takes what is needed of the answer before the connection is closed
 */
export async function sendOnce<Read>(
  address: URL,
  { method, headers, body, env, timeoutMs, signal }: SendOptions,
  read: (answer: Dispatcher.ResponseData) => Promise<Read>,
): Promise<Read | NoAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const proxy = resolveProxy(address.href, env);
    const dispatcher = openConnections({ proxy, maxConnections: 1, connectTimeoutMs: timeoutMs });
    try {
      const answer = await dispatcher.request({
        origin: address.origin,
        path: address.pathname + address.search,
        method,
        headers: {
          'user-agent': 'mattermuster',
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      return await read(answer);
    } finally {
      await dispatcher.destroy();
    }
  } catch (error) {
    if (timeout.aborted) return { why: `no answer within ${timeoutMs / 1000} s` };
    return { why: signal?.aborted === true ? 'muster was told to end' : systemCodeOf(error) };
  }
}

/** An address to which a secret may be sent, or which is one: plain http would show it to everybody on the way. */
export function safeAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSafe && url.username === '' && url.password === '' ? url : undefined;
}
