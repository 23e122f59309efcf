import { readFile } from 'node:fs/promises';
import type { SandboxSeedFile } from '../model/generated/sandbox-seed-file.ts';
import { InputError } from '../model/problem.ts';
import { checkDocument } from '../source/check-schema.ts';
import { validateSandboxSeedFile } from '../source/generated/validate-sandbox-seed-file.ts';
import { readYaml } from '../source/read-yaml.ts';

/**
 * Reads what the embedded server begins with.
 *
 * @param path - absolute
 * @param name - as it is shown
 * @throws {InputError} with everything that is wrong in the file
 */
export async function readSandboxSeed(path: string, name: string): Promise<SandboxSeedFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError([{ code: 'file-unreadable', message: `cannot read the seed: ${why}`, hint: 'check --seed' }]);
  }
  const { document, problems } = readYaml(name, text);
  if (document === undefined) throw new InputError(problems);
  const { content, problems: refused } = checkDocument(document, validateSandboxSeedFile);
  if (content === undefined || problems.length > 0) throw new InputError([...problems, ...refused]);
  return content;
}
