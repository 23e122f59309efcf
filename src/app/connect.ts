import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createClient, resolveProxy, type WriteClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { InputError } from '../model/problem.ts';
import { readCallerToken } from '../secrets/caller-token.ts';
import type { AppPorts, ConnectionOptions } from './ports.ts';

export interface Connection {
  readonly client: WriteClient;
  /** Requests made so far. */
  readonly requests: () => number;
}

/** A client for the server that the settings name, with the caller's token. Nothing is sent yet. */
export async function connect(settings: Settings, options: ConnectionOptions, ports: AppPorts): Promise<Connection> {
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
  const token = await readCallerToken(ports.env, ports.workingDir);
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
    signal: ports.signal,
    stopWhenRefused: true,
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
  return { client, requests: () => requests };
}

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
