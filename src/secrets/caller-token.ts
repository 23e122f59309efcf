/**
 * The caller's credential: the token of the account that muster acts as, and the server that it belongs to. Both come from
 * the environment of the run, never from a flag, and never from a file of a repository: a pull request that
 * changes muster.yaml must not be able to send the token elsewhere.
 */

import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { refuse } from '../model/messages/problems.ts';
import { isInPipeline, type Owners, ownersIn } from '../model/pipeline.ts';
import { InputError } from '../model/problem.ts';
import { Secret } from '../model/secret.ts';
import { addressOf, isSameServer } from '../model/server-address.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { readCheckedFile } from './checked-file.ts';
import { CallerTokenError } from './errors.ts';

/** A server that something names as the one to work with. */
export interface NamedServer {
  readonly value: string;
  readonly from: 'flag' | 'environment' | 'config' | 'default';
}

export interface Credential {
  /** Where the token may be sent, as it was written. */
  readonly url: string;
  readonly token: Secret;
  /** Where it comes from, for messages: a variable, or the file that one names. */
  readonly from?: string;
}

export interface CredentialNames {
  readonly token: string;
  readonly file: string;
  readonly server: string;
}

/** A server that the token is bound to, and what says so. */
interface Pin {
  readonly url: string;
  readonly by: string;
}

/** Secrets and addresses are small; more than this is neither. */
const maxFileSize = 4096;

/**
 * The token together with the server that it may be sent to. The token is in `MUSTER_TOKEN`, or in the file that
 * `MUSTER_TOKEN_FILE` names. Bound to a server it is by `MUSTER_SERVER`, and a token file by `<token file>.server` beside
 * it, too; every server that is named anywhere has to be that one. Where `CI` is set an unbound token is refused.
 *
 * @param servers - every server that is named, the one that counts first; without any it is the one of the pin
 * @param name - of a server among several: its credential is in `MUSTER_TOKEN_<NAME>` and `MUSTER_SERVER_<NAME>`
 * @throws {CallerTokenError} when there is no token, it is not kept as it should be, or it belongs to another server
 * @throws {InputError} when no server is named
 */
export async function readCredential(
  servers: readonly NamedServer[],
  env: NodeJS.ProcessEnv,
  workingDir: string,
  name?: string,
): Promise<Credential> {
  const names = credentialNames(name);
  const pinned = pinOfVariable(names.server, env);
  // Without a token file nothing else could name one.
  if (servers.length + pinned.length === 0 && (env[names.file] ?? '') === '') throw noServer(names, name);
  const { token, file } = await readToken(names, env, workingDir);
  const pins = [...pinned, ...(file === undefined ? [] : await pinsOfFile(file))];
  const [pin] = pins;
  if (pin === undefined && isInPipeline(env)) throw unbound(names, file);
  for (const one of pins) {
    for (const { value, from } of servers)
      if (!isSameServer(value, one.url)) throw elsewhere(one, value, origins[from]);
    if (pin !== undefined && !isSameServer(pin.url, one.url)) throw elsewhere(one, pin.url, pin.by);
  }
  const url = servers[0]?.value ?? pin?.url;
  if (url === undefined) throw noServer(names, name);
  return { url, token, from: file === undefined ? names.token : `the file of ${names.file}` };
}

/**
 * The token alone, for what is signed with it: nothing is sent anywhere.
 *
 * @param name - of a server among several
 * @throws {CallerTokenError} when there is no token, or it is not kept as it should be
 */
export async function readCallerToken(env: NodeJS.ProcessEnv, workingDir: string, name?: string): Promise<Secret> {
  return (await readToken(credentialNames(name), env, workingDir)).token;
}

/** Whether the environment says where the token is. */
export function isTokenNamed(env: NodeJS.ProcessEnv, name: string | undefined): boolean {
  const { token, file } = credentialNames(name);
  return (env[token] ?? '') !== '' || (env[file] ?? '') !== '';
}

const origins: Readonly<Record<NamedServer['from'], string>> = {
  flag: '--server',
  environment: 'MUSTER_SERVER',
  config: 'muster.yaml',
  default: 'the default',
};

/** The variables that a credential is in. */
export function credentialNames(name: string | undefined): CredentialNames {
  if (name === undefined) return { token: 'MUSTER_TOKEN', file: 'MUSTER_TOKEN_FILE', server: 'MUSTER_SERVER' };
  const suffix = name.toUpperCase().replaceAll('-', '_');
  if (suffix === 'FILE' || suffix.startsWith('FILE_')) throw new CallerTokenError({ is: 'server-name', name });
  return { token: `MUSTER_TOKEN_${suffix}`, file: `MUSTER_TOKEN_FILE_${suffix}`, server: `MUSTER_SERVER_${suffix}` };
}

