import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Secret } from '../model/secret.ts';
import { CallerTokenError } from './errors.ts';

export interface TokenEnvironment {
  readonly MUSTER_TOKEN?: string | undefined;
  readonly MUSTER_TOKEN_FILE?: string | undefined;
}

/**
 * The token of the account that muster acts as: `MUSTER_TOKEN`, or the content of the file that `MUSTER_TOKEN_FILE`
 * names. Never a flag, never a setting, never a file of a repository.
 *
 * @throws {CallerTokenError} when there is none, or it is no token
 */
export async function readCallerToken(env: TokenEnvironment, workingDir: string): Promise<Secret> {
  if (env.MUSTER_TOKEN !== undefined && env.MUSTER_TOKEN !== '') return asToken(env.MUSTER_TOKEN, 'MUSTER_TOKEN');
  if (env.MUSTER_TOKEN_FILE === undefined || env.MUSTER_TOKEN_FILE === '') {
    throw new CallerTokenError('no token: muster does not know who it is', {
      hint: 'set MUSTER_TOKEN, or MUSTER_TOKEN_FILE to a file outside every repository, with the access token of a system administrator',
    });
  }
  const path = resolve(workingDir, env.MUSTER_TOKEN_FILE);
  await refuseRepository(path);
  // Where a link leads is where a token would be committed.
  await refuseRepository(await realpath(path).catch(() => path));
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be opened';
    throw new CallerTokenError(`cannot read the token file ${path}: ${why}`, { hint: 'check MUSTER_TOKEN_FILE' });
  });
  return asToken(text, 'the token file');
}

/** Server tokens are 26 letters and digits; sessions and test servers may use other short words. */
function asToken(text: string, where: string): Secret {
  const token = text.trim();
  if (/^[\x21-\x7e]{1,128}$/.test(token)) return new Secret(token);
  throw new CallerTokenError(`${where} holds no token: expected one word of at most 128 characters`, {
    hint: 'put the token there alone',
  });
}

async function refuseRepository(path: string): Promise<void> {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if ((await stat(join(dir, '.git')).catch(() => undefined)) !== undefined) {
      throw new CallerTokenError(`the token file ${path} lies in the repository ${dir}`, {
        hint: 'keep it outside, so that it is never committed',
      });
    }
    if (dirname(dir) === dir) return;
  }
}
