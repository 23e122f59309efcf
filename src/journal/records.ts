/**
 * The lines of a journal. Each is canonical JSON with a hash over itself and the hash of the line before, so that no line
 * can be edited, removed or moved without all that follow showing it; and with a signature (`mac`), so that no one without
 * the caller's token can write lines whose hashes fit.
 */
import { hash as digestOf } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import { type Signature, type Signer, worstSignature } from '../model/journal-key.ts';
import type { JournalRecord } from '../model/journal-record.ts';
import { JournalBrokenError, JournalTamperedError, type UnusableJournalError } from './errors.ts';

/** Before the first line. */
const beginning = '0'.repeat(64);

/** Writes lines, each chained to the one before. */
export class LineWriter {
  readonly #signer: Signer;
  #head: string;

  /** @param head - the hash of the last line that is there */
  constructor(signer: Signer, head: string = beginning) {
    this.#signer = signer;
    this.#head = head;
  }

  get head(): string {
    return this.#head;
  }

  line(record: JournalRecord): string {
    // A name in quotes stands nowhere else: in a value its quotes would be escaped, and no part of a record has it.
    const text = canonicalJson({ ...record, hash: '', mac: '' });
    const unsigned = text.replace('"hash":"",', '');
    const mac = this.#signer.sign(chained(this.#head, unsigned.replace('"mac":"",', '')));
    this.#head = hashOf(chained(this.#head, unsigned.replace('"mac":""', `"mac":"${mac}"`)));
    return `${text.replace('"hash":""', `"hash":"${this.#head}"`).replace('"mac":""', `"mac":"${mac}"`)}\n`;
  }
}

interface LineParts {
  /** What the signature is over. */
  readonly bare: string;
  /** What the hash is over: the signature, too, so that nothing can change without it. */
  readonly hashed: string;
  readonly hash?: unknown;
  readonly mac?: unknown;
  readonly record: object;
}

/** @param content - in canonical order, else its parts are not */
function partsOf(content: object): LineParts {
  const { hash, ...hashed }: { hash?: unknown; mac?: unknown } = content;
  const { mac, ...record } = hashed;
  const bare = JSON.stringify(record);
  return { bare, hashed: mac === undefined ? bare : JSON.stringify(hashed), hash, mac, record };
}

const chained = (head: string, text: string): string => `${head}\n${text}`;
const hashOf = (text: string): string => digestOf('sha256', text);

/** What a file of lines holds. */
export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** The hash of the last line. */
  readonly head: string;
  /** Bytes to keep; what follows was torn by a crash before it was durable. */
  readonly wholeBytes: number;
  /** Whether only the end of the last line is missing: its hash proves the rest of it. */
  readonly lacksNewline: boolean;
  /** Of all lines together. Absent: there was nothing to check them with. */
  readonly signature?: Signature;
}

/**
 * Reads the lines of a journal. A torn end is cut off: nothing ever rested on it, since a call is made only after its
 * line was flushed whole.
 *
 * @param signer - what to check signatures with
 * @throws {JournalTamperedError} with the line, when it was edited, or is not in its place
 * @throws {JournalBrokenError} with the line, when it is no line of a journal, or one of another version
 */
export function readRecords(bytes: Uint8Array, name: string, signer?: Signer): JournalContent {
  const reader = new LineReader(name, signer);
  let offset = 0;
  while (offset < bytes.length) {
    const end = bytes.indexOf(newline, offset);
    if (end === -1) {
      const tail = bytes.subarray(offset);
      for (const part of [tail, tail.subarray(0, -1)]) {
        if (!reader.takesTail(part)) continue;
        return { ...reader.content, wholeBytes: offset + part.length, lacksNewline: true };
      }
      break;
    }
    reader.take(bytes.subarray(offset, end));
    offset = end + 1;
  }
  return { ...reader.content, wholeBytes: offset, lacksNewline: false };
}

const newline = 0x0a;

/** Reads lines one after the other, each chained to the one before. */
class LineReader {
  readonly #records: JournalRecord[] = [];
  readonly #name: string;
  readonly #signer: Signer | undefined;
  #head = beginning;
  #signature: Signature = 'fits';

  constructor(name: string, signer: Signer | undefined) {
    this.#name = name;
    this.#signer = signer;
  }

