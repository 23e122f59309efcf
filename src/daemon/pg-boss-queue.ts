/** The queue in a PostgreSQL database, by pg-boss: an optional package that is loaded here alone, and only when it is asked for. */

import type PgBoss from 'pg-boss';
import type { Clock } from '../model/clock.ts';
import { refuse } from '../model/messages/problems.ts';
import { type Warning, warning } from '../model/messages/warning-rows.ts';
import { InputError } from '../model/problem.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { Job, JobQueue } from './queue.ts';

export interface PgBossOptions {
  /** May hold a password: nothing prints it. */
  readonly url: string;
  /** A job that is not finished by then is given out again. */
  readonly expirySeconds: number;
  /** How often expired jobs are looked for; 10 by default. */
  readonly maintenanceSeconds?: number;
}

interface Ports {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told why the database does not answer, once until it does. */
  readonly warn: (warning: Warning) => void;
}

const queueName = 'muster-cycles';
const schema = 'muster_queue';
const retryMs = 2000;

/**
 * Waits until the database answers.
 *
 * @throws {InputError} when pg-boss is not installed, or the signal is aborted before
 */
export async function openPgBossQueue(options: PgBossOptions, ports: Ports): Promise<JobQueue> {
  const { default: Boss } = await import('pg-boss').catch(notInstalled);
  const trouble = new Trouble(ports.warn);
  const { expirySeconds, maintenanceSeconds = 10 } = options;
  const boss = new Boss({
    connectionString: options.url,
    application_name: 'muster',
    schema,
    schedule: false,
    maintenanceIntervalSeconds: maintenanceSeconds,
    max: 4,
  });
  boss.on('error', (error) => trouble.tell(error));
  await untilItWorks(trouble, ports, async () => {
    await boss.start();
    await boss.createQueue(queueName, { name: queueName, policy: 'short' });
  });
  return new PgBossQueue(boss, expirySeconds, trouble);
}

function notInstalled(): never {
  throw new InputError([refuse('queue-not-installed', {})]);
}

async function untilItWorks(trouble: Trouble, { clock, signal }: Ports, work: () => Promise<void>): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await work();
      trouble.isOver();
      return;
    } catch (error) {
      trouble.tell(error);
      await clock.sleep(retryMs, signal);
    }
  }
}

/** Says once that the database does not answer, and once that it does. Never the message: it may name what the address holds. */
class Trouble {
  readonly #warn: (warning: Warning) => void;
  #is = false;

  constructor(warn: (warning: Warning) => void) {
    this.#warn = warn;
  }

  tell(error: unknown): void {
    if (!this.#is) this.#warn(warning('queue-silent', { code: systemCodeOf(error) }));
    this.#is = true;
  }

  isOver(): void {
    if (this.#is) this.#warn(warning('queue-answers', {}));
    this.#is = false;
  }
}

class PgBossQueue implements JobQueue {
  readonly #boss: PgBoss;
  readonly #expirySeconds: number;
  readonly #trouble: Trouble;
  /** Jobs that are over, while the database did not answer. */
  readonly #over = new Set<string>();

  constructor(boss: PgBoss, expirySeconds: number, trouble: Trouble) {
    this.#boss = boss;
    this.#expirySeconds = expirySeconds;
    this.#trouble = trouble;
  }

  async ask(server: string): Promise<void> {
    await this.#try(async () => {
      const job = { singletonKey: server, expireInSeconds: this.#expirySeconds, retryLimit: 5 };
      await this.#boss.send(queueName, { server }, job);
    });
  }

  async take(): Promise<Job | undefined> {
    for (const id of this.#over) await this.#complete(id);
    const [job] = await this.#boss.fetch<{ readonly server?: unknown }>(queueName);
    if (job === undefined) return undefined;
    const { server } = job.data;
    if (typeof server === 'string') return { id: job.id, server };
    await this.#complete(job.id);
    return undefined;
  }

  async finish({ id }: Job): Promise<void> {
    this.#over.add(id);
    await this.#complete(id).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const id of this.#over) await this.#complete(id).catch(() => undefined);
    await this.#boss.stop({ graceful: false, wait: true }).catch(() => undefined);
  }

  async #complete(id: string): Promise<void> {
    await this.#try(() => this.#boss.complete(queueName, id));
    this.#over.delete(id);
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.#trouble.isOver();
    } catch (error) {
      this.#trouble.tell(error);
      throw error;
    }
  }
}
