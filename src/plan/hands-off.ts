import { type ChangeClassRow, changeClasses, changeClassRows } from '../model/change-classes.ts';
import type { LiveUser } from '../model/live-state.ts';
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
  const usernames = [desired.username, ...(live === undefined ? [] : [live.values.username])];
  if (isProtected({ usernames, ...(live !== undefined && { id: live.id }) })) {
    return {
      code: 'protected',
      owner: 'the policy',
      reason: 'the account is protected',
      hint: 'it stands in policy.protect of muster.yaml: change it by hand, or take it out there',
    };
  }
  if (doubtedBy !== undefined) return doubtAbout(doubtedBy);
  return live === undefined ? undefined : ofCaller(live, facts.caller);
}

function ofCaller(live: LiveUser, caller: PlanContext['facts']['caller']): HandsOff | undefined {
  if (live.id === caller.id) {
    return {
      code: 'caller',
      owner: 'the caller',
      reason: 'this is the account whose token muster uses: muster never changes its e-mail and access',
      hint: 'run muster with the token of another system administrator',
      classes: callerClasses,
    };
  }
  if (live.id !== caller.ownerId) return undefined;
  return {
    code: 'caller-owner',
    owner: 'the caller',
    reason: 'this person owns the bot whose token muster uses: without them the bot would be disabled',
    hint: 'give the bot to another owner first',
    classes: ownerClasses,
  };
}
