import type { IncomingMessage } from 'node:http';

/** Names and addresses of this machine that never mean another one. */
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a request names this server as its own. A web page can make its name point here, and its scripts then read what
 * the server answers; but its name is what they ask for.
 */
export function isForThisHost({ headers: { host = '' }, socket }: IncomingMessage): boolean {
  const isTls = 'encrypted' in socket;
  const [, name = '', port = isTls ? '443' : '80'] =
    /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
  return loopback.has(name) && Number(port) === socket.localPort;
}
