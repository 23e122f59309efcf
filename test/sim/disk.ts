/**
 * A disk that keeps only what was flushed. What was written and not flushed when a process died is there, or not, or in
 * part: cut anywhere, or with zeros where the data should be.
 */
import type { JournalFile, JournalStore } from '../../src/journal/journal-store.ts';
import type { Life, Scheduler } from './scheduler.ts';

interface FileState {
  bytes: Uint8Array;
  /** How much of it is flushed. */
  durable: number;
}

interface Pending {
  readonly life: Life;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** It replaces the file. */
  readonly isWhole: boolean;
}

export class SimDisk {
  readonly #files = new Map<string, FileState>();
  /** Writes that have begun. */
  readonly #pending = new Set<Pending>();
  readonly #scheduler: Scheduler;
  readonly #pick: (below: number) => number;

  constructor(scheduler: Scheduler, pick: (below: number) => number) {
    this.#scheduler = scheduler;
    this.#pick = pick;
  }

  storeOf(life: Life): JournalStore {
    const pass = (what: string, name: string): Promise<void> =>
      this.#scheduler.pass(life, this.#writeMs(), `disk: ${what}`, name);
    return {
      list: async () => {
        await pass('list', '');
        return [...this.#files.keys()].toSorted();
      },
      read: async (name) => {
        await pass('read', name);
        return this.#files.get(name)?.bytes;
      },
      writeWhole: (name, bytes) => this.#writeWhole(life, name, bytes),
      openForAppend: async (name) => {
        await pass('open', name);
        if (!this.#files.has(name)) this.#files.set(name, { bytes: new Uint8Array(), durable: 0 });
        return this.#fileOf(life, name);
      },
    };
  }

  /** What a process that died leaves. */
  crash(life: Life): void {
    for (const write of this.#pending) {
      if (write.life !== life) continue;
      this.#pending.delete(write);
      if (!write.isWhole) this.#append(write.name, write.bytes);
      else if (this.#pick(2) === 0) this.#files.set(write.name, { bytes: write.bytes, durable: write.bytes.length });
    }
    for (const file of this.#files.values()) this.#tear(file);
  }

  /** Everything is lost: the next process finds an empty state directory. */
  wipe(): void {
    this.#files.clear();
  }

  /** The text of every file, by name. */
  get texts(): ReadonlyMap<string, string> {
    return new Map([...this.#files].map(([name, { bytes }]) => [name, new TextDecoder().decode(bytes)]));
  }

  /** As they would be read, torn or not. */
  bytesOf(name: string): Uint8Array | undefined {
    return this.#files.get(name)?.bytes;
  }

  #fileOf(life: Life, name: string): JournalFile {
    return {
      append: (bytes) => {
        const write: Pending = { life, name, bytes: bytes.slice(), isWhole: false };
        return this.#write(write, () => this.#append(name, write.bytes));
      },
      sync: () =>
        new Promise((resolve) => {
          const file = this.#file(name);
          // What is written while it is under way is not part of it.
          const upTo = file.bytes.length;
          this.#scheduler.step(life, this.#flushMs(), 'disk: flush', name, () => {
            file.durable = Math.max(file.durable, Math.min(upTo, file.bytes.length));
            resolve();
          });
        }),
      truncate: (length) =>
        new Promise((resolve) => {
          this.#scheduler.step(life, this.#flushMs(), 'disk: truncate', name, () => {
            const file = this.#file(name);
            file.bytes = file.bytes.slice(0, length);
            file.durable = file.bytes.length;
            resolve();
          });
        }),
      close: () => this.#scheduler.pass(life, this.#writeMs(), 'disk: close', name),
    };
  }

  #writeWhole(life: Life, name: string, bytes: Uint8Array): Promise<void> {
    const write: Pending = { life, name, bytes: bytes.slice(), isWhole: true };
    return this.#write(write, () => this.#files.set(name, { bytes: write.bytes, durable: write.bytes.length }));
  }

  #write(write: Pending, act: () => void): Promise<void> {
    this.#pending.add(write);
    return new Promise((resolve) => {
      const delayMs = write.isWhole ? this.#flushMs() : this.#writeMs();
      this.#scheduler.step(write.life, delayMs, write.isWhole ? 'disk: write' : 'disk: append', write.name, () => {
        this.#pending.delete(write);
        act();
        resolve();
      });
    });
  }

  #file(name: string): FileState {
    const file = this.#files.get(name);
    if (file === undefined) throw new Error(`no file ${name}`);
    return file;
  }

  #append(name: string, bytes: Uint8Array): void {
    const file = this.#file(name);
    const joined = new Uint8Array(file.bytes.length + bytes.length);
    joined.set(file.bytes);
    joined.set(bytes, file.bytes.length);
    file.bytes = joined;
  }

  #tear(file: FileState): void {
    const loose = file.bytes.length - file.durable;
    if (loose === 0) return;
    const how = this.#pick(4);
    // All of it, none, or a part that may end within a line, or a part and zeros up to the end.
    const kept = how === 0 ? loose : how === 1 ? 0 : this.#pick(loose + 1);
    const length = file.durable + (how === 3 ? loose : kept);
    const bytes = new Uint8Array(length);
    bytes.set(file.bytes.subarray(0, file.durable + kept));
    file.bytes = bytes;
    file.durable = length;
  }

  #writeMs(): number {
    return this.#pick(10) / 10;
  }

  #flushMs(): number {
    return 0.3 + this.#pick(30) / 10;
  }
}
