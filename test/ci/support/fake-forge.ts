/** A stand-in for the REST APIs of GitHub and GitLab on loopback: as much of them as muster uses, with their limits and rules. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { MergeBy } from './gitops.ts';

export interface FakePull {
  readonly number: number;
  readonly branch: string;
  readonly target: string;
  /** Of the repository that it comes from; by default this one. */
  readonly from?: string;
  readonly head: string;
  /** The commit on the target; absent: it is open. */
  readonly mergedAs?: string;
  readonly mergedBy?: MergeBy;
}

export interface FakeNote {
  readonly id: number;
  readonly pull: number;
  body: string;
  readonly author: FakeAuthor;
}

export interface FakeIssue {
  readonly number: number;
  title: string;
  body: string;
  isOpen: boolean;
  readonly labels: readonly string[];
  readonly author: FakeAuthor;
}

type FakeAuthor = { readonly login: string; readonly type: 'Bot' | 'User'; readonly id: number };

export const bot: FakeAuthor = { login: 'github-actions[bot]', type: 'Bot', id: 41 };
export const person: FakeAuthor = { login: 'mallory', type: 'User', id: 7 };

export interface FakeForge {
  readonly url: string;
  readonly pulls: FakePull[];
  readonly notes: FakeNote[];
  readonly issues: FakeIssue[];
  /** Method and path of each request that writes. */
  readonly writes: string[];
  /** Headers of all requests. */
  readonly seen: Readonly<Record<string, string | undefined>>[];
  /** Answers that come first, one for each request that fits. */
  readonly faults: {
    readonly when: RegExp;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
  }[];
  /** Whose the token is, where GitHub tells; empty: it is the one of a job, which has no user. */
  readonly callers: FakeAuthor[];
  /** Of jobs in this repository; jobs of forks have none that writes. */
  readonly token: string;
}

export const repository = 'team/chat';
const maxBody = 65_536;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}
type Answer = readonly [status: number, json: unknown];

