import type { DesiredState } from '../model/desired-state.ts';
import { InputError } from '../model/problem.ts';
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

/** For completion: the usernames of the files; none while something is wrong in them. */
export async function declaredUsernames(options: InputOptions, ports: AppPorts): Promise<readonly string[]> {
  try {
    return (await validate(options, ports)).users.map(({ username }) => username);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
