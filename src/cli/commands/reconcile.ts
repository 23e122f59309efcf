import { flawOfCron } from '../../config/cron.ts';
import { type OneCycle, reconcileLoop, reconcileOnce } from '../../daemon/loop.ts';
import { isTimeZone } from '../../model/civil-time.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { healthOf } from '../../model/reconcile-health.ts';
import { daemonPorts, loopOptions } from '../daemon-options.ts';
import { codeOfPlan, type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import type { ReconcileFlags } from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { runAndReport } from '../run-and-report.ts';
import { layoutFor, openSession } from '../session.ts';
import { codeOfHealth } from './status.ts';

export async function reconcileCommand(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  refuseUnknown(flags);
  const { worker = false, queue = false, all = false } = flags;
  if (worker) return await (await import('./reconcile-queue.ts')).workerCommand(flags, io);
  if (queue) return await (await import('./reconcile-queue.ts')).scheduleCommand(flags, io);
  if (all) return await (await import('./reconcile-all.ts')).reconcileAllCommand(flags, io);
  return flags.once === true ? await once(flags, io) : await untilStopped(flags, io);
}

/** With the same report as plan or apply. */
async function once(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  return await runAndReport({ ...flags, yes: true }, io, async (confirm, session) => {
    const ports = daemonPorts(session, flags, io);
    const end = await reconcileOnce({ ...loopOptions(flags, io), confirm }, ports);
    const { made } = end;
    if (made === undefined) return withoutLook(end, ports.clock.now());
    if (made.result !== undefined) return { ...made, declined: false };
    session.endProgress();
    const { paint } = session;
    io.stdout.write(renderPlan(made.plan, flags.format, flags.redact === true, paint, layoutFor(io.stdout, flags)));
    return codeOfPlan(made.plan, flags.detailedExitcode === true);
  });
}

/** @throws why the cycle failed */
function withoutLook({ outcome, state, error }: OneCycle, nowMs: number): ExitCode {
  if (error !== undefined) throw error;
  return outcome.is === 'put-off' ? codeOfHealth(healthOf(state, nowMs)) : exitCodes.done;
}

async function untilStopped(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const { listen } = flags;
  const ports = daemonPorts(session, flags, io);
  if (listen === undefined) await reconcileLoop(loopOptions(flags, io), ports);
  else {
    const { statusPageOf } = await import('../status-page.ts');
    const { serveLoop } = await import('../../daemon/served-loop.ts');
    await serveLoop(listen, statusPageOf(flags), loopOptions(flags, io), ports);
  }
  return exitCodes.done;
}

/** @throws {InputError} what the parser of flags cannot tell */
function refuseUnknown({ cron, timeZone }: ReconcileFlags): void {
  const is = cron === undefined ? undefined : flawOfCron(cron);
  if (is !== undefined) throw new InputError([refuse('wrong-value', { is, field: '--cron' })]);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new InputError([refuse('unknown-time-zone', { zone: timeZone })]);
}
