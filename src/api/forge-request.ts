/** Requests to the forge that pull requests are reviewed on. Its token is a secret like every other. */
import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';
import { type NoAnswer, type SendOptions, safeAddress, sendOnce } from './send-once.ts';

export interface ForgeRequest extends Pick<SendOptions, 'method' | 'body' | 'env' | 'signal'> {
  /** Of the API, as the job's environment names it. */
  readonly base: string;
  /** Below the base. */
  readonly path: string;
  readonly token: Secret;
  /** How the token is sent. */
  readonly header: 'authorization' | 'private-token';
}

/** What came of it. Neither says where it went, nor repeats what the other side wrote, but for `json`. */
export type ForgeResponse =
  | { readonly status: number; readonly json: unknown; readonly retryAfterMs?: number }
  | NoAnswer;

const timeoutMs = 30_000;
/** A hundred comments of the largest size, and some more. */
const maxAnswer = 32 * 1024 * 1024;

/** One request. Never throws. */
export async function sendToForge({ base, path, token, header, ...request }: ForgeRequest): Promise<ForgeResponse> {
  // Behind `https:`, which is no address, the path would become one.
  const address = URL.canParse(base) ? safeAddress(`${base.replace(/\/+$/, '')}${path}`) : undefined;
  if (address === undefined) return { why: 'its address is no https address' };
  const secret = revealSecret(token);
  const headers = { accept: 'application/json', [header]: header === 'authorization' ? `Bearer ${secret}` : secret };
  return sendOnce(address, { ...request, headers, timeoutMs }, async (answer) => {
    const text = await readText(answer.body);
    const retryAfterMs = waitIn(answer.headers['retry-after']);
    return {
      status: answer.statusCode,
      json: text === undefined ? undefined : parsed(text),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  });
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