async function readToken(
  names: CredentialNames,
  env: NodeJS.ProcessEnv,
  workingDir: string,
): Promise<{ readonly token: Secret; readonly file?: string }> {
  const { [names.token]: inVariable = '', [names.file]: named = '' } = env;
  if (inVariable !== '') return { token: asToken(inVariable, names.token) };
  if (named === '') {
    throw new CallerTokenError({ is: 'no-token', variable: names.token, fileVariable: names.file });
  }
  const file = resolve(workingDir, named);
  await refuseRepository(file);
  // Where a link leads is where a token would be committed.
  await refuseRepository(await realpath(file).catch(() => file));
  return { token: asToken(await readTokenFile(file, names.file, env), 'the token file'), file };
}

async function readTokenFile(path: string, variable: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return await readCheckedFile(path, {
      followsLinks: true,
      maxBytes: maxFileSize,
      check: (found) => {
        refuseForeign(path, found, ownersIn(env, process.getuid?.()));
        if ((found.mode & 0o004) !== 0) throw tooOpen('others-may-read', path, found);
      },
      tooLarge: () => new CallerTokenError({ is: 'too-large', path }),
    });
  } catch (error) {
    if (error instanceof CallerTokenError) throw error;
    throw new CallerTokenError({ is: 'unreadable', path, why: systemCodeOf(error), variable });
  }
}

/** A link on the way is fine, as Kubernetes mounts its secrets: it is the file itself that is looked at. */
function refuseForeign(path: string, found: Stats, owners: Owners): void {
  if (!found.isFile()) throw new CallerTokenError({ is: 'no-file', path });
  const me = process.getuid?.();
  if (owners === 'caller' && me !== undefined && found.uid !== me && found.uid !== 0)
    throw new CallerTokenError({ is: 'other-owner', path });
  if ((found.mode & 0o022) !== 0) throw tooOpen('others-may-write', path, found);
}

function tooOpen(is: 'others-may-read' | 'others-may-write', path: string, { mode }: Stats): CallerTokenError {
  return new CallerTokenError({ is, path, mode: `0${(mode & 0o777).toString(8)}` });
}

/** Server tokens are 26 letters and digits; sessions and test servers may use other short words. */
function asToken(text: string, where: string): Secret {
  const token = text.trim();
  if (/^["'`“‘].*["'`”’]$/.test(token)) {
    throw new CallerTokenError({ is: 'in-quotes', where });
  }
  if (/^[\x21-\x7e]{1,128}$/.test(token)) return new Secret(token);
  throw new CallerTokenError({ is: 'no-word', where });
}

async function refuseRepository(path: string): Promise<void> {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if ((await stat(join(dir, '.git')).catch(() => undefined)) !== undefined) {
      throw new CallerTokenError({ is: 'in-repository', path, repository: dir });
    }
    if (dirname(dir) === dir) return;
  }
}

function pinOfVariable(name: string, env: NodeJS.ProcessEnv): readonly Pin[] {
  const url = env[name] ?? '';
  return url === '' ? [] : [{ url, by: name }];
}

/** Beside the token file, and beside what a link to it leads to: a link does not set a token free. */
async function pinsOfFile(file: string): Promise<readonly Pin[]> {
  const paths = new Set([file, await realpath(file).catch(() => file)].map((path) => `${path}.server`));
  const pins = await Promise.all([...paths].map(pinOfFile));
  return pins.filter((pin) => pin !== undefined);
}

async function pinOfFile(path: string): Promise<Pin | undefined> {
  try {
    const text = await readCheckedFile(path, {
      followsLinks: true,
      maxBytes: maxFileSize,
      // Only the owner may change where a token goes, wherever this runs: a runner sets MUSTER_SERVER.
      check: (found) => refuseForeign(path, found, 'caller'),
      tooLarge: () => new CallerTokenError({ is: 'pin-too-large', path }),
    });
    const url = text.trim();
    if (addressOf(url) === undefined) throw new CallerTokenError({ is: 'pin-no-address', path });
    return { url, by: path };
  } catch (error) {
    if (error instanceof CallerTokenError) throw error;
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw new CallerTokenError({ is: 'pin-unreadable', path, why: systemCodeOf(error) });
  }
}

/** Never the text itself: it may hold a password. */
const shown = (url: string): string => addressOf(url) ?? 'what is no address';

function elsewhere(pin: Pin, url: string, by: string): CallerTokenError {
  return new CallerTokenError({ is: 'other-server', binder: pin.by, bound: shown(pin.url), by, named: shown(url) });
}

function unbound(names: CredentialNames, file: string | undefined): CallerTokenError {
  const variable = names.server;
  return new CallerTokenError(
    file === undefined ? { is: 'unbound', variable } : { is: 'file-unbound', file, variable },
  );
}

function noServer({ server }: CredentialNames, name: string | undefined): InputError {
  return new InputError([
    refuse(
      'no-server',
      name === undefined ? { is: 'only', variable: server } : { is: 'of-several', variable: server, name },
    ),
  ]);
}
