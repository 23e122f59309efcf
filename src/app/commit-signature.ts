/** Whether a commit was signed by one of the keys that a config lists. A signature that cannot be checked proves nothing, and says why. */
import type { PublicKey } from '../model/public-keys.ts';
import { sshFingerprint } from '../model/ssh-keys.ts';
import { checkSignature } from '../model/ssh-signature.ts';
import { checkByGpg } from './run-gpg.ts';

/** `verified`: by one of the keys that were given. A signature that does not fit, or of another sort, is `not verifiable`. */
export type SignatureState = 'verified' | 'unsigned' | 'not verifiable';

export interface CommitSignature {
  readonly state: SignatureState;
  /** Fingerprint of the key of a signature that fits: `SHA256:` of SSH, 40 digits of OpenPGP; whether it is trusted says `state`. */
  readonly key?: string;
  /** Why it is neither verified nor unsigned. */
  readonly why?: string;
}

/** A header whose further lines begin with a space. What was signed is the commit without it. */
const signatureHeader = /^gpgsig(?:-sha256)? (.*(?:\n .*)*)\n/m;

/** @param raw - the commit as git stores it */
export async function signatureOf(
  raw: Uint8Array,
  keys: readonly PublicKey[],
  env: NodeJS.ProcessEnv,
): Promise<CommitSignature> {
  // A byte a character: it may be in any encoding.
  const text = Buffer.from(raw).toString('latin1');
  const end = text.indexOf('\n\n');
  const [head, message] = end === -1 ? [text, ''] : [text.slice(0, end + 1), text.slice(end + 1)];
  const [, folded] = signatureHeader.exec(head) ?? [];
  if (folded === undefined) return { state: 'unsigned' };
  const signature = folded.replace(/\n /g, '\n');
  const signed = Buffer.from(head.replace(signatureHeader, '') + message, 'latin1');
  const [first = ''] = signature.split('\n', 1);
  const kind = first.trimEnd();
  const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined;
  return check === undefined
    ? notVerifiable('signatures of this sort are not checked')
    : check(signature, signed, keys, env);
}

type Check = (
  signature: string,
  signed: Uint8Array,
  keys: readonly PublicKey[],
  env: NodeJS.ProcessEnv,
) => CommitSignature | Promise<CommitSignature>;

/** By the line that a signature begins with. */
const checks: Readonly<Record<string, Check>> = {
  '-----BEGIN SSH SIGNATURE-----': bySsh,
  '-----BEGIN PGP SIGNATURE-----': byOpenPgp,
};

const notVerifiable = (why: string): CommitSignature => ({ state: 'not verifiable', why });

function bySsh(signature: string, signed: Uint8Array, keys: readonly PublicKey[]): CommitSignature {
  const found = checkSignature(signature, signed, 'git');
  if (typeof found === 'string') return notVerifiable(found);
  const key = sshFingerprint(found.publicKey);
  return keys.some((one) => one.sort === 'ssh' && one.fingerprint === key)
    ? { state: 'verified', key }
    : { ...notVerifiable('its key is not a trusted one'), key };
}

async function byOpenPgp(
  signature: string,
  signed: Uint8Array,
  keys: readonly PublicKey[],
  env: NodeJS.ProcessEnv,
): Promise<CommitSignature> {
  const own = keys.flatMap((key) => (key.sort === 'openpgp' ? [key] : []));
  if (own.length === 0) return notVerifiable('it is by an OpenPGP key, and none is listed');
  const packets = [...new Map(own.map((key) => [key.fingerprint, key.packets])).values()];
  const found = await checkByGpg(`${signature}\n`, signed, packets, env);
  if ('why' in found) return notVerifiable(found.why);
  return own.some(({ fingerprint }) => fingerprint === found.key)
    ? { state: 'verified', key: found.key }
    : notVerifiable('its key is not a trusted one');
}
