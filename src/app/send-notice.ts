import { postWebhook } from '../api/post-webhook.ts';
import { MusterError } from '../model/muster-error.ts';
import type { NoticeChannel } from '../model/reconcile-settings.ts';
import type { SecretSettings } from '../model/settings.ts';
import { createSecretStore } from '../secrets/secret-store.ts';
import type { AppPorts } from './ports.ts';

/** What came of one try. */
export type NoticeTry =
  | { readonly is: 'sent' }
  | { readonly is: 'failed'; readonly why: string; readonly again: boolean };

const timeoutMs = 5000;

/**
 * Sends one notice, once. Never throws.
 *
 * @param signal - ends it
 */
export async function sendNotice(
  { to }: Pick<NoticeChannel, 'to'>,
  body: object,
  secrets: SecretSettings,
  { env, signal }: { readonly env: AppPorts['env']; readonly signal?: AbortSignal | undefined },
): Promise<NoticeTry> {
  try {
    const url = await createSecretStore(secrets, env).read(to);
    const answer = await postWebhook({ url, body, env, timeoutMs, signal });
    if ('why' in answer) return { is: 'failed', why: answer.why, again: true };
    const { status } = answer;
    if (status >= 200 && status < 300) return { is: 'sent' };
    return { is: 'failed', why: `it answered ${status}`, again: status >= 500 || status === 429 || status === 408 };
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return { is: 'failed', why: error.message, again: false };
  }
}
