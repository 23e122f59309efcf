/**
 * The lines of a journal. Each is canonical JSON with a hash over itself and the hash of the line before, so that no line
 * can be edited, removed or moved without all that follow showing it.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import type { JournalRecord } from '../model/journal-record.ts';
import { JournalBrokenError } from './errors.ts';

/** Before the first line. */
const beginning = '0'.repeat(64);

/** Writes lines, each chained to the one before. */
export class LineWriter {
  #head: string;

  /** @param head - the hash of the last line that is there */
  constructor(head: string = beginning) {
    this.#head = head;
  }

  get head(): string {
    return this.#head;
  }

  line(record: JournalRecord): string {
    this.#head = chained(this.#head, canonicalJson(record));
    return `${canonicalJson({ ...record, hash: this.#head })}\n`;
  }
}

const chained = (head: string, text: string): string => createHash('sha256').update(`${head}\n${text}`).digest('hex');

/** What a file of lines holds. */
export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** The hash of the last line. */
  readonly head: string;
  /** Bytes to keep; what follows was torn by a crash before it was durable. */
  readonly wholeBytes: number;
  /** Whether only the end of the last line is missing: its hash proves the rest of it. */
  readonly lacksNewline: boolean;
}

/**
 * Reads the lines of a journal. A torn end is cut off: nothing ever rested on it, since a call is made only after its
 * line was flushed whole.
 *
 * @throws {JournalBrokenError} with the line, when anything else is not as it was written
 */
export function readRecords(bytes: Uint8Array, name: string): JournalContent {
  const records: JournalRecord[] = [];
  let head = beginning;
  let offset = 0;
  while (offset < bytes.length) {
    const end = bytes.indexOf(newline, offset);
    if (end === -1) {
      const tail = bytes.subarray(offset);
      for (const part of [tail, tail.subarray(0, -1)]) {
        const last = parseLine(part, head, { name, number: records.length + 1 });
        if (last === undefined || (records.length === 0) !== (last.record.type === 'started')) continue;
        const wholeBytes = offset + part.length;
        return { records: [...records, last.record], head: last.hash, wholeBytes, lacksNewline: true };
      }
      break;
    }
    const place = { name, number: records.length + 1 };
    const line = parseLine(bytes.subarray(offset, end), head, place);
    if (line === undefined) throw brokenLine(place);
    if ((records.length === 0) !== (line.record.type === 'started')) throw brokenLine(place);
    records.push(line.record);
    head = line.hash;
    offset = end + 1;
  }
  return { records, head, wholeBytes: offset, lacksNewline: false };
}

const newline = 0x0a;

/** A line of a file, counted from 1. */
interface Place {
  readonly name: string;
  readonly number: number;
}

function brokenLine({ name, number }: Place): JournalBrokenError {
  return new JournalBrokenError(`${name}, line ${number}: not as it was written, or not in its place`, {
    hint: `put back the file as it was; or look for tokens that this run made (their descriptions hold "muster:" and its day), then move ${name} away`,
  });
}

interface Line {
  readonly record: JournalRecord;
  readonly hash: string;
}

/** @returns `undefined` for what is not the line that follows `head` */
function parseLine(bytes: Uint8Array, head: string, { name, number }: Place): Line | undefined {
  const content = chainedContent(bytes, head);
  if (content === undefined) return undefined;
  const { record, hash } = content;
  // A line whose hash fits was written by muster; its shape tells whether by a version that this one understands.
  if (isRecord(record)) return { record, hash };
  throw new JournalBrokenError(
    `${name}, line ${number}: written by another version of muster, and not understood by this one`,
    { hint: 'use the version that wrote it' },
  );
}

function chainedContent(
  bytes: Uint8Array,
  head: string,
): { readonly record: object; readonly hash: string } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || !('hash' in content)) return undefined;
    const { hash, ...record } = content;
    if (typeof hash !== 'string' || canonicalJson(content) !== text) return undefined;
    return chained(head, canonicalJson(record)) === hash ? { record, hash } : undefined;
  } catch {
    return undefined;
  }
}

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const shaped =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, check]) => check(new Map(Object.entries(value)).get(name)));

const shapes: Readonly<Record<JournalRecord['type'], Check>> = {
  started: shaped({
    version: (value) => value === 1,
    run: text,
    tool: text,
    server: shaped({ key: text, url: text }),
    caller: text,
    plan: text,
    actions: number,
    previous: optional(shaped({ run: text, head: text })),
    undoes: optional(text),
  }),
  resumed: shaped({ tool: text }),
  intent: shaped({
    action: text,
    attempt: number,
    operation: text,
    account: optional(text),
    mark: optional(text),
  }),
  answer: shaped({
    action: text,
    attempt: number,
    result: oneOf('written', 'refused', 'unknown'),
    code: optional(text),
    account: optional(text),
    token: optional(text),
  }),
  outcome: shaped({
    action: text,
    status: oneOf('done', 'skipped', 'stale', 'failed'),
    account: optional(text),
    as: optional(oneOf('written', 'found')),
    written: optional(oneOf('no', 'yes', 'unknown')),
    code: optional(text),
  }),
  'not-verified': shaped({ action: text, code: text }),
  swept: shaped({ left: texts }),
  ended: shaped({
    how: oneOf('complete', 'interrupted', 'stopped', 'abandoned'),
    done: number,
    failed: number,
    stale: number,
    skipped: number,
  }),
};

function isRecord(value: object): value is JournalRecord {
  const { type, at } = { type: undefined, at: undefined, ...value };
  if (typeof at !== 'string' || typeof type !== 'string' || !Object.hasOwn(shapes, type)) return false;
  const check: Check | undefined = new Map<string, Check>(Object.entries(shapes)).get(type);
  return check?.(value) ?? false;
}
