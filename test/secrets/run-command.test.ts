import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childEnvironment, endingText, runCommand } from '../../src/secrets/run-command.ts';
import { emptyFolder, rejection, script } from './support.ts';

const env = childEnvironment(process.env);
const run = (argv: readonly string[], input?: string, timeoutMs = 20_000): ReturnType<typeof runCommand> =>
  runCommand(argv, { env, timeoutMs, ...(input !== undefined && { input }) });

describe('a program', () => {
  test('gets its input and gives its output', async () => {
    const result = await run(script('process.stdin.pipe(process.stdout)'), 'täst\n');

    expect(result).toEqual({ ended: 0, stdout: 'täst\n' });
  });

  test('gets its arguments as they are, without a shell', async () => {
    const { stdout } = await run(
      script('console.log(JSON.stringify(process.argv.slice(1)))', '$HOME', '; echo x', '*', '"'),
    );

    expect(JSON.parse(stdout)).toEqual(['$HOME', '; echo x', '*', '"']);
  });

  test('that fails says how', async () => {
    const result = await run(script('process.exit(3)'));

    expect(result.ended).toBe(3);
    expect(endingText(result)).toBe('exit code 3');
  });

  test('that is killed says by what', async () => {
    const result = await run(script('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)'));

    expect(endingText(result)).toBe('SIGTERM');
  });

  test.each([
    ['does not exist', ['/nowhere/program'], 'ENOENT'],
    ['may not be run', ['/etc/passwd'], 'EACCES'],
    ['is nothing', [], 'ERR_INVALID_ARG_VALUE'],
    ['has a NUL in its arguments', [process.execPath, '\0'], 'ERR_INVALID_ARG_VALUE'],
  ])('that %s rejects', async (_, argv, code) => {
    expect(await rejection(run(argv, 'secret'))).toMatchObject({ code });
  });

  test('that does not read its input may still succeed, and fail', async () => {
    const input = 'x'.repeat(1_000_000);

    expect((await run(script('process.exit(0)'), input)).ended).toBe(0);
    expect((await run(script('process.stdin.destroy(); process.exit(4)'), input)).ended).toBe(4);
  });

  test('that writes without an end is stopped', async () => {
    const result = await run(script('setInterval(() => process.stdout.write("x".repeat(10000)), 0)'));

    expect(result.ended).toBe('more than 65536 characters of output');
    expect(result.stdout.length).toBeLessThan(1_000_000);
  });

  test('that has no end is stopped, although it does not listen to a polite signal', async () => {
    const result = await run(script('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'), '', 300);

    expect(endingText(result)).toBe('a timeout after 0.3 s');
  });

  test('that leaves another one behind, which holds its output, is not waited for without an end', async () => {
    const note = join(await emptyFolder(), 'pid');

    const result = await run(['sh', '-c', 'sleep 600 & echo $! > "$1"; wait', 'sh', note], '', 700);

    expect(result.ended).toBe('a timeout after 0.7 s');
    // Throws where it is gone: then it was waited for.
    process.kill(Number(await readFile(note, 'utf8')), 'SIGKILL');
  });

  test('says nothing through its standard error', async () => {
    const result = await run(script('process.stdin.pipe(process.stderr)'), 'secret');

    expect(result).toEqual({ ended: 0, stdout: '' });
  });
});

test('the environment of a program is everything but what opens doors', () => {
  const given = {
    PATH: '/bin',
    HOME: '/home/x',
    MUSTER_SERVER: 'https://x',
    MUSTER_TOKEN: 'canary',
    MUSTER_TOKEN_FILE: '/x',
    MUSTER_SECRET_A: 'canary',
    Muster_Token: 'canary',
  };

  expect(childEnvironment(given)).toEqual({ PATH: '/bin', HOME: '/home/x', MUSTER_SERVER: 'https://x' });
});
