import type { Settings } from '../config/settings.ts';
import { isPlanNoted, notePlanUse } from '../journal/state-dir.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { Plan } from '../model/plan.ts';
import { refuseUnmerged } from '../plan/conditional.ts';
import { PlanFileRefusedError, refuseExpiredPlan, refuseUnfitPlan } from '../plan/plan-file.ts';
import { isPlanNotedOnServer, notePlanUseOnServer } from '../resources/index.ts';
import type { ApplyOptions } from './apply.ts';
import { type Applied, carryOut } from './carry-out.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import type { AppPorts } from './ports.ts';
import { rememberByReading } from './remember.ts';
import { withRunState } from './run-state.ts';
import { settleFormerRun } from './settle-run.ts';
import { readPlanFile } from './show.ts';
import { withServerAfter } from './with-server.ts';

export interface ApplyPlanFileOptions extends ApplyOptions {
  /** Path of the plan file. */
  readonly planFile: string;
}

/**
 * Carries out a plan as it was reviewed: this very plan, for this server, these files and this version, within its day, once.
 *
 * @throws {PlanFileRefusedError} when any of that does not hold; nothing is written then
 */
export async function applyPlanFile(options: ApplyPlanFileOptions, given: AppPorts): Promise<Applied> {
  const plan = await readPlanFile(options.planFile, given);
  refuseExpiredPlan(plan, given.clock.now());
  // As of the plan's own moment, since dates may have come and gone since.
  const atMs = Date.parse(plan.desired.moment);
  const load = (settings: Settings): Promise<DesiredState> => loadDesired(settings, { ...options, atMs }, given);
  return withServerAfter(options, given, load, (server, desired) => applyReviewed(plan, server, desired, options));
}

async function applyReviewed(
  plan: Plan,
  { settings, client, reader, ports }: Server,
  desired: DesiredState,
  options: ApplyOptions,
): Promise<Applied> {
  const facts = await reader.facts([]);
  refuseUnfitPlan(plan, {
    nowMs: ports.clock.now(),
    serverKey: facts.key,
    serverUrl: facts.url,
    toolVersion: ports.toolVersion,
    desiredDigest: desired.digest,
  });
  refuseUnmerged(plan, options.base !== undefined);
  const digest = digestOfPlan(plan);
  return withRunState({ stateDir: options.stateDir, serverKey: facts.key }, ports, async (state) => {
    const isUsed =
      (await isPlanNoted(state.dir, digest)) || (await isPlanNotedOnServer(client, facts.caller.id, digest));
    // Before the question; and once more at the first write, in case another process was quicker.
    if (isUsed) throw usedBefore();
    await settleFormerRun(state, client, ports);
    const begin = async (): Promise<void> => {
      const nowMs = ports.clock.now();
      // The server first: what cannot be asked there should not use the plan up here.
      const isFirst =
        (await notePlanUseOnServer(client, facts.caller.id, digest, nowMs)) &&
        (await notePlanUse(state.dir, digest, new Date(nowMs).toISOString()));
      if (!isFirst) throw usedBefore();
    };
    const applied = await carryOut({ plan, facts, settings, client, state, begin }, options, ports);
    await rememberByReading(applied, { plan, desired, settings, reader }, state, ports);
    return applied;
  });
}

const usedBefore = (): PlanFileRefusedError =>
  new PlanFileRefusedError(
    'it was used before: a plan is used once',
    'make a new plan; or, if its run was interrupted, go on with it by muster apply --resume',
  );

function digestOfPlan({ digest }: Plan): string {
  if (digest === undefined) throw new PlanFileRefusedError('it has no digest');
  return digest;
}
