/** The servers of one muster.yaml, shared out by a queue in PostgreSQL. */

import { defaultParallel } from '../../app/fleet.ts';
import type { FleetPorts } from '../../daemon/fleet-loop.ts';
import { openPgBossQueue } from '../../daemon/pg-boss-queue.ts';
import type { JobQueue } from '../../daemon/queue.ts';
import { keepSchedule, workOnQueue } from '../../daemon/queue-fleet.ts';
import type { Watched } from '../../daemon/served-loop.ts';
import { WorkerPulse } from '../../daemon/worker-pulse.ts';
import { minuteMs } from '../../model/duration.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { daemonPorts, loopOptions } from '../daemon-options.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { ReconcileFlags } from '../options.ts';
import { openSession, type Session } from '../session.ts';

/** How long a cycle of a worker begins new actions. */
const defaultDeadlineMs = 10 * minuteMs;
/** What it may take to read, to end what is under way, and to read back. */
const graceMs = 5 * minuteMs;

/** Asks for cycles when they are due. */
export async function scheduleCommand(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  return await withQueue(flags, io, async (queue, session) => {
    const { random, tell } = daemonPorts(session, flags, io);
    const { clock, workingDir } = session.ports;
    const options = { ...loopOptions(flags, io), parallel: 1, signal: io.signal };
    await keepSchedule(options, queue, { clock, workingDir, random, warn: tell });
  });
}

/** Makes the cycles that the schedule asks for. */
export async function workerCommand(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  const { listen } = flags;
  if (listen === undefined) return await worker(flags, io);
  const { clock } = openSession(io).ports;
  const pulse = new WorkerPulse(clock);
  const { serveWorkerWhile } = await import('../../daemon/served-loop.ts');
  return await serveWorkerWhile(listen, clock, pulse.health, (watched) => worker(flags, io, { watched, pulse }));
}

/** Who asks from outside sees a worker's cycles, and whether it works. */
interface Seen {
  readonly watched: Watched;
  readonly pulse: WorkerPulse;
}

async function worker(flags: ReconcileFlags, io: CliIo, seen?: Seen): Promise<ExitCode> {
  return await withQueue(flags, io, async (queue, session) => {
    const { clock, workingDir } = session.ports;
    const ports: FleetPorts = {
      of: (name) => {
        const own = daemonPorts(session, flags, io, name);
        return seen === undefined ? own : seen.watched.ports(name, own);
      },
      forget: (name) => seen?.watched.forget(name),
      clock,
      workingDir,
    };
    const parallel = flags.parallel ?? defaultParallel;
    const deadlineForMs = deadlineOf(flags);
    const options = { ...loopOptions(flags, io), parallel, signal: io.signal, deadlineForMs };
    await workOnQueue(options, queue, ports, seen?.pulse);
  });
}

const deadlineOf = ({ deadline }: ReconcileFlags): number => deadline ?? defaultDeadlineMs;

async function withQueue(
  flags: ReconcileFlags,
  io: CliIo,
  work: (queue: JobQueue, session: Session) => Promise<void>,
): Promise<ExitCode> {
  const url = queueUrl(io.env);
  const session = openSession(io);
  const { tell } = daemonPorts(session, flags, io);
  const { clock } = session.ports;
  const deadlineMs = deadlineOf(flags);
  const expirySeconds = Math.ceil(Math.max(2 * deadlineMs, deadlineMs + graceMs) / 1000);
  try {
    const queue = await openPgBossQueue({ url, expirySeconds }, { clock, signal: io.signal, warn: tell });
    try {
      await work(queue, session);
    } finally {
      await queue.close();
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
  }
  return exitCodes.done;
}

/** From the environment alone: it may hold a password. */
function queueUrl({ MUSTER_QUEUE_URL: url = '' }: CliIo['env']): string {
  if (URL.canParse(url) && /^postgres(?:ql)?:$/.test(new URL(url).protocol)) return url;
  throw new InputError([url === '' ? refuse('no-queue', {}) : refuse('wrong-value', { is: 'queue-address' })]);
}
