import type { DesiredState } from '../model/desired-state.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, InputOptions } from './ports.ts';

/**
 * Reads the files alone: no server, no token, no secret.
 *
 * @throws {InputError} with everything that is wrong
 */
export async function validate(options: InputOptions, ports: AppPorts): Promise<DesiredState> {
  return loadDesired(await loadSettings(options, ports), options, ports);
}
