import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { fleetMarkdown } from '../../src/report/fleet-comment.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

let sandboxes: Readonly<Record<'eu' | 'us', Sandbox>>;
beforeEach(async () => {
  sandboxes = { eu: await startSandbox(), us: await startSandbox() };
});
afterEach(async () => {
  for (const one of Object.values(sandboxes)) await one.close();
});

const person = (name: string): string => `version: 1\nusers:\n  - { username: ${name}, email: ${name}@example.com }\n`;

/** Two servers, each with files and a token of its own. */
async function fleet(changed: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const { eu, us } = sandboxes;
  return await makeWorkplace(
    {
      'muster.yaml': `version: 1
policy: { min_admins: 1, protect: [linus] }
servers:
  eu: { url: "${eu.url}", files: [eu.yaml], policy: { undeclared_users: ignore } }
  us: { files: [us.yaml] }
`,
      'eu.yaml': person('ada'),
      'us.yaml': person('grace'),
      ...changed,
    },
    {
      MUSTER_TOKEN_EU: eu.adminToken,
      MUSTER_SERVER_EU: eu.url,
      MUSTER_TOKEN_US: us.adminToken,
      MUSTER_SERVER_US: us.url,
      ...env,
    },
  );
}

/** What a server was asked for so far. */
const requests = (name: 'eu' | 'us'): number => sandboxes[name].requests.length;

test('one question covers the plans of all servers, and the plans that it shows are carried out', async () => {
  const work = await fleet();

  const declined = await work.muster(['apply', '--all'], { answer: 'no' });
  const agreed = await work.muster(['apply', '--all'], { answer: 'yes' });
  const again = await work.muster(['plan', '--all', '--detailed-exitcode']);

  expect(declined).toMatchObject({ code: 130, stdout: expect.stringMatching(/^eu +declined +1 action$/m) });
  expect(agreed).toMatchObject({ code: 0 });
  expect(agreed.stdout).toMatch(
    /^eu {2}changes {2}1 action\nus {2}changes {2}1 action\n\n── eu \(http:.*\+ ada\n.*── us/s,
  );
  expect(agreed.stdout).toMatch(/^eu {2}applied {2}1 done of 1 action\nus {2}applied {2}1 done of 1 action$/m);
  expect(sandboxes.eu.control.user('ada')).toBeDefined();
  expect(sandboxes.us.control.user('ada')).toBeUndefined();
  expect(sandboxes.us.control.user('grace')).toBeDefined();
  expect(again).toEqual({ code: 0, stdout: 'eu  no changes\nus  no changes\n', stderr: '' });
});

test('a server whose token is bound to another one is asked nothing, and the others are applied', async () => {
  const work = await fleet({ 'us.yaml': person('hopper') }, { MUSTER_SERVER_EU: sandboxes.us.url });
  const before = requests('eu');

  const { code, stdout } = await work.muster(['apply', '--all', '--yes', '--format', 'json']);

  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    servers: [
      { name: 'eu', exit_code: 3, error: { code: 'CALLER_TOKEN' } },
      { name: 'us', exit_code: 0, declined: false, result: { summary: { done: 1 } } },
    ],
  });
  expect(requests('eu')).toBe(before);
});

test('--server takes a name, which has a token, files, policy, secrets and state of its own', async () => {
  const work = await fleet();

  const several = await work.muster(['plan']);
  const unknown = await work.muster(['plan', '--server', 'fr']);
  const valid = await work.muster(['validate', '--server', 'us']);
  const doctor = await work.muster(['doctor', '--server', 'us']);
  const status = await work.muster(['status', '--server', 'us']);
  const of = await work.muster(['plan', '--server', 'eu', '--format', 'json']);

  expect(several).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('muster.yaml has several servers: eu, us'),
  });
  expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining('muster.yaml has no server of the name') });
  expect(valid.stdout).toBe('valid: 1 person in 1 file\n');
  expect(doctor.stdout).toMatch(/in MUSTER_TOKEN_US$/m);
  expect(doctor.stdout).toMatch(/secrets\/us \(the default\)/);
  expect(status).toMatchObject({ code: 3, stderr: expect.stringContaining('muster reconcile has left nothing here') });
  expect(JSON.parse(of.stdout)).toMatchObject({ server: { url: sandboxes.eu.url }, undeclared: [] });
});

test('validate --all says it of each server, and ends with the most serious exit code', async () => {
  const work = await fleet({ 'us.yaml': 'version: 1\nusers: [{ username: "" }]\n' });

  const { code, stdout } = await work.muster(['validate', '--all']);

  expect(code).toBe(3);
  expect(stdout).toMatch(/^eu {2}valid {2}1 person in 1 file\nus {2}error {2}.*\n\n── us\n/);
});

