import { readFile } from 'node:fs/promises';

/** A fenced block of commands, with the name that follows its language. */
export interface Step {
  readonly name: string;
  readonly commands: string;
}

/** Every block of commands below a heading of the second level, in order. */
export async function readSteps(path: string, heading: string): Promise<readonly Step[]> {
  const text = await readFile(path, 'utf8');
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`${path} has no heading ${heading}`);
  const end = text.indexOf('\n## ', start + 1);
  const blocks = text.slice(start, end).matchAll(/^( *)```sh ?(\w*)\n([^]*?)^ *```$/gm);
  return [...blocks].map(([, indent = '', name = '', commands = '']) => ({
    name,
    commands: commands.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
