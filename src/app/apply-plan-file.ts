import type { Settings } from '../config/settings.ts';
import { isPlanNoted, notePlanUse } from '../journal/state-dir.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { refuse } from '../model/messages/problems.ts';
import type { Plan } from '../model/plan.ts';
import { defaultLifetimeMs, longestLifetimeMs } from '../model/plan-lifetime.ts';
import { InputError } from '../model/problem.ts';
import { refuseUnmerged } from '../plan/conditional.ts';
import { PlanFileRefusedError, refuseUnfitPlan, refuseUntimelyPlan } from '../plan/plan-file.ts';
import { isPlanNotedOnServer, notePlanUseOnServer } from '../resources/index.ts';
import type { ApplyOptions } from './apply.ts';
import { type ApplyResult, carryOut } from './carry-out.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import { planWith } from './plan.ts';
import { type AppPorts, refuseMissingPorts } from './ports.ts';
import { rememberPlanned } from './remember.ts';
import { runOriginOf } from './run-origin.ts';
import { withRunState } from './run-state.ts';
import { settlePreviousRun } from './settle-run.ts';
import { readPlanFile } from './show.ts';
import { withServerAfter } from './with-server.ts';

export interface ApplyPlanFileOptions extends ApplyOptions, PlanFileUse {}

/** How a plan file is taken; from flags. */
export interface PlanFileUse {
  /** Path of the plan file. */
  readonly planFile: string;
  /** The digest that the reviewer saw: any other plan is refused. */
  readonly digest?: string;
  /** How old the plan may be, in milliseconds; 24 hours by default, 14 days at most. */
  readonly validForMs?: number;
}

/**
 * Carries out what was reviewed: plans again for this moment, and does only what both that plan and the file contain. What
 * is there already counts as done, what differs is stale, and what the fresh plan has more is left.
 *
 * @throws {PlanFileRefusedError} when the file is not of this time, server or version, was used before, or has another
 *   digest than the reviewer saw; nothing is written then
 */
export async function applyPlanFile(options: ApplyPlanFileOptions, given: AppPorts): Promise<ApplyResult> {
  return await applyPlan(await readPlanToUse(options, given), options, given);
}

/**
 * The same for a plan in hand: what the use case `plan` gave, or {@link readPlanFile}. With the digest that a person saw, what the plan
 * shows of administration counts as seen.
 *
 * @throws {PlanFileRefusedError} as {@link applyPlanFile} does
 */
export async function applyPlan(
  older: Plan,
  options: ApplyOptions & Pick<PlanFileUse, 'digest' | 'validForMs'>,
  given: AppPorts,
): Promise<ApplyResult> {
  if (older.undoes !== undefined) {
    throw new PlanFileRefusedError({ is: 'of-undo', run: older.undoes });
  }
  refuseOtherDigest(older, options);
  const load = (settings: Settings): Promise<DesiredState> => loadDesired(settings, options, given);
  return withServerAfter(options, given, load, (server, desired) => applyReviewed(older, server, desired, options));
}

/** Reads a plan file that is to be used, and refuses what can be refused without a server. */
export async function readPlanToUse({ planFile, digest, ...use }: PlanFileUse, ports: AppPorts): Promise<Plan> {
  refuseMissingPorts(ports);
  const lifetimeMs = lifetimeOf(use);
  const plan = await readPlanFile(planFile, ports);
  refuseOtherDigest(plan, digest === undefined ? {} : { digest });
  refuseUntimelyPlan(plan, ports.clock.now(), lifetimeMs);
  return plan;
}

function refuseOtherDigest(plan: Plan, { digest }: Pick<PlanFileUse, 'digest'>): void {
  if (digest === undefined || plan.digest === digest) return;
  throw new PlanFileRefusedError({ is: 'other-digest', digest: plan.digest ?? 'missing', reviewed: digest });
}

/** @throws {InputError} when a plan would be taken that another runner may have forgotten */
export function lifetimeOf({ validForMs = defaultLifetimeMs }: Pick<PlanFileUse, 'validForMs'>): number {
  if (validForMs <= longestLifetimeMs) return validForMs;
  throw new InputError([refuse('valid-for-too-long', {})]);
}

async function applyReviewed(
  older: Plan,
  { settings, client, reader, requests, ports }: Server,
  desired: DesiredState,
  options: ApplyOptions & Pick<PlanFileUse, 'digest' | 'validForMs'>,
): Promise<ApplyResult> {
  const { key, url, caller } = await reader.facts([]);
  refuseUnfitPlan(older, {
    nowMs: ports.clock.now(),
    serverKey: key,
    serverUrl: url,
    toolVersion: ports.toolVersion,
    lifetimeMs: lifetimeOf(options),
  });
  refuseUnmerged(older, options.base !== undefined);
  const digest = older.digest ?? '';
  return withRunState({ stateDir: options.stateDir, serverKey: key }, ports, async (state) => {
    // Notes in a directory that came from elsewhere are anybody's: there the server's alone count.
    const { isOwn } = state.store.trust;
    const isUsed =
      (isOwn && (await isPlanNoted(state.dir, digest))) || (await isPlanNotedOnServer(client, caller.id, digest));
    // Before the question; and once more at the first write, in case another process was quicker.
    if (isUsed) throw usedBefore();
    await settlePreviousRun(state, client, ports);
    const planned = await planWith(
      {
        settings,
        desired,
        isToApply: true,
        options: {
          ...(options.stateDir !== undefined && { stateDir: options.stateDir }),
          ...(options.isAskedFor !== undefined && { isAskedFor: options.isAskedFor }),
        },
        client: client.readOnly(),
        requests,
        older: { plan: older, actions: older.actions, isKnown: options.digest !== undefined },
      },
      ports,
    );
    const begin = async (): Promise<void> => {
      const nowMs = ports.clock.now();
      // The server first: what cannot be asked there should not use the plan up here.
      const isFirst =
        (await notePlanUseOnServer(client, caller.id, digest, nowMs)) &&
        ((await notePlanUse(state.dir, digest, new Date(nowMs).toISOString())) || !isOwn);
      if (!isFirst) throw usedBefore();
    };
    const { plan, live, selected, window } = planned;
    const settled = selected?.settled ?? [];
    const origin = await runOriginOf(settings.configDir, ports.env);
    const applied = await carryOut(
      { plan, facts: live.facts, settings, client, state, begin, settled, window, origin },
      options,
      ports,
    );
    await rememberPlanned(applied, planned, state, ports);
    return applied;
  });
}

const usedBefore = (): PlanFileRefusedError => new PlanFileRefusedError({ is: 'used-before' });
