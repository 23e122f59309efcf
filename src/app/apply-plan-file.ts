import { ensureStateDir, isPlanNoted, notePlanUse, stateDirOf } from '../journal/state-dir.ts';
import type { Plan } from '../model/plan.ts';
import { PlanFileRefusedError, refuseExpiredPlan, refuseUnfitPlan } from '../plan/plan-file.ts';
import { createLiveReader, isPlanNotedOnServer, notePlanUseOnServer } from '../resources/index.ts';
import { type Applied, type ApplyOptions, carryOut } from './apply.ts';
import { connect } from './connect.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts } from './ports.ts';
import { readPlanFile } from './show.ts';

export interface ApplyPlanFileOptions extends ApplyOptions {
  /** Path of the plan file. */
  readonly planFile: string;
  /** Absolute; where muster remembers which plans were used. */
  readonly stateDir?: string;
}

/**
 * Carries out a plan as it was reviewed: this very plan, for this server, these files and this version, within its day, once.
 *
 * @throws {PlanFileRefusedError} when any of that does not hold; nothing is written then
 */
export async function applyPlanFile(options: ApplyPlanFileOptions, ports: AppPorts): Promise<Applied> {
  const plan = await readPlanFile(options.planFile, ports);
  refuseExpiredPlan(plan, ports.clock.now());
  const settings = await loadSettings(options, ports);
  // As of the plan's own moment, since dates may have come and gone since.
  const desired = await loadDesired(settings, { ...options, atMs: Date.parse(plan.desired.moment) }, ports);
  const { client, requests } = await connect(settings, options, ports);
  try {
    const facts = await createLiveReader(client.readOnly(), requests).facts([]);
    refuseUnfitPlan(plan, {
      nowMs: ports.clock.now(),
      serverKey: facts.key,
      serverUrl: facts.url,
      toolVersion: ports.toolVersion,
      desiredDigest: desired.digest,
    });
    const stateDir = stateDirOf(options.stateDir, facts.key, ports.env);
    await ensureStateDir(stateDir);
    const digest = digestOfPlan(plan);
    const isUsed =
      (await isPlanNoted(stateDir, digest)) || (await isPlanNotedOnServer(client, facts.caller.id, digest));
    // Before anybody is asked; and once more at the first write, in case that somebody else was quicker.
    if (isUsed) throw usedBefore();
    const begin = async (): Promise<void> => {
      const nowMs = ports.clock.now();
      // The server first: what cannot be asked there should not use the plan up here.
      const isFirst =
        (await notePlanUseOnServer(client, facts.caller.id, digest, nowMs)) &&
        (await notePlanUse(stateDir, digest, new Date(nowMs).toISOString()));
      if (!isFirst) throw usedBefore();
    };
    return await carryOut({ plan, facts, settings, client, begin }, options, ports);
  } finally {
    await client.close();
  }
}

const usedBefore = (): PlanFileRefusedError => new PlanFileRefusedError('it was used before: a plan is used once');

function digestOfPlan({ digest }: Plan): string {
  if (digest === undefined) throw new PlanFileRefusedError('it has no digest');
  return digest;
}
