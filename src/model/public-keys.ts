/** The keys that a config lists: with one of them a person, or the forge, signs commits. Pure. */
import { type OpenPgpKey, openPgpKeyIn, openPgpKeyText } from './openpgp.ts';
import { ed25519KeyIn, publicKeysIn, publicKeyText, sshFingerprint } from './ssh-keys.ts';

export type PublicKey =
  | {
      readonly sort: 'ssh';
      /** As SSH writes it. */
      readonly blob: Uint8Array;
      readonly fingerprint: string;
    }
  | ({ readonly sort: 'openpgp' } & OpenPgpKey);

/** @returns `undefined` where it is neither an Ed25519 key of SSH nor one public key of OpenPGP */
export function publicKeyOf(text: string): PublicKey | undefined {
  const openPgp = openPgpKeyIn(text);
  if (openPgp !== undefined) return { sort: 'openpgp', ...openPgp };
  const [blob, ...others] = publicKeysIn(text);
  if (blob === undefined || others.length > 0 || ed25519KeyIn(blob) === undefined) return undefined;
  return { sort: 'ssh', blob, fingerprint: sshFingerprint(blob) };
}

/** A key in one spelling: its comments say nothing. */
export function publicKeySpelling(text: string): string {
  const key = publicKeyOf(text);
  if (key === undefined) return text;
  return key.sort === 'ssh' ? publicKeyText(key.blob) : openPgpKeyText(key);
}
