/** Muster reconcile as processes: told to end in each phase, two on one server, and one that hangs. */
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/app/system.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Door, openDoor } from '../kill/door.ts';
import { type Program, type Running, sharedProgram } from '../kill/program.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { makeRepository, type PushedRepository } from './support/repository.ts';

let program: Program;
let sandbox: Sandbox;
let door: Door;
/** A webhook that never answers. */
let silent: Server;
let silentUrl = '';
let onNotice: () => void = () => undefined;
const repositories: PushedRepository[] = [];
const running: Running[] = [];

beforeAll(async () => {
  program = await sharedProgram();
  sandbox = await startSandbox({
    clock: () => systemClock.now(),
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
    seed: { users: people.map((username) => ({ username, email: `${username}@example.com` })) },
  });
  door = await openDoor(sandbox);
  silent = createServer(() => onNotice());
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const address = silent.address();
  silentUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hooks/x`;
});
afterEach(async () => {
  door.disarm();
  for (const one of running.splice(0)) await one.kill();
  for (const one of repositories.splice(0)) await one.close();
});
afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await door.close();
  await sandbox.close();
});

const people = Array.from({ length: 6 }, (_, i) => `person${i}`);
let drawn = 0;
/** Other nicknames each time, so that there is something to write. */
const usersFile = (): string => {
  drawn += 1;
  return `version: 1\nusers:\n${people.map((name) => `  - { username: ${name}, nickname: Nick${drawn} }`).join('\n')}\n`;
};

interface Started {
  readonly place: Workplace;
  readonly env: NodeJS.ProcessEnv;
  readonly start: (args?: readonly string[]) => Running;
}

async function prepare(reconcile: string, files: Readonly<Record<string, string>> = {}): Promise<Started> {
  const place = await makeWorkplace({
    'muster.yaml': `version: 1
secrets: { sources: { silent: { env: MUSTER_SECRET_SILENT } } }
reconcile:
  mode: enforce
  jitter: 0s
${reconcile}`,
    'users.yaml': usersFile(),
    ...files,
  });
  const env = {
    PATH: process.env['PATH'],
    HOME: place.dir,
    XDG_STATE_HOME: join(place.dir, 'state'),
    MUSTER_SERVER: door.url,
    MUSTER_TOKEN: sandbox.adminToken,
    MUSTER_SECRET_SILENT: silentUrl,
  };
  return {
    place,
    env,
    start: (args = ['reconcile', '--log', 'json']) => {
      const one = program.start(args, { dir: place.dir, env });
      running.push(one);
      return one;
    },
  };
}

/** Kubernetes waits so long before it kills. */
const graceMs = 30_000;

/** Tells a process to end, and says what is wrong with how it ends and with what it leaves. */
async function endingFlaws(one: Running, started: Started): Promise<readonly string[]> {
  const toldMs = systemClock.now();
  one.process.kill('SIGTERM');
  const ending = await one.ended;
  const tookMs = systemClock.now() - toldMs;
  const verified = await started.start(['journal', 'verify', '--format', 'json']).ended;
  const said = verified.stdout + verified.stderr;
  const isWhole = verified.code === 0 || /no journal|left nothing|nothing here/.test(said);
  return [
    ...(ending.code === 0 || ending.code === 130 ? [] : [`it ended with ${ending.code}: ${ending.stderr}`]),
    ...(tookMs < graceMs ? [] : [`it took ${tookMs} ms`]),
    ...(isWhole ? [] : [`its journal is not whole (${verified.code}): ${said}`]),
  ];
}

test('told to end while it waits, the process ends at once', async () => {
  const started = await prepare('  every: 1h\n');
  const one = started.start();
  await one.says('"type":"cycle"');

  expect(await endingFlaws(one, started)).toEqual([]);
});

test.each([
  ['reads', { moment: 'asked', among: 'all', nth: 4 }],
  ['is about to write', { moment: 'asked', among: 'writes', nth: 1 }],
  ['writes', { moment: 'done', among: 'actions', nth: 2 }],
] as const)('told to end while it %s, the process ends with its journal whole', async (_phase, boundary) => {
  const started = await prepare('  every: 1h\n');
  const reached = new Promise<void>((resolve) => {
    door.at(boundary, async () => resolve());
  });
  const one = started.start();
  await reached;

  expect(await endingFlaws(one, started)).toEqual([]);
});

test('told to end while it pulls, the process does not wait for git', async () => {
  const repository = await makeRepository({ 'users.yaml': usersFile() });
  repositories.push(repository);
  const started = await prepare(`  every: 1h\n  git: { url: ${repository.url}, branch: main }\n`);
  const mark = join(started.place.dir, 'pulling');
  await started.place.write({
    'bin/git': `#!/bin/sh\ncase "$*" in *" fetch "*) touch '${mark}'; exec sleep 600 ;; esac\nPATH='${process.env['PATH']}' exec git "$@"\n`,
  });
  await chmod(join(started.place.dir, 'bin', 'git'), 0o755);
  started.env['PATH'] = `${join(started.place.dir, 'bin')}:${process.env['PATH']}`;
  const one = started.start();
  while (!existsSync(mark)) await pause(50);

  expect(await endingFlaws(one, started)).toEqual([]);
});

test('told to end while a webhook does not answer, the process does not wait for it', async () => {
  const started = await prepare('  every: 1h\n  notices: [{ to: silent }]\n', {
    'users.yaml': 'version: 1\nusers: [{ usrname: ada }]\n',
  });
  const asked = new Promise<void>((resolve) => {
    onNotice = resolve;
  });
  const one = started.start();
  await asked;

  expect(await endingFlaws(one, started)).toEqual([]);
});

test('of two processes on one server one works, and the other ends with exit code 8', async () => {
  const started = await prepare('  every: 1h\n');
  const one = started.start();
  await one.says('"type":"cycle"');

  const other = await started.start().ended;

  expect(other.code, other.stderr).toBe(8);
  expect(await endingFlaws(one, started)).toEqual([]);
});

test('a process that hangs shows as stale from outside, and as ok before', async () => {
  const started = await prepare('  every: 2s\n');
  const one = started.start();
  await one.says('"type":"cycle"');
  const before = await started.start(['status', '--format', 'json']).ended;
  one.process.kill('SIGSTOP');
  await pause(4500);

  const after = await started.start(['status', '--format', 'json']).ended;
  one.process.kill('SIGCONT');

  expect(JSON.parse(before.stdout)).toMatchObject({ servers: [{ health: { is: 'ok' } }] });
  expect(before.code).toBe(0);
  expect(JSON.parse(after.stdout)).toMatchObject({ servers: [{ health: { is: 'stale' } }] });
  expect(after.code).toBe(5);
});
