/** Every file in `examples/` does what it says: it is valid, it applies to a server, and then nothing is left to do. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSandboxSeed } from '../../src/app/read-sandbox-seed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { isLong } from '../support/suite.ts';

const small = readdirSync('examples/small').map((name) => `examples/small/${name}`);
const env = { MUSTER_SECRET_START: 'correct-horse-1' };

test('there is no example that no test knows', () => {
  expect(readdirSync('examples').toSorted()).toEqual([
    'gitops-repo',
    'library',
    'muster.yaml',
    'sandbox-seed.yaml',
    'small',
    'users.yaml',
  ]);
});

describe.each(['examples/users.yaml', ...small])('%s', (file) => {
  test.runIf(isLong)(
    'applies to a server with teams and no other people, after which a plan has no actions',
    async () => {
      const { teams = [] } = await readSandboxSeed('examples/sandbox-seed.yaml', 'seed');
      const sandbox = await startSandbox({
        seed: { teams },
        licence: 'enterprise',
        config: { 'ServiceSettings.EnableUserAccessTokens': true, 'GuestAccountsSettings.Enable': true },
      });
      const place = await makeWorkplace(
        { 'users.yaml': readFileSync(file, 'utf8'), 'muster.yaml': readFileSync('examples/muster.yaml', 'utf8') },
        { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, ...env },
      );

      const applied = await place.muster(['apply', '--yes']);
      const planned = await place.muster(['plan', '--detailed-exitcode', '--format', 'json']);
      await sandbox.close();

      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      expect(planned.code).toBe(0);
      const { summary } = JSON.parse(planned.stdout) as Plan;
      expect(summary).toMatchObject({ actions: 0, held: 0, blocked: 0 });
    },
  );

  test('is written as muster itself would accept it without any notice about spelling', async () => {
    const place = await makeWorkplace({
      'users.yaml': readFileSync(file, 'utf8'),
      'muster.yaml': readFileSync('examples/muster.yaml', 'utf8'),
    });

    const { code, stdout, stderr } = await place.muster(['validate']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^valid: \d+ (person|people) in 1 file\n$/);
  });
});

test('examples/users.yaml heals the server of examples/sandbox-seed.yaml, but for what is held', async () => {
  const sandbox = await startSandbox({ seed: await readSandboxSeed('examples/sandbox-seed.yaml', 'seed') });
  const place = await makeWorkplace(
    {
      'users.yaml': readFileSync('examples/users.yaml', 'utf8'),
      'muster.yaml': readFileSync('examples/muster.yaml', 'utf8'),
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  const plan = async (): Promise<Plan> => JSON.parse((await place.muster(['plan', '--format', 'json'])).stdout) as Plan;

  const before = await plan();
  const { code } = await place.muster(['apply', '--yes']);
  const after = await plan();
  const placesOf = (name: string): readonly string[] =>
    sandbox.control
      .memberships(name)
      .map(({ place: where, roles }) => `${where}${roles.includes('_admin') ? ' (admin)' : ''}`);
  const [joiner, returner] = [placesOf('sophie.wilson'), placesOf('claude.shannon')];
  await sandbox.close();

  expect(Object.keys(before.summary.changes).toSorted()).toEqual([
    'activate',
    'admin-gain',
    'admin-loss',
    'auth',
    'channel-admin',
    'channel-join',
    'channel-leave',
    'create',
    'deactivate',
    'email',
    'rename',
    'role-grant',
    'role-revoke',
    'team-admin-gain',
    'team-admin-loss',
    'team-join',
    'token-create',
    'token-disable',
    'token-enable',
    'token-revoke',
    'update',
  ]);
  expect(code).toBe(0);
  expect(after.actions).toEqual([]);
  expect(after.held).toEqual(before.held);
  expect(after.held.map(({ code: why }) => why).toSorted()).toEqual(['ldap-owns-active', 'provider-owns-field']);
  // Who comes new ends in two teams and a channel beside those that everyone is in; who comes back administers nothing.
  expect(joiner.filter((where) => !/town-square|off-topic/.test(where))).toEqual([
    'engines',
    'engines/chip-design',
    'office',
  ]);
  expect(returner).toEqual(['engines', 'engines/off-topic', 'engines/ops', 'engines/town-square']);
});
