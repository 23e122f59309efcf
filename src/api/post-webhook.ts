import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { isLoopbackHost } from './base-url.ts';
import { openConnections } from './connection.ts';
import { type ProxyEnvironment, resolveProxy } from './proxy.ts';

export interface WebhookPost {
  /** Its address, with what lets anyone in. */
  readonly url: Secret;
  /** Sent as JSON. */
  readonly body: object;
  readonly env: ProxyEnvironment;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it: the answer, or why there is none. Nothing in it says where it went. */
export type WebhookAnswer = { readonly status: number } | { readonly why: string };

const maxAnswer = 64 * 1024;

/** Sends one POST, and follows no redirect. Never throws: no message of a library, which may hold the address, gets out. */
export async function postWebhook({ url, body, env, timeoutMs, signal }: WebhookPost): Promise<WebhookAnswer> {
  const address = addressIn(revealSecret(url));
  if (address === undefined) return { why: 'its source gives no https address' };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const proxy = resolveProxy(address.href, env);
    const dispatcher = openConnections({ proxy, maxConnections: 1, connectTimeoutMs: timeoutMs });
    try {
      const { statusCode, body: answer } = await dispatcher.request({
        origin: address.origin,
        path: address.pathname + address.search,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'mattermuster' },
        body: JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await answer.dump({ limit: maxAnswer });
      return { status: statusCode };
    } finally {
      await dispatcher.destroy();
    }
  } catch (error) {
    if (timeout.aborted) return { why: `no answer within ${timeoutMs / 1000} s` };
    return { why: signal?.aborted === true ? 'muster was told to end' : systemCodeOf(error) };
  }
}

/** Plain http would show the address to everybody on the way. */
function addressIn(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSafe && url.username === '' && url.password === '' ? url : undefined;
}
