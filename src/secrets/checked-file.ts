import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface FileRules {
  /** For a file at the end of a link: whether it is read. */
  readonly followsLinks: boolean;
  readonly maxBytes: number;
  /** Throws where the file is none that may be read. */
  readonly check: (found: Stats) => void;
  /** What to throw where the file holds more. */
  readonly tooLarge: () => Error;
}

/**
 * Reads a small file from one open descriptor: what was checked is what is read, whatever happens to the path meanwhile.
 * A pipe or a device at its place neither blocks nor fills the memory.
 */
export async function readCheckedFile(path: string, rules: FileRules): Promise<string> {
  const ofLink = rules.followsLinks ? 0 : constants.O_NOFOLLOW;
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | ofLink);
  try {
    const found = await file.stat();
    rules.check(found);
    if (found.size > rules.maxBytes) throw rules.tooLarge();
    return await readAll(file, rules);
  } finally {
    await file.close();
  }
}

/** The size that was told may be wrong: files of the kernel have none, and others grow. */
async function readAll(file: FileHandle, { maxBytes, tooLarge }: FileRules): Promise<string> {
  const bytes = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
    length += bytesRead;
    if (length > maxBytes) throw tooLarge();
    if (bytesRead === 0) return bytes.toString('utf8', 0, length);
  }
}
