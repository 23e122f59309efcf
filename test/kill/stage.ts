/** One server, one folder with files, and muster as processes that work there one after the other. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plan } from '../../src/app/plan.ts';
import { systemClock } from '../../src/app/system.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type PersonState, type Sandbox, seededRandomness, startSandbox } from '../../src/sandbox/index.ts';
import { type Door, openDoor } from './door.ts';
import type { FileKill } from './preload-order.ts';
import type { Program, Running } from './program.ts';
import { sinkProgram } from './sink-program.ts';
import { configOf, type KillWorld, minAdmins, startPassword } from './world.ts';

const noon = Date.parse('2026-06-15T12:00:00Z');

export interface StartOptions {
  /** Between the last line of the newest journal and the moment at which this process starts, by its own clock. */
  readonly afterMs?: number;
  readonly kill?: FileKill;
  readonly countInto?: string;
  /** The real clock, and waits that take their time. */
  readonly isReal?: boolean;
  /** Another door than the stage's own, so that this process is told apart. */
  readonly door?: Door;
}

export interface KillStage {
  readonly world: KillWorld;
  readonly dir: string;
  readonly sandbox: Sandbox;
  readonly door: Door;
  /** Where the program of a sink leaves its secrets, and finds when to kill. */
  readonly sunk: string;
  readonly start: (args: readonly string[], options?: StartOptions) => Promise<Running>;
  /** What a process would still do. */
  readonly plan: () => Promise<Plan>;
  /** The state directory of the server; there once a process has worked with it. */
  readonly stateDir: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openKillStage(program: Program, world: KillWorld): Promise<KillStage> {
  const sandbox = await startSandbox({
    clock: () => noon,
    random: seededRandomness(world.seed),
    licence: 'enterprise',
    seed: { users: world.users, teams: [{ name: 'core', channels: [{ name: 'ops', type: 'P' }] }, 'sales'] },
    config: {
      'TeamSettings.MaxUsersPerTeam': 1000,
      'ServiceSettings.EnableUserAccessTokens': true,
      'GuestAccountsSettings.Enable': true,
      'SamlSettings.Enable': true,
      'LdapSettings.Enable': true,
    },
  });
  const door = await openDoor(sandbox);
  const dir = await mkdtemp(join(tmpdir(), 'muster-kill-'));
  const sunk = join(dir, 'sunk');
  await mkdir(sunk);
  await writeFile(join(dir, 'sink.sh'), sinkProgram, { mode: 0o700 });
  await writeFile(join(dir, 'muster.yaml'), JSON.stringify(configOf([join(dir, 'sink.sh'), sunk])));
  await writeFile(join(dir, 'users.yaml'), JSON.stringify({ version: 1, users: world.entries }));
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    XDG_STATE_HOME: join(dir, 'state'),
    MUSTER_TOKEN: sandbox.adminToken,
    MUSTER_SECRET_START: startPassword,
  };
  const candidates = adminsOf(world);
  door.watch(() => {
    const admins = candidates.filter((name) => isAdmin(sandbox.control.user(name))).length;
    return admins < minAdmins ? `only ${admins} can administer` : undefined;
  });
  const stateDir = async (): Promise<string> => {
    const home = join(dir, 'state', 'muster');
    const [server = 'nothing'] = await readdir(home).catch(() => []);
    return join(home, server);
  };
  return {
    world,
    dir,
    sandbox,
    door,
    sunk,
    stateDir,
    start: async (args, { afterMs = 0, isReal = false, door: own = door, ...order } = {}) => {
      const clockMs = isReal ? {} : { clockMs: (await lastNoteMs(await stateDir())) + afterMs };
      return program.start(args, {
        dir,
        env: { ...env, MUSTER_SERVER: own.url },
        order: { ...order, ...clockMs },
      });
    },
    plan: async () => {
      const ports = { workingDir: dir, env: { ...env, MUSTER_SERVER: sandbox.url }, emit: () => undefined };
      const clock = { ...systemClock, now: () => noon };
      return (await plan({}, { ...ports, clock, toolVersion: '0.1.0' })).plan;
    },
    close: async () => {
      await door.close();
      await sandbox.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const isAdmin = (person: PersonState | undefined): boolean =>
  person?.roles.split(' ').includes('system_admin') === true && person.delete_at === 0;

/** Everybody who administers before, or will. */
function adminsOf({ users, entries }: KillWorld): readonly string[] {
  const all = [...users, ...entries].filter(({ roles = [] }) => [roles].flat().includes('system_admin'));
  return ['sandbox-admin', ...new Set(all.map(({ username }) => username))];
}

/** Time goes on from where the process before was. */
async function lastNoteMs(stateDir: string): Promise<number> {
  const names = await readdir(stateDir).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .at(-1);
  if (newest === undefined) return noon;
  const moments = [...(await readFile(join(stateDir, newest), 'utf8')).matchAll(/"at":"([^"]+)"/g)];
  return Math.max(noon, ...moments.map(([, at = '']) => Date.parse(at)));
}
