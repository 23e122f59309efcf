/** GitLab, by its REST API and by the variables that a job of GitLab CI has. */
import { markStart } from '../model/ci-mark.ts';
import type { Forge, Issue, Issues, Note, Notes, PullRequest, PullRequests } from '../model/forge.ts';
import { driftLabel } from './forge-rows.ts';
import type { ForgePorts } from './ports.ts';
import { notInJob, numbered } from './refusals.ts';
import { RestClient, textIn } from './rest.ts';

type Row = Readonly<Record<string, unknown>>;

/** @throws {ForgeRefusedError} where there is no token: the one of a job may not write notes */
export function openGitlab(ports: ForgePorts): Forge {
  const { env } = ports;
  const project = env['CI_PROJECT_ID'] ?? '';
  if (!/^\d{1,12}$/.test(project)) throw notInJob('CI_PROJECT_ID');
  const base = env['CI_API_V4_URL'] ?? 'https://gitlab.com/api/v4';
  const rest = new RestClient({ forge: 'gitlab', base, header: 'private-token' }, ports);
  const at = `/projects/${project}`;
  const ours = ownRows(rest);
  return {
    kind: 'gitlab',
    place: env['CI_PROJECT_URL'] ?? project,
    ...mergeRequestsAt(at, rest, env),
    ...notesAt(at, rest, ours),
    ...issuesAt(at, rest, ours),
  };
}

function mergeRequestsAt(at: string, rest: RestClient, env: NodeJS.ProcessEnv): PullRequests {
  return {
    async pullRequest(named) {
      const name = named ?? env['CI_MERGE_REQUEST_IID'] ?? '';
      if (name === '') return undefined;
      const path = `${at}/merge_requests/${numbered(name)}`;
      const found = mergeRequestIn((await rest.ask('GET', path)).json);
      if (found === undefined) throw rest.unread('GET', path);
      return found;
    },
    async openPullRequests() {
      const branch = env['CI_COMMIT_BRANCH'] ?? '';
      if (branch === '') throw notInJob('CI_COMMIT_BRANCH');
      const rows = await rest.list(`${at}/merge_requests?state=opened&target_branch=${encodeURIComponent(branch)}`);
      return rows.flatMap((row) => mergeRequestIn(row) ?? []);
    },
    async mergedAs(commit) {
      const rows = await rest.list(`${at}/repository/commits/${encodeURIComponent(commit)}/merge_requests`);
      const isOf = (row: Row): boolean =>
        ['merge_commit_sha', 'squash_commit_sha', 'sha'].some((name) => textIn(row, name) === commit);
      const row = rows.find((one) => textIn(one, 'state') === 'merged' && isOf(one));
      return row === undefined ? undefined : mergeRequestIn(row);
    },
  };
}

function notesAt(at: string, rest: RestClient, ours: OwnRows): Notes {
  const notesOn = ({ name }: PullRequest): string => `${at}/merge_requests/${name}/notes`;
  return {
    async notesOf(pullRequest) {
      return await ours(await rest.list(`${notesOn(pullRequest)}?sort=asc&order_by=created_at`), 'body', 'id');
    },
    async addNote(pullRequest, body) {
      await rest.ask('POST', notesOn(pullRequest), { body });
    },
    async editNote(pullRequest, { id }, body) {
      return (await rest.ask('PUT', `${notesOn(pullRequest)}/${id}`, { body }, [404])).status !== 404;
    },
    async removeNote(pullRequest, { id }) {
      await rest.ask('DELETE', `${notesOn(pullRequest)}/${id}`, undefined, [404]);
    },
  };
}

function issuesAt(at: string, rest: RestClient, ours: OwnRows): Issues {
  return {
    async issues() {
      const rows = await rest.list(`${at}/issues?labels=${driftLabel}&state=all&sort=asc&order_by=created_at`);
      return (await ours(rows, 'description', 'iid')).map(
        ({ row, ...note }): Issue => ({
          ...note,
          title: textIn(row, 'title') ?? '',
          isOpen: textIn(row, 'state') === 'opened',
        }),
      );
    },
    async addIssue({ title, body }) {
      await rest.ask('POST', `${at}/issues`, { title, description: body, labels: driftLabel });
    },
    async editIssue({ id, isOpen: wasOpen }, { title, body, isOpen }) {
      const change = wasOpen === isOpen ? {} : { state_event: isOpen ? 'reopen' : 'close' };
      await rest.ask('PUT', `${at}/issues/${id}`, { title, description: body, ...change });
    },
  };
}

type OwnRows = (
  rows: readonly Row[],
  body: string,
  key: string,
) => Promise<ReadonlyArray<Note & { readonly row: Row }>>;

/** What the owner of the token wrote. */
function ownRows(rest: RestClient): OwnRows {
  let own: Promise<string | undefined> | undefined;
  return async (rows, body, key) => {
    own ??= rest.ask('GET', '/user').then(({ json }) => textIn(json, 'id'));
    const me = await own;
    return rows.flatMap((row) => {
      const [id, text] = [textIn(row, key), textIn(row, body)];
      const isOurs = me !== undefined && textIn(row, 'author', 'id') === me && text?.startsWith(markStart) === true;
      return isOurs && id !== undefined && text !== undefined ? [{ id, body: text, row }] : [];
    });
  };
}

function mergeRequestIn(row: unknown): PullRequest | undefined {
  const [name, target, head] = [textIn(row, 'iid'), textIn(row, 'target_branch'), textIn(row, 'sha')];
  if (name === undefined || target === undefined) return undefined;
  return { name, target, ref: `refs/merge-requests/${name}/head`, ...(head !== undefined && { head }) };
}
