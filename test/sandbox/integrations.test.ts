import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, type SandboxSeed, startSandbox } from '../../src/sandbox/index.ts';

const seed: SandboxSeed = {
  users: [{ username: 'ada' }],
  teams: ['main', 'other'],
  integrations: [
    { kind: 'incoming-webhook', name: 'Builds', creator: 'ada' },
    { kind: 'outgoing-webhook', name: 'Answers', creator: 'ada' },
    { kind: 'slash-command', name: 'deploy', creator: 'ada', team: 'other' },
  ],
};

const sandboxes: Sandbox[] = [];
afterEach(async () => {
  for (const one of sandboxes.splice(0)) await one.close();
});

async function start(options: Parameters<typeof startSandbox>[0]): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  sandboxes.push(sandbox);
  return sandbox;
}

async function list(sandbox: Sandbox, path: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const headers = { authorization: `Bearer ${sandbox.adminToken}` };
  return JSON.parse(await (await fetch(`${sandbox.url}/api/v4${path}`, { headers })).text());
}

/** The keys as a server 11.2.0 answers them. */
const keys = {
  '/hooks/incoming':
    'channel_id channel_locked create_at delete_at description display_name icon_url id team_id update_at user_id username',
  '/hooks/outgoing':
    'callback_urls channel_id content_type create_at creator_id delete_at description display_name icon_url id team_id token trigger_when trigger_words update_at username',
  '/teams':
    'allow_open_invite allowed_domains cloud_limits_archived company_name create_at delete_at description display_name email group_constrained id invite_id name policy_id scheme_id type update_at',
} as const;

test.each(Object.entries(keys))('%s answers rows of the same shape as the server', async (path, shape) => {
  const [row = {}] = await list(await start({ seed }), path);

  expect(Object.keys(row).toSorted()).toEqual(shape.split(' '));
});

test('lists slash commands by their team', async () => {
  const sandbox = await start({ seed });
  const [main, other] = await list(sandbox, '/teams');
  const of = (team: unknown): ReturnType<typeof list> =>
    list(sandbox, `/commands?custom_only=true&team_id=${String(team)}`);

  expect(await of(main?.['id'])).toEqual([]);
  expect(await of(other?.['id'])).toMatchObject([
    { trigger: 'deploy', creator_id: sandbox.control.user('ada')?.id, team_id: other?.['id'] },
  ]);
});

test('keeps teams and what posts into them in the state file', async () => {
  const stateFile = join(await mkdtemp(join(tmpdir(), 'muster-sandbox-')), 'state.json');
  const first = await start({ seed, stateFile });
  const paths = ['/teams', '/hooks/incoming', '/hooks/outgoing'];
  const all = (sandbox: Sandbox): Promise<unknown> => Promise.all(paths.map((path) => list(sandbox, path)));
  const before = await all(first);
  await first.close();

  expect(await all(await start({ stateFile }))).toEqual(before);
});

test('refuses a seed whose webhook no one made', async () => {
  const integrations = [{ kind: 'incoming-webhook', name: 'Builds', creator: 'nobody' }] as const;

  await expect(start({ seed: { teams: ['main'], integrations } })).rejects.toThrow('its creator and its team');
});
