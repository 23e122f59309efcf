/** What is known of each server of muster.yaml, for those who only look. Needs no server and no token. */
import { loadConfig } from '../config/load-config.ts';
import { pickServer } from '../config/pick-server.ts';
import { isAddress } from '../config/server-address.ts';
import { isSameServer } from '../model/server-address.ts';
import { credentialNames } from '../secrets/caller-token.ts';
import { fleetNames } from './fleet.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { lookAtReconcile, type SeenReconcile } from './reconcile-place.ts';

export interface ServerStanding {
  readonly name: string;
  /** Absent: nothing tells it here. */
  readonly url?: string;
  /** Absent: muster reconcile has left nothing of it. */
  readonly seen?: SeenReconcile;
}

type StatusOptions = Pick<InputOptions, 'config'> & Pick<ConnectionOptions, 'server'> & { readonly stateDir?: string };

/** All servers, in the order of muster.yaml. */
export async function lookAtFleet(
  options: StatusOptions,
  ports: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<readonly ServerStanding[]> {
  const names = await fleetNames(options, ports);
  const seen = await lookAtReconcile(options.stateDir, ports);
  const standings: ServerStanding[] = [];
  for (const name of names)
    standings.push(standingOf(name, await addressIn({ ...options, server: name }, ports), seen));
  return standings;
}

/** The one that an address, or a name in muster.yaml, means; `undefined`: nothing is known of it. */
export async function lookAtServer(
  options: StatusOptions & { readonly server: string },
  ports: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<SeenReconcile | undefined> {
  const url = isAddress(options.server) ? options.server : await addressIn(options, ports);
  return standingOf('', url, await lookAtReconcile(options.stateDir, ports)).seen;
}

function standingOf(name: string, url: string | undefined, all: readonly SeenReconcile[]): ServerStanding {
  const seen = url === undefined ? undefined : all.find(({ state }) => isSameServer(state.server, url));
  return { name, ...(url !== undefined && { url }), ...(seen !== undefined && { seen }) };
}

/** What muster.yaml says, or the variable that its token is bound by. */
export async function addressIn(
  { config: named, server }: StatusOptions,
  { workingDir, env }: Pick<AppPorts, 'env' | 'workingDir'>,
): Promise<string | undefined> {
  const { config, name } = pickServer(await loadConfig(workingDir, named), server);
  const pinned = env[credentialNames(name).server] ?? '';
  return config.server ?? (pinned === '' ? undefined : pinned);
}
