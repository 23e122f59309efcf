import { revealSecret } from '../model/reveal-secret.ts';
import type { Secret } from '../model/secret.ts';

/**
 * The environment that gives git a token for one address, and for no other: it stands on no command line and in no file.
 * Goes to one process of git, and into nothing else.
 */
export function gitCredential(url: string, user: string, token: Secret): Readonly<Record<string, string>> {
  const basic = Buffer.from(`${user}:${revealSecret(token)}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
