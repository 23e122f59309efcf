/** A team on GitHub: pull requests on a stand-in for its API, and jobs on fresh machines. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../../support/git-repository.ts';
import type { Run } from '../../support/run-muster.ts';
import { type FakeForge, githubJob, openForge, repository } from './fake-forge.ts';
import { openTeam, type Team, type TeamOptions } from './gitops.ts';

export interface Stage {
  readonly team: Team;
  readonly forge: FakeForge;
  /** Pushes a branch, and opens a pull request of it, or pushes to the one that is open. */
  readonly open: (number: number, files: Readonly<Record<string, string>>, from?: string) => Promise<void>;
  readonly merge: (number: number) => string;
  /** One job on a fresh machine, for an event. */
  readonly job: (args: readonly string[], event?: JobEvent) => Promise<Run & { readonly summary: string }>;
}

export interface JobEvent {
  readonly name?: string;
  readonly payload?: object;
  readonly commit?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export async function openStage(options: TeamOptions = {}): Promise<Stage> {
  const [team, forge] = [await openTeam(options), await openForge()];
  const branchOf = (number: number): string => `change-${number}`;
  return {
    team,
    forge,
    open: async (number, files, from = repository) => {
      const head = await team.push(branchOf(number), files);
      git(team.work, 'push', '--quiet', '--force', team.bare, `${head}:refs/pull/${number}/head`);
      const known = forge.pulls.findIndex((one) => one.number === number);
      if (known >= 0) forge.pulls.splice(known, 1);
      forge.pulls.push({ number, branch: branchOf(number), target: 'main', head, from });
    },
    merge: (number) => {
      const mergedAs = team.merge(branchOf(number));
      const at = forge.pulls.findIndex((one) => one.number === number);
      const [pull] = forge.pulls.splice(at, 1);
      if (pull !== undefined) forge.pulls.push({ ...pull, mergedAs });
      return mergedAs;
    },
    job: async (args, { name = 'push', payload = {}, commit, env = {} } = {}) => {
      const runner = await team.runner();
      const [event, summary] = [join(runner.dir, '..', 'event.json'), join(runner.dir, '..', 'summary.md')];
      await writeFile(event, JSON.stringify(payload));
      await writeFile(summary, '');
      const run = await runner.muster(args, {
        env: githubJob(forge, {
          GITHUB_EVENT_NAME: name,
          GITHUB_EVENT_PATH: event,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_SHA: commit ?? git(runner.dir, 'rev-parse', 'HEAD'),
          ...(env as Record<string, string>),
        }),
      });
      const told = [run.stdout, run.stderr, await readFile(summary, 'utf8'), ...forge.notes.map(({ body }) => body)];
      for (const secret of [forge.token, team.sandbox.adminToken]) {
        if (told.some((text) => text.includes(secret))) throw new Error('a job tells a secret');
      }
      return { ...run, summary: told[2] ?? '' };
    },
  };
}

export const ofPull = (number: number): JobEvent => ({ name: 'pull_request', payload: { pull_request: { number } } });

/** What runs on the branch main after the job of a pull request. */
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
