import type { Clock } from '../model/clock.ts';

/** Since some moment before the program began; `performance` says the same, and takes longer to load than a small file to check. */
const elapsedMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const zeroMs = Date.now() - elapsedMs();

/** The real time. It never jumps: when the machine's clock is set, waits keep their length. */
export const systemClock: Clock = {
  now: () => zeroMs + elapsedMs(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    });
  },
};
