import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import { Slots } from '../../app/slots.ts';
import { type FleetPorts, reconcileFleet } from '../../daemon/fleet-loop.ts';
import { type OneCycle, reconcileOnce } from '../../daemon/loop.ts';
import { healthOf } from '../../model/reconcile-health.ts';
import { applyText } from '../../report/apply-text.ts';
import { applyLine, type FleetLine, planLine } from '../../report/fleet-text.ts';
import { type Redaction, redactionOf } from '../../report/redact-plan.ts';
import { daemonPorts, loopOptions } from '../daemon-options.ts';
import { codeOfError, type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import { type FleetView, fleetPorts, reportFleet } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import { fleetFormat, inputOptions, type ReconcileFlags } from '../options.ts';
import { appliedJson, codeOfApplied } from '../run-and-report.ts';
import { openSession, type Session } from '../session.ts';
import { planView } from './plan-all.ts';
import { codeOfHealth } from './status.ts';

/** All servers in one process. */
export async function reconcileAllCommand(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  return flags.once === true ? await once(flags, io) : await untilStopped(flags, io);
}

async function untilStopped(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const { clock, workingDir } = session.ports;
  const options = { ...loopOptions(flags, io), parallel: flags.parallel ?? defaultParallel };
  const ports: FleetPorts = { of: (name) => daemonPorts(session, flags, io, name), clock, workingDir };
  const { listen } = flags;
  if (listen === undefined) return codeOf(await reconcileFleet(options, ports));
  const { statusPageOf } = await import('../status-page.ts');
  const { serveWhile } = await import('../../daemon/served-loop.ts');
  return await serveWhile(listen, clock, statusPageOf(flags), async (watched) => {
    const of: FleetPorts['of'] = (name) => watched.ports(name, ports.of(name));
    return codeOf(await reconcileFleet(options, { ...ports, of, forget: (name) => watched.forget(name) }));
  });
}

const codeOf = (failures: readonly unknown[]): ExitCode => mostSerious(failures.map(codeOfError));

/** One cycle of each, with the same report as plan or apply. */
async function once(flags: ReconcileFlags, io: CliIo): Promise<ExitCode> {
  const format = fleetFormat(flags.format);
  const session = openSession(io);
  const redactions = new Map<string, Redaction>();
  const names = await fleetNames(inputOptions(flags), session.ports);
  const { emit } = fleetPorts(session, redactions);
  const cycle = async (server: string): Promise<OneCycle> => {
    const confirm = (plan: Parameters<typeof redactionOf>[0]): Promise<boolean> => {
      if (flags.redact === true) redactions.set(server, redactionOf(plan));
      return Promise.resolve(true);
    };
    const ports = { ...daemonPorts(session, flags, io, server), emit };
    const end = await reconcileOnce({ ...loopOptions(flags, io), server, confirm }, ports);
    if (end.error !== undefined) throw end.error;
    return end;
  };
  const ended = await onEach(names, new Slots(flags.parallel ?? defaultParallel), cycle);
  return reportFleet(ended, cycleView(flags, session, redactions), format, session);
}

function cycleView(
  flags: ReconcileFlags,
  session: Session,
  redactions: ReadonlyMap<string, Redaction>,
): FleetView<OneCycle> {
  const plans = planView({ ...flags, format: 'text' }, session);
  return {
    line: (name, { made, outcome, state }) => {
      if (made === undefined) return waitingLine(name, outcome.is, state.pause?.reason ?? state.trouble?.text);
      return made.result === undefined ? planLine(name, made.plan) : applyLine(name, { ...made, declined: false });
    },
    details: (name, { made }) => {
      if (made === undefined) return undefined;
      const { plan, result, journal } = made;
      if (result === undefined) return plans.details(name, { plan });
      const text = applyText(result, session.paint, journal);
      return { url: plan.server.url, text: redactions.get(name)?.text(text) ?? text };
    },
    json: (name, { made, outcome }) => {
      if (made === undefined) return { outcome: outcome.is };
      if (made.result === undefined) return plans.json(name, made);
      return appliedJson({ ...made, declined: false }, flags.redact === true, redactions.get(name));
    },
    code: ({ made, outcome, state }) => {
      if (outcome.is === 'put-off') return codeOfHealth(healthOf(state, session.ports.clock.now()));
      if (made === undefined) return exitCodes.done;
      return made.result === undefined ? plans.code(made) : codeOfApplied({ ...made, declined: false });
    },
  };
}

const waitingLine = (name: string, word: string, text = ''): FleetLine => ({ name, word, colour: 'yellow', text });
