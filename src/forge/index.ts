import { assertNever } from '../model/assert-never.ts';
import type { Forge, ForgeKind } from '../model/forge.ts';
import { forgeRows } from './forge-rows.ts';
import { openGithub } from './github.ts';
import { openGitlab } from './gitlab.ts';
import { openPlain, type PlainPlace } from './plain.ts';
import type { ForgePorts } from './ports.ts';

export type { PlainPlace } from './plain.ts';

/** The forge whose job this is. */
export function forgeHere({ GITHUB_ACTIONS: github, GITLAB_CI: gitlab }: NodeJS.ProcessEnv): ForgeKind {
  return github === 'true' ? 'github' : gitlab === 'true' ? 'gitlab' : 'plain';
}

export function openForge(kind: ForgeKind, plain: PlainPlace, ports: ForgePorts): Forge {
  switch (kind) {
    case 'github':
      return openGithub(ports);
    case 'gitlab':
      return openGitlab(ports);
    case 'plain':
      return openPlain(plain);
    default:
      return assertNever(kind);
  }
}

/** What a job says of itself, for texts and for git. */
export interface JobFacts {
  /** Where people see its log. */
  readonly url?: string;
  /** Of the forge itself: its token goes nowhere else. */
  readonly server?: string;
  /** By whom git says that it comes. */
  readonly gitUser: string;
  readonly tokenIn: readonly string[];
  /** The commit that the job is about. */
  readonly commit?: string;
}

const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** What a job of each forge knows of itself. */
const factsRows: Readonly<Record<ForgeKind, (env: NodeJS.ProcessEnv) => Told>> = {
  github: (env) => ({ url: runOf(env), server: set(env['GITHUB_SERVER_URL']), commit: set(env['GITHUB_SHA']) }),
  gitlab: (env) => ({
    url: set(env['CI_JOB_URL']),
    server: set(env['CI_SERVER_URL']),
    commit: set(env['CI_COMMIT_SHA']),
  }),
  plain: (env) => ({ commit: set(env['GIT_COMMIT']) }),
};

function runOf({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: NodeJS.ProcessEnv): string | undefined {
  const parts = [server, repository, run].map(set);
  return parts.includes(undefined) ? undefined : `${server}/${repository}/actions/runs/${run}`;
}

type Known = Partial<Pick<JobFacts, 'url' | 'server' | 'commit'>>;
type Told = { readonly [Name in keyof Known]: string | undefined };
const defined = (facts: Told): Known =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

export function jobFacts(kind: ForgeKind, env: NodeJS.ProcessEnv): JobFacts {
  const { gitUser, tokenIn } = forgeRows[kind];
  return { ...defined(factsRows[kind](env)), gitUser, tokenIn };
}
