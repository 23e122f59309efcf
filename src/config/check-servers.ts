/** What the schema cannot say of `servers` in muster.yaml. */

import type { ConfigFile, ServerFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { addressOf } from '../model/server-address.ts';
import { flawsOfReconcile } from './check-reconcile.ts';
import { type Flaw, flawOfZone } from './check-zone.ts';
import { isPlainAddress } from './server-address.ts';

export function flawsOfServers({ server, servers }: ConfigFile): readonly (Flaw | undefined)[] {
  if (servers === undefined) return [];
  return [
    server === undefined ? undefined : serverBeside(),
    ...Object.entries(servers).flatMap(([name, one]) => flawsOfServer(name, one)),
    ...twice(servers),
  ];
}

function flawsOfServer(name: string, { url, policy, reconcile }: ServerFile): readonly (Flaw | undefined)[] {
  const within = (flaw: Flaw | undefined): Flaw | undefined =>
    flaw && { ...flaw, path: ['servers', name, ...flaw.path] };
  return [
    url === undefined || isPlainAddress(url) ? undefined : noPlainAddress(['servers', name, 'url']),
    ...[flawOfZone(['policy', 'time_zone'], policy?.time_zone), ...flawsOfReconcile(reconcile)].map(within),
  ];
}

const serverBeside = (): Flaw => ({
  path: ['server'],
  ...refuse('wrong-combination', { is: 'server-and-servers' }),
});

const noPlainAddress = (path: Flaw['path']): Flaw => ({
  path,
  ...refuse('wrong-value', { is: 'server-address', field: path.at(-1) ?? '' }),
});

/** Two names of one server would undo what the other wrote. */
function twice(servers: Readonly<Record<string, ServerFile>>): readonly Flaw[] {
  const known = new Map<string, string>();
  return Object.entries(servers).flatMap(([name, { url }]): readonly Flaw[] => {
    const address = url === undefined ? undefined : addressOf(url);
    if (address === undefined) return [];
    const first = known.get(address);
    known.set(address, name);
    if (first === undefined) return [];
    return [{ path: ['servers', name, 'url'], ...refuse('same-server', { first, second: name }) }];
  });
}
