/** No secret is told by a process that is debugged, that crashes, that is asked for a report, or that is killed. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Ending, type Program, type Running, sharedProgram } from '../kill/program.ts';
import { isWriteOfJob } from '../support/leak-door.ts';
import { applyAll, type World, world } from '../support/leak-world.ts';

/** The program, built from the sources as they are. */
let program: Program;

beforeAll(async () => {
  program = await sharedProgram();
});

interface ProcessOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeOptions?: readonly string[];
  /** Happens when the server is asked for the n-th write, before it answers. */
  readonly atWrite?: { readonly nth: number; readonly run: (running: Running) => unknown };
}

/** The command line as a process of its own. */
function run(opened: World, { args = applyAll, env = {}, nodeOptions = [], atWrite }: ProcessOptions): Promise<Ending> {
  let writes = 0;
  opened.door.rule = {
    before: async (knock) => {
      if (isWriteOfJob(knock) && ++writes === atWrite?.nth) await atWrite.run(running);
      return undefined;
    },
  };
  const running = program.start(args, {
    dir: opened.dir,
    env: { ...opened.env, ...env, NODE_OPTIONS: nodeOptions.join(' ') },
  });
  return running.ended;
}

const printedBy = ({ stdout, stderr }: Ending): string => `${stdout}\n${stderr}`;

const leaksOf = (opened: World, ended: Ending): readonly string[] => [
  ...opened.watch.find(printedBy(ended)),
  ...opened.leaks(),
];

/** Ends with the process, so that it ends in the middle of a write. */
const send =
  (signal: NodeJS.Signals) =>
  ({ process: child }: Running): Promise<unknown> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  };

interface Bug {
  readonly code: string;
  /** What makes it strike; absent: it strikes by itself. */
  readonly signal?: NodeJS.Signals;
}

/** Breaks the program from inside: at SIGUSR2, or where a password is put into a request. */
const bugs: Readonly<Record<string, Bug>> = {
  'an error that nobody catches': {
    code: "process.on('SIGUSR2', () => setImmediate(() => { throw new TypeError('a bug'); }));",
    signal: 'SIGUSR2',
  },
  'a rejection that nobody handles': {
    code: "process.on('SIGUSR2', () => void Promise.reject(new TypeError('a bug')));",
    signal: 'SIGUSR2',
  },
  'an error where a password is put into a request': {
    code: "const real = JSON.stringify; JSON.stringify = (body, ...more) => { if (body?.password ?? body?.new_password) throw Object.assign(new TypeError('a bug'), { body }); return real(body, ...more); };",
  },
};

/** Until a report is there as a whole. */
async function reported(dir: string): Promise<void> {
  const [name] = await readdir(dir);
  const text = name === undefined ? '' : await readFile(join(dir, name), 'utf8');
  if (text.trimEnd().endsWith('}')) return;
  await pause(10);
  await reported(dir);
}

describe('no secret is told by', () => {
  test('Node’s own debugging', async () => {
    const opened = await world();

    const ended = await run(opened, { env: { NODE_DEBUG: 'http,https,net,tls,undici,fetch,fs,timer,worker' } });

    expect(ended.code).toBe(6);
    expect(printedBy(ended)).toMatch(/^(?:FETCH|UNDICI) /m);
    expect(printedBy(ended)).toMatch(/^NET /m);
    expect(leaksOf(opened, ended)).toEqual([]);
  });

  test.each(Object.entries(bugs))('%s', async (_, { code, signal }) => {
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
      ...(signal !== undefined && { atWrite: { nth: 4, run: send(signal) } }),
    });

    expect(printedBy(ended)).toContain('a bug');
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
        run: ({ process: child }) => child.kill('SIGUSR2') && reported(reports),
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

    expect(resumed.stdout).not.toBe('');
    expect(leaksOf(opened, resumed)).toEqual([]);
  });

  test('a run that is ended, once and at once', async () => {
    const opened = await world();

    const ended = await run(opened, {
      atWrite: {
        nth: 3,
        run: async (running) => {
          const { process: child } = running;
          child.kill('SIGTERM');
          await running.says('interrupted');
          child.kill('SIGTERM');
        },
      },
    });

    expect(ended.code).toBe(130);
    expect(leaksOf(opened, ended)).toEqual([]);
  });
});
