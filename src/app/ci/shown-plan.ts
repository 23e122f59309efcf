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
  | { readonly is: 'no-plan'; readonly name: string }
  | { readonly is: 'not-signed'; readonly name: string }
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
  let flaw: ShownPlan | undefined;
  for (const { body } of notes) {
    const { digest, commit } = ciMarkOf(body) ?? {};
    // A comment about an error has no digest.
    if (digest === undefined) continue;
    const found = await signedPlan({ body, digest }, pullRequest, stateOf, job, options, ports);
    // One that someone else wrote, before or after it, does not hide muster's own.
    if (found.is !== 'signed') flaw ??= found;
    // What was pushed after the plan, no one has seen.
    else if (head !== undefined && commit !== head)
      return { is: 'other-commit', name, planned: short(commit ?? 'nothing'), merged: short(head) };
    else return { is: 'shown', plan: found.plan, ...(commit !== undefined && { commit }) };
  }
  return flaw ?? { is: 'no-plan', name };
}

async function signedPlan(
  { body, digest }: { readonly body: string; readonly digest: string },
  pullRequest: PullRequest,
  stateOf: () => CiState | Promise<CiState>,
  job: CiJob,
  options: CiOptions,
  ports: AppPorts,
): Promise<
  { readonly is: 'signed'; readonly plan: Plan } | Extract<ShownPlan, { readonly is: 'not-kept' | 'not-signed' }>
> {
  const plan = await keptPlan(digest, await stateOf());
  if (plan === undefined) return { is: 'not-kept', digest };
  const key = await markKeyFor(ownInputs(options), plan.server.key, ports);
  const isSigned = isSignedComment(body, placeOf(job, pullRequest), key);
  return isSigned ? { is: 'signed', plan } : { is: 'not-signed', name: pullRequest.name };
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