test('what is for one server is refused with --all', async () => {
  const work = await fleet();
  const refused = [
    ['plan', '--all', '--server', 'eu'],
    ['plan', '--all', '-f', 'eu.yaml'],
    ['apply', 'plan.json', '--all', '--yes'],
    ['apply', '--all'],
  ];

  for (const args of refused) expect(await work.muster(args)).toMatchObject({ code: 3 });
});

test('the plans of all servers fit one comment of a pull request, with a line for each and a part for those that change', async () => {
  const work = await fleet({ 'us.yaml': person('babbage') }, { MUSTER_TOKEN_EU: '' });

  const markdown = await work.muster(['plan', '--all', '--format', 'markdown']);
  const redacted = await work.muster(['plan', '--all', '--format', 'markdown', '--redact']);
  const github = await work.muster(['plan', '--all', '--format', 'github']);
  const diff = await work.muster(['plan', '--all', '--format', 'diff']);

  expect(markdown.code).toBe(3);
  expect(markdown.stdout).toMatch(/^### muster plan: 2 servers \(error: 1, changes: 1\)\n/);
  expect(markdown.stdout).toContain('| `us` | changes | `1 action` |\n');
  expect(markdown.stdout).toMatch(
    /\n#### `eu`: failed\n.*MUSTER_TOKEN_EU.*\n#### `us`: 1 action for 1 person\n.*`babbage`/s,
  );
  expect(redacted.stdout).not.toContain('babbage');
  expect(github.stdout).toMatch(/^::error title=eu::no token: .*MUSTER_TOKEN_EU/m);
  expect(github.stdout).toMatch(/^::notice title=muster plan::2 servers \(error: 1, changes: 1\)$/m);
  expect(diff.stdout).toMatch(/^# eu {2}error .*\n# us {2}changes .*\n# ── eu\n# error no token/);
  expect(diff.stdout).toMatch(/\n# ── us \(http.*\)\n--- \/dev\/null\n\+\+\+ desired\/babbage\n/);
});

test('a comment of many servers is as long as one may be at most, and counts those that it leaves out', () => {
  const servers = Array.from({ length: 300 }, (_, i) => ({
    line: { name: `s${i}`, word: 'changes', colour: 'yellow', text: '9 actions' } as const,
    markdown: () => `${'x'.repeat(500)}\n`,
  }));

  const comment = fleetMarkdown('muster plan', servers);

  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain('| `s299` |');
  const shown = comment.split('x'.repeat(500)).length - 1;
  expect(comment).toContain(`… and ${300 - shown} servers more, left out to fit a comment`);
  expect(shown).toBeGreaterThan(90);
});

test.runIf(isLong)(
  'what apply and reconcile did on all servers comes as a comment and as annotations, too',
  async () => {
    const work = await fleet({ 'us.yaml': person('boole') });
    await work.muster(['apply', '--all', '--yes']);
    const changed = await fleet({ 'eu.yaml': person('boole'), 'us.yaml': person('boole') });

    const reconciled = await changed.muster([
      'reconcile',
      '--all',
      '--once',
      '--mode',
      'enforce',
      '--format',
      'markdown',
    ]);
    const applied = await changed.muster(['apply', '--all', '--yes', '--format', 'github']);
    const valid = await changed.muster(['validate', '--all', '--format', 'markdown']);

    expect(reconciled.stdout).toMatch(/^### muster reconcile: 2 servers \(applied: 1, no changes: 1\)\n/);
    expect(reconciled.stdout).toMatch(/\n#### `eu`: Applied: 1 of 1 action done\n/);
    expect(applied.stdout).toBe('::notice title=muster apply::2 servers (no changes: 2)\n');
    expect(valid.stdout).toBe(
      '### muster validate: 2 servers (valid: 2)\n\n| server | | |\n|---|---|---|\n| `eu` | valid | `1 person in 1 file` |\n| `us` | valid | `1 person in 1 file` |\n',
    );
  },
);

test('doctor --all looks at each server, and what asks for a look stands below', async () => {
  const work = await fleet({}, { MUSTER_TOKEN_US: 'wrong' });

  const { code, stdout } = await work.muster(['doctor', '--all']);
  const json = await work.muster(['doctor', '--all', '--format', 'json', '--parallel', '1']);

  expect(code).toBe(5);
  expect(stdout).toMatch(/^eu {2}note {3}Mattermost .*; \d+ notes?\nus {2}error {2}/);
  expect(stdout).toMatch(/\n── eu\nnote {2}/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    servers: [
      { name: 'eu', exit_code: 0, checks: expect.arrayContaining([expect.objectContaining({ name: 'caller' })]) },
      { name: 'us', exit_code: 5, error: { code: 'API_UNAUTHORIZED' } },
    ],
  });
});

test('a refused token is named by the variable that it comes from', async () => {
  const work = await fleet({}, { MUSTER_TOKEN_US: 'wrong' });
  await work.write({ 'token/file': 'wrong' });
  await chmod(join(work.dir, 'token/file'), 0o600);

  const named = await work.muster(['plan', '--server', 'us']);
  const ofFile = await work.muster(['plan', '--server', 'us'], {
    env: { MUSTER_TOKEN_US: '', MUSTER_TOKEN_FILE_US: join(work.dir, 'token/file') },
  });

  expect(named.stderr).toContain('check that the token in MUSTER_TOKEN_US is right');
  expect(ofFile.stderr).toContain('check that the token in the file of MUSTER_TOKEN_FILE_US is right');
});

test('journals are authenticated by the token of the server that they are of', async () => {
  const work = await fleet({ 'eu.yaml': person('hamilton'), 'us.yaml': person('hamilton') });
  await work.muster(['apply', '--all', '--yes']);
  const verify = ['journal', 'verify', '--authenticate'];

  const all = await work.muster(verify);
  const without = await work.muster(verify, { env: { MUSTER_TOKEN_US: '' } });
  const exchanged = await work.muster(verify, { env: { MUSTER_TOKEN_US: sandboxes.eu.adminToken } });
  const none = await work.muster(verify, { env: { MUSTER_TOKEN_EU: '', MUSTER_TOKEN_US: '' } });

  expect(all).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('all signed with the token in the environment'),
  });
  expect(without.code).toBe(3);
  expect(exchanged).toMatchObject({ code: 3, stdout: expect.stringContaining('1 journal signed with another token') });
  expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('set MUSTER_TOKEN_EU') });
});

