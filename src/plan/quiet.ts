/** Plans that found nothing to do, and of which nothing is left for later. */

import { ownedBy } from '../model/kinds.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import type { Match, ResourceDefinition } from '../model/resource-definition.ts';

/** What a plan may have that finds nothing to do; of whatever else it has one cannot say that it stays so. */
const quietParts: ReadonlySet<string> = new Set<keyof Plan>([
  'format',
  'version',
  'tool',
  'server',
  'desired',
  'bound',
  'compared',
  'summary',
  'actions',
  'held',
  'blocked',
  'scheduled',
  'notices',
  'undeclared',
  'previously_declared',
  'digest',
]);

/**
 * Whether the same states would give the same plan at every later moment, but for the moment itself.
 *
 * @param people - whom the entries mean
 */
export function isQuiet(
  plan: Plan,
  people: readonly Match[],
  { owned }: Pick<LiveState, 'owned'>,
  kinds: readonly ResourceDefinition[],
): boolean {
  const { actions, held, blocked, scheduled, summary } = plan;
  if (actions.length + held.length + blocked.length + scheduled.length > 0) return false;
  if (summary.scheduled_later !== undefined || !Object.keys(plan).every((part) => quietParts.has(part))) return false;
  const momentMs = Date.parse(plan.desired.moment);
  return people.every(({ desired, account }) => {
    const live = account === undefined ? {} : { user: account, ...ownedBy(account.id, owned) };
    return !kinds.some((kind) => kind.isTimed(desired, live, momentMs));
  });
}
