import { join } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { pickServer } from '../config/pick-server.ts';
import type { Settings } from '../config/settings.ts';
import type { SeenBranch } from '../model/generated/reconcile-state.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import type { GitSource } from '../model/reconcile-settings.ts';
import { gitCredential } from '../secrets/git-credential.ts';
import { createSecretStore } from '../secrets/secret-store.ts';
import { pullBranch } from './git-checkout.ts';
import { loadSettings } from './load.ts';
import type { AppPorts, Checkout, ConnectionOptions, InputOptions } from './ports.ts';

/**
 * What this machine's muster.yaml says, before anything is pulled.
 *
 * @throws {InputError} also when a flag names other files than those of the branch
 */
export async function loadOwnSettings(options: InputOptions & ConnectionOptions, ports: AppPorts): Promise<Settings> {
  const { base: _base, requireBase: _require, ...named } = options;
  const settings = await loadSettings(named, ports);
  if (settings.reconcile.git === undefined) return await loadSettings(options, ports);
  refuseOtherFiles(options);
  return settings;
}

/**
 * Pulls the branch that `reconcile.git` of this machine's muster.yaml names.
 *
 * @param dir - absolute; holds the checkout, and nothing else
 * @returns `undefined` where it names none: the files of this machine count
 * @throws {GitPullError} when it cannot be had
 * @throws {GitRefusedError} when it may not count
 */
export async function pullCheckout(
  options: InputOptions & ConnectionOptions,
  { dir, before }: { readonly dir: string; readonly before?: SeenBranch | undefined },
  ports: AppPorts,
): Promise<Checkout | undefined> {
  const loaded = await loadConfig(ports.workingDir, options.config);
  const { config, dir: machineDir, name } = pickServer(loaded, options.server);
  if (config.reconcile?.git === undefined) return undefined;
  const settings = await loadOwnSettings(options, ports);
  const { git } = settings.reconcile;
  if (git === undefined) return undefined;
  const { url, branch, path } = git;
  const known = before?.url === url && before.branch === branch ? before.commit : undefined;
  const credential = await credentialOf(git, settings, ports);
  const { env, signal } = ports;
  const commit = await pullBranch(git, { dir, env, credential, before: known, signal });
  return {
    url,
    branch,
    commit,
    dir: join(dir, path),
    machine: { config, dir: machineDir, ...(name !== undefined && { name }) },
  };
}

async function credentialOf(
  { url, user, token }: GitSource,
  { secrets }: Pick<Settings, 'secrets'>,
  { env }: Pick<AppPorts, 'env'>,
): Promise<Readonly<Record<string, string>>> {
  if (token === undefined) return {};
  return gitCredential(url, user, await createSecretStore(secrets, env).read(token));
}

function refuseOtherFiles({ files = [], base, requireBase }: InputOptions): void {
  const flag =
    files.length > 0 ? '--files' : base !== undefined ? '--base' : requireBase === true ? '--require-base' : '';
  if (flag === '') return;
  throw new InputError([refuse('not-with-checkout', { flag })]);
}
