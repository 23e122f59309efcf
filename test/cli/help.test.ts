import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeWorkplace } from '../support/run-muster.ts';

const commands = ['init', 'validate', 'plan', 'apply', 'review', 'import', 'doctor', 'sandbox', 'completion'];

describe('help', () => {
  test('names every command, the environment and the exit codes', async () => {
    const { code, stdout } = await (await makeWorkplace()).muster(['--help']);

    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    for (const word of ['MUSTER_TOKEN', 'MUSTER_TOKEN_FILE', 'NO_COLOR', 'Exit codes:', '130'])
      expect(stdout).toContain(word);
  });

  test.each(commands)('of %s has examples', async (command) => {
    const { code, stdout } = await (await makeWorkplace()).muster([command, '--help']);

    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: muster ${command}`);
    expect(stdout).toContain('Examples:\n');
  });

  test('fits a terminal of 120 columns', async () => {
    const place = await makeWorkplace();

    for (const command of [[], ...commands.map((name) => [name])]) {
      const { stdout } = await place.muster([...command, '--help']);
      expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
    }
  });

  test('is shown in part after a mistake', async () => {
    const { code, stderr } = await (await makeWorkplace()).muster(['plan', '--nonsense']);

    expect(code).toBe(3);
    expect(stderr).toContain('--help');
  });
});

describe('the version', () => {
  test('is that of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    const { code, stdout } = await (await makeWorkplace()).muster(['--version']);

    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  });

  test('is answered by the program itself before anything else is loaded', () => {
    const stdout = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', '--version'], {
      encoding: 'utf8',
    });

    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
