import { ciMarkOf } from '../../model/ci-mark.ts';
import type { PullRequest } from '../../model/forge.ts';
import { type CiJob, type CiOptions, type CiPorts, withJob } from './job.ts';
import { notesLike } from './place-note.ts';

/**
 * The open pull requests to the branch of this job whose comment shows no plan of their newest commit, by name, so that a job of
 * that branch finds its work itself: nothing that a pull request can change tells it what to do.
 */
export async function pullRequestsToPlan(options: CiOptions, ports: CiPorts): Promise<readonly string[]> {
  return await withJob(options, ports, async (job) => {
    const names: string[] = [];
    for (const one of await job.forge.openPullRequests()) if (!(await isPlanned(one, job))) names.push(one.name);
    return names;
  });
}

async function isPlanned(pullRequest: PullRequest, { forge, server }: CiJob): Promise<boolean> {
  const notes = await notesLike(forge, pullRequest, { kind: 'plan', server });
  // A comment about an error has no digest: what failed is tried again.
  return notes.some(({ body }) => {
    const mark = ciMarkOf(body);
    return mark?.digest !== undefined && mark.commit === pullRequest.head;
  });
}
