/**
 * The main job from files to server and back, through the command line alone. Without `MUSTER_E2E_*` it runs against
 * the sandbox; with them against any server.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type WriteClient } from '../../src/api/index.ts';
import { readSandboxSeed } from '../../src/app/read-sandbox-seed.ts';
import type { PolicyFile } from '../../src/model/generated/config-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { archiveTeams, makeTeams } from './places.ts';
import { prefixed } from './prefixed.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

useFastTimeOnSandbox();

let target: Target;
let place: Workplace;
let made: readonly string[] = [];

/** A server of one's own has seen the runs of a whole day: budgets are no part of the job. */
const configWith = (policy: PolicyFile = {}): string =>
  JSON.stringify({
    files: ['users.yaml'],
    secrets: { sinks: { ci: { dir: 'ci' } } },
    policy: { budgets: openBudgets, ...policy },
  });

beforeAll(async () => {
  target = await openTarget();
  const { teams = [] } = await readSandboxSeed('examples/sandbox-seed.yaml', 'seed');
  made = await makeTeams(
    target,
    teams.map((team) => (typeof team === 'string' ? { name: team } : team)),
  );
  place = await makeWorkplace(
    { 'muster.yaml': configWith() },
    { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token },
  );
});

afterAll(async () => {
  await archiveTeams(target, made);
  await target.close();
});

async function declare(text: string): Promise<void> {
  await place.write({ 'users.yaml': prefixed(text, target.prefix) });
}

