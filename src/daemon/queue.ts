/** Jobs for workers that share the servers of one muster.yaml: what the schedule asks for, and a worker takes. */

/** One cycle of one server. */
export interface Job {
  readonly id: string;
  /** Its name in muster.yaml. */
  readonly server: string;
}

/**
 * A queue of cycles. A job that a worker took and never finished is given out again after its expiry; that two workers have
 * one server does no harm, since lock and lease of the server let one of them in.
 */
export interface JobQueue {
  /** Asks for a cycle of a server; one that waits already is enough. */
  ask(server: string): Promise<void>;
  /** The one that waits longest; `undefined`: none waits, or the queue does not answer. */
  take(): Promise<Job | undefined>;
  /** Its cycle is over, however it ended. */
  finish(job: Job): Promise<void>;
  close(): Promise<void>;
}
