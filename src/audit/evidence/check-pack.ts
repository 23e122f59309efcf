/** Whether a pack is as it was made: the same that `sha256sum` and `ssh-keygen` find, and files that its manifest does not list. Pure. */
import { byText } from '../../model/compare.ts';
import { sshFingerprint } from '../../model/ssh-keys.ts';
import { checkSignature } from '../../model/ssh-signature.ts';
import { manifestName, parseManifest, signatureName, signatureNamespace } from './manifest.ts';

export interface Pack {
  /** SHA-256 of each file but the manifest and its signature, by path. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly manifest?: Uint8Array;
  readonly signature?: string;
}

export type PackFlaw =
  | 'manifest-missing'
  | 'manifest-unreadable'
  | 'file-missing'
  | 'file-added'
  | 'file-changed'
  | 'signature-missing'
  | 'signature-wrong'
  | 'signer-unknown';

export interface FoundFlaw {
  readonly code: PackFlaw;
  readonly file: string;
  readonly message: string;
}

export interface CheckedPack {
  readonly files: number;
  readonly flaws: readonly FoundFlaw[];
  /** Fingerprint of the key whose signature fits; absent: not signed, or it does not fit. */
  readonly signer?: string;
  /** Whether that key is one of those that were asked for; absent: none were. */
  readonly isSignerKnown?: boolean;
}

/** @param allowed - public keys of which one must have signed; absent: any, or none, may */
export function checkPack(pack: Pack, allowed?: readonly Uint8Array[]): CheckedPack {
  const { hashes, manifest } = pack;
  if (manifest === undefined)
    return { files: hashes.size, flaws: [flaw('manifest-missing', manifestName, 'the manifest is missing')] };
  const listed = parseManifest(Buffer.from(manifest).toString('latin1'));
  const signed = checkSigner(pack, manifest, allowed);
  const flaws =
    listed === undefined
      ? [flaw('manifest-unreadable', manifestName, 'the manifest is not as muster writes it')]
      : compareFiles(listed, hashes);
  return { files: hashes.size, ...signed, flaws: [...flaws, ...signed.flaws] };
}

const flaw = (code: PackFlaw, file: string, message: string): FoundFlaw => ({ code, file, message });

function compareFiles(listed: ReadonlyMap<string, string>, hashes: ReadonlyMap<string, string>): readonly FoundFlaw[] {
  return [...new Set([...listed.keys(), ...hashes.keys()])].toSorted(byText((file) => file)).flatMap((file) => {
    const [wanted, found] = [listed.get(file), hashes.get(file)];
    if (wanted === found) return [];
    if (found === undefined) return [flaw('file-missing', file, `${file} is missing`)];
    if (wanted === undefined) return [flaw('file-added', file, `${file} is not in the manifest`)];
    return [flaw('file-changed', file, `${file} was changed`)];
  });
}

function checkSigner(
  { signature }: Pack,
  manifest: Uint8Array,
  allowed: readonly Uint8Array[] | undefined,
): Omit<CheckedPack, 'files'> {
  if (signature === undefined) {
    const missing = flaw('signature-missing', signatureName, 'the signature is missing');
    return { flaws: allowed === undefined ? [] : [missing] };
  }
  const checked = checkSignature(signature, manifest, signatureNamespace);
  if (typeof checked === 'string')
    return { flaws: [flaw('signature-wrong', signatureName, `the signature does not count: ${checked}`)] };
  const signer = sshFingerprint(checked.publicKey);
  if (allowed === undefined) return { flaws: [], signer };
  const isSignerKnown = allowed.some((key) => Buffer.from(key).equals(checked.publicKey));
  const unknown = flaw('signer-unknown', signatureName, `it was signed by another key: ${signer}`);
  return { flaws: isSignerKnown ? [] : [unknown], signer, isSignerKnown };
}
