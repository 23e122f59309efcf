/** Jobs of a pipeline that reviews and applies what the files say. */
import { Option } from 'commander';
import { type CommandRow, command } from '../command-row.ts';
import { type CiApplyFlags, type CiFlags, connection, options } from '../options.ts';

const job = (): readonly Option[] => [
  options.state(),
  options.sealState(),
  options.redactPeople(),
  options.reports(),
  options.forge(),
  options.pullRequest(),
  options.head(),
  options.target(),
  options.remote(),
  ...connection(),
];

const plan = command<CiFlags>({
  name: 'plan',
  summary: 'plan a pull request, and say so in one comment',
  description:
    'Plans what a pull request would change once it is merged: settings and approvals come from the branch that it goes to, and of the pull request only users files are read. Keeps the plan for muster ci apply, and puts it into one comment that is updated in place, as is what went wrong. Without a pull request it plans what is checked out.',
  options: [...job(), options.open(), options.detailedExitcode()],
  examples: [
    ['muster ci plan --state branch:muster-state', 'in a job of GitHub or GitLab'],
    ['muster ci plan --pull-request 12 --state branch:muster-state'],
    ['muster ci plan --open --state branch:muster-state', 'in a job of the default branch of GitLab'],
    ['muster ci plan --head fix-ada --target main --reports out', 'on any other server'],
    ['muster ci plan --server eu', 'one of several servers of muster.yaml'],
  ],
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/ci-plan.ts')).ciPlanCommand(flags, io),
});

const apply = command<CiApplyFlags>({
  name: 'apply',
  summary: 'carry out the plan that was reviewed',
  description:
    'Carries out the very plan that the comment of the merged pull request shows, or the one that --digest names, and nothing else. What has changed since is left, exits with 6, and stands in a comment together with what a new plan would do.',
  options: [
    ...job(),
    options.digest(),
    options.validFor(),
    new Option('--resume', 'resume the interrupted run, cleaning up first'),
    options.skipUnusable(),
    options.failFast(),
    options.keepGoing(),
    options.deadline(),
  ],
  examples: [
    ['muster ci apply --state branch:muster-state', 'after the merge'],
    ['muster ci apply --state branch:muster-state --valid-for 7d', 'reviews take their time'],
    ['muster ci apply --pull-request 12 --state branch:muster-state', 'the one of this pull request'],
    ['muster ci apply --resume --state branch:muster-state', 'after a run that was interrupted'],
  ],
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/ci-apply.ts')).ciApplyCommand(flags, io),
});

const drift = command<CiFlags>({
  name: 'drift',
  summary: 'keep one issue that says whether the server differs',
  description:
    'Plans what is checked out, and keeps one issue per server: opened when the server differs from the files, updated while it does, closed once it does not. Writes nothing to the server.',
  options: [...job(), options.detailedExitcode()],
  examples: [
    ['muster ci drift --state branch:muster-state', 'on a schedule'],
    ['muster ci drift --detailed-exitcode', 'exit with 2 when there is drift'],
  ],
  showsExitCodes: true,
  run: async (_args, flags, io) => (await import('../commands/ci-drift.ts')).ciDriftCommand(flags, io),
});

export const ci: CommandRow = {
  name: 'ci',
  summary: 'jobs of a pipeline: plan, apply, drift',
  description:
    'What pipelines of a repository with users files run, on GitHub, GitLab or anywhere else. muster validate is for pull requests themselves: it needs no token.',
  options: [],
  examples: [
    ['muster ci plan', 'a comment on the pull request'],
    ['muster ci apply', 'what was reviewed, after the merge'],
    ['muster ci drift', 'an issue while the server differs'],
  ],
  commands: [plan, apply, drift],
};
