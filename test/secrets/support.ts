import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';

/** An empty folder of this user alone, gone when the test ends. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('a rejection was expected');
}

/** Everything of an error that could reach a log, a report or a crash. */
export function everythingOf(error: unknown): string {
  const parts = error instanceof Error ? [error.message, error.stack, everythingOf(error.cause)] : [];
  return [...parts, String(error), JSON.stringify(error), inspect(error, { depth: Infinity, showHidden: true })].join(
    '\n',
  );
}

/** A command that runs a script with this very Node. */
export const script = (code: string, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  '-e',
  code,
  '--',
  ...args,
];
