import { readFile } from 'node:fs/promises';
import { fencesIn } from '../../documentation/fences.ts';

/** A block of commands, with its name. */
export interface Step {
  readonly name: string;
  readonly commands: string;
}

/** Every block of commands that names a test, in order. */
export async function readSteps(path: string, test: string): Promise<readonly Step[]> {
  return fencesIn(path, await readFile(path, 'utf8'))
    .filter(({ marks }) => marks['run-by'] === test)
    .map(({ marks, text }) => ({ name: marks['name'] ?? '', commands: text }));
}
