/** Which commit and which job of a pipeline a run belongs to, for its journal. */
import { headOf } from '../config/git-base.ts';
import type { RunOrigin } from '../model/run-origin.ts';

/** A pipeline, by what it puts into the environment of its jobs. */
interface Pipeline {
  readonly isHere: (env: NodeJS.ProcessEnv) => boolean;
  readonly read: (env: NodeJS.ProcessEnv) => { readonly [name in keyof RunOrigin]: string | undefined };
}

/** The first that is here counts; the last is what many others have in common. */
const pipelines: readonly Pipeline[] = [
  {
    isHere: ({ GITHUB_ACTIONS: isOn }) => isOn === 'true',
    read: (env) => {
      const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
      return {
        commit: env['GITHUB_SHA'],
        author: env['GITHUB_ACTOR'],
        job: joined(env['GITHUB_WORKFLOW'], env['GITHUB_JOB']),
        url: [server, repository, run].every(isSet) ? `${server}/${repository}/actions/runs/${run}` : undefined,
      };
    },
  },
  {
    isHere: ({ GITLAB_CI: isOn }) => isOn === 'true',
    read: (env) => ({
      commit: env['CI_COMMIT_SHA'],
      author: env['CI_COMMIT_AUTHOR'] ?? env['GITLAB_USER_LOGIN'],
      job: joined(env['CI_PROJECT_PATH'], env['CI_JOB_NAME']),
      url: env['CI_JOB_URL'],
    }),
  },
  {
    isHere: (env) => isSet(env['CI']) || isSet(env['BUILD_URL']),
    read: (env) => ({
      commit: env['GIT_COMMIT'] ?? env['COMMIT_SHA'],
      author: env['GIT_AUTHOR_NAME'],
      job: env['JOB_NAME'] ?? env['BUILD_TAG'],
      url: env['BUILD_URL'],
    }),
  },
];

/**
 * @param dir - absolute folder of muster.yaml
 */
export async function runOriginOf(dir: string, env: NodeJS.ProcessEnv): Promise<RunOrigin> {
  const said = pipelines.find(({ isHere }) => isHere(env))?.read(env);
  const head = await headOf(dir, env);
  const commit = commitIn(said?.commit) ?? head?.commit;
  // The author of another commit than the one that is named would be a wrong name.
  const author = text(head?.commit === commit ? (head?.author ?? said?.author) : said?.author);
  const [job, url] = [text(said?.job), addressIn(said?.url)];
  return {
    ...(commit !== undefined && { commit }),
    ...(author !== undefined && { author }),
    ...(job !== undefined && { job }),
    ...(url !== undefined && { url }),
  };
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(isSet).join(' / ');

const longest = 200;

/** Any text may stand in a variable. */
function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim().slice(0, longest) ?? '';
  return trimmed === '' ? undefined : trimmed;
}

const commitIn = (value: string | undefined): string | undefined =>
  value !== undefined && /^[0-9a-f]{7,64}$/.test(value) ? value : undefined;

/** An address may hold a password, or a token among its parameters: neither belongs into a journal. */
function addressIn(value: string | undefined): string | undefined {
  if (!isSet(value) || !URL.canParse(value)) return undefined;
  const { protocol, host, pathname } = new URL(value);
  return /^https?:$/.test(protocol) ? text(`${protocol}//${host}${pathname}`) : undefined;
}
