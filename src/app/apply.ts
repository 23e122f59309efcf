import type { Settings } from '../config/settings.ts';
import { readServerKey } from '../resources/index.ts';
import { type ApplyResult, type CarryOutOptions, carryOut } from './carry-out.ts';
import { type FilesOrPlan, filesOrPlan } from './files-or-plan.ts';
import { type PlanOptions, type PlanWith, planWith } from './plan.ts';
import { type AppPorts, inStep } from './ports.ts';
import { rememberAgain, rememberPlanned } from './remember.ts';
import { runOriginOf } from './run-origin.ts';
import { withRunState } from './run-state.ts';
import { settlePreviousRun } from './settle-run.ts';
import { withServerAfter } from './with-server.ts';

export type { ApplyResult } from './carry-out.ts';

export interface ApplyOptions extends PlanOptions, CarryOutOptions {}

/** Cleans up after a run that was ended from outside, plans, asks, and applies the plan. */
export function apply(options: ApplyOptions, given: AppPorts): Promise<ApplyResult> {
  const load = (settings: Settings): Promise<FilesOrPlan> => filesOrPlan(settings, options, given);
  return withServerAfter(options, given, load, async (server, files) => {
    const { settings, client, requests, ports } = server;
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      await settlePreviousRun(state, client, ports);
      const stands = await files.standing(server, true);
      if (stands !== undefined) {
        const { plan, read, previous } = stands;
        await rememberAgain(previous, state, ports);
        return { plan, read, declined: false };
      }
      const desired = await files.desired();
      const input: PlanWith = { settings, desired, options, client: client.readOnly(), requests, isToApply: true };
      const planned = await inStep(ports, 'plan', () => planWith(input, ports));
      const { plan, live, window, read } = planned;
      const origin = await runOriginOf(settings.configDir, ports.env);
      const todo = { plan, facts: live.facts, settings, client, state, window, origin };
      const applied = await inStep(ports, 'apply', () => carryOut(todo, options, ports));
      await rememberPlanned(applied, planned, state, ports);
      return { ...applied, ...(read !== undefined && { read }) };
    });
  });
}
