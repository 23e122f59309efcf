/** Output that finds no room, such as a file on a full disk, ends no run half way, and is told by the exit code. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.ts';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');
const fullDevice = '/dev/full';

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

async function run(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  full: 'stdout' | 'both',
): Promise<Ended> {
  const device = openSync(fullDevice, 'w');
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', device, full === 'both' ? device : 'pipe'],
  });
  closeSync(device);
  const [[code], stderr] = await Promise.all([once(child, 'exit'), child.stderr === null ? '' : text(child.stderr)]);
  return { code: Number(code), stderr };
}

describe.skipIf(!existsSync(fullDevice))('where there is no room', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'muster-full-output-'));

  test.each([[['validate', '--format', 'json']], [['--version']], [['--help']]])(
    'what was not printed whole is an error of this machine: %j',
    async (args) => {
      const dir = folder();
      writeFileSync(join(dir, 'users.yaml'), 'version: 1\nusers: [{ username: ada }]\n');

      const { code, stderr } = await run(args, dir, {}, 'stdout');

      expect(stderr).toBe(
        'error the output cannot be written (the disk is full, ENOSPC)\n' +
          '  → make room, or send it elsewhere; muster journal shows what a run did\n' +
          '  OUTPUT_NOT_WRITTEN, see muster help OUTPUT_NOT_WRITTEN\n',
      );
      expect(code).toBe(1);
    },
  );

  test('what is only told to people changes no exit code', async () => {
    const device = openSync(fullDevice, 'w');
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'no-such-command'], {
      stdio: ['ignore', 'ignore', device],
    });
    closeSync(device);

    expect(await once(child, 'exit')).toEqual([3, null]);
  });

  test('an apply goes on to its end', async () => {
    const dir = folder();
    const sandbox = await startSandbox({ seed: { users: [{ username: 'ada' }, { username: 'ben' }] } });
    try {
      writeFileSync(
        join(dir, 'users.yaml'),
        'version: 1\nusers: [{ username: ada, nickname: A }, { username: ben, nickname: B }]\n',
      );
      const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken };

      const { code } = await run(['apply', '--yes', '--state-dir', join(dir, 'state')], dir, env, 'both');

      expect(code).toBe(1);
      expect(['ada', 'ben'].map((name) => sandbox.control.user(name)?.nickname)).toEqual(['A', 'B']);
      const journal = readdirSync(join(dir, 'state'), { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith('.jsonl'),
      );
      expect(readFileSync(join(dir, 'state', journal ?? '?'), 'utf8')).toContain('"how":"complete"');
    } finally {
      await sandbox.close();
    }
  });
});
