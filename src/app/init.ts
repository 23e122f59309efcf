/** A folder to begin with: how (`muster.yaml`), what is never committed (`.gitignore`), and who (`users.yaml`). */

import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configName, findConfig } from '../config/find-config.ts';
import { usersFileName } from '../desired/find-files.ts';
import { count } from '../model/count.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { isRefusal, readTextFile } from '../source/read-file.ts';
import { credentialsOf } from './connect.ts';
import { importUsers } from './import-users.ts';
import { configText, gitignoreText, notIgnored } from './init-texts.ts';
import { loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions } from './ports.ts';
import { checkNewFile, writeNewFile } from './users-file.ts';

export interface InitOptions extends ConnectionOptions {
  /** Whether the people of the server are read; the other files are written in any case. */
  readonly imports: boolean;
}

/** What became of one file. */
export interface InitFile {
  readonly name: string;
  readonly status: 'written' | 'left-alone' | 'not-written';
  readonly about: string;
  /** Lines that it should have, and has not. */
  readonly lines?: readonly string[];
}

export interface Initialized {
  readonly files: readonly InitFile[];
  /** Accounts that no entry can stand for, each with the reason. */
  readonly leftOut: readonly string[];
  /** What a plan lacks still. */
  readonly lacks: ReadonlySet<'token' | 'server' | 'users'>;
  /** Why the people could not be read. What stands in `files` is true all the same. */
  readonly failure?: { readonly error: unknown };
}

const gitignoreName = '.gitignore';

/**
 * Writes what is missing, and never over anything. Without a token or a server the people are left for later, which is no
 * failure.
 *
 * @throws {InputError} when the folder belongs to a `muster.yaml` further up
 */
export async function init(options: InitOptions, ports: AppPorts): Promise<Initialized> {
  await refuseBelowAnother(ports);
  const server = await knownServer(options, ports);
  const config = await writeMissing(configName, configText(server), 'how: server, files, policy', ports);
  const gitignore = await writeMissing(gitignoreName, gitignoreText, 'what is never committed', ports);
  const files = [config, gitignore.status === 'left-alone' ? await whatItLacks(gitignore, ports) : gitignore];
  const lacks = new Set<'token' | 'server' | 'users'>();
  if (!hasToken(ports)) lacks.add('token');
  if (server === undefined) lacks.add('server');
  try {
    const { file, leftOut = [] } = await importMissing(options, lacks, ports);
    if (file.status === 'not-written') lacks.add('users');
    return { files: [...files, file], leftOut, lacks };
  } catch (error) {
    const file: InitFile = { name: usersFileName, status: 'not-written', about: 'the server could not be read' };
    return { files: [...files, file], leftOut: [], lacks: lacks.add('users'), failure: { error } };
  }
}

/** A second config would hide the first from everything below this folder. */
async function refuseBelowAnother({ workingDir }: AppPorts): Promise<void> {
  const found = await findConfig(workingDir);
  if (found === undefined || found.path === resolve(workingDir, configName)) return;
  throw new InputError([refuse('config-above', { path: found.path })]);
}

const hasToken = ({ env, credentials }: AppPorts): boolean =>
  credentials !== undefined || (env['MUSTER_TOKEN'] ?? '') !== '' || (env['MUSTER_TOKEN_FILE'] ?? '') !== '';

/** What --server, MUSTER_SERVER or the pin of a token file says, if it may stand in a config. */
async function knownServer({ server: named }: InitOptions, ports: AppPorts): Promise<string | undefined> {
  const servers = [
    ...(named === undefined ? [] : [{ value: named, from: 'flag' as const }]),
    ...((ports.env['MUSTER_SERVER'] ?? '') === ''
      ? []
      : [{ value: ports.env['MUSTER_SERVER'] ?? '', from: 'environment' as const }]),
  ];
  const url = hasToken(ports) ? await serverOfToken(servers, ports) : servers[0]?.value;
  if (url === undefined || !/^https?:/.test(url) || !URL.canParse(url)) return undefined;
  const { username, password, search, hash } = new URL(url);
  return `${username}${password}${search}${hash}` === '' ? url : undefined;
}

type Servers = Parameters<ReturnType<typeof credentialsOf>['credentialFor']>[0];

/** @throws {CallerTokenError} when the token is not kept as it should be, or belongs elsewhere: before anything is written */
async function serverOfToken(servers: Servers, ports: AppPorts): Promise<string | undefined> {
  try {
    return (await credentialsOf(ports).credentialFor(servers)).url;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

async function writeMissing(name: string, text: string, about: string, ports: AppPorts): Promise<InitFile> {
  if (await isThere(name, ports)) return { name, status: 'left-alone', about: 'it is there already' };
  await checkNewFile(name, ports);
  await writeNewFile(name, text, ports);
  return { name, status: 'written', about };
}

async function isThere(name: string, { workingDir }: AppPorts): Promise<boolean> {
  const found = await lstat(resolve(workingDir, name)).catch(() => undefined);
  return found !== undefined;
}

async function whatItLacks(file: InitFile, { workingDir }: AppPorts): Promise<InitFile> {
  const path = resolve(workingDir, file.name);
  const read = await readTextFile({ path, place: { namedFrom: workingDir }, maxBytes: 1024 * 1024 });
  const lines = isRefusal(read) ? [] : notIgnored(read.text);
  return lines.length === 0 ? file : { ...file, about: `${file.about}; it lacks ${lines.join(', ')}`, lines };
}

const notWritten = (about: string): { readonly file: InitFile } => ({
  file: { name: usersFileName, status: 'not-written', about },
});

async function importMissing(
  options: InitOptions,
  lacks: ReadonlySet<string>,
  ports: AppPorts,
): Promise<{ readonly file: InitFile; readonly leftOut?: readonly string[] }> {
  if (await isThere(usersFileName, ports))
    return { file: { name: usersFileName, status: 'left-alone', about: 'it is there already' } };
  const { files } = await loadSettings(options, ports);
  if (files.value.length > 0 && !files.value.includes(usersFileName))
    return { file: { name: usersFileName, status: 'left-alone', about: `${configName} names other files` } };
  if (!options.imports) return notWritten('as --no-import says');
  if (lacks.has('token')) return notWritten('there is no token to read the server with');
  if (lacks.has('server')) return notWritten('nothing says which server to read');
  await checkNewFile(usersFileName, ports);
  const { text, people, leftOut } = await importUsers(options, ports);
  await writeNewFile(usersFileName, text, ports);
  const who = `who: ${count(people, 'person', 'people')} of the server`;
  return { file: { name: usersFileName, status: 'written', about: who }, leftOut };
}
