/** The plan that the comment of a pull request shows, for whom it is reviewed: believed where muster signed it for this place. */
import { ciMarkOf, isSignedComment } from '../../model/ci-mark.ts';
import type { PullRequest } from '../../model/forge.ts';
import type { Plan } from '../../model/plan.ts';
import { parsePlanFile } from '../../plan/plan-file.ts';
import type { AppPorts } from '../ports.ts';
import { type CiJob, type CiOptions, markKeyFor } from './job.ts';
import { notesLike } from './place-note.ts';
import { ownInputs, placeOf } from './plan.ts';
import type { CiState } from './state.ts';

export type ShownPlan =
  /** The commit that was planned: the newest one, where the forge tells which that is. */
  | { readonly is: 'shown'; readonly plan: Plan; readonly commit?: string }
  | { readonly is: 'no-plan' | 'not-signed'; readonly name: string }
  | { readonly is: 'not-kept'; readonly digest: string }
  | { readonly is: 'other-commit'; readonly name: string; readonly planned: string; readonly merged: string };

/**
 * The mark of a comment says which plan it is, and of which commit, and anyone may write one: it counts where the whole comment is
 * as muster signed it for this pull request, and its plan is kept.
 *
 * @param stateOf - called where a comment has the mark of a plan
 * @throws {PlanFileRefusedError} where what is kept is no plan
 */
export async function shownPlan(
  pullRequest: PullRequest,
  stateOf: () => CiState | Promise<CiState>,
  job: CiJob,
  options: CiOptions,
  ports: AppPorts,
): Promise<ShownPlan> {
  const { name, head } = pullRequest;
  const notes = await notesLike(job.forge, pullRequest, { kind: 'plan', server: job.server });
  // A comment about an error has no digest.
  const body = notes.find((one) => ciMarkOf(one.body)?.digest !== undefined)?.body ?? '';
  const { digest, commit } = ciMarkOf(body) ?? {};
  if (digest === undefined) return { is: 'no-plan', name };
  const plan = await keptPlan(digest, await stateOf());
  if (plan === undefined) return { is: 'not-kept', digest };
  const key = await markKeyFor(ownInputs(options), plan.server.key, ports);
  if (!isSignedComment(body, placeOf(job, pullRequest), key)) return { is: 'not-signed', name };
  // What was pushed after the plan, no one has seen.
  if (head !== undefined && commit !== head)
    return { is: 'other-commit', name, planned: short(commit ?? 'nothing'), merged: short(head) };
  return { is: 'shown', plan, ...(commit !== undefined && { commit }) };
}

/** @returns `undefined` where none of this digest is kept */
export async function keptPlan(digest: string, state: CiState): Promise<Plan | undefined> {
  const text = await state.findPlan(digest);
  if (text === undefined) return undefined;
  const kept = parsePlanFile(text);
  return kept.digest === digest ? kept : undefined;
}

/** As people write a commit. */
export const short = (commit: string): string => commit.slice(0, 12);
