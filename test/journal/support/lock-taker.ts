/**
 * A process of its own that takes the lock of the folder that it is told, as often as it is told. With a folder as its
 * argument it takes that one at once, says so, and stays.
 */

import type { Lock } from '../../../src/journal/lock.ts';
import { takeLock } from '../../../src/journal/lock.ts';

export type Order = { readonly take: string } | 'release';
export type Report = 'ready' | 'held' | 'released' | { readonly refused: string };

let lock: Lock | undefined;

async function obey(order: Order): Promise<Report> {
  if (order === 'release') {
    await lock?.release();
    return 'released';
  }
  try {
    lock = await takeLock(order.take, Date.now());
    return 'held';
  } catch (error) {
    return { refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
}

const [, , dir] = process.argv;
if (dir === undefined) {
  process.on('message', (order: Order) => {
    obey(order).then(
      (report) => process.send?.(report),
      (error: unknown) => process.send?.({ refused: String(error) }),
    );
  });
  process.send?.('ready');
} else {
  process.stdout.write(`${JSON.stringify(await obey({ take: dir }))}\n`);
  setInterval(() => undefined, 60_000);
}
