import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import { acceptsGzip } from './call.ts';
import type { Reply } from './reply.ts';

/** Below this many bytes the server does not compress. */
const gzipFrom = 1024;

/** Compresses where the client accepts it and the server would. */
export function compressed(reply: Reply, accepted: string | undefined, isOn: boolean): Reply {
  const isWorth =
    reply.body.length >= gzipFrom &&
    String(reply.headers['Content-Type']).match(/^application\/(?:json|x-ndjson)/) !== null;
  if (!isOn || !isWorth || !acceptsGzip(accepted ?? '')) return reply;
  const body = gzipSync(reply.body, { level: constants.Z_BEST_SPEED });
  return { ...reply, headers: { ...reply.headers, 'Content-Encoding': 'gzip' }, body };
}

export function writeReply(outgoing: ServerResponse, reply: Reply): void {
  writeHead(outgoing, reply);
  outgoing.end(reply.body);
}

function writeHead(outgoing: ServerResponse, reply: Reply): void {
  outgoing.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) {
    outgoing.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (reply.status !== 304) outgoing.setHeader('Content-Length', reply.body.length);
}

/** Ends the connection within the body, although the headers promised all of it. */
export function writeTruncated(outgoing: ServerResponse, reply: Reply, keep: number): void {
  writeHead(outgoing, reply);
  const part = reply.body.subarray(0, Math.floor(reply.body.length * keep));
  outgoing.flushHeaders();
  outgoing.write(part, () => outgoing.socket?.destroy());
}

/** Lets the body drip. */
export async function writeSlowly(
  outgoing: ServerResponse,
  reply: Reply,
  chunkBytes: number,
  pause: () => Promise<void>,
): Promise<void> {
  writeHead(outgoing, reply);
  for (let start = 0; start < reply.body.length && !outgoing.destroyed; start += chunkBytes) {
    outgoing.write(reply.body.subarray(start, start + chunkBytes));
    await pause();
  }
  outgoing.end();
}

/** The connection is gone without an answer: by a reset, or under TLS, which cannot send one, by its end. */
export function reset({ socket }: IncomingMessage): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
