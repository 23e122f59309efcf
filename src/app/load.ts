import { loadConfig } from '../config/load-config.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { loadDesiredState } from '../desired/load-desired-state.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { InputError } from '../model/problem.ts';
import { compareWithBase } from './compare-base.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

/**
 * Flags, environment and `muster.yaml`, resolved, and compared with the base.
 *
 * @throws {InputError} also when the base is locked and differs
 */
export async function loadSettings(options: InputOptions & ConnectionOptions, ports: AppPorts): Promise<Settings> {
  const loaded = await loadConfig(ports.workingDir, options.config);
  const { config, dir } = loaded;
  const settings = resolveSettings({
    flags: {
      ...(options.server !== undefined && { server: options.server }),
      ...(options.files !== undefined && options.files.length > 0 && { files: options.files }),
    },
    env: { MUSTER_SERVER: ports.env['MUSTER_SERVER'] },
    config,
    configDir: dir,
    workingDir: ports.workingDir,
  });
  return { ...settings, compared: await compareWithBase(loaded, settings, options, ports) };
}

/** The desired state that the settings name. */
export function loadDesired(settings: Settings, options: InputOptions, ports: AppPorts): Promise<DesiredState> {
  if (settings.files.value.length === 0) {
    throw new InputError([
      {
        code: 'no-files',
        message: 'no users files: muster does not know what is wanted',
        hint: 'name them with --files, or in files of muster.yaml',
      },
    ]);
  }
  return loadDesiredState({
    files: settings.files.value,
    base: settings.base,
    areNamedByFlag: settings.files.from === 'flag',
    policy: settings.policy,
    secrets: settings.secrets,
    momentMs: Math.floor(options.atMs ?? ports.clock.now()),
  });
}
