import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import { type Planned, plan } from '../../app/plan.ts';
import { Slots } from '../../app/slots.ts';
import { differencesIn, planLine } from '../../report/fleet-text.ts';
import { redactPlan } from '../../report/redact-plan.ts';
import { codeOfPlan, type ExitCode } from '../exit-codes.ts';
import { countServers, type FleetView, fleetPorts, reportFleet } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import {
  connectionOptions,
  fleetFormat,
  inputOptions,
  type MakePlanFlags,
  narrowingOptions,
  recordOptions,
  warmOptions,
} from '../options.ts';
import { renderPlan } from '../render-plan.ts';
import { layoutFor, openSession, type Session } from '../session.ts';

/** The plans of all servers. */
export async function planAllCommand(flags: MakePlanFlags, io: CliIo): Promise<ExitCode> {
  const format = fleetFormat(flags.format);
  const session = openSession(io);
  const names = await fleetNames(inputOptions(flags), session.ports);
  const progress = countServers(session, names.length);
  const options = {
    ...inputOptions(flags),
    ...connectionOptions(flags),
    ...narrowingOptions(flags),
    ...recordOptions(flags, io),
    ...warmOptions(flags),
  };
  const ports = fleetPorts(session);
  const slots = new Slots(flags.parallel ?? defaultParallel);
  const ended = await onEach(names, slots, (server) => plan({ ...options, server }, ports), progress.told);
  progress.end();
  return reportFleet(ended, planView(flags, session), format, session);
}

export function planView(flags: MakePlanFlags, { io, paint }: Session): FleetView<Pick<Planned, 'plan'>> {
  const { redact = false, verbose = false, detailedExitcode = false } = flags;
  return {
    line: (name, { plan: made }) => planLine(name, made),
    details: (_, { plan: made }) => {
      const { actions, blocked, unusable = 0 } = made.summary;
      if (!verbose && actions + blocked + unusable + differencesIn(made.compared) === 0) return undefined;
      return { url: made.server.url, text: renderPlan(made, 'text', redact, paint, layoutFor(io.stdout, flags)) };
    },
    json: (_, { plan: made }) => ({ plan: redact ? redactPlan(made) : made }),
    code: ({ plan: made }) => codeOfPlan(made, detailedExitcode),
  };
}
