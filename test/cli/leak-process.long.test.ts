/** No secret is told by a process that is debugged, that crashes, that is asked for a report, or that is killed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWriteOfJob } from '../support/leak-door.ts';
import { applyAll, type World, world } from '../support/leak-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The program, built from the sources as they are. */
let program: string;

beforeAll(async () => {
  program = await mkdtemp(join(tmpdir(), 'muster-program-'));
  await cp(join(root, 'package.json'), join(program, 'package.json'));
  await symlink(join(root, 'node_modules'), join(program, 'node_modules'));
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  const args = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(program, 'dist')];
  await promisify(execFile)(compiler, args, { cwd: root });
}, 120_000);

afterAll(() => rm(program, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
}

interface ProcessOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeOptions?: readonly string[];
  /** Happens when the server is asked for the n-th write, before it answers. */
  readonly atWrite?: { readonly nth: number; readonly run: (child: ChildProcess) => unknown };
}

/** The command line as a process of its own. */
function run(opened: World, { args = applyAll, env = {}, nodeOptions = [], atWrite }: ProcessOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(program, 'dist', 'cli', 'main.js'), ...args], {
      cwd: opened.dir,
      env: { ...opened.env, ...env, NODE_OPTIONS: nodeOptions.join(' ') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let writes = 0;
    opened.door.rule = {
      before: async (knock) => {
        if (isWriteOfJob(knock) && ++writes === atWrite?.nth) await atWrite.run(child);
        return undefined;
      },
    };
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        printed += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, printed }));
  });
}

const leaksOf = (opened: World, { printed }: Ended): readonly string[] => [
  ...opened.watch.find(printed),
  ...opened.leaks(),
];

/** Ends with the process, so that it ends in the middle of a write. */
const send =
  (signal: NodeJS.Signals) =>
  (child: ChildProcess): Promise<unknown> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  };

/** Breaks the program from inside: at SIGUSR2, or where a password is put into a request. */
const bugs: Readonly<Record<string, string>> = {
  'an error that nobody catches': "process.on('SIGUSR2', () => setImmediate(() => { throw new TypeError('a bug'); }));",
  'a rejection that nobody handles': "process.on('SIGUSR2', () => void Promise.reject(new TypeError('a bug')));",
  'an error where a password is put into a request':
    "process.on('SIGUSR2', () => undefined); const real = JSON.stringify; JSON.stringify = (body, ...more) => { if (body?.password ?? body?.new_password) throw Object.assign(new TypeError('a bug'), { body }); return real(body, ...more); };",
};

describe('no secret is told by', { timeout: 60_000 }, () => {
  test('Node’s own debugging', async () => {
    const opened = await world();

    const ended = await run(opened, { env: { NODE_DEBUG: 'http,https,net,tls,undici,fetch,fs,timer,worker' } });

    expect(ended.code).toBe(6);
    expect(ended.printed).toMatch(/^(?:FETCH|UNDICI) /m);
    expect(ended.printed).toMatch(/^NET /m);
    expect(leaksOf(opened, ended)).toEqual([]);
  });

  test.each(Object.entries(bugs))('%s', async (_, code) => {
    const opened = await world();
    const bug = join(opened.vault, 'bug.mjs');
    await writeFile(bug, code);
    const reports = join(opened.dir, 'reports');
    await mkdir(reports);

    const ended = await run(opened, {
      // What else stands in the environment is Node's to show, once it is asked to.
      env: { AWS_SECRET_ACCESS_KEY: '', GITHUB_TOKEN: '' },
      nodeOptions: [
        `--import=${pathToFileURL(bug).href}`,
        '--trace-uncaught',
        '--trace-warnings',
        '--stack-trace-limit=200',
        '--report-uncaught-exception',
        `--report-directory=${reports}`,
      ],
      atWrite: {
        nth: 4,
        run: (child) => child.kill('SIGUSR2') && new Promise((resolve) => setTimeout(resolve, 300)),
      },
    });

    expect(ended.printed).toContain('a bug');
    expect(leaksOf(opened, ended)).toEqual([]);
  });

  test('a report that Node is asked for', async () => {
    const opened = await world();
    const reports = join(opened.dir, 'reports');
    await mkdir(reports);

    const ended = await run(opened, {
      env: { AWS_SECRET_ACCESS_KEY: '', GITHUB_TOKEN: '' },
      nodeOptions: ['--report-on-signal', '--report-signal=SIGUSR2', `--report-directory=${reports}`],
      atWrite: {
        nth: 4,
        run: (child) => child.kill('SIGUSR2') && new Promise((resolve) => setTimeout(resolve, 500)),
      },
    });

    expect(await readdir(reports)).toHaveLength(1);
    expect(leaksOf(opened, ended)).toEqual([]);
  });

  test.each([2, 8])('a run that is killed at its write %i, nor by the one that goes on with it', async (nth) => {
    const opened = await world();

    const killed = await run(opened, { atWrite: { nth, run: send('SIGKILL') } });
    expect(killed.signal).toBe('SIGKILL');
    expect(leaksOf(opened, killed)).toEqual([]);
    const resumed = await run(opened, { args: ['journal', 'list'] });

    expect(resumed.printed).not.toBe('');
    expect(leaksOf(opened, resumed)).toEqual([]);
  });

  test('a run that is ended, once and at once', async () => {
    const opened = await world();

    const ended = await run(opened, {
      atWrite: {
        nth: 3,
        run: async (child) => {
          child.kill('SIGTERM');
          await new Promise((resolve) => child.stderr?.once('data', resolve));
          child.kill('SIGTERM');
        },
      },
    });

    expect(ended.code).toBe(130);
    expect(leaksOf(opened, ended)).toEqual([]);
  });
});
