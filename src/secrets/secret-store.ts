import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { SinkFile, SourceFile } from '../model/generated/config-file.ts';
import { revealSecret } from '../model/reveal-secret.ts';
import { Secret } from '../model/secret.ts';
import type { SecretSettings } from '../model/settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { SecretSourceError, SinkError } from './errors.ts';
import { childEnvironment, endingText, runCommand } from './run-command.ts';
import { ensureSecretDir, readSecretFile, writeSecretFile } from './secret-dir.ts';

const commandTimeoutMs = 60_000;

/** Whose token it is; all three are words of narrow alphabets. */
export interface TokenName {
  readonly user: string;
  readonly name: string;
  readonly generation: number;
}

/** Where new secrets go and where given ones come from. Opened by an apply alone. */
export interface SecretStore {
  /** Checks, before anything is written to the server, that sinks can take and sources can give. */
  prepare(sinks: ReadonlySet<string | undefined>, sources: ReadonlySet<string>): Promise<void>;
  /**
   * Delivers a secret, durably.
   *
   * @param sink - `undefined`: a file of its own in the secrets directory
   * @returns where it went, for people
   */
  deliver(sink: string | undefined, token: TokenName, secret: Secret): Promise<string>;
  read(source: string): Promise<Secret>;
  /** Long, random, and of every kind of character that a server may ask for. */
  randomPassword(): Secret;
}

export function createSecretStore(settings: SecretSettings, env: NodeJS.ProcessEnv): SecretStore {
  const known = new Map<string, Promise<Secret>>();
  const read = (name: string): Promise<Secret> => {
    const secret = known.get(name) ?? readSource(name, settings, env);
    known.set(name, secret);
    return secret;
  };
  return {
    async prepare(sinks, sources) {
      for (const sink of sinks) await prepareSink(sink, settings, env);
      for (const source of sources) await read(source);
    },
    deliver: (sink, token, secret) => deliver(sink, token, secret, settings, env),
    read,
    randomPassword: () => new Secret(`${randomBytes(24).toString('base64url')}aA1!`),
  };
}

function sinkOf(name: string, { sinks }: SecretSettings): SinkFile {
  const sink = Object.hasOwn(sinks, name) ? sinks[name] : undefined;
  if (sink === undefined)
    throw new SinkError(`there is no sink ${name}`, { hint: 'define it in secrets.sinks of muster.yaml' });
  return sink;
}

async function prepareSink(name: string | undefined, settings: SecretSettings, env: NodeJS.ProcessEnv): Promise<void> {
  if (name === undefined) await ensureSecretDir(settings.dir);
  else {
    const { dir, command } = sinkOf(name, settings);
    if (dir !== undefined) await ensureSecretDir(settings.dir, dir);
    const [program = ''] = command ?? [];
    if (command !== undefined && !(await canRun(program, env))) {
      throw new SinkError(`the program ${program} of the sink ${name} cannot be found`, {
        hint: 'install it, or mend the command in muster.yaml',
      });
    }
  }
}

/** Whether a program is there to be started, as a shell would look for it. */
async function canRun(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '/usr/bin:/bin').split(':');
  for (const folder of folders) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}

async function deliver(
  name: string | undefined,
  token: TokenName,
  secret: Secret,
  settings: SecretSettings,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const sink: SinkFile = name === undefined ? { dir: '.' } : sinkOf(name, settings);
  if (sink.command !== undefined) return deliverByCommand(name ?? '', sink.command, token, secret, env);
  const dir = await ensureSecretDir(settings.dir, sink.dir ?? '.');
  return writeSecretFile(dir, fileName(token), revealSecret(secret));
}

/** `~` stands in no username and in no token name, so no two tokens share a file. */
const fileName = ({ user, name, generation }: TokenName): string => `${user}~${name}@${generation}.token`;

async function deliverByCommand(
  sink: string,
  command: readonly string[],
  token: TokenName,
  secret: Secret,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const argv = command.map((part) => fillIn(part, token));
  const result = await runCommand(argv, {
    input: revealSecret(secret),
    env: childEnvironment(env),
    timeoutMs: commandTimeoutMs,
  }).catch((error: unknown) => {
    throw new SinkError(`the sink ${sink} could not be started: ${systemCodeOf(error)}`, {
      hint: 'check its command in muster.yaml',
    });
  });
  if (result.ended !== 0)
    throw new SinkError(`the sink ${sink} ended with ${endingText(result)}`, {
      hint: 'run its command by hand to see why',
    });
  return `the sink ${sink}`;
}

/** A name never becomes an option of the program: it would have to begin the argument. */
function fillIn(part: string, { user, name, generation }: TokenName): string {
  const values: Readonly<Record<string, string>> = { user, name, generation: String(generation) };
  const filled = part.replace(/\{(user|name|generation)\}/g, (whole, field: string) => values[field] ?? whole);
  if (filled.startsWith('-') && !part.startsWith('-'))
    throw new SinkError(`the username ${user} would be read as an option by the sink's command`, {
      hint: 'put something before {user} in the command, such as --user={user}',
    });
  return filled;
}

async function readSource(name: string, settings: SecretSettings, env: NodeJS.ProcessEnv): Promise<Secret> {
  const source = Object.hasOwn(settings.sources, name) ? settings.sources[name] : undefined;
  if (source === undefined)
    throw new SecretSourceError(`there is no source ${name}`, { hint: 'define it in secrets.sources of muster.yaml' });
  const text = await readText(name, source, settings, env);
  if (text === '' || /[\r\n\0]/.test(text)) {
    throw new SecretSourceError(`the source ${name} gives ${text === '' ? 'nothing' : 'more than one line'}`, {
      hint: 'it must give one secret, on one line',
    });
  }
  return new Secret(text);
}

async function readText(
  name: string,
  source: SourceFile,
  settings: SecretSettings,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (source.env !== undefined) {
    const value = env[source.env];
    if (value === undefined)
      throw new SecretSourceError(`the source ${name} is not set`, {
        hint: `set the environment variable ${source.env}`,
      });
    return value;
  }
  if (source.file !== undefined) return readSecretFile(settings.dir, source.file);
  const command = source.command ?? [];
  const result = await runCommand(command, { env: childEnvironment(env), timeoutMs: commandTimeoutMs }).catch(
    (error: unknown) => {
      throw new SecretSourceError(`the source ${name} could not be started: ${systemCodeOf(error)}`, {
        hint: 'check its command in muster.yaml',
      });
    },
  );
  if (result.ended !== 0)
    throw new SecretSourceError(`the source ${name} ended with ${endingText(result)}`, {
      hint: 'run its command by hand to see why',
    });
  return result.stdout.replace(/\r?\n$/, '');
}
