import { createHash, randomBytes } from 'node:crypto';
import type { SinkFile, SourceFile } from '../model/generated/config-file.ts';
import { revealSecret } from '../model/reveal-secret.ts';
import { Secret } from '../model/secret.ts';
import type { SecretSettings } from '../model/settings.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { flawOfCommand } from './check-commands.ts';
import { SecretSourceError, SinkError } from './errors.ts';
import { openInputChannel } from './input-channel.ts';
import { type CommandResult, commandEnvironment, endingText, runCommand } from './run-command.ts';
import { ensureSecretDir, readSecretFile, writeSecretFile } from './secret-dir.ts';

const commandTimeoutMs = 60_000;

/** Whose token it is; all of it words of narrow alphabets. */
export interface TokenName {
  readonly user: string;
  readonly name: string;
  readonly generation: number;
  /** The UTC day of its making, of tokens that are rotated by a schedule: several have one generation. */
  readonly day?: string;
}

/** Where new secrets go and where given ones come from. Opened by an apply alone. */
export interface SecretStore {
  /** Checks, before anything is written to the server, that sinks can take and sources can give. */
  prepare(sinks: ReadonlySet<string | undefined>, sources: ReadonlySet<string>): Promise<void>;
  /**
   * Delivers a secret, durably.
   *
   * @param sink - `undefined`: the default sink; without one, a file of its own in the secrets directory
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
      for (const sink of sinks) await prepareSink(sink ?? settings.defaultSink, settings, env);
      for (const source of sources) await read(source);
    },
    deliver: (sink, token, secret) => deliver(sink ?? settings.defaultSink, token, secret, settings, env),
    read,
    randomPassword: () => new Secret(`${randomBytes(24).toString('base64url')}aA1!`),
  };
}

function sinkOf(name: string, { sinks }: SecretSettings): SinkFile {
  const sink = Object.hasOwn(sinks, name) ? sinks[name] : undefined;
  if (sink === undefined) throw new SinkError({ is: 'no-such-sink', name });
  return sink;
}

async function prepareSink(name: string | undefined, settings: SecretSettings, env: NodeJS.ProcessEnv): Promise<void> {
  if (name === undefined) {
    await ensureSecretDir(settings.dir);
    return;
  }
  const { dir, command, env: names } = sinkOf(name, settings);
  if (dir !== undefined) await ensureSecretDir(settings.dir, dir);
  if (command === undefined) return;
  const flaw = await flawOfCommand(`the sink ${name}`, command, names, env);
  if (flaw !== undefined) throw new SinkError(flaw);
  await tryInput(name);
}

/** Before there is a secret to be lost by it. */
async function tryInput(sink: string): Promise<void> {
  try {
    const { near, far } = await openInputChannel();
    near.destroy();
    far.destroy();
  } catch (error) {
    throw new SinkError({ is: 'no-input', name: sink, why: systemCodeOf(error) });
  }
}

async function deliver(
  name: string | undefined,
  token: TokenName,
  secret: Secret,
  settings: SecretSettings,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const sink: SinkFile = name === undefined ? { dir: '.' } : sinkOf(name, settings);
  if (sink.command !== undefined)
    return deliverByCommand(name ?? '', { ...sink, command: sink.command }, token, secret, env);
  const dir = await ensureSecretDir(settings.dir, sink.dir ?? '.');
  return writeSecretFile(dir, fileName(token), revealSecret(secret));
}

/** `~` stands in no username and in no token name, so no two tokens share a file. */
const fileName = ({ user, name, generation, day }: TokenName): string =>
  `${user}~${name}@${generation}${day === undefined ? '' : `~${day}`}.token`;

async function deliverByCommand(
  name: string,
  sink: SinkFile & { readonly command: readonly string[] },
  token: TokenName,
  secret: Secret,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const argv = sink.command.map((part) => fillIn(part, token));
  const input = revealSecret(secret);
  const result = await runCommand(argv, {
    input,
    env: commandEnvironment(env, sink.env),
    timeoutMs: commandTimeoutMs,
  }).catch((error: unknown) => {
    throw new SinkError({ is: 'not-started', name, why: systemCodeOf(error) });
  });
  if (result.ended !== 0) throw new SinkError({ is: 'failed', name, ending: endingText(result) });
  if (sink.confirm === undefined) refuseUnread(name, result);
  else refuseUnconfirmed(name, result, input);
  return `the sink ${name}`;
}

function refuseUnread(sink: string, { hasReadInput }: CommandResult): void {
  if (hasReadInput) return;
  throw new SinkError({ is: 'secret-not-read', name: sink });
}

/** By what it stored a sink shows that it did; how it got there is its own affair. */
function refuseUnconfirmed(sink: string, { stdout, isWhole }: CommandResult, input: string): void {
  // `sha256sum` writes the name of the file behind it.
  const [said = ''] = stdout.trim().split(/\s/);
  if (isWhole && said.toLowerCase() === createHash('sha256').update(input).digest('hex')) return;
  throw new SinkError({ is: 'not-confirmed', name: sink });
}

/** A name never becomes an option of the program: it would have to begin the argument. Nor does it lead out of a folder, as dots alone would. */
function fillIn(part: string, { user, name, generation }: TokenName): string {
  const values: Readonly<Record<string, string>> = { user, name, generation: String(generation) };
  const filled = part.replace(/\{(user|name|generation)\}/g, (whole, field: string) => values[field] ?? whole);
  if (filled.startsWith('-') && !part.startsWith('-'))
    throw new SinkError({ is: 'username-as-option', user, placeholder: '{user}' });
  if (dotSteps(filled) > dotSteps(part))
    throw new SinkError({ is: 'username-as-folder', user, placeholder: '{user}', name: '{name}' });
  return filled;
}

/** How often a path stays where it is, or goes up. */
const dotSteps = (path: string): number => path.split(/[/\\=:]/).filter((step) => step === '.' || step === '..').length;

async function readSource(name: string, settings: SecretSettings, env: NodeJS.ProcessEnv): Promise<Secret> {
  const source = Object.hasOwn(settings.sources, name) ? settings.sources[name] : undefined;
  if (source === undefined) throw new SecretSourceError({ is: 'no-such-source', name });
  const text = await readText(name, source, settings, env);
  if (text === '') throw new SecretSourceError({ is: 'nothing', name });
  if (/[\r\n\0]/.test(text)) throw new SecretSourceError({ is: 'several-lines', name });
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
    if (value === undefined) throw new SecretSourceError({ is: 'not-set', name, variable: source.env });
    return value;
  }
  if (source.file !== undefined) return readSecretFile(settings.dir, source.file);
  const command = source.command ?? [];
  const flaw = await flawOfCommand(`the source ${name}`, command, source.command_env, env);
  if (flaw !== undefined) throw new SecretSourceError(flaw);
  const result = await runCommand(command, {
    env: commandEnvironment(env, source.command_env),
    timeoutMs: commandTimeoutMs,
  }).catch((error: unknown) => {
    throw new SecretSourceError({ is: 'not-started', name, why: systemCodeOf(error) });
  });
  if (result.ended !== 0) throw new SecretSourceError({ is: 'failed', name, ending: endingText(result) });
  if (!result.isWhole) throw new SecretSourceError({ is: 'output-held', name });
  return result.stdout.replace(/\r?\n$/, '');
}
