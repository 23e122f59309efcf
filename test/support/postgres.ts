/** A throw-away cluster of PostgreSQL for tests that need a real one. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where `initdb` and `postgres` are: `MUSTER_TEST_POSTGRES`, the path, or where Debian puts them; nothing where there are none. */
export function findPostgres(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['MUSTER_TEST_POSTGRES'];
  if (named !== undefined && named !== '') return named;
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...debianFolders()];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isProgram(join(folder, name))));
}

function debianFolders(): readonly string[] {
  try {
    const home = '/usr/lib/postgresql';
    return readdirSync(home).map((version) => join(home, version, 'bin'));
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. */
async function userFor(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].flatMap((wanted) => users.filter(([name]) => name === wanted))[0];
  if (found === undefined) throw new Error('there is no user to run PostgreSQL as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

export class Postgres {
  readonly url: string;
  readonly #bin: string;
  readonly #dir: string;
  readonly #port: number;
  readonly #user: User | undefined;
  #server: ChildProcess | undefined;

  private constructor(bin: string, dir: string, port: number, user: User | undefined) {
    this.#bin = bin;
    this.#dir = dir;
    this.#port = port;
    this.#user = user;
    this.url = `postgres://muster:muster@127.0.0.1:${port}/postgres`;
  }

  /** @param found - where a program of it is, or a link to one: the others lie beside it */
  static async start(found: string): Promise<Postgres> {
    const bin = dirname(await realpath(join(found, 'postgres')));
    const user = await userFor();
    // The temporary folder of the tests is its owner's alone, and the server is another user.
    const dir = await mkdtemp('/tmp/muster-postgres-');
    if (user !== undefined) await chown(dir, user.uid, user.gid);
    const args = ['-D', join(dir, 'data'), '-U', 'muster', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
    await promisify(execFile)(join(bin, 'initdb'), args, { cwd: dir, ...user });
    const started = new Postgres(bin, dir, await freePort(), user);
    await started.#run();
    return started;
  }

  /** Ends every connection, as a restart of the machine does. */
  async restart(downForMs: number): Promise<void> {
    await this.#end();
    await wait(downForMs);
    await this.#run();
  }

  /** @returns what it found, unaligned */
  async sql(text: string): Promise<string> {
    const args = ['-qAt', '-v', 'ON_ERROR_STOP=1', '-c', text, this.url];
    return (await promisify(execFile)(join(this.#bin, 'psql'), args)).stdout.trim();
  }

  async close(): Promise<void> {
    await this.#end();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `port=${this.#port}`, 'unix_socket_directories='];
    const args = ['-D', join(this.#dir, 'data'), ...settings.flatMap((one) => ['-c', one])];
    const server = spawn(join(this.#bin, 'postgres'), args, { stdio: ['ignore', 'ignore', 'pipe'], ...this.#user });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    });
  }

  async #end(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
