/**
 * What others may see of a process: `/healthz`, `/readyz` and `/metrics`, for reading alone. A page in a browser can make its
 * name point here, so names of strangers are refused; who is slow, or sends a body, is cut off; no answer shows a stack.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { ReconcileState } from '../model/generated/reconcile-state.ts';
import { healthOf } from '../model/reconcile-health.ts';
import type { ProcessHealth } from './worker-pulse.ts';

export interface Address {
  /** An address or a name of this machine. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface EndpointSources {
  /** Of each server of which something is known. */
  readonly states: () => readonly ReconcileState[];
  readonly now: () => number;
  readonly metrics: () => Promise<string>;
  /** Of a process that has no server of its own; by default the states say it. */
  readonly ofProcess?: () => ProcessHealth;
  /** What people look at, with the policy that browsers hold it to. */
  readonly page?: () => Page;
}

export interface Page {
  readonly html: string;
  readonly policy: string;
}

export interface Endpoints {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** The Content-Security-Policy of a page. */
  readonly policy?: string;
}

const defaultTimeoutMs = 5000;
const maxHeaderBytes = 8192;
const maxConnections = 64;

/** @param timeoutMs - in which a request has to arrive whole */
export async function openEndpoints(
  { host, port }: Address,
  sources: EndpointSources,
  timeoutMs: number = defaultTimeoutMs,
): Promise<Endpoints> {
  const server = createServer(
    {
      headersTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      connectionsCheckingInterval: Math.ceil(timeoutMs / 5),
      maxHeaderSize: maxHeaderBytes,
    },
    (request, response) => void handle(request, response, host, sources),
  );
  server.maxConnections = maxConnections;
  const bound = await listen(server, host, port);
  return { port: bound, close: () => stop(server) };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  sources: EndpointSources,
): Promise<void> {
  const answer = await answerTo(request, host, sources).catch((): Answer => plain(500, 'error'));
  response.writeHead(answer.status, {
    'Content-Type': answer.type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(answer.policy !== undefined && { 'Content-Security-Policy': answer.policy, 'Referrer-Policy': 'no-referrer' }),
    ...(answer.status === 405 && { Allow: 'GET, HEAD' }),
    ...(answer.status >= 400 && answer.status !== 503 && { Connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo(request: IncomingMessage, host: string, sources: EndpointSources): Promise<Answer> {
  const { method, headers, url = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  if ((headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined)
    return plain(413, 'no body is taken');
  if (!isOwnName(headers.host, host)) return plain(421, 'another host was asked for');
  if (headers.origin !== undefined || headers['sec-fetch-site'] === 'cross-site')
    return plain(403, 'not for web pages');
  switch (url) {
    case '/':
      return page(sources);
    case '/healthz':
      return healthz(sources);
    case '/readyz':
      return readyz(sources);
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await sources.metrics() };
    default:
      return plain(404, 'no such page');
  }
}

/** Whether the process works. A server that cannot be read is no reason to start it again. */
function healthz({ states, now, ofProcess }: EndpointSources): Answer {
  if (ofProcess !== undefined) {
    const { isAlive, reason } = ofProcess();
    return json(isAlive ? 200 : 503, { status: isAlive ? 'ok' : 'stale', reason });
  }
  const all = states().map((known) => healthOf(known, now()));
  const worst = all.find(({ is }) => is === 'stale') ?? all.find(({ is }) => is !== 'ok') ?? all[0];
  if (worst === undefined) return json(200, { status: 'starting' });
  return json(worst.is === 'stale' ? 503 : 200, { status: worst.is, reason: worst.reason });
}

/** Whether a server was read, and what is known of it counts: of several, one is enough. */
function readyz({ states, now, ofProcess }: EndpointSources): Answer {
  if (ofProcess !== undefined) {
    const { isReady, reason } = ofProcess();
    return json(isReady ? 200 : 503, { status: isReady ? 'ok' : 'waiting', reason });
  }
  const all = states().map((known) => ({ known, health: healthOf(known, now()) }));
  const isReady = ({ known, health: { is, budget } }: (typeof all)[number]): boolean =>
    is === 'paused' || (known.looked !== undefined && (is === 'ok' || budget !== undefined));
  const shown = all.find(isReady) ?? all[0];
  if (shown === undefined) return json(503, { status: 'starting' });
  const { is, reason } = shown.health;
  return json(isReady(shown) ? 200 : 503, { status: is, reason });
}

function page({ page: make }: EndpointSources): Answer {
  if (make === undefined) return plain(404, 'no such page');
  const { html, policy } = make();
  return { status: 200, type: 'text/html; charset=utf-8', body: html, policy };
}

const plain = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

const json = (status: number, value: object): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});

/** An address means no stranger: a page of theirs asks by its name. */
function isOwnName(asked: string | undefined, own: string): boolean {
  const [, name = ''] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d+)?$/.exec(asked?.toLowerCase() ?? '') ?? [];
  return name === 'localhost' || name === own.toLowerCase() || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
