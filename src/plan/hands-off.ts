import type { LiveUser } from '../model/live-state.ts';
import type { ChangeClass } from '../model/plan.ts';
import type { HandsOff, PlanContext } from '../model/resource-definition.ts';
import { normalizeUsername } from '../model/user-rules.ts';
import type { Match } from './identity.ts';

/** What decides over a person's access. The caller's own is out of reach: a run must not saw off its branch. */
const accessClasses: ReadonlySet<ChangeClass> = new Set([
  'role-grant',
  'role-revoke',
  'admin-gain',
  'admin-loss',
  'guest',
  'activate',
  'deactivate',
  'auth',
  'token-create',
  'token-enable',
  'token-disable',
  'token-revoke',
]);

/** The server changes one's own e-mail only together with one's password, which muster does not have. */
const callerClasses: ReadonlySet<ChangeClass> = new Set([...accessClasses, 'email']);

/** Settles once, right after matching, where muster keeps its hands off, so that no later step has to remember. */
export function handsOffOf({ desired, live }: Match, { policy, facts }: PlanContext): HandsOff | undefined {
  const names = new Set(policy.protect.map((entry) => (entry.startsWith('id:') ? entry : normalizeUsername(entry))));
  const isProtected =
    names.has(desired.username) ||
    (live !== undefined && (names.has(live.values.username) || names.has(`id:${live.id}`)));
  if (isProtected) {
    return {
      code: 'protected',
      owner: 'the policy',
      reason: 'the account is protected',
      hint: 'it stands in policy.protect of muster.yaml: change it by hand, or take it out there',
    };
  }
  return live === undefined ? undefined : ofCaller(live, facts.caller);
}

function ofCaller(live: LiveUser, caller: PlanContext['facts']['caller']): HandsOff | undefined {
  if (live.id === caller.id) {
    return {
      code: 'caller',
      owner: 'the caller',
      reason:
        'this is the account whose token muster uses: its e-mail, roles, active flag, auth and tokens are out of reach',
      hint: 'run muster with the token of another system administrator',
      classes: callerClasses,
    };
  }
  if (live.id !== caller.ownerId) return undefined;
  return {
    code: 'caller-owner',
    owner: 'the caller',
    reason: 'this person owns the bot whose token muster uses: without them the bot would be disabled',
    hint: 'give the bot to somebody else first',
    classes: accessClasses,
  };
}
