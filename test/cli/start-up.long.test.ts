/** What a command has in memory before it does anything: those that read files alone start without an HTTP client. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Loads one command after the other, and says after each whether the client is in memory. */
async function loads(commands: readonly string[]): Promise<readonly boolean[]> {
  const modules = commands.map((name) => pathToFileURL(resolve(root, `src/cli/commands/${name}.ts`)).href);
  const script = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(import.meta.url);
    const seen = [];
    for (const module of ${JSON.stringify(modules)}) {
      await import(module);
      seen.push(Object.keys(cache).some((path) => path.includes('/node_modules/undici/')));
    }
    console.log(JSON.stringify(seen));`;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
  });
  return JSON.parse(stdout) as readonly boolean[];
}

test('validate and show load no client, and plan does', async () => {
  expect(await loads(['validate', 'show', 'plan'])).toEqual([false, false, true]);
});
