/** A whole job in which every kind of secret is used, with a canary in the place of each. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import {
  type Sandbox,
  type SeedIntegration,
  type SeedUser,
  seededRandomness,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { CanaryWatch } from './canaries.ts';
import { type Door, openDoor } from './leak-door.ts';
import type { Run } from './run-muster.ts';

/** Canaries that are the same in every world. */
const common = new CanaryWatch();

/** A token is printable ASCII in one word. */
export const callerToken: string = common.plant('the caller’s token', 'Vb7kQz93mXw2/+TgY5sHc81LpR"\\Dn4jFe60Ua=Ky');
const secretsOfOthers: Readonly<Record<string, string>> = {
  AWS_SECRET_ACCESS_KEY: common.plant('a secret of something else'),
  GITHUB_TOKEN: common.plant('a token of something else'),
};
export const passwords: Readonly<Record<'env' | 'file' | 'command', string>> = {
  env: common.plant('a password from the environment'),
  file: common.plant('a password from a file'),
  command: common.plant('a password from a command'),
};

export interface WorldRunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What the person at the terminal types; without it there is none. */
  readonly answer?: string | (() => Promise<string>);
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  /** Told of everything that is written, before it is kept. */
  readonly onWrite?: (text: string) => void;
}

/** Everything, whatever fails. */
export const applyAll: readonly string[] = ['apply', '--yes', '--keep-going'];

export interface World {
  readonly dir: string;
  /** Where secrets may lie: the token file, what commands read, what sinks got. */
  readonly vault: string;
  readonly sandbox: Sandbox;
  readonly door: Door;
  readonly env: NodeJS.ProcessEnv;
  readonly watch: CanaryWatch;
  readonly muster: (args: readonly string[], options?: WorldRunOptions) => Promise<Run>;
  readonly write: (name: string, text: string, mode?: number) => Promise<void>;
  /** What the sinks that are programs got. */
  readonly delivered: () => Promise<string>;
  /** What is told where it must not be: in what was printed so far, and in files. */
  readonly leaks: () => readonly string[];
  readonly close: () => Promise<void>;
}

const marked = (op: string): { description: string } => ({ description: `ci@1 muster:2026-06-01:${op}` });

const people: readonly SeedUser[] = [
  { username: 'ada' },
  { username: 'abe' },
  { username: 'amy', tokens: [marked('aaaaaaaaaa')] },
  { username: 'bob' },
  { username: 'cleo' },
  { username: 'dan', auth_service: 'saml', auth_data: 'dan@idp.example.com' },
  { username: 'eve', tokens: [marked('bbbbbbbbbb')] },
  { username: 'erin' },
  { username: 'fay', tokens: [marked('cccccccccc')] },
  { username: 'gone', active: false },
];

/** Of a person who left, so that audits tell of them. */
const integrations: readonly SeedIntegration[] = (
  ['incoming-webhook', 'outgoing-webhook', 'slash-command'] as const
).map((kind) => ({ kind, name: 'left-behind', creator: 'gone' }));

/** Hardly anybody has two writes, so that what fails for one keeps nothing from being tried for another. */
const entries: readonly UserEntry[] = [
  { username: 'ada', nickname: 'Countess' },
  { username: 'abe', roles: ['system_user', 'system_user_manager'] },
  { username: 'amy', tokens: [{ name: 'ci', generation: 2, sink: 'telling' }] },
  { username: 'bob', tokens: [{ name: 'own' }] },
  { username: 'cleo', tokens: [{ name: 'ci', sink: 'failing' }] },
  { username: 'dan', auth: { service: 'email' }, initial_password: 'from-env' },
  { username: 'eve', active: false },
  { username: 'erin', active: false },
  { username: 'fay', tokens: [] },
  { username: 'new.env', email: 'new.env@example.com', initial_password: 'from-env' },
  { username: 'new.file', email: 'new.file@example.com', initial_password: 'from-file' },
  { username: 'new.command', email: 'new.command@example.com', initial_password: 'from-command' },
  { username: 'new.random', email: 'new.random@example.com' },
];

/** Repeats what it got on both streams, and the environment, too. */
const tellingSink = (vault: string, code: number): readonly string[] => [
  'sh',
  '-c',
  'read -r s; printf %s "$s" >> "$1"; for i in 1 2; do printf "%s\\n" "$s"; export -p; exec >&2; done; exit "$2"',
  'sh',
  join(vault, 'delivered'),
  String(code),
];

export const configOf = (vault: string): ConfigFile => ({
  files: ['users.yaml'],
  policy: { min_admins: 1, budgets: openBudgets, allow_roles: ['system_user_manager'] },
  secrets: {
    sinks: { telling: { command: [...tellingSink(vault, 0)] }, failing: { command: [...tellingSink(vault, 3)] } },
    sources: {
      'from-env': { env: 'MUSTER_SECRET_START' },
      'from-file': { file: 'start/hr' },
      'from-command': {
        command: ['sh', '-c', 'read -r s < "$1"; printf %s "$s"; printf %s "$s" >&2', 'sh', join(vault, 'password')],
      },
    },
  },
});

