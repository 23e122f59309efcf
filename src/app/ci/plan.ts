import { join, relative, resolve } from 'node:path';
import { signComment, unsignedMark } from '../../model/ci-mark.ts';
import type { PullRequest } from '../../model/forge.ts';
import type { Plan } from '../../model/plan.ts';
import { credentialsOf } from '../connect.ts';
import { connectionOptions } from '../connection-options.ts';
import { loadSettings } from '../load.ts';
import { type PlanOptions, plan } from '../plan.ts';
import type { AppPorts } from '../ports.ts';
import {
  type CiJob,
  type CiOptions,
  type CiPorts,
  factsFor,
  lazyRepository,
  markFor,
  markKeyFor,
  openJobState,
  withJob,
} from './job.ts';
import { placeNote } from './place-note.ts';
import { type PullRequestFiles, readPullRequest, refuseLinks } from './pull-request-files.ts';
import type { WorkPlace } from './repository.ts';
import { rulesAmong } from './rule-files.ts';

/** What came of a job, whatever became of its comment. */
export type CiPlanned =
  | {
      readonly plan: Plan;
      readonly text: string;
      /** The comment is not as it should be. */
      readonly forgeError?: unknown;
    }
  | { readonly error: unknown; readonly text: string; readonly forgeError?: unknown };

/**
 * Plans what a pull request would change once it is merged, keeps the plan for its apply, and says so in one comment, which also
 * tells of what went wrong. Without a pull request it plans what is checked out.
 */
export async function ciPlan(options: CiOptions, ports: CiPorts): Promise<CiPlanned> {
  return await withJob(options, ports, async (job) => {
    const pullRequest = await job.forge.pullRequest(options.pullRequest);
    const planned = await tryPlan(pullRequest, options, job, ports);
    if (pullRequest === undefined) return planned.result;
    try {
      await placeNote(job.forge, pullRequest, planned.result.text, planned.mark);
      return planned.result;
    } catch (forgeError) {
      return { ...planned.result, forgeError };
    }
  });
}

type Tried = { readonly result: CiPlanned; readonly mark: ReturnType<typeof markFor> };

async function tryPlan(
  pullRequest: PullRequest | undefined,
  options: CiOptions,
  job: CiJob,
  ports: CiPorts,
): Promise<Tried> {
  let commit = pullRequest?.head ?? job.facts.commit;
  const repository = lazyRepository(options, job, ports);
  try {
    const source = pullRequest === undefined ? undefined : await sourceOf(pullRequest, job, repository);
    commit = source?.files.commit ?? commit;
    const inputs = source === undefined ? ownInputs(options) : inputsOf(source, options, ports);
    const own = source === undefined ? ports : portsIn(source, ports);
    if (source !== undefined) refuseLinks(source.files, await loadSettings(inputs, own));
    const state = await openJobState(options, inputs, job, repository, own);
    const planned = await plan({ ...inputs, stateDir: state.dir }, own);
    await state.keepPlan(planned.plan);
    await state.save();
    const { digest, server } = planned.plan;
    const key = await markKeyFor(inputs, server.key, own);
    const more = { ...(commit !== undefined && { commit }), ...(digest !== undefined && { digest }) };
    const mark = unsignedMark(markFor(job, 'plan', more));
    const rules = source === undefined ? [] : await changedRules(source.files, inputs, own);
    const draft = ports.texts.plan({ plan: planned.plan, rules }, factsFor(job, mark));
    const text = signComment(draft, placeOf(job, pullRequest), key);
    return { result: { plan: planned.plan, text }, mark };
  } catch (error) {
    const mark = markFor(job, 'plan', commit === undefined ? {} : { commit });
    return { result: { error, text: ports.texts.failed(error, 'muster ci plan', factsFor(job, mark)) }, mark };
  }
}

/** What a signature of a comment is for. */
export const placeOf = ({ forge }: CiJob, pullRequest: PullRequest | undefined): string =>
  `${forge.place}#${pullRequest?.name ?? ''}`;

interface Source {
  readonly files: PullRequestFiles;
  readonly repository: WorkPlace;
  readonly target: string;
}

async function sourceOf(pullRequest: PullRequest, job: CiJob, repository: () => Promise<WorkPlace>): Promise<Source> {
  const found = await repository();
  const files = await readPullRequest(pullRequest, found, join(job.workDir, 'pull-request'));
  return { files, repository: found, target: pullRequest.target };
}

/** By what the branch that it goes to says. */
async function changedRules(
  { base, changed }: PullRequestFiles,
  inputs: Inputs,
  ports: AppPorts,
): Promise<readonly string[]> {
  const { config } = inputs;
  const named = config === undefined ? undefined : resolve(ports.workingDir, config);
  return rulesAmong(changed, await loadSettings(inputs, ports), base, named);
}

type Inputs = Omit<PlanOptions, 'stateDir'>;

/** Of what is checked out: the commit itself is the base. */
export function ownInputs(options: CiOptions): Inputs {
  const { config } = options;
  return { ...(config !== undefined && { config }), ...connectionOptions(options), base: 'HEAD' };
}

/** Settings of the branch that it goes to, users files as they would be after the merge. */
function inputsOf({ files, target }: Source, options: CiOptions, { workingDir }: AppPorts): Inputs {
  const { config, ...rest } = ownInputs(options);
  return {
    ...rest,
    ...(config !== undefined && { config: relative(workingDir, resolve(workingDir, config)) }),
    base: target,
    usersFrom: { root: files.base, instead: files.merged },
  };
}

/** The same folder, in the checkout. The token is looked for where the job runs. */
function portsIn({ files, repository }: Source, ports: AppPorts): AppPorts {
  const workingDir = join(files.base, relative(repository.root, ports.workingDir));
  return { ...ports, workingDir, credentials: credentialsOf(ports) };
}
