/** The action, the GitLab template, the repository to copy, the image, manifests and units: they say what muster takes. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { makeProgram } from '../../src/cli/program.ts';
import { makeWorkplace } from '../support/run-muster.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const workflows = 'examples/gitops-repo/.github/workflows';
const manifests = ['cronjob', 'daemon'].map((name) => `deploy/kubernetes/${name}.yaml`);
const gitlab = 'deploy/gitlab/muster.gitlab-ci.yml';

const nowhere = { write: () => undefined, isTTY: false };
const program = makeProgram(
  { stdout: nowhere, stderr: nowhere, ask: undefined, env: {}, workingDir: '/', signal: AbortSignal.abort() },
  () => undefined,
);

/** What of a command line muster does not know. */
function unknownIn(words: readonly string[]): readonly string[] {
  let command: Command = program;
  const rest = [...words];
  for (let next = find(command, rest[0]); next !== undefined; next = find(command, rest[0])) {
    command = next;
    rest.shift();
  }
  const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*$/s, ''));
  const known = new Set(command.options.map(({ long }) => long));
  return [...(command === program ? ['no command'] : []), ...flags.filter((flag) => !known.has(flag))];
}

const find = (command: Command, word: string | undefined): Command | undefined =>
  command.commands.find((one) => one.name() === word);

interface Job {
  readonly environment?: unknown;
  readonly steps?: ReadonlyArray<{ readonly uses?: string; readonly with?: Readonly<Record<string, string>> }>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: ReadonlyArray<{ readonly name: string; readonly run: string }> };
}

const workflowFiles = await readdir(join(root, workflows));
const parsed = await Promise.all(
  workflowFiles.map(async (name): Promise<[string, Workflow, string]> => {
    const text = await read(join(workflows, name));
    return [name, parse(text), text];
  }),
);
const action: Action = parse(await read('action.yml'));
const script = action.runs.steps.find(({ name }) => name === 'Run')?.run ?? '';

describe('the repository to copy', () => {
  test('is valid', async () => {
    const names = ['muster.yaml', 'approvals.yaml', 'users/engineering.yaml', 'users/sales.yaml'];
    const files = await Promise.all(
      names.map(async (name) => [name, await read(`examples/gitops-repo/${name}`)] as const),
    );
    const place = await makeWorkplace(Object.fromEntries(files));

    expect(await place.muster(['validate'])).toMatchObject({ code: 0, stdout: 'valid: 5 people in 2 files\n' });
  });

  test('names in CODEOWNERS only files that it has, or is told to take', async () => {
    const owned = (await read('examples/gitops-repo/CODEOWNERS')).match(/^\/\S+/gm) ?? [];
    const there = await readdir(join(root, 'examples/gitops-repo'), { recursive: true });

    expect(owned.length).toBeGreaterThan(5);
    expect(
      owned
        .map((path) => path.replace(/^\/|\/$/g, ''))
        .filter((path) => path !== 'muster.gitlab-ci.yml' && !there.includes(path)),
    ).toEqual([]);
  });
});

describe.each(parsed)('the workflow %s', (_name, { on, jobs }, text) => {
  test('gives no secret to what a pull request can change', () => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
    expect('pull_request' in on && text.includes('secrets.')).toBe(false);
    for (const { environment, steps = [] } of Object.values(jobs)) {
      const takesToken = steps.some((step) => step.with?.['muster-token'] !== undefined);
      expect(takesToken).toBe(environment !== undefined);
    }
  });

  test('gives the action only what it takes', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
    const own = steps.filter(({ uses = '' }) => uses.includes('muster@'));

    expect(own).toHaveLength(1);
    // No name of ours: while it is not registered, anyone could register it, and would be given the token.
    expect(steps.map(({ uses = '' }) => uses).filter((uses) => !uses.startsWith('actions/'))).toEqual([
      'YOUR_ORG/muster@COMMIT',
    ]);
    expect(Object.keys(own[0]?.with ?? {}).filter((name) => !Object.hasOwn(action.inputs, name))).toEqual([]);
  });
});

