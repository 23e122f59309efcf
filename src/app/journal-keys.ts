/** What journals were signed with: the token of the environment, or that of each server of muster.yaml. */
import { loadConfig } from '../config/load-config.ts';
import { serverNames } from '../config/pick-server.ts';
import type { KeyFor } from '../journal/verify-runs.ts';
import { InputError } from '../model/problem.ts';
import type { Secret } from '../model/secret.ts';
import { addressOf } from '../model/server-address.ts';
import { isTokenNamed, readCallerToken } from '../secrets/caller-token.ts';
import { CallerTokenError } from '../secrets/errors.ts';
import { journalKeyOf } from '../secrets/journal-key.ts';
import { addressIn } from './fleet-status.ts';
import type { AppPorts } from './ports.ts';

type Ports = Pick<AppPorts, 'env' | 'workingDir'>;

/** @returns `undefined` where there is no token */
export async function keysIfPossible(config: string | undefined, ports: Ports): Promise<KeyFor | undefined> {
  try {
    return await keysOf(config, ports);
  } catch (error) {
    if (error instanceof CallerTokenError || error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * A run belongs to the server of muster.yaml that its journal names; those of all others to the token without a name.
 *
 * @param config - a muster.yaml in place of the one that is found
 * @throws {CallerTokenError} when there is no token at all, or one is not kept as it should be
 */
export async function keysOf(config: string | undefined, ports: Ports): Promise<KeyFor> {
  const { env, workingDir } = ports;
  const names = serverNames((await loadConfig(workingDir, config)).config);
  const named = new Map<string, Secret | undefined>();
  for (const name of names) {
    const url = await addressIn({ ...(config !== undefined && { config }), server: name }, ports);
    const address = url === undefined ? undefined : addressOf(url);
    const token = isTokenNamed(env, name) ? await readCallerToken(env, workingDir, name) : undefined;
    if (address !== undefined) named.set(address, token);
  }
  const [first] = names;
  const isNeeded = ![...named.values()].some((token) => token !== undefined);
  // With no token at all this says which variable has to be set.
  const other = isTokenNamed(env, undefined)
    ? await readCallerToken(env, workingDir)
    : isNeeded
      ? await readCallerToken(env, workingDir, first)
      : undefined;
  return ({ key, url }) => {
    const address = url === undefined ? undefined : addressOf(url);
    const token = address !== undefined && named.has(address) ? named.get(address) : other;
    return token && journalKeyOf(token, key);
  };
}
