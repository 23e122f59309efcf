import { createServer, type Socket } from 'node:net';
import { portOf } from './recording-server.ts';

export interface RawServer {
  readonly url: string;
  /** Everything that was received, connection by connection. */
  readonly received: string[];
  close(): Promise<void>;
}

/** A server below HTTP: it says, byte for byte, whatever a test wants, or stops in the middle of it. */
export async function startRawServer(onRequest: (socket: Socket) => void): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const index = received.push('') - 1;
    let isAnswered = false;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received[index] += bytes.toString('latin1');
      if (isAnswered) return;
      isAnswered = true;
      onRequest(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    received,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
