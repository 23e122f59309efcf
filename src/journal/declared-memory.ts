/**
 * Which accounts had an entry when an apply last ended well. Deleting a line is no offboarding, and from the files alone
 * no one could tell whose line is gone.
 */

import { join } from 'node:path';
import { readRegularFile, writeWholeFile } from '../disk/durable-files.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { DeclaredMemory, LastDeclaration } from '../model/declared-memory.ts';
import { isRecord } from '../model/is-record.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { Owners } from '../model/pipeline.ts';
import { isId } from '../model/server-id.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { declaredText, isMoment, readDeclaredText } from './declared-text.ts';
import { ensureStateDir, isStateDirThere, StateDirError } from './state-dir.ts';
import { refuseUnlessBelieved, type Trust } from './trust.ts';

const fileName = 'declared.json';
/** Much more than all accounts of a server take. */
const maxSize = 256 * 1024 * 1024;

/**
 * Reads what was remembered about a server; nothing, where nothing was. Writes nothing, and makes no folder.
 *
 * @throws {StateDirError} when the folder is not safe, or the memory cannot be read or is not as it was written
 * @throws {NotBelievedError} when it must be signed with the caller's token, and is not
 */
export async function recallDeclared(stateDir: string, trust: Trust): Promise<DeclaredMemory> {
  if (!(await isStateDirThere(stateDir, trust.owners))) return new Map();
  const path = join(stateDir, fileName);
  const bytes = await readMemory(path);
  if (bytes === undefined) return new Map();
  const text = new TextDecoder().decode(bytes);
  const signer = trust.key.signerOf(fileName);
  const asWritten = readDeclaredText(bytes, text, signer);
  if (asWritten !== undefined) return asWritten;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw broken(path, 'it is not JSON');
  }
  const { mac, ...signed }: { mac?: unknown } = isRecord(content) ? content : {};
  refuseUnlessBelieved(trust, fileName, signer.check(canonicalJson(signed), mac));
  return decodeMemory(content, path);
}

/**
 * Remembers just these, in place of what was remembered: whole or not at all, and for its owner alone.
 *
 * @throws {StateDirError} when the folder is not safe, or the memory cannot be written
 */
export async function rememberDeclared(
  stateDir: string,
  memory: DeclaredMemory,
  key: JournalKey,
  owners?: Owners,
): Promise<void> {
  await ensureStateDir(stateDir, owners);
  const text = declaredText(memory, key.signerOf(fileName));
  try {
    await writeWholeFile(stateDir, fileName, text);
  } catch (error) {
    throw new StateDirError(
      { is: 'memory-not-written', path: join(stateDir, fileName), why: systemCodeOf(error) },
      { cause: error },
    );
  }
}

async function readMemory(path: string): Promise<Uint8Array | undefined> {
  try {
    const read = await readRegularFile(path, maxSize);
    if (typeof read === 'string') throw broken(path, read);
    return read;
  } catch (error) {
    if (error instanceof StateDirError) throw error;
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw broken(path, systemCodeOf(error), error);
  }
}

function decodeMemory(content: unknown, path: string): DeclaredMemory {
  if (!isRecord(content) || content['format'] !== 'muster-declared') throw broken(path, 'it is something else');
  const { version, accounts } = content;
  if (version !== 1) throw broken(path, `it has the version ${JSON.stringify(version) ?? 'none'}, expected 1`);
  if (!isRecord(accounts)) throw broken(path, 'it has no accounts');
  return new Map(
    Object.entries(accounts).map(([id, account]) => {
      const declaration = decodeDeclaration(account);
      if (!isId(id) || declaration === undefined)
        throw broken(path, `the account ${JSON.stringify(id)} is not as it was written`);
      return [id, declaration];
    }),
  );
}

function decodeDeclaration(value: unknown): LastDeclaration | undefined {
  if (!isRecord(value)) return undefined;
  const { username, last_declared: lastDeclared } = value;
  if (typeof username !== 'string' || typeof lastDeclared !== 'string') return undefined;
  return isMoment(lastDeclared) ? { username, lastDeclared } : undefined;
}

function broken(path: string, why: string, cause?: unknown): StateDirError {
  return new StateDirError({ is: 'memory-not-read', path, why }, { cause });
}
