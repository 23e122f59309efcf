/** A door in front of a sandbox: sees every request, and is where a process is killed between asking and being answered. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { waitingPath } from './preload-order.ts';

/** A request, as it passes. */
export interface Passage {
  readonly method: string;
  /** Below `/api/v4`, without the query. */
  readonly path: string;
  readonly isWrite: boolean;
  /** Whether it is a write, and no part of muster's own bookkeeping on the server. */
  readonly isAction: boolean;
}

/** Where in the life of a request something happens. */
export interface Boundary {
  /**
   * `asked`: before the server hears of it; `done`: it is carried out, and not answered; `answering`: half of the answer
   * is on its way; `answered`: all of it is.
   */
  readonly moment: 'asked' | 'done' | 'answering' | 'answered';
  /** Which requests count; `actions`: writes that are no part of muster's own bookkeeping on the server. */
  readonly among: 'actions' | 'writes' | 'all';
  /** Counted from 1, from the moment at which this was set. */
  readonly nth: number;
  /** Whether the server hears of it in the end: at once, while the next process waits for that, or never. For `asked` alone. */
  readonly fate?: 'at once' | 'late' | 'never';
}

/** A token as the server made it. */
export interface MadeToken {
  readonly id: string;
  readonly secret: string;
  readonly description: string;
}

export interface Door {
  readonly url: string;
  readonly passages: readonly Passage[];
  /** Every token that was made, also where nobody heard the answer. */
  readonly tokens: readonly MadeToken[];
  /** @param strike - awaited before the request goes on */
  at(boundary: Boundary, strike: () => Promise<void>): void;
  /** Nothing happens any more at the boundary that was set. */
  disarm(): void;
  /** Looks at the server after each write that may change who administers; says what is not as it must be. */
  watch(look: () => string | undefined): void;
  /** What was said first. */
  readonly flaw: string | undefined;
  /** Resolves when nothing is on its way any more: what is late comes now. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

interface Trap extends Boundary {
  readonly strike: () => Promise<void>;
  seen: number;
}

export async function openDoor({ url: target }: Pick<Sandbox, 'url'>): Promise<Door> {
  const agent = new Agent({ keepAlive: true });
  const passages: Passage[] = [];
  const tokens: MadeToken[] = [];
  const underWay = new Set<Promise<void>>();
  let trap: Trap | undefined;
  let look = (): string | undefined => undefined;
  let flaw: string | undefined;
  let lateTurn = waiting();

  const server = createServer((incoming, outgoing) => {
    if (incoming.url === waitingPath) return void letLateOnesCome().then(() => outgoing.writeHead(204).end());
    const served = serve(incoming, outgoing)
      .catch(() => void outgoing.destroy())
      .finally(() => underWay.delete(served));
    underWay.add(served);
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const passage = passageOf(incoming);
    passages.push(passage);
    const sprung = spring(passage);
    if (sprung?.moment === 'asked') {
      await sprung.strike();
      if (sprung.fate === 'never') return void outgoing.destroy();
      if (sprung.fate === 'late') await lateTurn.come;
    }
    const answer = await forward(incoming, body);
    if (passage.isWrite) afterWrite(passage, answer);
    if (sprung?.moment === 'done') await sprung.strike();
    await write(outgoing, answer, sprung);
  }

  async function letLateOnesCome(): Promise<void> {
    const late = [...underWay];
    lateTurn.goOn();
    lateTurn = waiting();
    await Promise.all(late);
  }

  function spring(passage: Passage): Trap | undefined {
    if (trap === undefined || !counts(trap.among, passage)) return undefined;
    trap.seen++;
    if (trap.seen !== trap.nth) return undefined;
    const sprung = trap;
    trap = undefined;
    return sprung;
  }

  function afterWrite({ method, path }: Passage, { status, body }: Answer): void {
    if (method === 'POST' && /^\/users\/[^/]+\/tokens$/.test(path) && status < 300) {
      const { id, token, description } = JSON.parse(body.toString('utf8')) as Record<string, string>;
      tokens.push({ id: id ?? '', secret: token ?? '', description: description ?? '' });
    }
    if (/\/(roles|active|auth|password|demote|promote)$/.test(path)) flaw ??= look();
  }

  function forward({ method, headers, url = '/' }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { 'accept-encoding': _encoding, host: _host, ...plain } = headers;
      const onward = request(new URL(url, target), { method, headers: plain, agent }, (reply) => {
        readAll(reply).then(
          (whole) => resolve({ status: reply.statusCode ?? 502, headers: reply.rawHeaders, body: whole }),
          reject,
        );
      });
      onward.on('error', reject);
      onward.end(body);
    });
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    passages,
    tokens,
    at: (boundary, strike) => {
      trap = { ...boundary, strike, seen: 0 };
    },
    watch: (how) => {
      look = how;
    },
    get flaw() {
      return flaw;
    },
    disarm: () => {
      trap = undefined;
    },
    quiet: async () => {
      while (underWay.size > 0) await letLateOnesCome();
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

async function write(outgoing: ServerResponse, { status, headers, body }: Answer, sprung?: Trap): Promise<void> {
  if (outgoing.destroyed) return;
  const half = sprung?.moment === 'answering' ? Math.floor(body.length / 2) : 0;
  const isOver = new Promise<void>((resolve) => {
    outgoing.once('finish', resolve);
    outgoing.once('close', resolve);
  });
  outgoing.writeHead(status, [...headers]);
  if (sprung?.moment === 'answering') {
    outgoing.write(body.subarray(0, half));
    await sprung.strike();
  }
  outgoing.end(body.subarray(half));
  await isOver;
  if (sprung?.moment === 'answered') await sprung.strike();
}

function counts(among: Boundary['among'], { isWrite, isAction }: Passage): boolean {
  if (among === 'all') return true;
  return among === 'writes' ? isWrite : isAction;
}

function waiting(): { readonly come: Promise<void>; readonly goOn: () => void } {
  let goOn = (): void => undefined;
  const come = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  return { come, goOn };
}

const readingPosts =
  /^\/(users\/(ids|usernames|search|tokens\/search)|roles\/names|(teams|channels)\/[a-z0-9]{26}\/members\/ids)$/;

function passageOf({ method = '', url = '' }: IncomingMessage): Passage {
  const path = (url.split('?')[0] ?? '').replace(/^\/api\/v4/, '');
  const isWrite = method !== 'GET' && !(method === 'POST' && readingPosts.test(path));
  return { method, path, isWrite, isAction: isWrite && !path.includes('/preferences') };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
