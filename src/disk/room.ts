import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether files can be made in a folder. */
export interface Room {
  /** Why not, as the system says it, such as `EROFS`; absent: they can. */
  readonly refusal?: string;
  /** Absent: the disk does not tell. */
  readonly freeBytes?: number;
}

/** Of the folder, or where it is not there yet of the closest one above it. Writes nothing. */
export async function roomIn(dir: string): Promise<Room> {
  try {
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return code === 'ENOENT' && dirname(dir) !== dir ? roomIn(dirname(dir)) : { refusal: code };
  }
  const disk = await statfs(dir).catch(() => undefined);
  // Some that lie on a network say 0 of everything.
  return disk === undefined || disk.blocks === 0 ? {} : { freeBytes: disk.bavail * disk.bsize };
}
