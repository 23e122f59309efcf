/** A team on a forge: pull requests on a stand-in for its API, and jobs on fresh machines. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../../support/git-repository.ts';
import type { Run } from '../../support/run-muster.ts';
import { type FakeForge, githubJob, gitlabJob, openForge, repository } from './fake-forge.ts';
import { type MergeBy, openTeam, type Runner, type Team, type TeamOptions } from './gitops.ts';

export type StageForge = 'github' | 'gitlab';

export interface Stage {
  readonly kind: StageForge;
  readonly team: Team;
  readonly forge: FakeForge;
  /** Pushes a branch, and opens a pull request of it, or pushes to the one that is open. */
  readonly open: (
    number: number,
    files: Readonly<Record<string, string>>,
    from?: string | BranchFrom,
  ) => Promise<string>;
  readonly merge: (number: number, how?: MergeBy) => string;
  /** One job on a fresh machine, for an event. */
  readonly job: (args: readonly string[], event?: JobEvent) => Promise<JobRun>;
  /** What the job of an event knows, for a process of its own. */
  readonly envOf: (event: JobEvent, runner: Runner) => Promise<NodeJS.ProcessEnv>;
}

export interface BranchFrom {
  /** The repository; by default this one. */
  readonly from?: string;
  /** The commit that it goes out from; by default main. */
  readonly startsAt?: string;
}

export interface JobRun extends Run {
  /** What people see of it beside the comment: the summary of the job, and on GitLab its log. */
  readonly summary: string;
  readonly runner: Runner;
}

export interface JobEvent {
  /** The job of this pull request. */
  readonly pull?: number;
  readonly name?: string;
  readonly payload?: object;
  readonly commit?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** In place of a fresh one. */
  readonly runner?: Runner;
}

export interface StageOptions extends TeamOptions {
  readonly kind?: StageForge;
}

export const refOf = (kind: StageForge, number: number): string =>
  kind === 'github' ? `refs/pull/${number}/head` : `refs/merge-requests/${number}/head`;

export async function openStage({ kind = 'github', ...options }: StageOptions = {}): Promise<Stage> {
  const [team, forge] = [await openTeam(options), await openForge()];
  const branchOf = (number: number): string => `change-${number}`;
  return {
    kind,
    team,
    forge,
    open: async (number, files, given = {}) => {
      const { from = repository, startsAt } = typeof given === 'string' ? { from: given } : given;
      const head = await team.push(branchOf(number), files, startsAt);
      git(team.work, 'push', '--quiet', '--force', team.bare, `${head}:${refOf(kind, number)}`);
      const known = forge.pulls.findIndex((one) => one.number === number);
      if (known >= 0) forge.pulls.splice(known, 1);
      forge.pulls.push({ number, branch: branchOf(number), target: 'main', head, from });
      return head;
    },
    merge: (number, mergedBy = 'merge') => {
      const mergedAs = team.merge(branchOf(number), mergedBy);
      const at = forge.pulls.findIndex((one) => one.number === number);
      const [pull] = forge.pulls.splice(at, 1);
      if (pull !== undefined) forge.pulls.push({ ...pull, mergedAs, mergedBy });
      return mergedAs;
    },
    envOf: async (event, runner) => ({ ...runner.env, ...(await envOf[kind](event, forge, runner)) }),
    job: async (args, event = {}) => {
      const runner = event.runner ?? (await team.runner());
      const env = { ...(await envOf[kind](event, forge, runner)), ...event.env };
      const run = await runner.muster([...args, ...argsOf[kind](event)], { env });
      const summary = kind === 'github' ? await readFile(summaryOf(runner), 'utf8') : run.stdout;
      const told = [run.stdout, run.stderr, summary, ...forge.notes.map(({ body }) => body)];
      for (const secret of [forge.token, team.sandbox.adminToken]) {
        if (told.some((text) => text.includes(secret))) throw new Error('a job tells a secret');
      }
      return { ...run, summary, runner };
    },
  };
}

const summaryOf = ({ dir }: Runner): string => join(dir, '..', 'summary.md');

/** What a job knows of itself. */
const envOf: Readonly<
  Record<StageForge, (event: JobEvent, forge: FakeForge, runner: Runner) => Promise<NodeJS.ProcessEnv>>
> = {
  github: async ({ pull, name, payload, commit }, forge, runner) => {
    const file = join(runner.dir, '..', 'event.json');
    const ofPull = pull === undefined ? {} : { pull_request: { number: pull } };
    await writeFile(file, JSON.stringify(payload ?? ofPull));
    await writeFile(summaryOf(runner), '');
    return githubJob(forge, {
      GITHUB_EVENT_NAME: name ?? (pull === undefined ? 'push' : 'pull_request'),
      GITHUB_EVENT_PATH: file,
      GITHUB_STEP_SUMMARY: summaryOf(runner),
      GITHUB_SHA: commit ?? git(runner.dir, 'rev-parse', 'HEAD'),
    });
  },
  gitlab: ({ commit }, forge, runner) =>
    Promise.resolve(gitlabJob(forge, { CI_COMMIT_SHA: commit ?? git(runner.dir, 'rev-parse', 'HEAD') })),
};

/** A job of the default branch is told which merge request, or finds them by --open. */
const argsOf: Readonly<Record<StageForge, (event: JobEvent) => readonly string[]>> = {
  github: () => [],
  gitlab: ({ pull }) => (pull === undefined ? [] : ['--pull-request', String(pull)]),
};

export const ofPull = (number: number): JobEvent => ({ pull: number });

/** What runs on the branch main of GitHub after the job of a pull request. */
export const afterPull = (branch: string, from: string): JobEvent => ({
  name: 'workflow_run',
  payload: {
    workflow_run: {
      event: 'pull_request',
      head_branch: branch,
      head_repository: { full_name: from, owner: { login: from.split('/')[0] } },
    },
  },
});

export const bodies = ({ forge }: Stage): readonly string[] => forge.notes.map(({ body }) => body);