/** The commands that do something, by their words: `journal list`. */
export function commandWords(): readonly string[] {
  const nowhere = { write: () => undefined, isTTY: false };
  const io = {
    stdout: nowhere,
    stderr: nowhere,
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: AbortSignal.abort(),
  };
  return makeProgram(io, () => undefined).commands.flatMap(wordsOf);
}

function wordsOf(command: Command): readonly string[] {
  if (command.commands.length === 0) return [command.name()];
  return command.commands.flatMap((inner) => wordsOf(inner).map((words) => `${command.name()} ${words}`));
}

/** A world that ends with the test. */
export async function world({ patienceMs }: { readonly patienceMs?: number } = {}): Promise<World> {
  const watch = new CanaryWatch(common);
  const [dir, vault] = await Promise.all([
    mkdtemp(join(tmpdir(), 'muster-leak-')),
    mkdtemp(join(tmpdir(), 'muster-vault-')),
  ]);
  const sandbox = await startSandbox({
    clock: () => systemClock.now(),
    random: seededRandomness(7),
    licence: 'enterprise',
    seed: { users: people, teams: ['main'], integrations },
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
  });
  const door = await openDoor({
    target: sandbox.url,
    token: callerToken,
    serverToken: watch.plant('the caller’s token at the server', sandbox.adminToken),
    watch,
    ...(patienceMs !== undefined && { patienceMs }),
  });
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: dir,
    XDG_STATE_HOME: join(dir, 'state'),
    MUSTER_SERVER: door.url,
    MUSTER_TOKEN: callerToken,
    MUSTER_TOKEN_ONE: callerToken,
    MUSTER_SERVER_ONE: door.url,
    MUSTER_SECRET_START: passwords.env,
    ...secretsOfOthers,
  };
  const write = async (name: string, text: string, mode = 0o600): Promise<void> => {
    await writeFile(join(dir, name), text);
    await chmod(join(dir, name), mode);
  };
  const printed: string[] = [];
  await mkdir(join(dir, 'secrets', 'start'), { recursive: true, mode: 0o700 });
  await write('secrets/start/hr', `${passwords.file}\n`);
  await writeFile(join(vault, 'password'), `${passwords.command}\n`);
  await writeFile(join(vault, 'token'), `${callerToken}\n`, { mode: 0o600 });
  await write('muster.yaml', JSON.stringify(configOf(vault)));
  const ofServer = { one: { secrets: { dir: 'secrets' } } };
  await write('fleet.yaml', JSON.stringify({ ...configOf(vault), servers: ofServer }));
  await write('users.yaml', JSON.stringify({ version: 1, users: entries }));
  const opened: World = {
    dir,
    vault,
    sandbox,
    door,
    env,
    watch,
    write,
    delivered: () => readFile(join(vault, 'delivered'), 'utf8').catch(() => ''),
    muster: async (args, options = {}) => {
      const run = await runIn(dir, args, { ...options, env: { ...env, ...options.env } });
      printed.push(run.stdout, run.stderr);
      return run;
    },
    leaks: () => [
      ...printed.flatMap((text) => watch.find(text).map((found) => `printed: ${found}`)),
      ...watch.findInFolder(dir, isMeantForSecrets),
    ],
    close: async () => {
      await door.close();
      await sandbox.close();
      await Promise.all([dir, vault].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
  onTestFinished(() => opened.close());
  return opened;
}

/** The default sink has a file for each token, and beside it, if it is killed, what it had begun to write. */
const isMeantForSecrets = (path: string): boolean =>
  path === join('secrets', 'start', 'hr') ||
  /^secrets\/(?:[^/.~][^/~]*~[^/~]+@\d+\.token|\.[^/]+\.token\.tmp)$/.test(path);

async function runIn(
  dir: string,
  args: readonly string[],
  options: WorldRunOptions & { env: NodeJS.ProcessEnv },
): Promise<Run> {
  const { answer, isTTY = false, onWrite = () => undefined } = options;
  const written = { stdout: '', stderr: '' };
  const streamOf = (name: 'stdout' | 'stderr') => ({
    isTTY,
    write: (text: string) => {
      onWrite(text);
      written[name] += text;
    },
  });
  const code = await runCli(args, {
    stdout: streamOf('stdout'),
    stderr: streamOf('stderr'),
    ask: answer === undefined ? undefined : typeof answer === 'string' ? () => Promise.resolve(answer) : answer,
    env: options.env,
    workingDir: dir,
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, ...written };
}
