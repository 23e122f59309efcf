/** What checks evidence without muster: `sha256sum` of the coreutils, and `ssh-keygen` of OpenSSH. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const isThere = (program: string, ...args: readonly string[]): boolean => {
  const { error, status } = spawnSync(program, args, { stdio: 'ignore', input: '' });
  return error === undefined && status !== null;
};

/** Whether both are on this machine. */
export const hasPrograms: boolean = isThere('sha256sum', '--version') && isThere('ssh-keygen', '-Y', 'none');

export const namespace = 'muster-evidence';

/** Makes a key, and returns the path of its private part. */
export function makeKey(dir: string, name: string, type = 'ed25519', passphrase = ''): string {
  const path = join(dir, name);
  const { status, stderr } = spawnSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    '-N',
    passphrase,
    '-C',
    'a comment',
    '-f',
    path,
  ]);
  if (status !== 0) throw new Error(`no key: ${stderr.toString()}`);
  return path;
}

/** A file of allowed signers for a public key. */
export function allow(dir: string, publicKey: string): string {
  const path = join(dir, 'allowed_signers');
  writeFileSync(path, `muster namespaces="${namespace}" ${publicKey}\n`);
  return path;
}

export const sha256sumAccepts = (pack: string): boolean =>
  spawnSync('sha256sum', ['--check', '--strict', '--status', 'manifest.sha256'], { cwd: pack }).status === 0;

/** A file of a pack as it came to be, and the hash that its manifest has of it. */
export interface ListedFile {
  readonly hash: string;
  readonly content: Uint8Array;
}

/**
 * Of each of these files whether `sha256sum --check` takes it for the one that the manifest lists: one run for all of them.
 *
 * @param dir - a folder for that alone, which is emptied
 */
export function sha256sumAcceptsEach(dir: string, files: readonly ListedFile[]): readonly boolean[] {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  for (const [i, { content }] of files.entries()) writeFileSync(join(dir, `${i}`), content);
  const list = files.map(({ hash }, i) => `${hash}  ${i}\n`).join('');
  const { stdout } = spawnSync('sha256sum', ['--check', '--strict'], { cwd: dir, input: list, encoding: 'utf8' });
  const verdicts = new Map(stdout.split('\n').map((line) => [line.split(':')[0], line.endsWith(': OK')]));
  return files.map((_, i) => {
    const verdict = verdicts.get(`${i}`);
    if (verdict === undefined) throw new Error(`sha256sum says nothing of file ${i}`);
    return verdict;
  });
}

export function sshKeygenAccepts(
  signature: string,
  message: Uint8Array,
  allowed: string,
  purpose: string = namespace,
): boolean {
  const args = ['-Y', 'verify', '-f', allowed, '-I', 'muster', '-n', purpose, '-s', signature];
  return spawnSync('ssh-keygen', args, { input: message }).status === 0;
}
