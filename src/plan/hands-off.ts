import { type ChangeClassRow, changeClasses, changeClassRows } from '../model/change-classes.ts';
import type { LiveUser } from '../model/live-state.ts';
import { hold } from '../model/messages/held-rows.ts';
import type { ChangeClass } from '../model/plan.ts';
import { protectRules } from '../model/protect-rules.ts';
import type { HandsOff, Match, PlanContext } from '../model/resource-definition.ts';
import { doubtAbout } from './unusable.ts';

const classesWhere = (is: (row: ChangeClassRow) => boolean): ReadonlySet<ChangeClass> =>
  new Set(changeClasses.filter((name) => is(changeClassRows[name])));

/** What decides over the access of the person who owns the calling bot. */
const ownerClasses: ReadonlySet<ChangeClass> = classesWhere(({ access }) => access !== 'none');

/** A run must not saw off its own branch. */
const callerClasses: ReadonlySet<ChangeClass> = classesWhere(({ isRefusedToCaller }) => isRefusedToCaller);

/** Settles once, right after matching, where muster keeps its hands off, so that no later step has to remember. */
export function handsOffOf(
  { desired, account: live, doubtedBy }: Match,
  { policy, facts }: PlanContext,
): HandsOff | undefined {
  const isProtected = protectRules(policy.protect);
  const usernames = live === undefined ? [desired.username] : [desired.username, live.values.username];
  if (isProtected({ usernames, id: live?.id })) {
    return hold('protected', 'the policy', {});
  }
  if (doubtedBy !== undefined) return doubtAbout(doubtedBy);
  return live === undefined ? undefined : ofCaller(live, facts.caller);
}

function ofCaller(live: LiveUser, caller: PlanContext['facts']['caller']): HandsOff | undefined {
  if (live.id === caller.id) {
    return { ...hold('caller', 'the caller', {}), classes: callerClasses };
  }
  if (live.id !== caller.ownerId) return undefined;
  return { ...hold('caller-owner', 'the caller', {}), classes: ownerClasses };
}
