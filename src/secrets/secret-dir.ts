import { type Stats } from 'node:fs';
import { lstat, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { writeWholeFile } from '../disk/durable-files.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { readCheckedFile } from './checked-file.ts';
import { SecretPlaceError } from './errors.ts';

const othersMay = 0o077;
/** Secrets are small; more than this is not one. */
const maxFileSize = 64 * 1024;

/** Makes sure that a folder for secrets is there, is no link, and is its owner's alone, as all folders up to the root. */
export async function ensureSecretDir(root: string, inner = '.'): Promise<string> {
  const top = resolve(root);
  const dir = resolve(top, inner);
  refuseOutside(top, dir);
  await makeAbove(dirname(top));
  await makeFolder(top);
  refuseUnsafeFolder(top, await lstat(top));
  let part = top;
  // One after the other: nothing is made behind a link.
  for (const name of relative(top, dir)
    .split(sep)
    .filter((step) => step !== '')) {
    part = join(part, name);
    await makeFolder(part);
    refuseUnsafeFolder(part, await lstat(part));
  }
  // Secrets beside a users file would otherwise be a commit away from everybody.
  await writeFile(join(top, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw cannot('cannot-make', join(top, '.gitignore'), error);
  });
  return dir;
}

/** Step by step: asked for all at once, Node tries for ever in folders of the kernel, such as /proc. */
async function makeAbove(path: string): Promise<void> {
  const code = await stat(path).then(() => undefined, systemCodeOf);
  if (code === undefined) return;
  if (code !== 'ENOENT' || dirname(path) === path)
    throw new SecretPlaceError({ is: 'cannot-make-folder', path, why: code });
  await makeAbove(dirname(path));
  await makeFolder(path);
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw cannot('cannot-make-folder', path, error);
  });
}

function refuseUnsafeFolder(path: string, found: Stats): void {
  if (!found.isDirectory()) throw new SecretPlaceError({ is: 'no-folder', path });
  refuseOtherOwner(path, found);
  if ((found.mode & othersMay) !== 0) throw new SecretPlaceError({ is: 'others-may-look', path });
}

function refuseOtherOwner(path: string, found: Stats): void {
  const me = process.getuid?.();
  if (me !== undefined && found.uid !== me) throw new SecretPlaceError({ is: 'other-owner', path });
}

function refuseOutside(root: string, path: string): void {
  const way = relative(resolve(root), path);
  if (way === '..' || way.startsWith(`..${sep}`)) throw new SecretPlaceError({ is: 'outside', path, root });
}

/** Writes a secret so that it is whole and durable, or not there. */
export async function writeSecretFile(dir: string, name: string, text: string): Promise<string> {
  if (!/^[\w.@~-]{1,200}$/.test(name)) throw new SecretPlaceError({ is: 'no-file-name', name: JSON.stringify(name) });
  const path = join(dir, name);
  await writeWholeFile(dir, name, `${text}\n`).catch((error: unknown) => {
    throw cannot('cannot-write', path, error);
  });
  return path;
}

/** Reads a file below the secrets directory; links are refused, and so is what others may read. */
export async function readSecretFile(root: string, inner: string): Promise<string> {
  const path = resolve(root, inner);
  refuseOutside(root, path);
  const isNone = (): SecretPlaceError => new SecretPlaceError({ is: 'no-such-file', path: inner, root });
  try {
    // A folder on the way may be a link.
    refuseOutside(await realpath(root), await realpath(path));
    const text = await readCheckedFile(path, {
      followsLinks: false,
      maxBytes: maxFileSize,
      check: (found) => {
        if (!found.isFile()) throw isNone();
        refuseOtherOwner(path, found);
        if ((found.mode & othersMay) !== 0) throw new SecretPlaceError({ is: 'others-may-read', path });
      },
      tooLarge: () => new SecretPlaceError({ is: 'too-large', path }),
    });
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof SecretPlaceError) throw error;
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCodeOf(error))) throw isNone();
    throw cannot('cannot-read', path, error);
  }
}

/** Says the code of a failure alone: messages of the system repeat what they were given. */
function cannot(
  is: 'cannot-make-folder' | 'cannot-make' | 'cannot-write' | 'cannot-read',
  path: string,
  error: unknown,
): SecretPlaceError {
  return new SecretPlaceError({ is, path, why: systemCodeOf(error) });
}
