/** Journals that lie in memory, on a disk that fails or lingers as it is told. */
import type { JournalFile, KeyedStore } from '../../../src/journal/journal-store.ts';

import type { JournalKey } from '../../../src/model/journal-key.ts';
import { testKey } from '../../support/journal-key.ts';

export type DiskStep = 'append' | 'sync' | 'truncate' | 'close';

export class MemoryStore implements KeyedStore {
  readonly key: JournalKey = testKey;
  readonly files: Map<string, Uint8Array> = new Map();
  /** What was done to files that are open, in order. */
  readonly steps: DiskStep[] = [];
  /** Called before each step; it may take its time, and what it throws fails the step. */
  before: (step: DiskStep, bytes?: Uint8Array) => void | Promise<void> = () => undefined;

  constructor(files: Readonly<Record<string, Uint8Array>> = {}) {
    for (const [name, bytes] of Object.entries(files)) this.files.set(name, bytes);
  }

  bytes(name: string): Uint8Array {
    return this.files.get(name) ?? new Uint8Array();
  }

  text(name: string): string {
    return new TextDecoder().decode(this.bytes(name));
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()].toSorted());
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(name));
  }

  writeWhole(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, bytes);
    return Promise.resolve();
  }

  openForAppend(name: string): Promise<JournalFile> {
    if (!this.files.has(name)) this.files.set(name, new Uint8Array());
    return Promise.resolve({
      append: async (bytes) => {
        await this.#step('append', bytes);
        this.files.set(name, joined(this.bytes(name), bytes));
      },
      sync: () => this.#step('sync'),
      truncate: async (length) => {
        await this.#step('truncate');
        this.files.set(name, this.bytes(name).slice(0, length));
      },
      close: () => this.#step('close'),
    });
  }

  async #step(step: DiskStep, bytes?: Uint8Array): Promise<void> {
    this.steps.push(step);
    await this.before(step, bytes);
  }
}

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** As a disk says that it is full. */
export const diskFull = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
