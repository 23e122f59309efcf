import { readServerKey } from '../resources/index.ts';
import { type Applied, type CarryOutOptions, carryOut } from './carry-out.ts';
import { connect } from './connect.ts';
import { rememberDeclaredOf } from './declared-memory.ts';
import { loadDesired, loadSettings } from './load.ts';
import { type Planned, type PlanOptions, planWith } from './plan.ts';
import type { AppPorts } from './ports.ts';
import { type RunState, withRunState } from './run-state.ts';
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
      await rememberWhenDone(applied, planned, state, ports);
      return applied;
    });
  } finally {
    await client.close();
  }
}

/** Who is declared is remembered only once everything is as declared. */
async function rememberWhenDone(
  { result, declined }: Applied,
  planned: Planned,
  { dir }: RunState,
  { clock }: AppPorts,
): Promise<void> {
  const isDone = result?.results.every(({ outcome }) => outcome.status === 'done') ?? !declined;
  if (!isDone) return;
  await rememberDeclaredOf({ stateDir: dir, planned, created: result?.created ?? new Map(), nowMs: clock.now() });
}
