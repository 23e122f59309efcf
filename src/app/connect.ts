import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createClient, resolveProxy, type WriteClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import type { LiveReader } from '../model/live-reader.ts';
import { InputError } from '../model/problem.ts';
import type { ServerRef } from '../model/server-ref.ts';
import { createLiveReader } from '../resources/index.ts';
import { readCallerToken } from '../secrets/caller-token.ts';
import { journalKeyOf } from '../secrets/journal-key.ts';
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
  if (settings.server === undefined) {
    throw new InputError([
      {
        code: 'no-server',
        message: 'no server: muster does not know where to go',
        hint: 'name it with --server, in MUSTER_SERVER, or in server of muster.yaml',
      },
    ]);
  }
  const url = settings.server.value;
  const server: ServerRef = { url };
  const ports = stamped(given, { server });
  const token = await credentialsOf(ports).tokenFor(server);
  const ca =
    options.caFile === undefined ? undefined : await readAuthorities(resolve(ports.workingDir, options.caFile));
  let requests = 0;
  const client = createClient({
    url,
    token,
    ca,
    proxy: resolveProxy(url, ports.env),
    allowPlainHttp: options.allowPlainHttp,
    maxConcurrent: options.concurrency,
    maxPerSecond: options.rate,
    userAgent: `mattermuster/${ports.toolVersion}`,
    clock: ports.clock,
    onEvent: (event) => {
      if (event.type === 'answered') requests++;
      else if (event.type === 'waiting-for-limit')
        ports.emit({ type: 'waiting', because: 'the server’s rate limit', ms: event.delayMs });
      else
        ports.emit({
          type: 'waiting',
          because: `another try of ${event.operation} (${event.code})`,
          ms: event.delayMs,
        });
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
      tellOnce: once((text) => ports.emit({ type: 'warning', text })),
    },
  };
}

function once(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    tell(text);
  };
}

const credentialsOf = ({ credentials, env, workingDir }: AppPorts): Credentials =>
  credentials ?? { tokenFor: () => readCallerToken(env, workingDir) };

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError([
      { code: 'ca-file-unreadable', message: `cannot read the authorities: ${why}`, hint: 'check --ca-file' },
    ]);
  }
}
