import type { PullRequest } from '../../model/forge.ts';
import { isOutdated, PlanFileRefusedError } from '../../plan/plan-file.ts';
import type { AppPorts } from '../ports.ts';
import { type CiJob, type CiOptions, type CiPorts, lazyRepository, openJobState, withJob } from './job.ts';
import { ownInputs } from './plan.ts';
import { type ShownPlan, shownPlan } from './shown-plan.ts';
import type { CiState } from './state.ts';

/**
 * The open pull requests to the branch of this job whose comment shows no plan of their newest commit that can still be applied, by
 * name, so that a job of that branch finds its work itself: nothing that a pull request can change tells it what to do. A comment
 * counts as it does for an apply, so that one which someone else wrote keeps no pull request from its plan.
 */
export async function pullRequestsToPlan(options: CiOptions, ports: CiPorts): Promise<readonly string[]> {
  return await withJob(options, ports, async (job) => {
    const repository = lazyRepository(options, job, ports);
    let opened: Promise<CiState> | undefined;
    const state = (): Promise<CiState> =>
      (opened ??= openJobState(options, ownInputs(options), job, repository, ports));
    const names: string[] = [];
    for (const one of await job.forge.openPullRequests())
      if (!isPlanned(one, await shownIn(one, state, job, options, ports), ports)) names.push(one.name);
    return names;
  });
}

/** What failed is tried again, and what no one can apply any more. */
const isPlanned = ({ head }: PullRequest, shown: ShownPlan | undefined, { clock, toolVersion }: AppPorts): boolean =>
  shown?.is === 'shown' &&
  shown.commit !== undefined &&
  shown.commit === head &&
  !isOutdated(shown.plan, clock.now(), toolVersion);

/** @returns `undefined` where what is kept is no plan any more */
async function shownIn(
  pullRequest: PullRequest,
  state: () => Promise<CiState>,
  job: CiJob,
  options: CiOptions,
  ports: CiPorts,
): Promise<ShownPlan | undefined> {
  try {
    return await shownPlan(pullRequest, state, job, options, ports);
  } catch (error) {
    if (error instanceof PlanFileRefusedError) return undefined;
    throw error;
  }
}
