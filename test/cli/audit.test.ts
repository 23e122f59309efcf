/** An audit from the command line, against a server. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

const users = `version: 1
users:
  - { username: sandbox-admin }
  - { username: ada, nickname: Countess }
  - { username: gone, active: false }
`;
const config = 'version: 1\nfiles: [users.yaml]\nwaivers: waivers.yaml\n';
const noWaivers = 'version: 1\nwaivers: []\n';
const files = { 'users.yaml': users, 'muster.yaml': config, 'waivers.yaml': noWaivers };
const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    config: { 'ServiceSettings.EnableUserAccessTokens': true },
    seed: {
      admin: { mfa_active: true, teams: ['main'] },
      users: [
        { username: 'ada' },
        {
          username: 'gone',
          active: false,
          tokens: [{ description: 'left behind' }],
          teams: [{ team: 'main', role: 'admin', channels: ['ops'] }],
        },
        { username: 'helper', is_bot: true, owner: 'gone' },
      ],
      teams: [{ name: 'main', channels: [{ name: 'ops', type: 'P' }] }],
      integrations: [
        { kind: 'incoming-webhook', name: 'Builds', creator: 'gone' },
        { kind: 'outgoing-webhook', name: 'Answers', creator: 'gone' },
        { kind: 'slash-command', name: 'deploy', creator: 'gone' },
        { kind: 'slash-command', name: 'mine', creator: 'ada' },
      ],
    },
  });
  place = await makeWorkplace(files, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
});
beforeEach(() => place.write(files));
afterAll(() => sandbox.close());

async function report(): Promise<AuditReport> {
  const { stdout } = await place.muster(['audit', '--format', 'json']);
  return JSON.parse(stdout);
}

/** As the server tells them, with their tokens. */
async function outgoingWebhooks(): Promise<ReadonlyArray<{ readonly token: string }>> {
  const headers = { authorization: `Bearer ${sandbox.adminToken}` };
  const answer = await fetch(`${sandbox.url}/api/v4/hooks/outgoing`, { headers });
  return JSON.parse(await answer.text());
}

const found = [
  'high leaver-token gone: token "left behind" is enabled, and the account is inactive',
  'medium drift ada: nickname is empty, expected Countess',
  'medium leaver-bot gone: owns the active bot helper',
  'medium leaver-command gone: made the slash command /deploy',
  'medium leaver-webhook gone: made the incoming webhook Builds',
  'medium leaver-webhook gone: made the outgoing webhook Answers',
  'low leaver-channel gone: is inactive and in the private channels main/ops',
  'low leaver-place-admin gone: is inactive and administers main',
  'low no-team ada: is active and in no team',
  'info foreign-token sandbox-admin: token "sandbox administrator" was not made by muster, and may be the one that muster uses',
];

test('finds what people who left have left behind, of every sort that can be read', async () => {
  const { findings } = await report();

  const others = findings.filter(({ rule }) => rule !== 'too-few-admins');
  expect(others.map(({ severity, rule, person, text }) => `${severity} ${rule} ${person ?? ''}: ${text}`)).toEqual(
    found,
  );
});

test.runIf(isLong)(
  'says who ran it, with what, against which server, and what was read, with the counts of the server',
  async () => {
    const { completeness } = await report();

    expect(completeness).toMatchObject({
      tool: expect.stringMatching(/^muster \d/),
      run_by: { username: 'sandbox-admin' },
      server: { url: sandbox.url },
      files: ['users.yaml'],
    });
    expect(completeness.reads.map(({ what, found: count, before, after }) => [what, count, before, after])).toEqual([
      ['accounts', 4, 4, 4],
      ['tokens', 2, undefined, undefined],
      ['memberships', 5, undefined, undefined],
      ['activity', 3, 3, 3],
      ['sessions', 1, undefined, undefined],
      ['bots', 1, undefined, undefined],
      ['webhooks', 2, undefined, undefined],
      ['commands', 2, undefined, undefined],
    ]);
  },
);

test('writes nothing to the server', async () => {
  const before = sandbox.snapshot();

  await report();

  expect({ ...sandbox.snapshot(), sessions: [] }).toEqual({ ...before, sessions: [] });
});

