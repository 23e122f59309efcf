import { readSecretValue, type Secret } from './secret.ts';

/** Opens a secret. Only `api` (to send it) and `secrets` (to deliver it) may import this module. */
export function revealSecret(secret: Secret): string {
  return readSecretValue(secret);
}
