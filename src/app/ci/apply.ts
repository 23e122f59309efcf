import type { ApplyToShow } from '../../model/ci-comment.ts';
import type { PullRequest } from '../../model/forge.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { Plan } from '../../model/plan.ts';
import { InputError } from '../../model/problem.ts';
import { PlanFileRefusedError, refuseUntimelyPlan } from '../../plan/plan-file.ts';
import { applyPlan, lifetimeOf } from '../apply-plan-file.ts';
import type { ApplyResult, CarryOutOptions } from '../carry-out.ts';
import { closing } from '../closing.ts';
import { plan } from '../plan.ts';
import type { AppPorts } from '../ports.ts';
import { resume } from '../resume.ts';
import { checkpointsOf } from './checkpoints.ts';
import {
  type CiJob,
  type CiOptions,
  type CiPorts,
  factsFor,
  lazyRepository,
  markFor,
  openJobState,
  withJob,
} from './job.ts';
import { placeNote } from './place-note.ts';
import { ownInputs } from './plan.ts';
import { keptPlan, short, shownPlan } from './shown-plan.ts';
import type { CiState } from './state.ts';

export interface CiApplyOptions extends CiOptions, Omit<CarryOutOptions, 'isUnattended'> {
  /** Of the plan that was reviewed; without it the one that the comment of the merged pull request shows. */
  readonly digest?: string;
  /** How old it may be, in milliseconds. */
  readonly validForMs?: number;
  /** Resumes the newest run that did not finish. */
  readonly isResume?: boolean;
}

export type CiApplied =
  | { readonly applied: ApplyResult; readonly text: string; readonly forgeError?: unknown }
  | { readonly error: unknown; readonly text: string; readonly forgeError?: unknown }
  /** There was nothing to resume. */
  | { readonly nothing: true };

/**
 * Carries out the very plan that was reviewed, or resumes its run, and says in a comment what came of it. What has changed since
 * is left, and shown with what a new plan would do.
 */
export async function ciApply(options: CiApplyOptions, ports: CiPorts): Promise<CiApplied> {
  return await withJob(options, ports, async (job) => {
    const pullRequest = await pullRequestOf(options, job);
    const { commit } = job.facts;
    const mark = markFor(job, 'apply', commit === undefined ? {} : { commit });
    const facts = factsFor(job, mark);
    let result: CiApplied;
    try {
      const shown = await applyInState(options, pullRequest, job, ports);
      if (shown === undefined) return { nothing: true };
      result = { applied: shown.applied, text: ports.texts.apply(toShow(shown), facts) };
    } catch (error) {
      result = { error, text: ports.texts.failed(error, 'muster ci apply', facts) };
    }
    if (pullRequest === undefined) return result;
    try {
      await placeNote(job.forge, pullRequest, result.text, mark);
      return result;
    } catch (forgeError) {
      return { ...result, forgeError };
    }
  });
}

/** The one that was merged. */
async function pullRequestOf(
  { pullRequest, digest, isResume }: CiApplyOptions,
  { forge, facts }: CiJob,
): Promise<PullRequest | undefined> {
  if (pullRequest !== undefined) return await forge.pullRequest(pullRequest);
  if (facts.commit === undefined) return undefined;
  const merged = await forge.mergedAs(facts.commit);
  if (merged !== undefined || digest !== undefined || isResume === true) return merged;
  // Elsewhere no one tells what was merged.
  return forge.kind === 'plain' ? await forge.pullRequest(undefined) : undefined;
}

interface Shown {
  readonly applied: ApplyResult;
  readonly left?: Plan;
}

const toShow = ({ applied: { plan: carriedOut, result }, left }: Shown): ApplyToShow => ({
  plan: carriedOut,
  ...(result !== undefined && { result }),
  ...(left !== undefined && { left }),
});

async function applyInState(
  options: CiApplyOptions,
  pullRequest: PullRequest | undefined,
  job: CiJob,
  ports: CiPorts,
): Promise<Shown | undefined> {
  const repository = lazyRepository(options, job, ports);
  const state = await openJobState(options, ownInputs(options), job, repository, ports);
  const older = options.isResume === true ? undefined : await reviewedPlan(options, pullRequest, state, job, ports);
  await state.claim();
  const checkpoints = checkpointsOf(state, ports);
  return await closing(
    async () => {
      const applied = await carryOut(older, options, state, checkpoints.ports);
      if (applied === undefined) return undefined;
      return isAllDone(applied) ? { applied } : { applied, ...(await whatIsLeft(options, state, ports)) };
    },
    async () => {
      await checkpoints.ended();
      await state.save();
    },
  );
}

async function carryOut(
  older: Plan | undefined,
  options: CiApplyOptions,
  state: CiState,
  ports: AppPorts,
): Promise<ApplyResult | undefined> {
  const all = { ...options, ...ownInputs(options), stateDir: state.dir };
  if (older === undefined) return await resume(all, ports);
  try {
    const { digest } = older;
    // A person named it, or saw it in a comment that is signed.
    return await applyPlan(older, { ...all, ...(digest !== undefined && { digest }) }, ports);
  } catch (error) {
    // A job that is run again finds that its first run used the plan: what that left is resumed.
    const resumed = isUsedBefore(error) ? await resume(all, ports) : undefined;
    if (resumed === undefined) throw error;
    return resumed;
  }
}

const isUsedBefore = (error: unknown): boolean => error instanceof PlanFileRefusedError && error.why === 'used-before';

const isAllDone = ({ result }: ApplyResult): boolean =>
  result === undefined || result.results.every(({ outcome }) => outcome.status === 'done');

/** What the next plan shows. That it cannot be made takes nothing from what was done. */
async function whatIsLeft(options: CiApplyOptions, state: CiState, ports: AppPorts): Promise<{ left?: Plan }> {
  const { signal: _, ...others } = ports;
  try {
    return { left: (await plan({ ...ownInputs(options), stateDir: state.dir }, others)).plan };
  } catch {
    return {};
  }
}

/** @throws {InputError} where no one reviewed a plan that is kept */
async function reviewedPlan(
  options: CiApplyOptions,
  pullRequest: PullRequest | undefined,
  state: CiState,
  job: CiJob,
  ports: AppPorts,
): Promise<Plan> {
  const { digest } = options;
  const lifetimeMs = lifetimeOf(options);
  if (digest !== undefined) {
    const kept = await keptPlan(digest, state);
    if (kept === undefined) throw nothingReviewed({ is: 'not-kept', digest });
    return timely(kept, lifetimeMs, ports);
  }
  const { commit } = job.facts;
  if (pullRequest === undefined) {
    throw nothingReviewed(
      commit === undefined ? { is: 'no-commit' } : { is: 'no-pull-request', commit: short(commit) },
    );
  }
  const shown = await shownPlan(pullRequest, () => state, job, options, ports);
  if (shown.is !== 'shown') throw nothingReviewed(shown);
  return timely(shown.plan, lifetimeMs, ports);
}

function timely(older: Plan, lifetimeMs: number, { clock }: Pick<AppPorts, 'clock'>): Plan {
  refuseUntimelyPlan(older, clock.now(), lifetimeMs);
  return older;
}

type Why = Parameters<typeof refuse<'nothing-reviewed'>>[1];

const nothingReviewed = (why: Why): InputError => new InputError([refuse('nothing-reviewed', why)]);
