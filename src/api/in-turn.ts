import type PQueue from 'p-queue';

export interface TurnOptions {
  /** Ends the waiting, never the task: what runs is for the task itself to end. */
  readonly signal?: AbortSignal | undefined;
  /** The highest goes first; among equals, who came first. */
  readonly priority?: number;
}

/**
 * Runs a task when a queue has a place for it.
 *
 * The queue knows signals too, but would give up on a task that runs, and on its place, while the request is still under
 * way: a write would count as not sent. So an abort is told to who waits, and the task, once its turn comes, does nothing.
 *
 * @throws the signal's reason, at once, when aborted before the task began; what the task throws
 */
export async function inTurn<Result>(
  queue: PQueue,
  task: () => Promise<Result>,
  { signal, priority = 0 }: TurnOptions = {},
): Promise<Result> {
  signal?.throwIfAborted();
  // Where a place is free there is no waiting to end.
  if (signal === undefined || queue.pending < queue.concurrency) return queue.add(task, { priority });
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const begin = (): Promise<Result> => {
      signal.removeEventListener('abort', abort);
      return signal.aborted ? Promise.reject(signal.reason) : task();
    };
    queue.add(begin, { priority }).then(resolve, reject);
  });
}
