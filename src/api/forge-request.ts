/** Requests to the forge that pull requests are reviewed on. Its token is a secret like every other. */
import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { isLoopbackHost } from './base-url.ts';
import { openConnections } from './connection.ts';
import { type ProxyEnvironment, resolveProxy } from './proxy.ts';

export interface ForgeRequest {
  /** Of the API, as the job's environment names it. */
  readonly base: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the base. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  readonly token: Secret;
  /** How the token is sent. */
  readonly header: 'authorization' | 'private-token';
  readonly env: ProxyEnvironment;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. Neither says where it went, nor repeats what the other side wrote, but for `json`. */
export type ForgeResponse =
  | { readonly status: number; readonly json: unknown; readonly retryAfterMs?: number }
  | { readonly why: string };

const timeoutMs = 30_000;
/** A hundred comments of the largest size, and some more. */
const maxAnswer = 32 * 1024 * 1024;

/** One request, which follows no redirect. Never throws: no message of a library gets out. */
export async function sendToForge(request: ForgeRequest): Promise<ForgeResponse> {
  const address = addressIn(request);
  if (address === undefined) return { why: 'its address is no https address' };
  const timeout = AbortSignal.timeout(timeoutMs);
  const { method, body, token, header, env, signal } = request;
  try {
    const proxy = resolveProxy(address.href, env);
    const dispatcher = openConnections({ proxy, maxConnections: 1, connectTimeoutMs: timeoutMs });
    try {
      const answer = await dispatcher.request({
        origin: address.origin,
        path: address.pathname + address.search,
        method,
        headers: {
          accept: 'application/json',
          'user-agent': 'mattermuster',
          [header]: header === 'authorization' ? `Bearer ${revealSecret(token)}` : revealSecret(token),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const text = await readText(answer.body);
      const retryAfterMs = waitIn(answer.headers['retry-after']);
      return {
        status: answer.statusCode,
        json: text === undefined ? undefined : parsed(text),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      };
    } finally {
      await dispatcher.destroy();
    }
  } catch (error) {
    if (timeout.aborted) return { why: `no answer within ${timeoutMs / 1000} s` };
    return { why: signal?.aborted === true ? 'muster was told to end' : systemCodeOf(error) };
  }
}

/** Plain http would show the token to everybody on the way. */
function addressIn({ base, path }: ForgeRequest): URL | undefined {
  if (!URL.canParse(base)) return undefined;
  const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSafe && url.username === '' && url.password === '' ? url : undefined;
}

async function readText(body: AsyncIterable<Buffer>): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxAnswer) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function waitIn(header: string | readonly string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,4}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}
