import type { ApplyResult } from '../../app/carry-out.ts';
import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import type { Cycle } from '../../app/reconcile.ts';
import { Slots } from '../../app/slots.ts';
import { type FleetPorts, reconcileFleet } from '../../daemon/fleet-loop.ts';
import { type OneCycle, reconcileOnce } from '../../daemon/loop.ts';
import { healthOf } from '../../model/reconcile-health.ts';
import type { FleetLine } from '../../report/fleet-text.ts';
import { type Redaction, redactionOf } from '../../report/redact-plan.ts';
import { daemonPorts, loopOptions } from '../daemon-options.ts';
import { codeOfError, type ExitCode, exitCodes, mostSerious } from '../exit-codes.ts';
import { fleetPorts, type PipelineView, reportFleetAs } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import { inputOptions, type ReconcileFlags } from '../options.ts';
import { openSession, type Session } from '../session.ts';
import { applyView } from './apply-all.ts';
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
  return reportFleetAs(ended, cycleView(flags, session, redactions), flags.format, session);
}

/** What a cycle made, as the command shows it that makes the same; `undefined`: nothing was made. */
function ofMade<Shown>(
  { made }: OneCycle,
  asPlan: (made: Pick<Cycle, 'plan'>) => Shown,
  asApply: (made: ApplyResult) => Shown,
): Shown | undefined {
  if (made === undefined) return undefined;
  return made.result === undefined ? asPlan(made) : asApply({ ...made, declined: false });
}

function cycleView(
  flags: ReconcileFlags,
  session: Session,
  redactions: ReadonlyMap<string, Redaction>,
): PipelineView<OneCycle> {
  const plans = planView(flags, session);
  const applies = applyView(flags, session, redactions);
  return {
    about: 'muster reconcile',
    line: (name, cycle) => {
      const { outcome, state } = cycle;
      const made = ofMade(
        cycle,
        (one) => plans.line(name, one),
        (one) => applies.line(name, one),
      );
      return made ?? waitingLine(name, outcome.is, state.pause?.reason ?? state.trouble?.text);
    },
    details: (name, cycle) =>
      ofMade(
        cycle,
        (one) => plans.details(name, one),
        (one) => applies.details(name, one),
      ),
    json: (name, cycle) =>
      ofMade(
        cycle,
        (one) => plans.json(name, one),
        (one) => applies.json(name, one),
      ) ?? { outcome: cycle.outcome.is },
    markdown: (name, cycle, part) =>
      ofMade(
        cycle,
        (one) => plans.markdown(name, one, part),
        (one) => applies.markdown(name, one, part),
      ),
    annotations: (name, cycle) =>
      ofMade(
        cycle,
        (one) => plans.annotations(name, one),
        (one) => applies.annotations(name, one),
      ) ?? [],
    code: (cycle) => {
      const { outcome, state } = cycle;
      if (outcome.is === 'put-off') return codeOfHealth(healthOf(state, session.ports.clock.now()));
      return (
        ofMade(
          cycle,
          (one) => plans.code(one),
          (one) => applies.code(one),
        ) ?? exitCodes.done
      );
    },
  };
}

const waitingLine = (name: string, word: string, text = ''): FleetLine => ({ name, word, colour: 'yellow', text });
