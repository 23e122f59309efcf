/**
 * One server of several: as a muster.yaml of its own. What the server says comes before what stands beside `servers`: field
 * by field in `policy`, `policy.leavers`, `policy.returners`, `policy.audit`, `reconcile` and `secrets`, by name in budgets, rules, sinks and
 * sources; lists as a whole. Pure.
 */

import { join } from 'node:path';
import type { ConfigFile, PolicyFile, ReconcileFile, SecretsFile, ServerFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { isSameServer } from '../model/server-address.ts';
import { suggestNames } from '../model/suggest.ts';
import type { SourcePath } from '../source/node-index.ts';
import type { LoadedConfig } from './load-config.ts';
import { isAddress } from './server-address.ts';

/** A config of one server, and the name that it has among several. */
export interface ServerConfig extends LoadedConfig {
  readonly name?: string;
}

/** Names of servers, in the order of the file; none where it is about one. */
export const serverNames = ({ servers = {} }: ConfigFile): readonly string[] => Object.keys(servers);

/**
 * @param asked - the name or the address of a server; not needed where there is one
 * @throws {InputError} where it is not clear which server is meant
 */
export function pickServer(loaded: LoadedConfig, asked: string | undefined): ServerConfig {
  const { servers } = loaded.config;
  if (servers === undefined) {
    if (asked === undefined || isAddress(asked)) return loaded;
    throw noSuchServer(asked, []);
  }
  const names = serverNames(loaded.config);
  const [only, ...others] = names;
  const name = asked === undefined && others.length === 0 ? only : names.find((one) => isMeant(one, servers, asked));
  if (name === undefined) throw asked === undefined ? severalServers(names) : noSuchServer(asked, names);
  return { ...loaded, ...sideOfServer(loaded, name), name };
}

function isMeant(name: string, servers: Readonly<Record<string, ServerFile>>, asked: string | undefined): boolean {
  if (asked === undefined) return false;
  return isAddress(asked) ? isSameServer(servers[name]?.url ?? '', asked) : name === asked;
}

const severalServers = (names: readonly string[]): InputError =>
  new InputError([refuse('several-servers', { names: names.join(', ') })]);

/** Never tells what was asked for: a password may stand in it. */
function noSuchServer(asked: string, names: readonly string[]): InputError {
  const near = suggestNames(asked, names);
  if (near.length > 0) return new InputError([refuse('no-such-server', { is: 'near', near: near.join(' or ') })]);
  return new InputError([
    names.length === 0
      ? refuse('no-such-server', { is: 'none' })
      : refuse('no-such-server', { is: 'known', known: names.join(', ') }),
  ]);
}

/** A config, and where its parts stand. */
export type ServerSide = Pick<LoadedConfig, 'config' | 'positionOf'>;

/** @param name - may be new, or none: then what all servers share is there, and locked is what was locked of any */
export function sideOfServer({ config, positionOf }: ServerSide, name: string): ServerSide {
  const { servers = {}, server: _, ...shared } = config;
  const isLocked = Object.values(servers).some(({ policy }) => policy?.locked === true);
  const stranger: ServerFile = isLocked ? { policy: { locked: true } } : {};
  const own = Object.hasOwn(servers, name) ? (servers[name] ?? {}) : stranger;
  return {
    config: configOfServer(shared, own, name),
    ...(positionOf !== undefined && { positionOf: (path) => positionOf(placeOf(path, name, config)) }),
  };
}

function configOfServer(shared: ConfigFile, own: ServerFile, name: string): ConfigFile {
  const { url, policy, reconcile, secrets, ...rest } = own;
  const policies = mergePolicies(shared.policy, policy);
  const schedules = mergeSchedules(shared.reconcile, reconcile);
  const places = mergeSecrets(shared.secrets, secrets, name);
  return {
    ...shared,
    ...rest,
    ...(url !== undefined && { server: url }),
    ...(policies !== undefined && { policy: policies }),
    ...(schedules !== undefined && { reconcile: schedules }),
    ...(places !== undefined && { secrets: places }),
  };
}

function mergePolicies(shared: PolicyFile | undefined, own: PolicyFile | undefined): PolicyFile | undefined {
  if (shared === undefined || own === undefined) return own ?? shared;
  const budgets = merge(shared.budgets, own.budgets);
  const leavers = merge(shared.leavers, own.leavers);
  const returners = merge(shared.returners, own.returners);
  const approvals = merge(shared.approvals, own.approvals);
  const audit = merge(shared.audit, own.audit);
  const rules = merge(shared.audit?.rules, own.audit?.rules);
  return {
    ...shared,
    ...own,
    ...(budgets !== undefined && { budgets }),
    ...(leavers !== undefined && { leavers }),
    ...(returners !== undefined && { returners }),
    ...(approvals !== undefined && { approvals }),
    ...(audit !== undefined && { audit: { ...audit, ...(rules !== undefined && { rules }) } }),
  };
}

/** Of `every` and `cron` only one may stand. */
function mergeSchedules(shared: ReconcileFile | undefined, own: ReconcileFile | undefined): ReconcileFile | undefined {
  if (shared === undefined || own === undefined) return own ?? shared;
  const { every: _every, cron: _cron, ...rest } = shared;
  if (own.every !== undefined || own.cron !== undefined) return { ...rest, ...own };
  return { ...shared, ...own };
}

/** Files of secrets lie in a folder of the server's own, and commands may name the server. */
function mergeSecrets(
  shared: SecretsFile | undefined,
  own: SecretsFile | undefined,
  name: string,
): SecretsFile | undefined {
  if (shared === undefined && own === undefined) return undefined;
  const dir = own?.dir ?? (shared?.dir === undefined ? undefined : join(shared.dir, name));
  const sinks = forServer(merge(shared?.sinks, own?.sinks), name);
  const sources = forServer(merge(shared?.sources, own?.sources), name);
  return {
    ...shared,
    ...own,
    ...(dir !== undefined && { dir }),
    ...(sinks !== undefined && { sinks }),
    ...(sources !== undefined && { sources }),
  };
}

function forServer<Place extends { readonly command?: readonly string[] }>(
  places: Readonly<Record<string, Place>> | undefined,
  name: string,
): Record<string, Place> | undefined {
  if (places === undefined) return undefined;
  const filled = Object.entries(places).map(([key, place]): [string, Place] => {
    const { command } = place;
    const named = command?.map((word) => word.replaceAll('{server}', name));
    return [key, named === undefined ? place : { ...place, command: named }];
  });
  return Object.fromEntries(filled);
}

function merge<Part extends object>(shared: Part | undefined, own: Part | undefined): Part | undefined {
  return shared === undefined ? own : { ...shared, ...own };
}

/** Where a field of one server stands in the file of all. */
function placeOf(path: SourcePath, name: string, config: ConfigFile): SourcePath {
  const [first, ...rest] = path;
  const own = ['servers', name, first === 'server' ? 'url' : (first ?? ''), ...rest];
  return depthOf(config, path) > Math.max(0, depthOf(config, own) - 2) ? path : own;
}

/** How much of a path is there. */
function depthOf(config: ConfigFile, path: SourcePath): number {
  let part: unknown = config;
  for (const [depth, name] of path.entries()) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return depth;
    part = Reflect.get(part, name);
  }
  return path.length;
}
