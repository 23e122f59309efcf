import { type CiMark, ciMarkOf } from '../../model/ci-mark.ts';
import type { Plan } from '../../model/plan.ts';
import { plan } from '../plan.ts';
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
import { closeIssue, issuesLike, openIssue } from './place-issue.ts';
import { ownInputs } from './plan.ts';

export interface CiDrift {
  readonly plan: Plan;
  readonly isDrift: boolean;
  readonly text: string;
  /** The issue is not as it should be. */
  readonly forgeError?: unknown;
}

/** What an apply would change, or a rail stops; what is held is no drift. */
const isDriftIn = ({ summary }: Plan): boolean => summary.actions + summary.blocked + (summary.unusable ?? 0) > 0;

/**
 * Looks whether the server is as the files say, and keeps one issue about it: opened when it is not, updated while it is not, closed
 * once it is. Where the server cannot be read nothing is known, so the issue stays as it is.
 */
export async function ciDrift(options: CiOptions, ports: CiPorts): Promise<CiDrift> {
  return await withJob(options, ports, async (job) => {
    const inputs = ownInputs(options);
    const repository = lazyRepository(options, job, ports);
    const state = await openJobState(options, inputs, job, repository, ports);
    const { plan: made } = await plan({ ...inputs, stateDir: state.dir }, ports);
    const isDrift = isDriftIn(made);
    const thread = { kind: 'drift', server: job.server } as const;
    const show = (since: string): ReturnType<CiPorts['texts']['drift']> => {
      const { commit } = job.facts;
      const facts = factsFor(job, markFor(job, 'drift', { since, ...(commit !== undefined && { commit }) }));
      return isDrift ? ports.texts.drift(made, since, facts) : ports.texts.noDrift(made, facts);
    };
    try {
      const shown = show(await sinceWhen(job, thread));
      await (isDrift ? openIssue(job.forge, shown, thread) : closeIssue(job.forge, shown, thread));
      return { plan: made, isDrift, text: shown.body };
    } catch (forgeError) {
      return { plan: made, isDrift, text: show(job.at).body, forgeError };
    }
  });
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

/** An issue that is open says since when. */
async function sinceWhen({ forge, at }: CiJob, thread: Pick<CiMark, 'kind' | 'server'>): Promise<string> {
  const open = (await issuesLike(forge, thread)).find(({ isOpen }) => isOpen);
  const since = ciMarkOf(open?.body ?? '')?.since ?? '';
  // Anyone who may edit the issue may have written it: a time, and nothing else, is shown again.
  return isTime(since) && since <= at ? since : at;
}
