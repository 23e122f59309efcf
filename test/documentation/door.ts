/** Runs the shell blocks of a page in bash, where `muster` is a function that asks this process: no start of a program each. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { runCli } from '../../src/cli/run-cli.ts';

export interface Door {
  /** @returns what a shell printed, and with what each `muster` of it ended */
  run(script: string, allowed: readonly number[]): Promise<Shell>;
  close(): Promise<void>;
}

export interface Shell {
  readonly code: number;
  readonly output: string;
  readonly codes: readonly number[];
}

/** Ends with what `muster` ended with, unless the block says that it ends so. */
const prelude = `
set -eu -o pipefail
muster() {
  exec {door}<>"/dev/tcp/127.0.0.1/$MUSTER_DOOR"
  { printf '%s\\0' "$#" "$@" "$PWD"; env -0; } | base64 --wrap=0 >&"$door"
  echo >&"$door"
  local code out err
  read -r code <&"$door"; read -r out <&"$door"; read -r err <&"$door"
  exec {door}>&-
  base64 --decode <<< "$out"
  base64 --decode <<< "$err" >&2
  return "$code"
}
npm() { echo 'nothing is installed here: mark the block with run-by or not-run'; return 1; }
npx() { npm; }
`;

/**
 * @param dir - where the commands run; what a block exports or changes to counts in the next ones
 * @param translate - addresses of the page to those of the embedded servers
 */
export async function openDoor(
  dir: string,
  env: Readonly<Record<string, string>>,
  translate: (text: string) => string,
): Promise<Door> {
  let allowed: readonly number[] = [];
  let codes: number[] = [];
  const answer = async (socket: Socket): Promise<void> => {
    const request = Buffer.from(await lineOf(socket), 'base64')
      .toString()
      .split('\0');
    const count = Number(request[0]);
    const args = request.slice(1, count + 1);
    const done = await runOnce(args, request[count + 1] ?? dir, environmentOf(request.slice(count + 2)));
    codes.push(done.code);
    const shown = allowed.includes(done.code) ? 0 : done.code;
    socket.end(`${shown}\n${encode(done.stdout)}\n${encode(done.stderr)}\n`);
  };
  const server = createServer(
    (socket) => void answer(socket).catch((error: unknown) => socket.destroy(asError(error))),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const state = join(dir, '.shell');
  await writeFile(state, '');

  return {
    async run(script, allowedCodes) {
      allowed = allowedCodes;
      codes = [];
      const text = `${prelude}source ${state}\n${translate(script)}\n{ declare -px; printf 'cd %q\\n' "$PWD"; } > ${state}\n`;
      const shell = await bash(text, dir, { ...env, MUSTER_DOOR: String(port) });
      return { ...shell, codes };
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

async function lineOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    text += String(part);
    if (text.endsWith('\n')) break;
  }
  return text;
}

const environmentOf = (lines: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => splitAt(line, line.indexOf('='))));
const splitAt = (text: string, at: number): readonly [string, string] => [text.slice(0, at), text.slice(at + 1)];

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What does not end by itself is interrupted once it has begun. The person at the terminal says yes. */
async function runOnce(args: readonly string[], workingDir: string, env: NodeJS.ProcessEnv): Promise<Done> {
  const interrupt = new AbortController();
  const out: string[] = [];
  const err: string[] = [];
  const take = (to: string[], text: string): void => {
    to.push(text);
    if (/Ctrl-C ends it|"type":"cycle"/.test(text)) interrupt.abort();
  };
  const code = await runCli(args, {
    stdout: { write: (text) => take(out, text), isTTY: false },
    stderr: { write: (text) => take(err, text), isTTY: false },
    ask: () => Promise.resolve('yes'),
    env,
    workingDir,
    signal: interrupt.signal,
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Omit<Shell, 'codes'>> {
  return new Promise((ended) => {
    const child = execFile('bash', ['-c', `exec 2>&1\n${script}`], { cwd, env }, (error, stdout) => {
      ended({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout });
    });
    child.stdin?.end();
  });
}