export async function openForge(): Promise<FakeForge> {
  const forge: Omit<FakeForge, 'url'> = {
    pulls: [],
    notes: [],
    issues: [],
    writes: [],
    seen: [],
    faults: [],
    callers: [],
    token: 'forge-token-e5f1a9c27b',
  };
  let lastId = 100;
  const nextId = (): number => ++lastId;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');

  const page = (rows: readonly unknown[], { query }: Asked): Answer => {
    const size = Number(query.get('per_page') ?? 30);
    const from = (Number(query.get('page') ?? 1) - 1) * size;
    return [200, rows.slice(from, from + size)];
  };
  const tooLong: Answer = [422, { message: 'Validation Failed: body is too long (maximum is 65536 characters)' }];

  const pullOfGithub = ({ number, branch, target, from = repository, head, mergedAs }: FakePull): object => ({
    number,
    state: mergedAs === undefined ? 'open' : 'closed',
    merged_at: mergedAs === undefined ? null : '2026-01-01T00:00:00Z',
    merge_commit_sha: mergedAs ?? 'f'.repeat(40),
    base: { ref: target },
    head: { ref: branch, sha: head, repo: { full_name: from } },
  });
  const github: readonly (readonly [RegExp, (asked: Asked, words: readonly string[]) => Answer])[] = [
    [
      /^GET \/user$/,
      () => {
        const [caller] = forge.callers;
        return caller === undefined ? [403, { message: 'Resource not accessible by integration' }] : [200, caller];
      },
    ],
    [
      /^GET \/repos\/team\/chat\/pulls\/(\d+)$/,
      (_, [number]) => {
        const found = forge.pulls.find((one) => one.number === Number(number));
        return found === undefined ? [404, {}] : [200, pullOfGithub(found)];
      },
    ],
    [
      /^GET \/repos\/team\/chat\/pulls$/,
      (asked) => {
        const open = forge.pulls.filter(({ mergedAs }) => mergedAs === undefined);
        const base = asked.query.get('base');
        if (base !== null) return page(open.filter(({ target }) => target === base).map(pullOfGithub), asked);
        const [owner, branch] = (asked.query.get('head') ?? '').split(':');
        const rows = open.filter((one) => one.branch === branch);
        return page(rows.filter(({ from = repository }) => from.split('/')[0] === owner).map(pullOfGithub), asked);
      },
    ],
    [
      /^GET \/repos\/team\/chat\/commits\/(\w+)\/pulls$/,
      (asked, [commit]) =>
        page(forge.pulls.filter((one) => one.mergedAs === commit || one.head === commit).map(pullOfGithub), asked),
    ],
    [
      /^GET \/repos\/team\/chat\/issues\/(\d+)\/comments$/,
      (asked, [pull]) =>
        page(
          forge.notes
            .filter((one) => one.pull === Number(pull))
            .map(({ id, body, author }) => ({ id, body, user: author })),
          asked,
        ),
    ],
    [
      /^POST \/repos\/team\/chat\/issues\/(\d+)\/comments$/,
      ({ body }, [pull]) => {
        if (text(body['body']).length > maxBody) return tooLong;
        const author = forge.callers[0] ?? bot;
        const note = { id: nextId(), pull: Number(pull), body: text(body['body']), author };
        forge.notes.push(note);
        return [201, note];
      },
    ],
    [
      /^PATCH \/repos\/team\/chat\/issues\/comments\/(\d+)$/,
      ({ body }, [id]) => {
        const note = forge.notes.find((one) => one.id === Number(id));
        if (note === undefined) return [404, {}];
        if (text(body['body']).length > maxBody) return tooLong;
        note.body = text(body['body']);
        return [200, note];
      },
    ],
    [
      /^DELETE \/repos\/team\/chat\/issues\/comments\/(\d+)$/,
      (_, [id]) => {
        const at = forge.notes.findIndex((one) => one.id === Number(id));
        if (at < 0) return [404, {}];
        forge.notes.splice(at, 1);
        return [204, undefined];
      },
    ],
    [
      /^GET \/repos\/team\/chat\/issues$/,
      (asked) =>
        page(
          forge.issues
            .filter(({ labels }) => labels.includes(asked.query.get('labels') ?? ''))
            .map(({ number, title, body, isOpen, author }) => ({
              number,
              title,
              body,
              state: isOpen ? 'open' : 'closed',
              user: author,
            })),
          asked,
        ),
    ],
    [
      /^POST \/repos\/team\/chat\/issues$/,
      ({ body }) => {
        if (text(body['body']).length > maxBody) return tooLong;
        const labels = body['labels'] as readonly string[];
        const issue = {
          number: nextId(),
          title: text(body['title']),
          body: text(body['body']),
          isOpen: true,
          labels,
          author: forge.callers[0] ?? bot,
        };
        forge.issues.push(issue);
        return [201, issue];
      },
    ],
    [
      /^PATCH \/repos\/team\/chat\/issues\/(\d+)$/,
      ({ body }, [number]) => {
        const issue = forge.issues.find((one) => one.number === Number(number));
        if (issue === undefined) return [404, {}];
        if (text(body['body']).length > maxBody) return tooLong;
        Object.assign(issue, { title: body['title'], body: body['body'], isOpen: body['state'] === 'open' });
        return [200, issue];
      },
    ],
  ];

  const pullOfGitlab = ({ number, branch, target, head, mergedAs, mergedBy }: FakePull): object => ({
    iid: number,
    state: mergedAs === undefined ? 'opened' : 'merged',
    target_branch: target,
    source_branch: branch,
    sha: head,
    merge_commit_sha: mergedBy === 'merge' ? mergedAs : null,
    squash_commit_sha: mergedBy === 'squash' ? mergedAs : null,
  });
  const gitlab: typeof github = [
    [/^GET \/api\/v4\/user$/, () => [200, { id: bot.id, username: 'project_12_bot' }]],
    [
      /^GET \/api\/v4\/projects\/12\/merge_requests$/,
      (asked) => {
        const open = forge.pulls.filter(({ mergedAs }) => mergedAs === undefined);
        return page(open.filter(({ target }) => target === asked.query.get('target_branch')).map(pullOfGitlab), asked);
      },
    ],
    [
      /^GET \/api\/v4\/projects\/12\/merge_requests\/(\d+)$/,
      (_, [number]) => {
        const found = forge.pulls.find((one) => one.number === Number(number));
        return found === undefined ? [404, {}] : [200, pullOfGitlab(found)];
      },
    ],
    [
      /^GET \/api\/v4\/projects\/12\/repository\/commits\/(\w+)\/merge_requests$/,
      (asked, [commit]) => page(forge.pulls.filter((one) => one.mergedAs === commit).map(pullOfGitlab), asked),
    ],
    [
      /^GET \/api\/v4\/projects\/12\/merge_requests\/(\d+)\/notes$/,
      (asked, [pull]) =>
        page(
          forge.notes.filter((one) => one.pull === Number(pull)),
          asked,
        ),
    ],
    [
      /^POST \/api\/v4\/projects\/12\/merge_requests\/(\d+)\/notes$/,
      ({ body }, [pull]) => {
        const note = { id: nextId(), pull: Number(pull), body: text(body['body']), author: bot };
        forge.notes.push(note);
        return [201, note];
      },
    ],
    [
      /^PUT \/api\/v4\/projects\/12\/merge_requests\/\d+\/notes\/(\d+)$/,
      ({ body }, [id]) => {
        const note = forge.notes.find((one) => one.id === Number(id));
        if (note === undefined) return [404, {}];
        note.body = text(body['body']);
        return [200, note];
      },
    ],
    [
      /^GET \/api\/v4\/projects\/12\/issues$/,
      (asked) =>
        page(
          forge.issues.map(({ number, title, body, isOpen, author }) => ({
            iid: number,
            title,
            description: body,
            state: isOpen ? 'opened' : 'closed',
            author,
          })),
          asked,
        ),
    ],
    [
      /^POST \/api\/v4\/projects\/12\/issues$/,
      ({ body }) => {
        const issue = {
          number: nextId(),
          title: text(body['title']),
          body: text(body['description']),
          isOpen: true,
          labels: ['muster-drift'],
          author: bot,
        };
        forge.issues.push(issue);
        return [201, issue];
      },
    ],
    [
      /^PUT \/api\/v4\/projects\/12\/issues\/(\d+)$/,
      ({ body }, [number]) => {
        const issue = forge.issues.find((one) => one.number === Number(number));
        if (issue === undefined) return [404, {}];
        const event = body['state_event'];
        Object.assign(issue, {
          title: body['title'],
          body: body['description'],
          isOpen: event === 'close' ? false : event === 'reopen' ? true : issue.isOpen,
        });
        return [200, issue];
      },
    ],
  ];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = request;
    const { pathname, searchParams } = new URL(url, 'http://forge.invalid');
    const { authorization, 'private-token': privateToken } = request.headers;
    forge.seen.push({ authorization, 'private-token': String(privateToken ?? '') });
    const line = `${method} ${pathname}`;
    const send = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(json === undefined ? '' : JSON.stringify(json));
    };
    const fault = forge.faults.findIndex(({ when }) => when.test(line));
    const [broken] = fault < 0 ? [] : forge.faults.splice(fault, 1);
    if (broken !== undefined) return send(broken.status, { message: 'as told' }, broken.headers);
    if (authorization !== `Bearer ${forge.token}` && privateToken !== forge.token)
      return send(method === 'GET' ? 401 : 403, { message: 'Resource not accessible by integration' });
    if (method !== 'GET') forge.writes.push(line);
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked['body']);
    for (const [pattern, reply] of [...github, ...gitlab]) {
      const found = pattern.exec(line);
      if (found !== null) return send(...reply({ method, path: pathname, query: searchParams, body }, found.slice(1)));
    }
    send(404, { message: `not made: ${line}` });
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { ...forge, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What a job of GitHub Actions knows of itself. */
export function githubJob(forge: FakeForge, more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: forge.url,
    GITHUB_SERVER_URL: 'https://github.invalid',
    GITHUB_REPOSITORY: repository,
    GITHUB_REF_NAME: 'main',
    GITHUB_RUN_ID: '99',
    GITHUB_TOKEN: forge.token,
    ...more,
  };
}

/** What a job of GitLab CI knows of itself. */
export function gitlabJob(forge: FakeForge, more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    GITLAB_CI: 'true',
    CI_API_V4_URL: `${forge.url}/api/v4`,
    CI_SERVER_URL: 'https://gitlab.invalid',
    CI_COMMIT_BRANCH: 'main',
    CI_PROJECT_ID: '12',
    CI_PROJECT_URL: 'https://gitlab.invalid/team/chat',
    CI_JOB_URL: 'https://gitlab.invalid/team/chat/-/jobs/5',
    GITLAB_TOKEN: forge.token,
    ...more,
  };
}
