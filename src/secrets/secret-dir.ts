import { constants } from 'node:fs';
import { lstat, mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { SecretPlaceError } from './errors.ts';

const ownerOnly = 0o077;

/** Makes sure that a folder for secrets is there, is no link, and is its owner's alone. */
export async function ensureSecretDir(root: string, inner = '.'): Promise<string> {
  const dir = resolve(root, inner);
  refuseOutside(root, dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (let part = dir; part.length >= resolve(root).length; part = dirname(part)) {
    const found = await lstat(part);
    if (!found.isDirectory())
      throw new SecretPlaceError(`${part} is not a folder`, { hint: 'a folder for secrets must not be a link' });
    if ((found.mode & ownerOnly) !== 0) {
      throw new SecretPlaceError(`others may look into ${part}`, { hint: `chmod 700 ${part}` });
    }
    if (part === dirname(part)) break;
  }
  // Secrets beside a users file would otherwise be a commit away from everybody.
  await writeFile(join(resolve(root), '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 }).catch(ignoreExisting);
  return dir;
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

function refuseOutside(root: string, path: string): void {
  const way = relative(resolve(root), path);
  if (way === '..' || way.startsWith(`..${sep}`))
    throw new SecretPlaceError(`${path} lies outside the secrets directory ${root}`);
}

/** Writes a secret so that it is whole or not there: a new 0600 file, flushed, moved into place, the folder flushed. */
export async function writeSecretFile(dir: string, name: string, text: string): Promise<string> {
  const path = join(dir, name);
  const temporary = join(dir, `.${name}.${process.pid}.tmp`);
  await rm(temporary, { force: true });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(temporary, flags, 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dir, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return path;
}

/** Reads a file below the secrets directory; links that lead out of it are refused. */
export async function readSecretFile(root: string, inner: string): Promise<string> {
  const path = resolve(root, inner);
  refuseOutside(root, path);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isFile())
    throw new SecretPlaceError(`there is no file ${inner} in ${root}`, { hint: 'check secrets.sources' });
  if ((found.mode & ownerOnly) !== 0)
    throw new SecretPlaceError(`others may read ${path}`, { hint: `chmod 600 ${path}` });
  refuseOutside(await realpath(root), await realpath(path));
  return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
}
