/**
 * Checks a signature of OpenPGP by `gpg`, in a folder of its own that has the given keys and nothing else: no keyring, options,
 * agent or trust of the user, no network. What a repository names as its program is never run.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { systemCodeOf } from '../model/system-error.ts';

/** `key`: the fingerprint of the primary key whose signature fits. */
export type CheckedByGpg = { readonly key: string } | { readonly why: string };

const timeoutMs = 20_000;
const maxBytes = 64 * 1024;

const quiet = ['--batch', '--no-tty', '--quiet', '--no-options', '--lock-never'];
const alone = ['--no-autostart', '--disable-dirmngr', '--no-auto-key-retrieve', '--no-auto-check-trustdb'];

/** @param keys - packets of the public keys that may have signed */
export async function checkByGpg(
  signature: string,
  message: Uint8Array,
  keys: readonly Uint8Array[],
  env: NodeJS.ProcessEnv,
): Promise<CheckedByGpg> {
  const home = await mkdtemp(join(tmpdir(), 'muster-gpg-'));
  try {
    const [keyring, signed] = [join(home, 'keys.gpg'), join(home, 'signature.asc')];
    await writeFile(keyring, Buffer.concat(keys), { mode: 0o600 });
    await writeFile(signed, signature, { mode: 0o600 });
    const where = ['--homedir', home, '--no-default-keyring', '--keyring', keyring, '--trust-model', 'always'];
    const args = [...quiet, ...alone, ...where, '--status-fd', '1', '--verify', signed, '-'];
    const ran = await runGpg(args, message, { home, env });
    return 'why' in ran ? ran : verdictOf(ran);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

interface GpgOutput {
  readonly isAccepted: boolean;
  readonly status: string;
}

function runGpg(
  args: readonly string[],
  message: Uint8Array,
  { home, env }: { readonly home: string; readonly env: NodeJS.ProcessEnv },
): Promise<GpgOutput | { readonly why: string }> {
  // A folder of the work tree could hold a gpg of its own.
  const path = (env['PATH'] ?? process.env['PATH'] ?? '').split(':').filter(isAbsolute).join(':');
  const options = {
    cwd: home,
    env: { PATH: path, HOME: home, GNUPGHOME: home, LC_ALL: 'C' },
    maxBuffer: maxBytes,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((done) => {
    const child = execFile('gpg', args, options, (error, status) => {
      const hasRun = error === null || typeof error.code === 'number';
      done(hasRun ? { isAccepted: error === null, status } : { why: whyNotRun(error) });
    });
    // It may end before it has read everything.
    child.stdin?.on('error', () => {}).end(message);
  });
}

function whyNotRun(error: Error & { readonly killed?: boolean | undefined }): string {
  const code = systemCodeOf(error);
  if (code === 'ENOENT') return 'gpg is not there to check it';
  return error.killed === true ? 'gpg took too long to check it' : `gpg cannot be run (${code})`;
}

/** Why a signature that is there does not count, by the word that `gpg` gives it. */
const refusals: Readonly<Record<string, string>> = {
  BADSIG: 'it does not fit what was signed',
  ERRSIG: 'its key is not a trusted one',
  EXPSIG: 'it has expired',
  EXPKEYSIG: 'its key has expired',
  REVKEYSIG: 'its key was revoked',
};

/** SHA-256, SHA-384, SHA-512 and SHA-224, by their numbers in OpenPGP. */
const soundHashes: ReadonlySet<string> = new Set(['8', '9', '10', '11']);

/** The words stand in `doc/DETAILS` of GnuPG. Exactly one signature counts: of several the one that fits could be of something else. */
function verdictOf({ isAccepted, status }: GpgOutput): CheckedByGpg {
  const lines = status.split('\n').flatMap((line) => (line.startsWith('[GNUPG:] ') ? [line.split(' ').slice(1)] : []));
  const all = (name: string): readonly (readonly string[])[] => lines.filter(([word]) => word === name);
  const refused = lines.flatMap(([word = '']) => (Object.hasOwn(refusals, word) ? [refusals[word] ?? ''] : []));
  const [why] = refused;
  if (why !== undefined) return { why };
  const [valid, ...others] = all('VALIDSIG');
  if (!isAccepted || valid === undefined || others.length > 0 || all('GOODSIG').length !== 1)
    return { why: 'gpg does not accept it' };
  const [hash = '', key = ''] = [valid[8], valid[10]];
  if (!soundHashes.has(hash)) return { why: 'it uses a weak hash' };
  return /^[0-9A-F]{40}$/.test(key) ? { key } : { why: 'it is by a key of another version' };
}
