import type { DesiredState } from '../model/desired-state.ts';
import type { SettingsComparison } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { problemsOfEntries } from '../model/unusable.ts';
import { sortProblems } from '../source/sort-problems.ts';
import { comparisonWith } from './compare-base.ts';
import { declaredNames } from './declared-names.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

export interface Validated extends DesiredState {
  /** How muster.yaml and its approvals differ from those of the base, if one was named. */
  readonly compared?: SettingsComparison;
}

/**
 * Reads the files alone: no server, no token, no secret.
 *
 * @throws {InputError} with everything that is wrong
 */
export async function validate(
  options: InputOptions & Pick<ConnectionOptions, 'server'>,
  ports: AppPorts,
): Promise<Validated> {
  const settings = await loadSettings(options, ports);
  const desired = await loadDesired(settings, options, ports);
  if (desired.unusable.length > 0) throw new InputError(sortProblems(problemsOfEntries(desired.unusable)));
  const compared = options.base === undefined ? undefined : await comparisonWith(settings, desired);
  return compared === undefined ? desired : { ...desired, compared };
}

/** For completion: the usernames of the files; none while a file cannot be read. */
export async function declaredUsernames(options: InputOptions, ports: AppPorts): Promise<readonly string[]> {
  try {
    const settings = await loadSettings(options, ports);
    return [...declaredNames(await loadDesired(settings, options, ports))].toSorted();
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
