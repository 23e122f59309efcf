import { access, constants, lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeSharedFile } from '../disk/shared-files.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { refuse } from '../model/messages/problems.ts';
import { MusterError } from '../model/muster-error.ts';
import { InputError } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { AppPorts } from './ports.ts';

export class UsersFileNotWrittenError extends MusterError {
  override readonly name = 'UsersFileNotWrittenError';

  constructor(what: WhatOfError<'USERS_FILE_NOT_WRITTEN'>, options?: ErrorOptions) {
    super(say('USERS_FILE_NOT_WRITTEN', what), options);
  }
}

/**
 * Before the long work of which the file is the end: whether it can be written at all.
 *
 * @throws {InputError} when the path is taken
 * @throws {UsersFileNotWrittenError} when nothing can be written there
 */
export async function checkNewFile(path: string, { workingDir }: Pick<AppPorts, 'workingDir'>): Promise<void> {
  const target = resolve(workingDir, path);
  await access(dirname(target), constants.W_OK).catch((error: unknown) => {
    throw notWritten(path, error);
  });
  const found = await lstat(target).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw notWritten(path, error);
  });
  if (found !== undefined) throw taken(path);
}

/**
 * Writes a users file whole or not at all, and never over one that is there.
 *
 * @param text - as a whole or in pieces, each of which is made when those before it are written
 * @throws {InputError} when the path is taken
 * @throws {UsersFileNotWrittenError} when it cannot be written
 */
export async function writeNewFile(
  path: string,
  text: string | Iterable<string>,
  { workingDir }: Pick<AppPorts, 'workingDir'>,
): Promise<void> {
  await makeSharedFile(resolve(workingDir, path), text).catch((error: unknown) => {
    throw systemCodeOf(error) === 'EEXIST' ? taken(path) : notWritten(path, error);
  });
}

const taken = (path: string): InputError => new InputError([refuse('file-exists', { path })]);

const notWritten = (path: string, cause: unknown): UsersFileNotWrittenError =>
  new UsersFileNotWrittenError({ path, why: systemCodeOf(cause) }, { cause });
