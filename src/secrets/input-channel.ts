import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two ends of one connection: what is written to `near` is the standard input of the program that gets `far`. */
export interface InputChannel {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * Opens a channel for the input of a program. An ordinary pipe takes a short secret whether or not it is ever read; the
 * kernel tells of a socket whether its last reader left something unread in it (on Linux).
 *
 * @throws when no socket can be made in the folder for temporary files
 */
export async function openInputChannel(): Promise<InputChannel> {
  // In a folder that only this user can enter, so that no other can connect first.
  const dir = await mkdtemp(join(tmpdir(), 'muster-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    const path = join(dir, 'in');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve);
    });
    const accepted = new Promise<Socket>((resolve) => {
      server.once('connection', resolve);
    });
    const near = connect(path);
    await new Promise((resolve, reject) => {
      near.once('connect', resolve).once('error', reject);
    });
    return { near, far: await accepted };
  } finally {
    server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * Sends a text and ends the channel.
 *
 * @returns whether the other end was closed, by all who had it, after everything that was sent was read
 */
export function sendInput(near: Socket, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    // EPIPE: gone before it was written. ECONNRESET: gone with something unread.
    near.on('error', () => resolve(false)).on('close', () => resolve(true));
    // What a program writes to its own input is of no interest, but has to be let go for its end to be seen.
    near.resume();
    near.end(text);
  });
}
