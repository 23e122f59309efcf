import type { DesiredState } from '../model/desired-state.ts';
import type { SettingsComparison } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, InputOptions } from './ports.ts';

export interface Validated extends DesiredState {
  /** How muster.yaml and its approvals differ from those of the base, if one was named. */
  readonly compared?: SettingsComparison;
}

/**
 * Reads the files alone: no server, no token, no secret.
 *
 * @throws {InputError} with everything that is wrong
 */
export async function validate(options: InputOptions, ports: AppPorts): Promise<Validated> {
  const settings = await loadSettings(options, ports);
  const compared = options.base === undefined ? undefined : settings.compared?.comparison;
  return { ...(await loadDesired(settings, options, ports)), ...(compared !== undefined && { compared }) };
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
