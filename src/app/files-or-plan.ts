import type { Settings } from '../config/settings.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import type { PlanOptions } from './plan-inputs.ts';
import { type AppPorts, inStep } from './ports.ts';
import { mayStand, type StandingPlan, standingPlan } from './standing-plan.ts';

/** What a plan begins with. */
export interface FilesOrPlan {
  /** A kept plan, where it is the plan of now. */
  readonly standing: (server: Server, isToApply: boolean) => Promise<StandingPlan | undefined>;
  /** What the files declare, worked out by now or from now on. */
  readonly desired: () => Promise<DesiredState>;
}

/** Works the files out, so that what is wrong in them shows before a server is asked; later, where a plan of the very same files is kept. */
export async function filesOrPlan(settings: Settings, options: PlanOptions, ports: AppPorts): Promise<FilesOrPlan> {
  const kept = options.warm === undefined ? undefined : await mayStand(settings, options, ports);
  if (kept === undefined) {
    const desired = await loadDesired(settings, options, ports);
    return { standing: () => Promise.resolve(undefined), desired: () => Promise.resolve(desired) };
  }
  return {
    standing: (server, isToApply) =>
      inStep(server.ports, 'plan', () => standingPlan(server, kept, { options, isToApply })),
    desired: () => inStep(ports, 'load', () => loadDesired(settings, options, ports)),
  };
}
