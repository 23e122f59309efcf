/** Plans that found nothing to do. */

import { dayMs } from '../model/duration.ts';
import { ownedBy } from '../model/kinds.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import type { Match, ResourceDefinition } from '../model/resource-definition.ts';
import { listedDays } from './scheduled.ts';

/** What a plan may have that finds nothing to do; of everything else that it has one cannot say that it stays so. */
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
 * Until when the same states give the same plan, but for the moment in it; milliseconds since the epoch.
 *
 * @param people - whom the entries mean
 * @returns infinity where time alone never changes it, and `undefined` where the plan does not stand at all: it finds something to do, or it
 * is not known when it would
 */
export function standsUntil(
  plan: Plan,
  people: readonly Match[],
  { owned }: Pick<LiveState, 'owned'>,
  kinds: readonly ResourceDefinition[],
): number | undefined {
  const { actions, held, blocked, scheduled } = plan;
  if (actions.length + held.length + blocked.length > 0) return undefined;
  if (!Object.keys(plan).every((part) => quietParts.has(part))) return undefined;
  const momentMs = Date.parse(plan.desired.moment);
  let untilMs = Number.POSITIVE_INFINITY;
  const turns = (atMs: number): void => {
    // What it lists of what is to come it lists for some days before.
    for (const ms of [atMs, atMs - listedDays * dayMs]) if (ms > momentMs && ms < untilMs) untilMs = ms;
  };
  for (const { due } of scheduled) turns(Date.parse(due));
  for (const { desired, account } of people) {
    const live = account === undefined ? {} : { user: account, ...ownedBy(account.id, owned) };
    for (const kind of kinds) {
      const moments = kind.turnsAt(desired, live, momentMs);
      if (moments === 'unknown') return undefined;
      for (const ms of moments) turns(ms);
    }
  }
  return untilMs;
}
