import { createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';
import { type ApiEvent, createClient, resolveProxy, type WriteClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { assertNever } from '../model/assert-never.ts';
import type { LiveReader } from '../model/live-reader.ts';
import { refuse } from '../model/messages/problems.ts';
import type { Warning } from '../model/messages/warning-rows.ts';
import { InputError } from '../model/problem.ts';
import type { EmitRunEvent, RunEvent } from '../model/run-event.ts';
import { createLiveReader, isLeftOpen } from '../resources/index.ts';
import { readCredential } from '../secrets/caller-token.ts';
import { journalKeyOf } from '../secrets/journal-key.ts';
import { fileLimits, isRefusal, readTextFile } from '../source/read-file.ts';
import type { AppPorts, ConnectionOptions, Credentials, ServerPorts } from './ports.ts';
import { stamped } from './stamped.ts';

/** A server, and what a use case works on it with. */
export interface Server {
  readonly settings: Settings;
  readonly client: WriteClient;
  /** Through a client that has no method that writes. */
  readonly reader: LiveReader;
  /** Requests made so far. */
  readonly requests: () => number;
  /** Their events name the server. */
  readonly ports: ServerPorts;
}

/** A client for the server that the settings name, with the caller's token. Nothing is sent yet. */
export async function connect(settings: Settings, options: ConnectionOptions, given: AppPorts): Promise<Server> {
  const { url, token, from } = await credentialsOf(given).credentialFor(settings.servers, settings.name);
  const { name } = settings;
  const ports = stamped(given, { server: { url, ...(name !== undefined && { name }) } });
  const ca = options.caFile === undefined ? undefined : await readAuthorities(options.caFile, ports);
  let requests = 0;
  const client = createClient({
    url,
    token,
    tokenFrom: from,
    ca,
    proxy: resolveProxy(url, ports.env),
    allowPlainHttp: options.allowPlainHttp,
    maxConcurrent: options.concurrency,
    maxPerSecond: options.rate,
    userAgent: `mattermuster/${ports.toolVersion}`,
    clock: ports.clock,
    signal: ports.signal,
    stopWhenRefused: true,
    onAnswer: options.onAnswer,
    onEvent: (event) => {
      if (event.type === 'answered') requests++;
      ports.emit(runEventOf(event));
    },
  });
  const counted = (): number => requests;
  return {
    settings,
    client,
    reader: createLiveReader(client.readOnly(), counted),
    requests: counted,
    ports: {
      ...ports,
      journalKeyFor: (serverKey) => journalKeyOf(token, serverKey),
      isLeftOpen: (run) => isLeftOpen(client.readOnly(), run),
      warnOnce: once(ports.emit),
    },
  };
}

function runEventOf(event: ApiEvent): RunEvent {
  switch (event.type) {
    case 'answered':
    case 'unanswered': {
      const { method, path, template, attempt, durationMs: ms } = event;
      const result = event.type === 'answered' ? { status: event.status } : { code: event.code };
      return { type: 'request', method, path, template, result, attempt, ms };
    }
    case 'waiting-for-limit':
      return { type: 'waiting', because: 'the server’s rate limit', ms: event.delayMs, isRateLimit: true };
    case 'retrying':
      return { type: 'waiting', because: `another try of ${event.operation} (${event.code})`, ms: event.delayMs };
    default:
      return assertNever(event);
  }
}

function once(emit: EmitRunEvent): (warning: Warning) => void {
  const told = new Set<string>();
  return (warning) => {
    if (told.has(warning.text)) return;
    told.add(warning.text);
    emit(warning);
  };
}

export const credentialsOf = ({ credentials, env, workingDir }: AppPorts): Credentials =>
  credentials ?? { credentialFor: (servers, name) => readCredential(servers, env, workingDir, name) };

async function readAuthorities(name: string, { workingDir }: AppPorts): Promise<string> {
  const path = resolve(workingDir, name);
  const read = await readTextFile({ path, place: { namedFrom: workingDir }, maxBytes: fileLimits.authorities });
  const why = isRefusal(read) ? read.why : flawOfAuthorities(read.text);
  if (!isRefusal(read) && why === undefined) return read.text;
  throw new InputError([refuse('ca-file-unreadable', { path, why: why ?? '' })]);
}

/** Some milliseconds each: the bundle of a system has more than a person put together. */
const mostLookedInto = 10;

/** Node ignores whatever it cannot read there, and then no server is trusted. */
function flawOfAuthorities(text: string): string | undefined {
  const blocks = text.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[^]*?-----END \1CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return 'it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)';
  const bad = blocks.slice(0, mostLookedInto).findIndex((block) => !isCertificate(block));
  return bad < 0 ? undefined : `certificate ${bad + 1} of ${blocks.length} in it is damaged`;
}

/** The older forms of PEM are left to the connection. */
function isCertificate(block: string): boolean {
  if (!block.startsWith('-----BEGIN CERTIFICATE-----')) return true;
  try {
    return createPublicKey(block).type === 'public';
  } catch {
    return false;
  }
}
