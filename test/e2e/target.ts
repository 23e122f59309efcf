import { randomBytes } from 'node:crypto';
import { createClient, systemClock, type WriteClient } from '../../src/api/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';

/** A server to test against: the sandbox, or by `MUSTER_E2E_*` a running one. */
export interface Target {
  readonly url: string;
  readonly token: string;
  readonly client: WriteClient;
  /** Everything that the suite touches begins with it. */
  readonly prefix: string;
  readonly isSandbox: boolean;
  close(): Promise<void>;
}

/** In this file waits on the sandbox take no time; a running server has its own. */
export function useFastTimeOnSandbox(): void {
  if ((process.env['MUSTER_E2E_URL'] ?? '') === '') useFastTime();
}

/**
 * Against a running server the suite refuses to start unless `MUSTER_E2E_ALLOW_WRITES` repeats the server's own key
 * (`muster doctor` shows it), so that nobody runs it against the wrong one by accident.
 */
export async function openTarget(): Promise<Target> {
  const url = process.env['MUSTER_E2E_URL'];
  const prefix = `e2e${randomBytes(3).toString('hex')}.`;
  if (url === undefined || url === '') return openSandbox(prefix);
  const token = process.env['MUSTER_E2E_TOKEN'] ?? '';
  const client = createClient({ url, token: new Secret(token) });
  const key = (await client.system.clientConfig())['DiagnosticId'];
  if (key === undefined || process.env['MUSTER_E2E_ALLOW_WRITES'] !== key) {
    await client.close();
    throw new Error(
      `set MUSTER_E2E_ALLOW_WRITES=${key ?? '(the key of the server)'} to let this suite write to ${url}`,
    );
  }
  const close = async (): Promise<void> => {
    await retire(client, prefix);
    await client.close();
  };
  return { url, token, client, prefix, isSandbox: false, close };
}

async function openSandbox(prefix: string): Promise<Target> {
  const sandbox = await startSandbox({
    clock: () => systemClock.now(),
    // The server's own limit is 50.
    config: { 'ServiceSettings.EnableUserAccessTokens': true, 'TeamSettings.MaxUsersPerTeam': 1000 },
  });
  const client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken) });
  const close = async (): Promise<void> => {
    await client.close();
    await sandbox.close();
  };
  return { url: sandbox.url, token: sandbox.adminToken, client, prefix, isSandbox: true, close };
}

/** Nobody is ever deleted: what the suite made is left inactive, without tokens and without administration. */
async function retire(client: WriteClient, prefix: string): Promise<void> {
  for (const user of await client.users.search({ term: prefix, limit: 1000, allow_inactive: true })) {
    if (!user.username.startsWith(prefix)) continue;
    for (const token of await client.tokens.search(user.id)) await client.tokens.revoke(token.id);
    if (user.roles !== 'system_user') await client.users.setRoles(user.id, ['system_user']);
    // The other way to deactivate: it asks nothing about LDAP.
    if (user.delete_at === 0) await client.users.deactivate(user.id);
  }
}
