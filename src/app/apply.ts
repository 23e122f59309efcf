import { readServerKey } from '../resources/index.ts';
import { type Applied, type CarryOutOptions, carryOut } from './carry-out.ts';
import { connect } from './connect.ts';
import { loadDesired, loadSettings } from './load.ts';
import { type PlanOptions, planWith } from './plan.ts';
import type { AppPorts } from './ports.ts';
import { rememberPlanned } from './remember.ts';
import { withRunState } from './run-state.ts';
import { settleFormerRun } from './settle-run.ts';

export type { Applied } from './carry-out.ts';

export interface ApplyOptions extends PlanOptions, CarryOutOptions {}

/** Clears up after a run that was ended from outside, plans, asks, and makes it so. */
export async function apply(options: ApplyOptions, ports: AppPorts): Promise<Applied> {
  const settings = await loadSettings(options, ports);
  const desired = await loadDesired(settings, options, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const serverKey = await readServerKey(client.readOnly());
    return await withRunState({ stateDir: options.stateDir, serverKey }, ports, async (state) => {
      await settleFormerRun(state, client, ports);
      const planned = await planWith({ settings, desired, options, client: client.readOnly(), requests }, ports);
      const { plan, live } = planned;
      const applied = await carryOut({ plan, facts: live.facts, settings, client, state }, options, ports);
      await rememberPlanned(applied, planned, state, ports);
      return applied;
    });
  } finally {
    await client.close();
  }
}
