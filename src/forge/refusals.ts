import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';

/** A variable that the jobs of the forge set is not there, or is none that they set. */
export const notInJob = (variable: string): InputError => new InputError([refuse('not-in-job', { variable })]);

/**
 * The name of a pull request where the forge counts them: it goes into a path.
 *
 * @throws {InputError} where it is no number
 */
export function numbered(name: string): string {
  if (/^[1-9]\d{0,9}$/.test(name)) return name;
  throw noPullRequest('no-number', name);
}

export const noPullRequest = (is: 'no-number' | 'no-name', name: string): InputError =>
  new InputError([refuse('no-pull-request', { is, name: JSON.stringify(name.slice(0, 40)) })]);
