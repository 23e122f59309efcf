import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/** A request as it passed the front of a server. */
export interface Passage {
  readonly method: string;
  /** Below `/api/v4`, without the query. */
  readonly path: string;
  readonly body: unknown;
  /** What else was under way when it came. */
  readonly beside: readonly Passage[];
}

/** `undefined` lets a request through; anything else is answered in the server's place, and the server never hears of it. */
export type FrontRule = (passage: Omit<Passage, 'beside'>) => unknown;

/** A door in front of a server: it sees which requests overlap, and can answer in the server's place. */
export interface Front {
  readonly url: string;
  readonly passages: readonly Passage[];
  close(): Promise<void>;
}

/** Event-loop turns for which every request lingers, so that what may overlap does. */
const lingering = 12;

export async function openFront(target: string, rule: FrontRule = () => undefined): Promise<Front> {
  const passages: Passage[] = [];
  const open = new Set<Passage>();
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const seen = { method: incoming.method ?? '', path: pathOf(incoming.url ?? ''), body: parsed(body) };
    const passage: Passage = { ...seen, beside: [...open] };
    passages.push(passage);
    open.add(passage);
    outgoing.once('close', () => open.delete(passage));
    for (let i = 0; i < lingering; i++) await turn();
    const instead = rule(seen);
    if (instead === undefined) return forward(target, incoming, body, outgoing);
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(instead));
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    passages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const { method, url = '/' } = incoming;
  const { host: _, ...headers } = incoming.headers;
  const onward = request(new URL(url, target), { method, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const pathOf = (url: string): string => (url.split('?')[0] ?? '').replace(/^\/api\/v4/, '');

function parsed(body: Buffer): unknown {
  return body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown);
}