test.runIf(isLong)(
  '--verbose shows the requests to each server with its name, and in the log of muster reconcile',
  async () => {
    const work = await fleet();

    const planned = await work.muster(['plan', '--all', '--verbose', '--redact']);
    const cycle = ['reconcile', '--once', '--server', 'us', '--log', 'json'];
    const logged = await work.muster([...cycle, '--verbose']);
    const quiet = await work.muster(cycle);

    expect(planned.stderr).toMatch(/^eu: GET \/api\/v4\/.* → 200 .*$/m);
    expect(planned.stderr).toMatch(/^us: GET \/api\/v4\/users\/\{user_id\}/m);
    const lines = logged.stderr
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'request', method: 'GET', path: '/api/v4/users/me', result: { status: 200 } }),
    );
    expect(quiet.stderr).not.toContain('"request"');
  },
);

test('status --all has a line for each server, also for one that no one has looked at', async () => {
  const work = await fleet();
  await work.muster(['reconcile', '--once', '--server', 'us']);

  const { code, stdout } = await work.muster(['status', '--all']);
  const json = await work.muster(['status', '--all', '--format', 'json']);

  expect(code).toBe(3);
  expect(stdout).toMatch(/^eu {2}unknown {2}.*\nus {2}ok {7}.*looked \d+ s ago\n$/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    servers: [
      { name: 'eu', health: { is: 'unknown' } },
      { name: 'us', server: sandboxes.us.url, health: { is: 'ok' } },
    ],
  });
});

test('reconcile --all --once makes a cycle of each server', async () => {
  const work = await fleet();
  await work.muster(['apply', '--server', 'eu', '--yes']);

  const { code, stdout } = await work.muster(['reconcile', '--all', '--once', '--mode', 'enforce']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^eu {2}no changes\nus {2}applied {5}1 done of 1 action\n\n── us/);
});

test('a queue that does not answer is told once, without its address, and the process ends when it is told to', async () => {
  const work = await fleet();
  const end = new AbortController();
  const said: string[] = [];

  const none = await work.muster(['reconcile', '--worker']);
  const code = await runCli(['reconcile', '--worker'], {
    stdout: { write: () => undefined, isTTY: false },
    stderr: {
      write: (text) => {
        said.push(text);
        end.abort();
      },
      isTTY: false,
    },
    ask: undefined,
    env: { MUSTER_QUEUE_URL: 'postgres://muster:hunter2@127.0.0.1:1/muster' },
    workingDir: work.dir,
    signal: end.signal,
  });

  expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('MUSTER_QUEUE_URL is not set') });
  expect(code).toBe(0);
  expect(said.join('')).toMatch(/^\{.*the queue does not answer \(nothing answers there, ECONNREFUSED\).*\}\n$/);
  expect(said.join('')).not.toContain('hunter2');
});

test('settings that a pull request changes stand in the line of each server that they concern, and below', async () => {
  const work = await fleet();
  const base = await fleet({
    'muster.yaml': 'version: 1\npolicy: { min_admins: 1, protect: [linus] }\nservers: { us: { files: [us.yaml] } }\n',
  });

  const { code, stdout } = await work.muster(['validate', '--all', '--base', `${base.dir}/`]);

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^eu {2}valid {2}1 person in 1 file, 3 settings or entries not as in the base\nus {2}valid {2}1 person in 1 file\n/,
  );
  expect(stdout).toContain('policy.undeclared_users  report → ignore');
});