describe('the action', () => {
  const inputs = { VERSION: 'latest', STATE: 'branch:muster-state', REDACT_PEOPLE: 'false', RESUME: 'false' };
  /** What its script runs muster with, by a stand-in that prints its arguments and whether it sees the token. */
  function ran(env: NodeJS.ProcessEnv): string {
    const standIn = 'muster() { printf "%s " "$@"; echo "${MUSTER_TOKEN-no token}"; }';
    const body = script.replaceAll(/exec (muster .*)$/gm, '$1; exit 0');
    const fenced = `${standIn}\n${body}`;
    try {
      return execFileSync('bash', ['--norc', '--noprofile', '-eo', 'pipefail', '-c', fenced], {
        env: { PATH: process.env['PATH'], MUSTER_TOKEN: 't', ...inputs, ...env },
        encoding: 'utf8',
      }).trim();
    } catch (error) {
      return error instanceof Error && 'status' in error ? `exit ${String(error.status)}` : 'failed';
    }
  }

  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      'validates without the token',
      { COMMAND: 'validate', BASE: 'origin/main' },
      'validate --format github --base=origin/main no token',
    ],
    ['plans', { COMMAND: 'plan', REPORTS: 'out' }, 'ci plan --state=branch:muster-state --reports=out t'],
    [
      'plans one of several servers',
      { COMMAND: 'plan', SERVER_NAME: 'eu' },
      'ci plan --server=eu --state=branch:muster-state t',
    ],
    [
      'applies',
      { COMMAND: 'apply', DIGEST: 'sha256:0', VALID_FOR: '7d', RESUME: 'true', REDACT_PEOPLE: 'true' },
      'ci apply --state=branch:muster-state --redact-people --digest=sha256:0 --valid-for=7d --resume t',
    ],
    ['looks for drift', { COMMAND: 'drift', DIGEST: 'sha256:0' }, 'ci drift --state=branch:muster-state t'],
    ['refuses another command', { COMMAND: 'undo' }, 'exit 3'],
    [
      'runs no input',
      { COMMAND: 'plan', SERVER_NAME: '$(touch x); `id`' },
      'ci plan --server=$(touch x); `id` --state=branch:muster-state t',
    ],
  ])('%s', (_what, env, expected) => {
    const said = ran({ SERVER_NAME: '', BASE: '', REPORTS: '', DIGEST: '', VALID_FOR: '', ...env });

    expect(said).toBe(expected);
    const { 0: words = '' } = / (?:no token|t)$/.exec(said) ?? [];
    if (!said.startsWith('exit')) expect(unknownIn(said.slice(0, -words.length).split(' '))).toEqual([]);
  });

  test.each([
    ['of its own sources', '', ['npm ci', 'npm run', 'npm pack', 'npm install', '/muster/mattermuster-1.tgz']],
    ['of a version that is asked for', '1.2.3', ['npm install', 'mattermuster@1.2.3']],
  ])('installs the program %s', (_what, version, expected) => {
    const install = action.runs.steps.find(({ name }) => name === 'Install')?.run ?? '';
    const standIn =
      'cd() { :; }; PWD=/muster; npm() { echo "npm $*" >&2; [ "$1" != pack ] || echo mattermuster-1.tgz; }';
    const said = execFileSync(
      'bash',
      ['--norc', '--noprofile', '-eo', 'pipefail', '-c', `exec 2>&1; ${standIn}\n${install}`],
      {
        env: { PATH: process.env['PATH'], VERSION: version, GITHUB_ACTION_PATH: '/muster' },
        encoding: 'utf8',
      },
    );

    expect(
      said.match(/npm (?:ci|run|pack|install)|\S*mattermuster\S+/g)?.filter((word) => word !== 'mattermuster-1.tgz'),
    ).toEqual(expected);
    expect(said.match(/npm (?:ci|pack|install).*/g)?.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
  });

  test('puts no input into the text of a script', () => {
    expect(action.runs.steps.map(({ run }) => run).join('\n')).not.toContain('${{');
  });
});

describe('commands elsewhere are those of muster:', () => {
  test('the template for GitLab, which gives the token to no pipeline of a merge request', async () => {
    const jobs: Readonly<
      Record<string, { readonly script?: readonly string[]; readonly rules?: unknown; readonly environment?: unknown }>
    > = parse(await read(gitlab));
    const lines = Object.values(jobs).flatMap((job) => job.script ?? []);

    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const words = line.split(' ');
      expect(words[0]).toBe('muster');
      expect(unknownIn(words.slice(1)), line).toEqual([]);
    }
    const open = Object.values(jobs).filter((job) => JSON.stringify(job.rules ?? '').includes('merge_request_event'));
    expect(open.map((job) => job.environment)).toEqual([undefined, undefined]);
    // A merge request tells a job that has the token nothing.
    expect(jobs['muster-start-plan']).toMatchObject({
      inherit: { variables: false },
      trigger: { forward: { yaml_variables: false, pipeline_variables: false } },
    });
    expect(jobs['muster-start-plan']).not.toHaveProperty('variables');
  });

  test.each(manifests)('%s, not as root, and never two at once', async (path) => {
    const [document] = parseAllDocuments(await read(path));
    const text = JSON.stringify(document?.toJS());
    const [, args = ''] = /"args":\[(.*?)\]/.exec(text) ?? [];

    expect(document?.errors).toEqual([]);
    expect(unknownIn(args.split(',').map((word) => JSON.parse(word) as string))).toEqual([]);
    expect(text).toContain('"runAsNonRoot":true');
    expect(text).toMatch(/"concurrencyPolicy":"Forbid"|"strategy":\{"type":"Recreate"\}/);
  });

  test('the unit of systemd, and the hook of pre-commit', async () => {
    const [, line = ''] = /^ExecStart=\S+env muster (.*)$/m.exec(await read('deploy/systemd/muster.service')) ?? [];
    const hooks: ReadonlyArray<{ readonly entry: string }> = parse(await read('.pre-commit-hooks.yaml'));

    expect(unknownIn(line.split(' '))).toEqual([]);
    expect(hooks.map(({ entry }) => unknownIn(entry.split(' ').slice(1)))).toEqual([[]]);
  });

  test('the image, which takes what it needs and runs as no administrator', async () => {
    const [text, ignored] = [await read('Dockerfile'), await read('.dockerignore')];
    const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));
    const allowed = new Set([...ignored.matchAll(/^!(.*)$/gm)].map(([, path = '']) => path));

    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !allowed.has(path))).toEqual([]);
    expect(text).toMatch(/^USER 1000:1000$/m);
    expect(text.lastIndexOf('\nUSER ')).toBeGreaterThan(text.lastIndexOf('RUN '));
  });
});
