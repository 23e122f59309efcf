/** GitHub, by its REST API and by what a job of GitHub Actions knows of itself. */
import { readRegularFile } from '../disk/durable-files.ts';
import { markStart } from '../model/ci-mark.ts';
import type { Forge, Issue, Issues, Note, Notes, PullRequest, PullRequests } from '../model/forge.ts';
import { isRecord } from '../model/is-record.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { driftLabel } from './forge-rows.ts';
import type { ForgePorts } from './ports.ts';
import { notInJob, numbered } from './refusals.ts';
import { RestClient, textIn } from './rest.ts';

type Row = Readonly<Record<string, unknown>>;

/** @throws {ForgeRefusedError} where there is no token */
export function openGithub(ports: ForgePorts): Forge {
  const { env } = ports;
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw notInJob('GITHUB_REPOSITORY');
  const base = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  const rest = new RestClient({ forge: 'github', base, header: 'authorization' }, ports);
  const at = `/repos/${repository}`;
  const isOurs = authorCheck(rest);
  return {
    kind: 'github',
    place: `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${repository}`,
    ...pullRequestsAt(at, rest, env),
    ...notesAt(at, rest, isOurs),
    ...issuesAt(at, rest, isOurs),
  };
}

function pullRequestsAt(at: string, rest: RestClient, env: NodeJS.ProcessEnv): PullRequests {
  const pull = async (name: string): Promise<PullRequest> => {
    const path = `${at}/pulls/${encodeURIComponent(name)}`;
    const { json } = await rest.ask('GET', path);
    const found = pullRequestIn(json);
    if (found === undefined) throw rest.unread('GET', path);
    return found;
  };
  return {
    async pullRequest(named) {
      if (named !== undefined) return await pull(numbered(named));
      const name = env['GITHUB_EVENT_NAME'] ?? '';
      // Its token may write, and its files are a stranger's.
      if (name === 'pull_request_target') throw new InputError([refuse('never-pull-request-target', {})]);
      const event = await readEvent(env);
      const number = textIn(event, 'pull_request', 'number');
      if (number !== undefined) return await pull(number);
      return name === 'workflow_run' ? await ofWorkflowRun(event, at, rest) : undefined;
    },
    async openPullRequests() {
      const branch = env['GITHUB_REF_NAME'] ?? '';
      if (branch === '') throw notInJob('GITHUB_REF_NAME');
      const rows = await rest.list(`${at}/pulls?state=open&base=${encodeURIComponent(branch)}`);
      return rows.flatMap((row) => pullRequestIn(row) ?? []);
    },
    async mergedAs(commit) {
      const rows = await rest.list(`${at}/commits/${encodeURIComponent(commit)}/pulls`);
      const row = rows.find(
        (one) => textIn(one, 'merged_at') !== undefined && textIn(one, 'merge_commit_sha') === commit,
      );
      return row === undefined ? undefined : pullRequestIn(row);
    },
  };
}

function notesAt(at: string, rest: RestClient, isOurs: AuthorCheck): Notes {
  return {
    async notesOf({ name }) {
      return await ours(await rest.list(`${at}/issues/${name}/comments`), isOurs);
    },
    async addNote({ name }, body) {
      await rest.ask('POST', `${at}/issues/${name}/comments`, { body });
    },
    async editNote(_, { id }, body) {
      return (await rest.ask('PATCH', `${at}/issues/comments/${id}`, { body }, [404])).status !== 404;
    },
    async removeNote(_, { id }) {
      await rest.ask('DELETE', `${at}/issues/comments/${id}`, undefined, [404]);
    },
  };
}

function issuesAt(at: string, rest: RestClient, isOurs: AuthorCheck): Issues {
  return {
    async issues() {
      const rows = await rest.list(`${at}/issues?labels=${driftLabel}&state=all&sort=created&direction=asc`);
      const found = await ours(
        rows.filter((row) => row['pull_request'] === undefined),
        isOurs,
        'number',
      );
      return found.map(
        ({ row, ...note }): Issue => ({
          ...note,
          title: textIn(row, 'title') ?? '',
          isOpen: textIn(row, 'state') === 'open',
        }),
      );
    },
    async addIssue({ title, body }) {
      await rest.ask('POST', `${at}/issues`, { title, body, labels: [driftLabel] });
    },
    async editIssue({ id, isOpen: wasOpen }, { title, body, isOpen }) {
      const state = isOpen ? { state: 'open' } : { state: 'closed', ...(wasOpen && { state_reason: 'completed' }) };
      await rest.ask('PATCH', `${at}/issues/${id}`, { title, body, ...state });
    },
  };
}

/** What runs after a job of a pull request knows its branch; the number is asked for, since any job could write one down. */
async function ofWorkflowRun(event: unknown, at: string, rest: RestClient): Promise<PullRequest | undefined> {
  const run = isRecord(event) ? event['workflow_run'] : undefined;
  if (textIn(run, 'event') !== 'pull_request') return undefined;
  const owner = textIn(run, 'head_repository', 'owner', 'login');
  const branch = textIn(run, 'head_branch');
  if (owner === undefined || branch === undefined) return undefined;
  const rows = await rest.list(`${at}/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`);
  const repository = textIn(run, 'head_repository', 'full_name');
  const row = rows.find((one) => textIn(one, 'head', 'repo', 'full_name') === repository);
  return row === undefined ? undefined : pullRequestIn(row);
}

function pullRequestIn(row: unknown): PullRequest | undefined {
  const [name, target, head] = [textIn(row, 'number'), textIn(row, 'base', 'ref'), textIn(row, 'head', 'sha')];
  if (name === undefined || target === undefined) return undefined;
  return { name, target, ref: `refs/pull/${name}/head`, ...(head !== undefined && { head }) };
}

/** More than GitHub sends. */
const maxEvent = 32 * 1024 * 1024;

async function readEvent({ GITHUB_EVENT_PATH: path = '' }: NodeJS.ProcessEnv): Promise<unknown> {
  try {
    if (path === '') return undefined;
    const read = await readRegularFile(path, maxEvent);
    if (typeof read !== 'string') return JSON.parse(new TextDecoder().decode(read)) as unknown;
    throw notInJob('GITHUB_EVENT_PATH');
  } catch {
    throw notInJob('GITHUB_EVENT_PATH');
  }
}

type AuthorCheck = (row: Row) => Promise<boolean>;

/** What the owner of the token wrote; the token of a job has no user that GitHub tells, and then it is a bot: a person may copy a mark. */
function authorCheck(rest: RestClient): AuthorCheck {
  let own: Promise<string | undefined> | undefined;
  return async (row) => {
    own ??= rest.ask('GET', '/user', undefined, [401, 403, 404]).then(({ json }) => textIn(json, 'login'));
    const login = await own;
    return login === undefined ? textIn(row, 'user', 'type') === 'Bot' : textIn(row, 'user', 'login') === login;
  };
}

async function ours(
  rows: readonly Row[],
  isOurs: AuthorCheck,
  key: 'id' | 'number' = 'id',
): Promise<ReadonlyArray<Note & { readonly row: Row }>> {
  const found: (Note & { readonly row: Row })[] = [];
  for (const row of rows) {
    const [id, body] = [textIn(row, key), textIn(row, 'body')];
    if (id !== undefined && body?.startsWith(markStart) === true && (await isOurs(row))) found.push({ id, body, row });
  }
  return found;
}
