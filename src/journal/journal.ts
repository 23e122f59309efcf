import type { Clock } from '../model/clock.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { EndedRecord, JournalRecord } from '../model/journal-record.ts';
import type { Intent, RecordedOutcome, RecordedResponse, RunJournal } from '../model/run-journal.ts';
import { type JournalWriteError, journalWriteError } from './errors.ts';
import type { JournalFile } from './journal-store.ts';
import { LineWriter } from './records.ts';

type WithoutMoment<Record> = Record extends JournalRecord ? Omit<Record, 'at'> : never;

/**
 * The journal of one run while it is being written. Lines that come while a flush is under way share the next one, so
 * that many people served side by side cost one flush, not many.
 */
export class Journal implements RunJournal {
  readonly run: string;
  readonly #file: JournalFile;
  readonly #clock: Clock;
  readonly #lines: LineWriter;
  #buffer: string[] = [];
  #flushedHead: string;
  /** Who waits until what is in the buffer is flushed. */
  readonly #listeners: (() => void)[] = [];
  #last: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  /** The first failure: nothing is written after it, and nothing may be sent any more. */
  #failure: JournalWriteError | undefined;

  /** @param head - the hash of the last line that the file has */
  constructor(run: string, file: JournalFile, clock: Clock, key: JournalKey, head?: string) {
    this.run = run;
    this.#file = file;
    this.#clock = clock;
    this.#lines = new LineWriter(key.signerOf(run), head);
    this.#flushedHead = this.#lines.head;
  }

  /** The hash of the last line that cannot be lost any more. */
  get head(): string {
    return this.#flushedHead;
  }

  note(record: WithoutMoment<JournalRecord>): void {
    this.#buffer.push(this.#lines.line({ ...record, at: new Date(this.#clock.now()).toISOString() }));
  }

  intend(intent: Intent): Promise<void> {
    this.note({ type: 'intent', ...intent });
    return this.flush();
  }

  responded(response: RecordedResponse): void {
    this.note({ type: 'response', ...response });
  }

  ended(outcome: RecordedOutcome): void {
    this.note({ type: 'outcome', ...outcome });
  }

  notVerified(action: string, code: string): void {
    this.note({ type: 'not-verified', action, code });
  }

  swept(left: readonly string[]): void {
    this.note({ type: 'swept', left });
  }

  /** The last word; everything is durable then. */
  async close(how: EndedRecord['how'], counts: Omit<EndedRecord, 'type' | 'at' | 'how'>): Promise<void> {
    this.note({ type: 'ended', how, ...counts });
    await this.flush();
  }

  /** Resolves once everything noted so far cannot be lost any more. */
  flush(): Promise<void> {
    if (this.#waiting === undefined) {
      this.#waiting = this.#last.then(() => {
        this.#waiting = undefined;
        return this.#writeOut();
      });
      this.#last = this.#waiting.catch(() => undefined);
    }
    return this.#waiting;
  }

  recorded(): Promise<void> {
    if (this.#buffer.length === 0) return this.#last;
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  /** Lets the file go. What was not flushed is lost; `close` comes before. */
  async release(): Promise<void> {
    await this.#last;
    for (const tell of this.#listeners.splice(0)) tell();
    await this.#file.close();
  }

  async #writeOut(): Promise<void> {
    const listeners = this.#listeners.splice(0);
    try {
      await this.#writeLines();
    } finally {
      for (const tell of listeners) tell();
    }
  }

  async #writeLines(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const lines = this.#buffer;
    if (lines.length === 0) return;
    const { head } = this.#lines;
    this.#buffer = [];
    try {
      await this.#file.append(new TextEncoder().encode(lines.join('')));
      await this.#file.sync();
      this.#flushedHead = head;
    } catch (error) {
      this.#failure = journalWriteError('broken', error);
      throw this.#failure;
    }
  }
}