test('prints the findings for people, the most serious first, and no secret', async () => {
  const { stdout, code } = await place.muster(['audit']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^high {2}Inactive account with an enabled token {2}leaver-token\n {2}gone {2}token/m);
  expect(stdout).toMatch(/^ {2}ada {2}nickname is empty, expected Countess {2}users\.yaml:4$/m);
  expect(await outgoingWebhooks()).toMatchObject([{ token: expect.stringMatching(/^\w{26}$/) }]);
  expect(stdout).toMatch(/^Complete\n/m);
  for (const { token } of await outgoingWebhooks()) expect(stdout).not.toContain(token);
});

describe('--fail-on', () => {
  test.each([
    ['low', 9],
    ['high', 9],
    ['critical', 0],
  ] as const)('%s ends with %i where the most serious finding is high', async (severity, code) => {
    expect((await place.muster(['audit', '--fail-on', severity])).code).toBe(code);
  });

  test('does not count what is waived', async () => {
    const rule = (name: string, person: string): string =>
      `  - { rule: ${name}, users: [${person}], reason: known, by: security, expires: "${soon}" }\n`;
    await place.write({
      'muster.yaml': `${config}policy: { min_admins: 1 }\n`,
      'waivers.yaml': `version: 1\nwaivers:\n${rule('leaver-token', 'gone')}${rule('old-token', 'ada')}`,
    });

    const { code, stdout } = await place.muster(['audit', '--fail-on', 'high']);

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Waived\\n {2}gone {2}leaver-token {2}until ${soon} by security: known$`, 'm'));
    expect(stdout).toMatch(/^ {2}ada {3}old-token {5}waiver without a finding$/m);
  });

  test('gives way to files that cannot be read, which end with 3', async () => {
    await place.write({ 'waivers.yaml': 'version: 1\nwaivers: [{ rule: nonsense }]\n' });

    const { code, stderr } = await place.muster(['audit', '--fail-on', 'low']);

    expect(code).toBe(3);
    expect(stderr).toContain('waivers.yaml:2');
  });

  test('refuses a word that is no severity', async () => {
    expect((await place.muster(['audit', '--fail-on', 'grave'])).code).toBe(3);
  });
});

describe('a server that does not show everything', () => {
  test('is said to have webhooks and commands that were not read, where it has switched them off', async () => {
    sandbox.control.setConfig({
      'ServiceSettings.EnableIncomingWebhooks': false,
      'ServiceSettings.EnableCommands': false,
    });
    try {
      const { findings, completeness, rules } = await report();

      const things = findings.filter(({ rule }) => /webhook|command/.test(rule)).map(({ text }) => text);
      expect(things).toEqual(['made the outgoing webhook Answers']);
      const missing = completeness.reads.filter((read) => read.missing !== undefined).map(({ what }) => what);
      expect(missing).toEqual(['webhooks', 'commands']);
      expect(rules.filter(({ unread }) => unread !== undefined).map(({ rule }) => rule)).toEqual([
        'leaver-webhook',
        'leaver-command',
      ]);
      expect((await place.muster(['audit'])).stdout).toMatch(/^Not read\n {2}webhooks {2}.*\n {2}commands {2}/m);
    } finally {
      sandbox.control.setConfig({
        'ServiceSettings.EnableIncomingWebhooks': true,
        'ServiceSettings.EnableCommands': true,
      });
    }
  });

  test('gets no report where people go while they are counted', async () => {
    const going = ['one', 'two', 'three'];
    const shrinking = await startSandbox({
      seed: { users: going.map((username) => ({ username })) },
      log: ({ method, path, query }) => {
        const next = method === 'GET' && path.endsWith('/users') && !query.includes('role') ? going.pop() : undefined;
        if (next !== undefined) shrinking.control.deleteUser(next);
      },
    });
    try {
      const env = { MUSTER_SERVER: shrinking.url, MUSTER_TOKEN: shrinking.adminToken };

      const { code, stdout, stderr } = await place.muster(['audit', '--fail-on', 'low'], { env });

      expect({ code, stdout, going }).toEqual({ code: 5, stdout: '', going: [] });
      expect(stderr).toContain('could not be read completely in 3 tries');
    } finally {
      await shrinking.close();
    }
  });
});
