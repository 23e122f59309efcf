/** One schedule and any number of workers: the schedule asks for cycles when they are due, and workers make them. */
import { fleetSchedules } from '../app/fleet.ts';
import type { AppPorts } from '../app/ports.ts';
import { type Warning, warning } from '../model/messages/warning-rows.ts';
import { InputError } from '../model/problem.ts';
import { type FleetLoopOptions, type FleetPorts, failureOf } from './fleet-loop.ts';
import { type LoopPorts, reconcileOnce } from './loop.ts';
import type { Job, JobQueue } from './queue.ts';
import { type Due, dueAfter, dueAfterSetBack, type Random } from './schedule.ts';
import { ClockWatch } from './set-back.ts';
import type { WorkerPulse } from './worker-pulse.ts';

/** How often the schedule looks what is due, and how often a worker with nothing to do asks. */
const lookMs = 1000;

interface Ports {
  readonly clock: AppPorts['clock'];
  readonly workingDir: string;
  readonly random: Random;
  /** Told why muster.yaml cannot be read, once until it can. */
  readonly warn: (warning: Warning) => void;
}

type Stoppable = FleetLoopOptions & { readonly signal: AbortSignal };

/** Asks for cycles of all servers when they are due, until the signal is aborted. */
export async function keepSchedule(options: Stoppable, queue: JobQueue, ports: Ports): Promise<void> {
  const { clock, random, warn } = ports;
  const due = new Map<string, Due>();
  const watch = new ClockWatch(clock);
  let why: string | undefined;
  while (!options.signal.aborted) {
    try {
      const schedules = await fleetSchedules(options, ports);
      why = undefined;
      for (const name of due.keys()) if (!schedules.has(name)) due.delete(name);
      const setBackMs = watch.setBackMs();
      for (const [name, { schedule }] of schedules) {
        const known = due.get(name);
        if (known !== undefined) due.set(name, dueAfterSetBack(known, setBackMs, schedule, clock.now()));
      }
      for (const [name, { schedule, jitterMs }] of schedules) {
        const known = due.get(name) ?? dueAfter(schedule, jitterMs, undefined, clock.now(), random);
        if (known === undefined) continue;
        due.set(name, known);
        if (known.atMs > clock.now()) continue;
        await queue.ask(name);
        due.set(name, dueAfter(schedule, jitterMs, known, clock.now(), random) ?? known);
      }
    } catch (error) {
      // Of the queue it says so itself.
      const text = error instanceof InputError ? error.message : undefined;
      if (text !== undefined && text !== why) warn(warning('fleet-unusable', { why: text }));
      why = text;
    }
    await clock.sleep(options.lookMs ?? lookMs, options.signal).catch(() => undefined);
  }
}

/** Takes jobs and makes their cycles, so many at the same time, until the signal is aborted. */
export async function workOnQueue(
  options: Stoppable & { readonly deadlineForMs: number },
  queue: JobQueue,
  ports: FleetPorts,
  pulse?: WorkerPulse,
): Promise<void> {
  const { clock } = ports;
  const take = async (): Promise<Job | undefined> => {
    try {
      const job = await queue.take();
      pulse?.asked(true);
      return job;
    } catch {
      pulse?.asked(false);
      return undefined;
    }
  };
  const lane = async (): Promise<void> => {
    while (!options.signal.aborted) {
      const job = await take();
      if (job === undefined) {
        await clock.sleep(options.lookMs ?? lookMs, options.signal).catch(() => undefined);
        continue;
      }
      await cycle(job.server);
      await queue.finish(job);
    }
  };
  const cycle = async (server: string): Promise<void> => {
    const given = ports.of(server);
    const own: LoopPorts = {
      ...given,
      emit: (event) => {
        pulse?.beat(server);
        given.emit(event);
      },
    };
    pulse?.beat(server);
    try {
      await reconcileOnce({ ...options, server, deadlineMs: clock.now() + options.deadlineForMs }, own);
    } catch (error) {
      if (!options.signal.aborted) own.tell(failureOf(error));
    } finally {
      pulse?.end(server);
      // Another worker may have the next one: nothing here tells how the server stands then.
      ports.forget?.(server);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, lane));
}