async function plan(): Promise<Plan> {
  const { stdout, stderr, code } = await place.muster(['plan', '--format', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Plan;
}

async function apply(): Promise<void> {
  const { stdout, stderr, code } = await place.muster(['apply', '--yes']);
  expect(code, `${stdout}${stderr}`).toBe(0);
}

const userId = async (client: WriteClient, name: string): Promise<string> =>
  (await client.users.getByUsername(target.prefix + name)).id;

const one = (fields: string): string => `version: 1\nusers:\n  - ${fields}\n`;

describe('the main job', () => {
  test('brings examples/users.yaml about, and has nothing left to do', async () => {
    await declare(await readFile('examples/users.yaml', 'utf8'));

    const before = await plan();
    await apply();
    const after = await plan();

    expect(before.summary.changes['create']).toBe(35);
    expect(after.actions).toEqual([]);
    expect(after.summary).toMatchObject({ matched: 35, unchanged: 35, held: 0, blocked: 0 });
  });

  test('delivers the secret of every new token to its sink, where it works', async () => {
    const path = join(place.dir, 'secrets', 'ci', `${target.prefix}deploy.robot~ci-deploy@2.token`);
    const secret = (await readFile(path, 'utf8')).trim();

    const robot = target.client.withToken(new Secret(secret));

    expect((await robot.users.me()).username).toBe(`${target.prefix}deploy.robot`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('imports the server so that a plan right after has no actions', async () => {
    const imported = await place.muster(['import']);
    await place.write({ 'imported.yaml': imported.stdout });

    const { code, stdout } = await place.muster(['plan', '-f', 'imported.yaml', '--format', 'json']);

    expect(imported.code).toBe(0);
    expect({ code, actions: (JSON.parse(stdout) as Plan).actions }).toEqual({ code: 0, actions: [] });
  });

  test('sees drift of every sort and heals it', async () => {
    const { client, prefix } = target;
    await client.users.patch(await userId(client, 'alan.turing'), {
      position: 'somebody else',
      nickname: 'not managed',
    });
    await client.users.setRoles(await userId(client, 'tony.hoare'), ['system_user', 'system_post_all']);
    await client.users.setActive(await userId(client, 'vint.cerf'), false);
    await client.users.patch(await userId(client, 'ken.thompson'), { notify_props: { desktop: 'all', push: 'all' } });

    const drift = await plan();
    await apply();
    const after = await plan();

    const changed = new Set(drift.actions.map(({ person }) => person.slice(prefix.length)));
    expect(changed).toEqual(new Set(['alan.turing', 'ken.thompson', 'vint.cerf']));
    expect(after.actions).toEqual([]);
    const ken = await client.users.getByUsername(`${prefix}ken.thompson`);
    expect(ken.notify_props).toMatchObject({ desktop: 'none', email: 'false', push: 'all' });
    expect((await client.users.getByUsername(`${prefix}tony.hoare`)).roles).toContain('system_post_all');
  });

  test('renames in place and changes the address, keeping the account', async () => {
    const { client, prefix } = target;
    const id = await userId(client, 'mary.jackson');
    await declare(
      one('{ username: mary.winston, previous_usernames: [mary.jackson], email: mary.winston@example.com }'),
    );

    const { actions } = await plan();
    await apply();

    expect(actions.map(({ call }) => call.operation)).toEqual(['patch-user']);
    expect(await userId(client, 'mary.winston')).toBe(id);
    expect((await client.users.get(id)).email).toBe(`${prefix}mary.winston@example.com`);
    expect((await plan()).actions).toEqual([]);
  });

  test('swaps the usernames of two people, keeping both accounts, and does not swap them again', async () => {
    const { client, prefix } = target;
    const [ken, tony] = [await userId(client, 'ken.thompson'), await userId(client, 'tony.hoare')];
    await declare(`version: 1
users:
  - { username: tony.hoare, previous_usernames: [ken.thompson], email: ken.thompson@example.com }
  - { username: ken.thompson, previous_usernames: [tony.hoare], email: tony.hoare@example.com }
`);

    await apply();

    expect(await userId(client, 'tony.hoare')).toBe(ken);
    expect(await userId(client, 'ken.thompson')).toBe(tony);
    expect((await client.users.get(ken)).email).toBe(`${prefix}ken.thompson@example.com`);
    expect((await plan()).actions).toEqual([]);
  });

  test('moves a person to another sign-in service and back', async () => {
    const { client, prefix } = target;
    const id = await userId(client, 'joan.clarke');
    await place.write({ 'muster.yaml': configWith({ auth_service_off: 'warn' }) });

    await declare(one('{ username: joan.clarke, auth: { service: ldap, data: jclarke } }'));
    await apply();
    const moved = await client.users.get(id);
    await declare(one('{ username: joan.clarke, auth: { service: email } }'));
    await apply();
    const back = await client.users.get(id);

    expect([moved.auth_service, moved.auth_data]).toEqual(['ldap', `${prefix}jclarke`]);
    expect([back.auth_service, back.auth_data]).toEqual(['', undefined]);
    expect((await plan()).actions).toEqual([]);
  });

  test('silences a leaver, and lets a returner come back without roles and tokens of before', async () => {
    const { client } = target;
    const id = await userId(client, 'dorothy.vaughan');
    const token = await client.tokens.create(id, { description: 'made by hand' });
    await client.users.setRoles(id, ['system_user', 'system_post_all']);

    await declare(one('{ username: dorothy.vaughan, active: false }'));
    await apply();
    const gone = await client.users.get(id);
    const silenced = await client.tokens.get(token.id);
    await client.tokens.enable(token.id);
    await declare(one('{ username: dorothy.vaughan, active: true }'));
    await apply();
    const back = await client.users.get(id);

    expect(gone.delete_at).toBeGreaterThan(0);
    expect(silenced.is_active).toBe(false);
    expect([back.delete_at, back.roles]).toEqual([0, 'system_user']);
    expect((await client.tokens.get(token.id)).is_active).toBe(false);
    expect((await plan()).actions).toEqual([]);
  });

  test('rotates a token: the new one works before the old one goes', async () => {
    const { client, prefix } = target;
    const id = await userId(client, 'radia.perlman');
    await declare(one('{ username: radia.perlman, tokens: [{ name: spanning-tree, generation: 2, sink: ci }] }'));

    const { actions } = await plan();
    await apply();

    expect(actions.map(({ call }) => call.operation)).toEqual(['create-token', 'revoke-token']);
    const live = await client.tokens.search(id);
    expect(live.map(({ description }) => description.split(' ')[0])).toEqual(['spanning-tree@2']);
    const secret = (
      await readFile(join(place.dir, 'secrets', 'ci', `${prefix}radia.perlman~spanning-tree@2.token`), 'utf8')
    ).trim();
    expect((await client.withToken(new Secret(secret)).users.me()).id).toBe(id);
  });

  test('reads a false world with the token of a member, and says so before any plan', async () => {
    const { client } = target;
    const member = await client.users.getByUsername(`${target.prefix}charles.babbage`);
    await client.users.setRoles(member.id, ['system_user', 'system_user_access_token']);
    const { secret } = await client.tokens.create(member.id, { description: 'a member' });
    const outsider = createClient({ url: target.url, token: secret });

    const { stdout, stderr, code } = await withToken(secret, ['plan', '-f', 'users.yaml']);
    await outsider.close();

    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('is no system administrator');
  });

  test('says what is wrong with a token that the server does not know', async () => {
    const { code, stderr } = await place.muster(['plan'], { env: { MUSTER_TOKEN: 'nosuchtokenofanybody123456' } });

    expect(code).toBe(5);
    expect(stderr).toContain('→');
    expect(stderr).not.toContain('nosuchtoken');
  });
});

/** A file is the one place besides the environment where a token may be, so the secret is opened through one here. */
async function withToken(secret: Secret, args: readonly string[]): Promise<Awaited<ReturnType<Workplace['muster']>>> {
  const { revealSecret } = await import('../../src/model/reveal-secret.ts');
  return place.muster(args, { env: { MUSTER_TOKEN: revealSecret(secret) } });
}
