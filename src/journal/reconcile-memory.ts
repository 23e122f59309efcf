/** What muster reconcile knows between its cycles, as a signed file: whole or not there, and for its owner alone. */
import { join } from 'node:path';
import { readRegularFile, writeWholeFile } from '../disk/durable-files.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { isRecord } from '../model/is-record.ts';
import type { JournalKey, Signature } from '../model/journal-key.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { StateDirError } from './state-dir.ts';

const fileName = 'reconcile.json';
const maxSize = 16 * 1024 * 1024;

/** What was found; its content is anybody's until it is checked. */
export interface FoundMemory {
  readonly name: string;
  readonly content: unknown;
  /** Absent: there is no key to check it with. */
  readonly signature?: Signature;
}

/**
 * @returns `undefined` where there is none
 * @throws {StateDirError} when it cannot be read
 */
export async function readReconcileMemory(dir: string, key: JournalKey | undefined): Promise<FoundMemory | undefined> {
  const path = join(dir, fileName);
  const read = await readRegularFile(path, maxSize).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw broken(path, systemCodeOf(error), error);
  });
  if (read === undefined) return undefined;
  if (typeof read === 'string') throw broken(path, read);
  const whole = parse(new TextDecoder().decode(read), path);
  const { mac, ...content } = whole;
  const signature = key?.signerOf(fileName).check(canonicalJson(content), mac);
  return { name: fileName, content, ...(signature !== undefined && { signature }) };
}

/** @throws {StateDirError} when it cannot be written */
export async function writeReconcileMemory(dir: string, content: object, key: JournalKey): Promise<void> {
  const mac = key.signerOf(fileName).sign(canonicalJson(content));
  try {
    await writeWholeFile(dir, fileName, `${canonicalJson({ ...content, mac })}\n`);
  } catch (error) {
    throw new StateDirError(
      { is: 'memory-not-written', path: join(dir, fileName), why: systemCodeOf(error) },
      { cause: error },
    );
  }
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    throw broken(path, 'it is not JSON');
  }
  throw broken(path, 'it is something else');
}

function broken(path: string, why: string, cause?: unknown): StateDirError {
  return new StateDirError({ is: 'reconcile-not-read', path, why }, { cause });
}
