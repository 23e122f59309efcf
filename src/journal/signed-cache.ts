/** A text in the state directory that a run can do without, as one signed file: whole or not there, and for its owner alone. */
import { join } from 'node:path';
import { readRegularFile, writeCache } from '../disk/durable-files.ts';
import type { JournalKey } from '../model/journal-key.ts';

/**
 * @param text - ends with a line break
 * @throws what the system says where it cannot be written
 */
export async function keepSigned(dir: string, name: string, text: string, key: JournalKey): Promise<void> {
  await writeCache(dir, name, `${text}${key.signerOf(name).sign(text)}\n`);
}

/** The text, once it is known who wrote it; or why nothing of it counts. Never fails. */
export async function recallSigned(
  dir: string,
  name: string,
  maxSize: number,
  key: JournalKey,
): Promise<{ readonly text: string } | 'none-kept' | 'not-believed'> {
  let bytes: Uint8Array | string;
  try {
    bytes = await readRegularFile(join(dir, name), maxSize);
  } catch {
    return 'none-kept';
  }
  if (typeof bytes === 'string') return 'not-believed';
  try {
    return textIn(new TextDecoder('utf-8', { fatal: true }).decode(bytes), name, key) ?? 'not-believed';
  } catch {
    return 'not-believed';
  }
}

function textIn(file: string, name: string, key: JournalKey): { readonly text: string } | undefined {
  const end = file.lastIndexOf('\n', file.length - 2) + 1;
  const text = file.slice(0, end);
  const isOurs = file.endsWith('\n') && key.signerOf(name).check(text, file.slice(end, -1)) === 'fits';
  return isOurs ? { text } : undefined;
}
