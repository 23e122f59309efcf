/** docs/first-day.md followed word by word in an empty folder: real processes, a terminal, and a clock that looks on. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundleOf } from '../support/bundle.ts';
import { fences } from './fences.ts';

const page = fences.filter(({ path }) => path === 'docs/first-day.md');
const folder = await realpath(await mkdtemp(join(tmpdir(), 'muster-first-day-')));
let sandbox: ChildProcess | undefined;

afterAll(async () => {
  sandbox?.kill();
  await rm(folder, { recursive: true, force: true });
});

test('the first day goes as the page says, in less than ten minutes', async () => {
  const startedMs = Date.now();
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'muster'), `#!/bin/sh\nexec ${process.execPath} ${await bundleOf('src/cli/main')} "$@"\n`);
  await chmod(join(bin, 'muster'), 0o755);
  const env = { HOME: folder, NO_COLOR: '1', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const inFolder = join(folder, 'first-day');

  const shown: string[] = [];
  let exported = '';
  for (const { text, marks, language } of page) {
    if (marks['file'] !== undefined) {
      await mkdir(dirname(join(folder, marks['file'])), { recursive: true });
      await writeFile(join(folder, marks['file']), text);
    } else if (marks['run-by'] !== undefined) {
      // The port of the page may be taken on this machine.
      sandbox = spawn('bash', ['-ec', `exec ${text.trim()} --port 0`], { cwd: inFolder, env });
      exported = await lineOf(sandbox, /^ *(export MUSTER_SERVER=.*)$/m);
    } else {
      const commands = language === 'console' ? text.replace(/^\$ /, '').replace(/\n[^]*/, '\n') : text;
      const where = text.startsWith('mkdir') ? folder : inFolder;
      const script = `set -e\n${exported}\n${commands.replace(/^cd .*$/m, '')}`;
      const { code, stdout } = await atTerminal(script, where, env);
      shown.push(stdout);
      expect(code, stdout).toBe(Number(marks['exit'] ?? 0));
    }
  }

  expect(shown.join('\n')).toMatch(
    /Plan: no actions[^]*4 actions for 3 people[^]*Applied: 4 of 4 actions done[^]*Plan: no actions/,
  );
  expect(shown.join('\n')).toMatch(/Blocked: [^]*Takes back run 1[^]*Applied: 4 of 4 actions done/);
  expect(Date.now() - startedMs).toBeLessThan(600_000);
});

function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += String(part);
      const [, line] = pattern.exec(text) ?? [];
      if (line !== undefined) found(line);
    });
    child.on('exit', (code) => failed(new Error(`the sandbox ended with ${code}: ${text}`)));
  });
}

/** As a person types it, who says yes where muster asks. */
function atTerminal(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: unknown; stdout: string }> {
  return new Promise((ended) => {
    const child = execFile(
      'script',
      ['-qec', `bash -c '${script.replaceAll("'", String.raw`'\''`)}'`, '/dev/null'],
      { cwd, env },
      (error, stdout) => ended({ code: error === null ? 0 : error.code, stdout }),
    );
    child.stdin?.write('yes\n');
  });
}
