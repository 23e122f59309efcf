import type { Settings } from '../config/settings.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { isRealMoment, startOf } from '../model/written-moment.ts';
import type { AppPorts, InputOptions } from './ports.ts';

/**
 * The moment as of which everything is read: the one that is asked for, else now.
 *
 * @returns whole milliseconds since the epoch
 * @throws {InputError} when it is no moment
 */
export function momentOf(
  { at }: Pick<InputOptions, 'at'>,
  { policy }: Pick<Settings, 'policy'>,
  { clock }: Pick<AppPorts, 'clock'>,
): number {
  if (at === undefined) return Math.floor(clock.now());
  if (isRealMoment(at)) return startOf(at, policy.timeZone);
  throw new InputError([refuse('access-moment', { is: 'no-date', text: at.slice(0, 40) })]);
}
