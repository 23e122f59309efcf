import { dirname } from 'node:path';
import type { SandboxSeedFile } from '../model/generated/sandbox-seed-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { validateSandboxSeedFile } from '../source/generated/validate-sandbox-seed-file.ts';
import { type FileKind, readDocument } from '../source/read-document.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import { sortProblems } from '../source/sort-problems.ts';

const seedKind: FileKind<SandboxSeedFile> = {
  noun: 'what a sandbox begins with',
  keys: { admin: true, users: true, config: true, licence: true, groups: true, teams: true, integrations: true },
  validate: validateSandboxSeedFile,
};

/**
 * Reads what the embedded server begins with.
 *
 * @param path - absolute
 * @param name - as it is shown
 * @throws {InputError} with everything that is wrong in the file
 */
export async function readSandboxSeed(path: string, name: string): Promise<SandboxSeedFile> {
  const read = await readTextFile({ path, place: { namedFrom: dirname(path) }, maxBytes: fileLimits.seed });
  if (isRefusal(read)) {
    throw new InputError([refuse('file-unreadable', { is: 'seed', name, why: read.why })]);
  }
  const { content, problems } = readDocument({ name, ...read }, seedKind);
  if (content === undefined) throw new InputError(sortProblems(problems));
  return content;
}
