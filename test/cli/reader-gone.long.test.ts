/** What is told to no one any more ends no run, and changes no exit code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');

test('the exit code is the same where those who read what it writes have gone away', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'no-such-command'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  child.stderr.destroy();

  const [code] = await once(child, 'exit');

  expect(code).toBe(3);
});
