/** A door between muster and a server: requests may meet any trouble of a network there, and what each met is written down. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Pool } from 'undici';

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A request that came to the door. */
export interface Passage {
  readonly method: string;
  /** Below `/api/v4`, without the query. */
  readonly path: string;
  readonly body: unknown;
  /** The status that the server gave it; nothing where the server never heard of it. */
  served?: number;
  /** What muster saw of it: a status, or an answer that was lost or cannot be read. */
  seen?: number | 'lost';
}

/** A request at the door, and all that can be done with it. */
export interface Visit {
  readonly passage: Passage;
  /** Lets the server carry it out, once; its answer. */
  forward(): Promise<Reply>;
  answer(reply: Reply): void;
  /** Answers, but with what nobody can take for the answer. */
  garble(reply: Reply): void;
  /** Ends the connection, orderly or by a reset. */
  hangUp(how: 'close' | 'reset'): void;
  /** Begins to answer, and resets the connection within the body. */
  breakOff(reply: Reply): void;
  /** Answers byte by byte, with a pause after each. */
  drip(reply: Reply, from: 'headers' | 'body', pause: () => Promise<void>): Promise<void>;
  /** Never answers. */
  keepSilent(): void;
}

/** What happens to a request; nothing: it passes. */
export type Doorkeeper = (visit: Visit) => Promise<void> | undefined;

export class Door {
  readonly passages: Passage[] = [];
  keeper: Doorkeeper = () => undefined;
  readonly #onward: Pool;
  readonly #server: Server;
  #port = 0;

  static async open(target: string): Promise<Door> {
    const door = new Door(target);
    await door.unlock();
    return door;
  }

  private constructor(target: string) {
    this.#onward = new Pool(target, { headersTimeout: 0, bodyTimeout: 0 });
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch((error: unknown) => {
        outgoing.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on connections are refused, and those that stand are reset. */
  lock(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Listens again, on the same port. */
  async unlock(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  close(): Promise<void> {
    if (this.#server.listening) this.lock();
    return this.#onward.destroy();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const passage: Passage = {
      method: incoming.method ?? '',
      path: (incoming.url ?? '').split('?')[0]?.replace(/^\/api\/v4/, '') ?? '',
      body: body.length === 0 ? undefined : JSON.parse(body.toString('utf8')),
    };
    this.passages.push(passage);
    const visit = makeVisit({ passage, outgoing, incoming, forward: () => this.#forward(incoming, body, passage) });
    const kept = this.keeper(visit);
    if (kept === undefined) visit.answer(await visit.forward());
    else await kept;
  }

  async #forward({ method = '', headers, url = '/' }: IncomingMessage, body: Buffer, passage: Passage): Promise<Reply> {
    const { connection: _, host: _host, 'accept-encoding': _encoding, 'content-length': _length, ...kept } = headers;
    const answer = await this.#onward.request({ method, path: url, headers: kept, body });
    passage.served = answer.statusCode;
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: ownHeaders(answer.headers), body: bytes };
  }
}

/** What the server says, without what belongs to its connection. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

function ownHeaders(headers: IncomingMessage['headers']): Reply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofConnection.has(name) ? [] : [[name, value]],
    ),
  );
}

interface Wire {
  readonly passage: Passage;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly forward: () => Promise<Reply>;
}

function makeVisit({ passage, incoming: { socket }, outgoing, forward }: Wire): Visit {
  const lose = (): void => {
    passage.seen = 'lost';
  };
  return {
    passage,
    forward,
    answer: (reply) => {
      passage.seen = reply.status;
      writeHead(outgoing, reply).end(reply.body);
    },
    garble: (reply) => {
      lose();
      writeHead(outgoing, reply).end(reply.body);
    },
    hangUp: (how) => {
      lose();
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    },
    breakOff: (reply) => {
      lose();
      const half = reply.body.subarray(0, Math.ceil(reply.body.length / 2));
      writeHead(outgoing, reply).write(half, () => socket.destroy());
    },
    drip: async (reply, from, pause) => {
      lose();
      let bytes = reply.body;
      if (from === 'body') writeHead(outgoing, reply).flushHeaders();
      else bytes = Buffer.concat([head(reply), reply.body]);
      for (const byte of bytes) {
        if (socket.destroyed) return;
        socket.write(Buffer.of(byte));
        await pause();
      }
      passage.seen = reply.status;
      socket.end();
    },
    keepSilent: lose,
  };
}

function writeHead(outgoing: ServerResponse, { status, headers, body }: Reply): ServerResponse {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.setHeader('content-length', body.length);
  return outgoing;
}

function head({ status, headers, body }: Reply): Buffer {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  return Buffer.from(`HTTP/1.1 ${status} As It Is\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`);
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
