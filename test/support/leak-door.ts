/** A door before a server that knows every secret which passes it, and can answer in the server's place. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { CanaryWatch } from './canaries.ts';

/** A request as it came; the body as text. */
export interface Knock {
  readonly method: string;
  /** Below `/api/v4`, without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Whether it changes an account or a token. */
export const isWriteOfJob = ({ method, path }: Knock): boolean =>
  method !== 'GET' && !/names|ids|search|preferences/.test(path);

export interface Instead {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered in the server's place; `undefined` lets a request through. May change an answer of the server's. */
export interface DoorRule {
  before?(knock: Knock): Instead | undefined | Promise<Instead | undefined>;
  after?(knock: Knock, answer: Instead): Instead | undefined;
}

export interface DoorOptions {
  readonly target: string;
  /** The caller's token, as muster has it, and what the server knows it as. */
  readonly token: string;
  readonly serverToken: string;
  /** Told of tokens that the server makes and of passwords that it is sent. */
  readonly watch: CanaryWatch;
  /** A request that gets no answer ends after so long. */
  readonly patienceMs?: number;
}

export interface Door {
  readonly url: string;
  /** Every request that came. */
  readonly knocks: readonly Knock[];
  /** Secrets of tokens that the server began to tell. */
  readonly newTokens: ReadonlySet<string>;
  rule: DoorRule;
  close(): Promise<void>;
}

/**
 * What answers tell although only its holder should know it: an incoming webhook's id is its secret, and who knows the
 * invite id of a team may join it.
 */
const toldSecrets: ReadonlyArray<readonly [path: RegExp, secret: RegExp]> = [
  [/^\/hooks\/incoming$/, /"id":"([a-z0-9]{26})"/g],
  [/^\/hooks\/outgoing$/, /"token":"([a-z0-9]{26})"/g],
  [/^\/commands$/, /"token":"([a-z0-9]{26})"/g],
  [/^(?:\/users\/\w+)?\/teams\b/, /"invite_id":"([a-z0-9]{26})"/g],
];

export async function openDoor(options: DoorOptions): Promise<Door> {
  const { watch } = options;
  const knocks: Knock[] = [];
  const newTokens = new Set<string>();

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const knock = await read(incoming);
    knocks.push(knock);
    for (const [, password] of knock.body.matchAll(/"(?:new_)?password":("(?:[^"\\]|\\.)*")/g)) {
      watch.plant('a password', JSON.parse(password ?? '""') as string);
    }
    const instead = await door.rule.before?.(knock);
    if (instead !== undefined) return answer(outgoing, instead);
    await forward(
      options,
      knock,
      incoming,
      outgoing,
      (text) => {
        for (const [path, secret] of toldSecrets) {
          if (path.test(knock.path))
            for (const [, told = ''] of text.matchAll(secret)) watch.plant(`told by ${knock.path}`, told);
        }
        if (!/^\/users\/\w+\/tokens$/.test(knock.path)) return;
        const secret = /"token":"([a-z0-9]*)/.exec(text)?.[1] ?? '';
        if (secret === '') return;
        newTokens.add(secret);
        watch.plant('a new token', secret);
      },
      door.rule.after && ((reply) => door.rule.after?.(knock, reply)),
    );
  };

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const door: Door = {
    url: `http://127.0.0.1:${port}`,
    knocks,
    newTokens,
    rule: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return door;
}

async function read(incoming: IncomingMessage): Promise<Knock> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const path = (incoming.url ?? '').split('?')[0]?.replace(/^\/api\/v4/, '') ?? '';
  const { method = '' } = incoming;
  const { host: _, ...headers } = incoming.headers;
  return { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function answer(outgoing: ServerResponse, { status, headers, body }: Instead): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

function forward(
  { target, token, serverToken, patienceMs = 300_000 }: DoorOptions,
  { method, headers, body }: Knock,
  { url = '/' }: IncomingMessage,
  outgoing: ServerResponse,
  onText: (text: string) => void,
  change: ((reply: Instead) => Instead | undefined) | undefined,
): Promise<void> {
  const given = headers.authorization;
  const authorization = given === `Bearer ${token}` ? `Bearer ${serverToken}` : given;
  return new Promise((resolve) => {
    const onward = request(new URL(url, target), {
      method,
      headers: { ...headers, 'accept-encoding': 'identity', ...(authorization !== undefined && { authorization }) },
      signal: AbortSignal.timeout(patienceMs),
    });
    // Breaks off just as the server did: what came until then has passed.
    const breakOff = (): void => {
      outgoing.destroy();
      resolve();
    };
    onward.on('error', breakOff);
    onward.on('response', (reply) => {
      const chunks: Buffer[] = [];
      const { statusCode: status = 502 } = reply;
      reply.on('error', breakOff);
      reply.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onText(Buffer.concat(chunks).toString('utf8'));
        if (change === undefined) {
          if (!outgoing.headersSent) outgoing.writeHead(status, reply.headers);
          outgoing.write(chunk);
        }
      });
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const changed = change?.({ status, body: text });
        if (changed !== undefined) answer(outgoing, changed);
        else if (outgoing.headersSent) outgoing.end();
        else outgoing.writeHead(status, reply.headers).end(text);
        resolve();
      });
    });
    onward.end(body);
  });
}
