/** What a command has in memory before it does anything: those that read files alone start without an HTTP client. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

async function loads(command: string, name: string): Promise<boolean> {
  const module = pathToFileURL(resolve(root, `src/cli/commands/${command}.ts`)).href;
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(module)});
    const { cache } = createRequire(import.meta.url);
    console.log(Object.keys(cache).some((path) => path.includes('/node_modules/${name}/')));`;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
  });
  return stdout.trim() === 'true';
}

test.each([
  ['validate', false],
  ['show', false],
  ['plan', true],
] as const)('%s loads a client: %s', async (command, expected) => {
  expect(await loads(command, 'undici')).toBe(expected);
});
