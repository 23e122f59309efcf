import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { resolvePolicy } from '../../src/config/settings.ts';
import { type LoadOptions, loadDesiredState } from '../../src/desired/load-desired-state.ts';
import type { DesiredState } from '../../src/model/desired-state.ts';
import { InputError, type Problem } from '../../src/model/problem.ts';
import { problemsOfEntries } from '../../src/model/unusable.ts';
import { sortProblems } from '../../src/source/sort-problems.ts';

export const noon: number = Date.parse('2026-11-24T12:00:00Z');

/** A folder with these files, gone when the test ends. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-desired-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export type Files = Readonly<Record<string, string>>;

/** Loads all of these files, each named. */
export async function load(files: Files, options: Partial<LoadOptions> = {}): Promise<DesiredState> {
  return loadDesiredState({
    files: Object.keys(files),
    base: await folderWith(files),
    policy: resolvePolicy({}),
    secrets: { dir: '/nowhere', sinks: { 'vault-ci': { dir: 'ci' } }, sources: { 'hr-start': { file: 'start' } } },
    momentMs: noon,
    ...options,
  });
}

/** Everything that is wrong with these files. */
export async function problemsOf(files: Files, options: Partial<LoadOptions> = {}): Promise<readonly Problem[]> {
  try {
    return sortProblems(problemsOfEntries((await load(files, options)).unusable));
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

/** A users file of one-line entries, which begin at line 3. */
export const usersFile = (...entries: readonly string[]): string =>
  `version: 1\nusers:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
