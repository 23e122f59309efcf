import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';
import { type NoAnswer, type SendOptions, safeAddress, sendOnce } from './send-once.ts';

export interface WebhookPost extends Pick<SendOptions, 'env' | 'timeoutMs' | 'signal'> {
  /** Its address, with what lets anyone in. */
  readonly url: Secret;
  /** Sent as JSON. */
  readonly body: object;
}

/** What came of it: the answer, or why there is none. Nothing in it says where it went. */
export type WebhookAnswer = { readonly status: number } | NoAnswer;

const maxAnswer = 64 * 1024;

/** Sends one POST. Never throws. */
export async function postWebhook({ url, ...post }: WebhookPost): Promise<WebhookAnswer> {
  const address = safeAddress(revealSecret(url));
  if (address === undefined) return { why: 'its source gives no https address' };
  return sendOnce(address, { ...post, method: 'POST', headers: {} }, async ({ statusCode, body }) => {
    await body.dump({ limit: maxAnswer });
    return { status: statusCode };
  });
}