  get content(): Pick<JournalContent, 'records' | 'head' | 'signature'> {
    const signature = this.#signer === undefined ? {} : { signature: this.#signature };
    return { records: this.#records, head: this.#head, ...signature };
  }

  take(bytes: Uint8Array): void {
    const line = this.#read(bytes);
    if (typeof line === 'string') throw brokenLine(line, this.#place);
    this.#add(line);
  }

  /** @returns whether it is a line, which only lacks its end; what is torn is none */
  takesTail(bytes: Uint8Array): boolean {
    const line = this.#read(bytes);
    if (typeof line === 'string') return false;
    this.#add(line);
    return true;
  }

  get #place(): Place {
    return { name: this.#name, number: this.#records.length + 1 };
  }

  #read(bytes: Uint8Array): Line | NoLine {
    const line = parseLine(bytes, this.#head, this.#place, this.#signer);
    if (typeof line === 'string') return line;
    return (this.#records.length === 0) === (line.record.type === 'started') ? line : 'changed';
  }

  #add({ record, hash, signature }: Line): void {
    this.#records.push(record);
    this.#head = hash;
    this.#signature = worstSignature(this.#signature, signature);
  }
}

/** A line of a file, counted from 1. */
interface Place {
  readonly name: string;
  readonly number: number;
}

/** Why something is not the line that follows. `changed`: it is a line, and not as it was written, or not in its place. */
type NoLine = 'unreadable' | 'changed';

function brokenLine(why: NoLine, { name, number }: Place): UnusableJournalError {
  return why === 'unreadable'
    ? new JournalBrokenError({ is: 'bad-line', file: name, line: number })
    : new JournalTamperedError({ is: 'line-changed', file: name, line: number });
}

interface Line {
  readonly record: JournalRecord;
  readonly hash: string;
  readonly signature: Signature;
}

function parseLine(
  bytes: Uint8Array,
  head: string,
  { name, number }: Place,
  signer: Signer | undefined,
): Line | NoLine {
  const content = contentOf(bytes);
  if (content === undefined) return 'unreadable';
  const { hash, mac, hashed, bare, record } = partsOf(content.value);
  if (typeof hash !== 'string') return 'unreadable';
  if (canonicalJson(content.value) !== content.text || hashOf(chained(head, hashed)) !== hash) return 'changed';
  // A line whose hash fits was written by muster; its shape tells whether by a version that this one understands.
  if (isRecord(record)) return { record, hash, signature: signer?.check(chained(head, bare), mac) ?? 'none' };
  throw new JournalBrokenError({ is: 'other-version', file: name, line: number });
}

function contentOf(bytes: Uint8Array): { readonly value: object; readonly text: string } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { value, text } : undefined;
  } catch {
    return undefined;
  }
}

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const count: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
/** As this and every version writes it; what reads a journal need not ask whether it is a date. */
const moment: Check = (value) =>
  typeof value === 'string' && /^[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z$/.test(value) && !Number.isNaN(Date.parse(value));
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

const origin: Check = shaped({
  commit: optional(text),
  author: optional(text),
  job: optional(text),
  url: optional(text),
});

const shapes: Readonly<Record<JournalRecord['type'], Check>> = {
  started: shaped({
    version: (value) => value === 1,
    run: text,
    tool: text,
    server: shaped({ key: text, url: text }),
    caller: text,
    plan: text,
    actions: count,
    previous: optional(shaped({ run: text, head: text })),
    undoes: optional(text),
    username: optional(text),
    origin: optional(origin),
    unattended: optional((value) => value === true),
  }),
  resumed: shaped({ tool: text, origin: optional(origin) }),
  intent: shaped({
    action: text,
    attempt: count,
    operation: text,
    account: optional(text),
    mark: optional(text),
  }),
  response: shaped({
    action: text,
    attempt: count,
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
    done: count,
    failed: count,
    stale: count,
    skipped: count,
  }),
};

function isRecord(value: object): value is JournalRecord {
  const { type, at } = { type: undefined, at: undefined, ...value };
  if (!moment(at) || typeof type !== 'string' || !Object.hasOwn(shapes, type)) return false;
  const check: Check | undefined = new Map<string, Check>(Object.entries(shapes)).get(type);
  return check?.(value) ?? false;
}
