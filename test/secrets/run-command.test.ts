import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type CommandResult, commandEnvironment, endingText, runCommand } from '../../src/secrets/run-command.ts';
import { bundleOf } from '../support/bundle.ts';
import { emptyFolder, rejection, script } from './support.ts';

const env = commandEnvironment(process.env);
const run = (argv: readonly string[], input?: string, timeoutMs = 300_000): ReturnType<typeof runCommand> =>
  runCommand(argv, { env, timeoutMs, ...(input !== undefined && { input }) });

/** The time of the program is over once it has written a file, however slow the machine is. */
async function runUntil(file: string, argv: readonly string[]): Promise<CommandResult> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const running = run(argv, 'secret', 300);
    while (!existsSync(file) || (await readFile(file, 'utf8')) === '') await turn();
    for (;;) {
      vi.advanceTimersByTime(1000);
      const result = await Promise.race([running, turn(undefined)]);
      if (result !== undefined) return result;
    }
  } finally {
    vi.useRealTimers();
  }
}

describe('a program', () => {
  test('gets its input and gives its output', async () => {
    const result = await run(script('process.stdin.pipe(process.stdout)'), 'täst\n');

    expect(result).toEqual({ ended: 0, stdout: 'täst\n', isWhole: true, hasReadInput: true });
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

  test('without an input gets an empty one', async () => {
    expect(await run(script('process.stdin.pipe(process.stdout)'))).toMatchObject({ ended: 0, stdout: '' });
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

    const result = await runUntil(note, ['sh', '-c', 'sleep 600 & echo $! > "$1"; wait', 'sh', note]);

    expect(result.ended).toBe('a timeout after 0.3 s');
  });

  test('says nothing through its standard error', async () => {
    const result = await run(script('process.stdin.pipe(process.stderr)'), 'secret');

    expect(result).toEqual({ ended: 0, stdout: '', isWhole: true, hasReadInput: true });
  });
});

describe('of its input is known that', () => {
  const long = 'x'.repeat(1_000_000);

  test.each<[what: string, argv: readonly string[], input: string]>([
    ['all was read', ['cat'], 'secret'],
    ['all was read by a shell', ['sh', '-c', 'read -r s; exit 0'], 'secret'],
    ['all was read, and its end was not waited for', ['head', '-c', '6'], 'secret'],
    ['all was read by another program', ['sh', '-c', '(cat >/dev/null; true); exit 0'], 'secret'],
    ['all of much was read', ['cat'], 'x'.repeat(60_000)],
  ])('%s', async (_, argv, input) => {
    expect(await run(argv, input)).toMatchObject({ ended: 0, hasReadInput: true });
  });

  test.runIf(process.platform === 'linux').each<[what: string, argv: readonly string[], input: string]>([
    ['nothing was read', ['true'], 'secret'],
    ['nothing was read, for a while', ['sleep', '0.2'], 'secret'],
    ['nothing was read of much', ['true'], long],
    ['it was closed', ['sh', '-c', 'exec <&-; sleep 0.2'], 'secret'],
    ['it was replaced by another', ['sh', '-c', 'cat </dev/null'], 'secret'],
    ['a part was read', ['head', '-c', '3'], 'secret'],
    ['a part of much was read', ['head', '-c', '3'], long],
  ])('%s', async (_, argv, input) => {
    expect(await run(argv, input)).toMatchObject({ ended: 0, hasReadInput: false });
  });

  test('nothing was read by one that fails, too', async () => {
    expect(await run(script('process.stdin.destroy(); process.exit(4)'), long)).toMatchObject({ ended: 4 });
  });
});

describe('what a program has started', () => {
  /** A shell that starts a program, writes down which, and does what else it is told. */
  const leaving = (file: string, then: string, streams = ''): readonly string[] => [
    'sh',
    '-c',
    `cat >/dev/null; sleep 600 ${streams} & echo $! > "$1"; ${then}`,
    'sh',
    file,
  ];

  /** Waits for it to be gone; a test that never sees that runs into its own limit. */
  async function gone(file: string): Promise<string> {
    const id = Number(await readFile(file, 'utf8'));
    for (;;) {
      const state = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      if (state === '' || /\) Z /.test(state)) return 'gone';
      await turn();
    }
  }

  test.runIf(process.platform === 'linux').each([
    ['holds its output', ''],
    ['holds nothing', '>/dev/null </dev/null'],
    ['holds its input', '>/dev/null <&0'],
  ])('and %s ends with it, and it is judged by its own exit', async (_, streams) => {
    const file = join(await emptyFolder(), 'id');

    const result = await runCommand(leaving(file, 'echo said; exit 0', streams), {
      env,
      input: 'secret',
      timeoutMs: 300_000,
      // All of it passes only where the output is held.
      graceMs: streams === '' ? 50 : 300_000,
    });

    expect(result).toEqual({ ended: 0, stdout: 'said\n', isWhole: streams !== '', hasReadInput: true });
    expect(await gone(file)).toBe('gone');
  });

  test.runIf(process.platform === 'linux')('ends with it when the time is over', async () => {
    const file = join(await emptyFolder(), 'id');

    const { ended } = await runUntil(file, leaving(file, 'wait'));

    expect(ended).toBe('a timeout after 0.3 s');
    expect(await gone(file)).toBe('gone');
  });

  test.runIf(process.platform === 'linux')('ends with muster, too', async () => {
    const folder = await emptyFolder();
    const file = join(folder, 'id');
    const program = await bundleOf('test/secrets/support/run-and-exit');
    const muster = spawn(process.execPath, [program, file, ...leaving(file, 'wait')], { stdio: 'ignore' });

    await once(muster, 'exit');

    expect((await stat(file)).size).toBeGreaterThan(1);
    expect(await gone(file)).toBe('gone');
  });
});

describe('the environment of a program', () => {
  const given = {
    PATH: '/bin',
    HOME: '/home/x',
    LANG: 'de_DE.UTF-8',
    TZ: 'UTC',
    TMPDIR: '/tmp/x',
    HTTP_PROXY: 'a',
    HTTPS_PROXY: 'b',
    NO_PROXY: 'c',
    ALL_PROXY: 'd',
    http_proxy: 'e',
    https_proxy: 'f',
    no_proxy: 'g',
    all_proxy: 'h',
  };
  const others = {
    VAULT_TOKEN: 'canary',
    AWS_SECRET_ACCESS_KEY: 'canary',
    NODE_OPTIONS: 'x',
    CI: 'true',
    MUSTER_SERVER: 'https://x',
    MUSTER_TOKEN: 'canary',
    MUSTER_TOKEN_FILE: '/x',
    MUSTER_SECRET_A: 'canary',
    Muster_Token: 'canary',
  };

  test('is what every program needs, and nothing else', () => {
    expect(commandEnvironment({ ...given, ...others })).toEqual(given);
    expect(commandEnvironment({ PATH: '/bin' })).toEqual({ PATH: '/bin' });
  });

  test('has what is named beside it, and never what is muster’s own', () => {
    const names = ['VAULT_TOKEN', 'VAULT_ADDR', 'MUSTER_TOKEN', 'Muster_Token', 'MUSTER_SERVER'];

    expect(commandEnvironment({ ...given, ...others }, names)).toEqual({ ...given, VAULT_TOKEN: 'canary' });
  });
});
