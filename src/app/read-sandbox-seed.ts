import { readFile } from 'node:fs/promises';
import type { SandboxSeedFile } from '../model/generated/sandbox-seed-file.ts';
import { sandboxSeedSchema } from '../model/generated/sandbox-seed-file-schema.ts';
import { InputError } from '../model/problem.ts';
import { checkSchema } from '../source/check-schema.ts';
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
  const refused = document === undefined ? [] : checkSchema(document, sandboxSeedSchema);
  if (document === undefined || problems.length + refused.length > 0) throw new InputError([...problems, ...refused]);
  // The schema has just said so.
  return document.value as SandboxSeedFile;
}
