/** `gpg` with keys of its own, for commits that are signed by OpenPGP as a forge signs them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether it is on this machine. */
export const hasGpg: boolean = spawnSync('gpg', ['--version'], { stdio: 'ignore' }).status === 0;

export interface KeyOptions {
  readonly sort?: 'ed25519' | 'rsa2048';
  /** How long it counts, and since when, as `gpg` takes both. */
  readonly expires?: string;
  readonly now?: string;
}

export interface Gpg {
  readonly home: string;
  /** Makes a key without a passphrase, and returns its fingerprint. */
  makeKey(name: string, options?: KeyOptions): string;
  /** The public part as a config lists it. */
  publicKey(fingerprint: string): string;
  secretKey(fingerprint: string): string;
  revoke(fingerprint: string): void;
  /** Arguments before `commit` with which git signs by this key; more arguments are those of `gpg`. */
  signing(fingerprint: string, ...more: readonly string[]): readonly string[];
  run(args: readonly string[], input?: string): string;
  close(): void;
}

export function openGpg(): Gpg {
  // The socket of its agent lies there, and has a short path.
  const home = mkdtempSync(join(tmpdir(), 'mgpg-'));
  chmodSync(home, 0o700);
  const run = (args: readonly string[], input = ''): string =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', ...args], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  return {
    home,
    run,
    makeKey: (name, { sort = 'ed25519', expires = 'never', now } = {}) => {
      const address = `${name}@example.com`;
      const made = ['--passphrase', '', '--quick-gen-key', `${name} <${address}>`, sort, 'sign', expires];
      run([...(now === undefined ? [] : ['--faked-system-time', now]), ...made]);
      const told = run(['--with-colons', '--list-keys', address]);
      return /^fpr:+([0-9A-F]{40}):/m.exec(told)?.[1] ?? '';
    },
    publicKey: (fingerprint) => run(['--armor', '--export', fingerprint]),
    secretKey: (fingerprint) => run(['--passphrase', '', '--armor', '--export-secret-keys', fingerprint]),
    revoke: (fingerprint) => {
      const certificate = readFileSync(join(home, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
      run(['--import'], certificate.replace(/^:/m, ''));
    },
    signing: (fingerprint, ...more) => {
      const program = join(mkdtempSync(join(home, 'run-')), 'gpg.sh');
      const options = ['--homedir', home, ...more].map((one) => `'${one}'`).join(' ');
      writeFileSync(program, `#!/bin/sh\nexec gpg ${options} "$@"\n`, { mode: 0o755 });
      return ['-c', 'gpg.format=openpgp', '-c', `gpg.program=${program}`, '-c', `user.signingKey=${fingerprint}`];
    },
    close: () => {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
