import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { whyNotTrusted, workTreeOf } from '../config/find-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { pickServer } from '../config/pick-server.ts';
import { isAddress } from '../config/server-address.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { usersFileName } from '../desired/find-files.ts';
import { type LoadOptions, loadDesiredState } from '../desired/load-desired-state.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ConfigFile } from '../model/generated/config-file.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { bundlesOf, insteadOf } from './bundles.ts';
import { compareWithBase } from './compare-base.ts';
import { momentOf } from './moment.ts';
import {
  type AppPorts,
  type Checkout,
  type ConnectionOptions,
  type InputOptions,
  refuseMissingPorts,
} from './ports.ts';

/**
 * Flags, environment and `muster.yaml`, resolved, and compared with the base.
 *
 * @throws {InputError} also when the base is locked and differs
 */
export async function loadSettings(options: InputOptions & ConnectionOptions, ports: AppPorts): Promise<Settings> {
  refuseMissingPorts(ports);
  const { checkout } = options;
  const workingDir = checkout?.dir ?? ports.workingDir;
  const found = await loadConfig(workingDir, checkout === undefined ? options.config : undefined);
  const loaded = pickServer(found, checkout === undefined ? options.server : serverIn(found.config, checkout, options));
  const { config, dir } = loaded;
  const { name } = checkout?.machine ?? loaded;
  const settings = resolveSettings({
    flags: {
      ...(options.server !== undefined && isAddress(options.server) && { server: options.server }),
      ...(options.files !== undefined && options.files.length > 0 && { files: options.files }),
      ...(options.reconcile !== undefined && { reconcile: options.reconcile }),
    },
    env: { MUSTER_SERVER: ports.env['MUSTER_SERVER'] },
    config,
    ...(name !== undefined && { name }),
    configDir: dir,
    workingDir,
    machine: checkout?.machine,
  });
  const { positionOf } = loaded;
  const filesAt =
    settings.files.from === 'config' && positionOf !== undefined
      ? (nth: number) => positionOf(['files', nth])
      : undefined;
  const named =
    checkout === undefined || config.server === undefined ? [] : [{ value: config.server, from: 'config' as const }];
  const { usersFrom } = options;
  return {
    ...settings,
    ...(usersFrom !== undefined && { base: insteadOf(settings.base, usersFrom) }),
    bundles: { ...settings.bundles, ...(positionOf !== undefined && { positionOf }) },
    // One that a checkout names cannot be another one than the machine's: what sends the token looks at all of them.
    servers: [...settings.servers, ...named],
    ...(filesAt !== undefined && { filesAt }),
    compared: await compareWithBase(loaded, settings, options, ports),
  };
}

/** Which server of a checkout is meant: the one that is meant on this machine, if there are several. */
function serverIn({ servers }: ConfigFile, { machine }: Checkout, { server }: ConnectionOptions): string | undefined {
  return servers === undefined ? undefined : (machine.name ?? server ?? machine.config.server);
}

/** The desired state that the settings name. */
export async function loadDesired(settings: Settings, options: InputOptions, ports: AppPorts): Promise<DesiredState> {
  const found = await filesToLoad(settings, options);
  if (found === undefined) throw new InputError([await noFiles(settings.base)]);
  return await loadDesiredState({
    ...found,
    ...(settings.filesAt !== undefined && { filesAt: settings.filesAt }),
    policy: settings.policy,
    secrets: settings.secrets,
    momentMs: momentOf(options, settings, ports),
    ...(ports.expectMuch !== undefined && { expectMuch: ports.expectMuch }),
  });
}

async function noFiles(base: string): Promise<ProblemText> {
  const [file, other] = [usersFileName, usersFileName.replace(/yaml$/, 'yml')];
  const found = await stat(join(base, other)).catch(() => undefined);
  return refuse(
    'no-files',
    found?.isFile() === true ? { is: 'misnamed', base, file, other } : { is: 'none', base, file },
  );
}

/** Which files are meant, and the bundles that they may name; `undefined`: none is. */
export async function filesToLoad(
  settings: Settings,
  options: InputOptions,
): Promise<Pick<LoadOptions, 'files' | 'base' | 'areNamedByFlag' | 'bundles'> | undefined> {
  const files = await usersFilesOf(settings);
  if (files.length === 0) return undefined;
  const { base } = settings;
  return { bundles: await bundlesOf(settings, options), files, base, areNamedByFlag: settings.files.from === 'flag' };
}

/**
 * Paths and globs; none where none is named and there is no `users.yaml`.
 *
 * @throws {InputError} when a `users.yaml` that was found, and not named, may be another person's
 */
export async function usersFilesOf({ files, base }: Settings): Promise<readonly string[]> {
  if (files.value.length > 0) return files.value;
  const path = join(base, usersFileName);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  const isInWorkTree = (await workTreeOf(base)) !== undefined;
  const distrust = whyNotTrusted({ path, isInWorkTree }, { owner: found.uid, mode: found.mode });
  if (distrust === undefined) return [usersFileName];
  throw new InputError([refuse('file-unreadable', { ...distrust, name: path })]);
}
