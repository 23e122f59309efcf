import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CommandRow } from '../../src/cli/command-row.ts';
import { commandRows } from '../../src/cli/command-rows.ts';
import { makeWorkplace } from '../support/run-muster.ts';

const place = await makeWorkplace();
const wordsOf = (row: CommandRow, before: readonly string[] = []): readonly (readonly string[])[] => {
  const words = [...before, row.name];
  return row.isHidden === true ? [] : [words, ...(row.commands ?? []).flatMap((inner) => wordsOf(inner, words))];
};
/** Every command and subcommand that people use. */
const commands = commandRows.flatMap((row) => wordsOf(row));

describe('help', () => {
  test('names every command, the environment and the exit codes', async () => {
    const { code, stdout } = await place.muster(['--help']);

    expect(code).toBe(0);
    for (const [name = '', inner] of commands)
      if (inner === undefined) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const word of ['MUSTER_TOKEN', 'MUSTER_TOKEN_FILE', 'MUSTER_SERVER', 'NO_COLOR', 'Exit codes:', '130'])
      expect(stdout).toContain(word);
  });

  test.each(commands.map((words) => [words.join(' ')]))(
    'of muster %s has examples, and fits 80 columns',
    async (line) => {
      const { code, stdout } = await place.muster([...line.split(' '), '--help']);

      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: muster ${line}`);
      expect(stdout).toContain('Examples:\n');
      expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
      expect((await place.muster(['help', ...line.split(' ')])).stdout).toBe(stdout);
    },
  );

  test.each([
    ['LOCKED', 'LOCKED  error, exit code 8', 'other runs of muster keep taking the lock'],
    ['unknown-role', 'unknown-role  problem, exit code 3', 'check the spelling; roles come with'],
    ['Unknown-Role', 'unknown-role  problem, exit code 3', 'check the spelling; roles come with'],
    ['caller', 'caller  held change, no exit code', 'run muster with the token of another'],
    ['token-expired', 'token-expired  notice, no exit code', 'raise generation to {next} to rotate it'],
  ])('of the code %s says what it is, when it happens and what to do', async (code, first, todo) => {
    const run = await place.muster(['help', code]);

    expect([run.code, run.stderr, run.stdout.split('\n', 1)[0]]).toEqual([0, '', first]);
    expect(run.stdout).toContain(todo);
    expect(run.stdout).toContain(`docs/reference/errors.md#${code.toLowerCase()}`);
  });

  test('of the program fits 80 columns', async () => {
    const { stdout } = await place.muster(['--help']);

    expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
    expect((await place.muster(['help'])).stdout).toBe(stdout);
  });

  test('is named after a mistake', async () => {
    const { code, stderr } = await place.muster(['plan', '--nonsense']);

    expect(code).toBe(3);
    expect(stderr).toContain('--help');
  });
});

describe('the version', () => {
  test('is that of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    const { code, stdout } = await place.muster(['--version']);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  });

  test('is answered by the program itself before anything else is loaded', () => {
    const stdout = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', '--version'], {
      encoding: 'utf8',
    });

    expect(stdout).toMatch(/^\d+\.\d+\.\d+(?:-rc\.\d+)?\n$/);
  });
});
