/** What checks evidence without muster: `sha256sum` of the coreutils, and `ssh-keygen` of OpenSSH. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
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

export function sshKeygenAccepts(
  signature: string,
  message: Uint8Array,
  allowed: string,
  purpose: string = namespace,
): boolean {
  const args = ['-Y', 'verify', '-f', allowed, '-I', 'muster', '-n', purpose, '-s', signature];
  return spawnSync('ssh-keygen', args, { input: message }).status === 0;
}
