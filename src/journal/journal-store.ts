/** Where journals lie: a folder of files that only ever grow, or are whole. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, readRegularFile, writeWholeFile } from '../disk/durable-files.ts';
import type { JournalKey } from '../model/journal-key.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { JournalBrokenError } from './errors.ts';
import { namesIn } from './state-dir.ts';

export interface JournalFile {
  /** Durable only after the next `sync`. */
  append(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  /** Cuts the file back, durably. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface JournalStore {
  /** Names of files, sorted. */
  list(): Promise<readonly string[]>;
  /**
   * @returns `undefined` when there is no such file
   * @throws {JournalBrokenError} when it is something else than a file, or too large
   */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Writes a file so that it is whole and durable, or not there. */
  writeWhole(name: string, bytes: Uint8Array): Promise<void>;
  /** Makes the file, durably, where there is none. */
  openForAppend(name: string): Promise<JournalFile>;
}

/** A store with what its journals are signed with. */
export interface KeyedStore extends JournalStore {
  readonly key: JournalKey;
}

/** The journal of the largest run takes a part of it; more is not read into memory. */
const maxStateFile = 512 * 1024 * 1024;

/** @param dir - there already, and its owner's alone */
export function folderStore(dir: string): JournalStore {
  return {
    list: () => namesIn(dir),
    read: async (name) => {
      try {
        const read = await readRegularFile(join(dir, name), maxStateFile);
        if (typeof read !== 'string') return read;
        throw new JournalBrokenError({ is: 'unreadable', file: name, why: read });
      } catch (error) {
        if (systemCodeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    writeWhole: (name, bytes) => writeWholeFile(dir, name, bytes),
    openForAppend: async (name) => {
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
      const file = await open(join(dir, name), flags, 0o600);
      await flushFolder(dir);
      return appendable(file);
    },
  };
}

function appendable(file: FileHandle): JournalFile {
  return {
    append: (bytes) => file.appendFile(bytes),
    sync: () => file.datasync(),
    truncate: async (length) => {
      await file.truncate(length);
      await file.sync();
    },
    close: () => file.close(),
  };
}
