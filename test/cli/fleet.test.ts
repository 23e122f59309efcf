import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

let sandboxes: Readonly<Record<'eu' | 'us', Sandbox>>;
beforeAll(async () => {
  sandboxes = { eu: await startSandbox(), us: await startSandbox() };
});
afterAll(async () => {
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
    ['plan', '--all', '--format', 'markdown'],
    ['plan', '--all', '-f', 'eu.yaml'],
    ['apply', 'plan.json', '--all', '--yes'],
    ['apply', '--all'],
  ];

  for (const args of refused) expect(await work.muster(args)).toMatchObject({ code: 3 });
});

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
  const work = await fleet({ 'us.yaml': person('lovelace') });

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
  expect(said.join('')).toMatch(/^\{.*the queue does not answer \(ECONNREFUSED\).*\}\n$/);
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
    /^eu {2}valid {2}1 person in 1 file, 3 settings not as in the base\nus {2}valid {2}1 person in 1 file\n/,
  );
  expect(stdout).toContain('policy.undeclared_users  report → ignore');
});
