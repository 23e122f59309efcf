import { ApiNotFoundError, type ReadClient } from '../../api/index.ts';
import type { KindRunner, TogetherCall, WrittenCall } from '../../model/action-runner.ts';
import { type CallOf, isCallOf } from '../../model/calls.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Standing } from '../../model/memberships.ts';
import type { MusterError } from '../../model/muster-error.ts';
import { ProgrammingError } from '../../model/muster-error.ts';
import type { Action } from '../../model/plan.ts';
import type { AccountId } from '../../model/user-values.ts';
import { NotVerifiedError, type Verdict } from '../../model/verdict.ts';
import type { KindPorts } from '../kind-ports.ts';
import { isThere, judge } from './definition-judge.ts';
import { membersByIds, type PlaceId } from './members-by-ids.ts';
import { runMembershipCall, runTogether } from './operations.ts';
import { whyProtected } from './protected.ts';

type MembershipCall = CallOf<'membership'>;

/** What an apply does with memberships. */
export function membershipRunner({ client }: KindPorts): KindRunner {
  const read = client.readOnly();
  return {
    run: (action, account = '') => runMembershipCall(callOf(action), account, client),
    look: async (action, account = '') => {
      const call = callOf(action);
      const now = await standingOf(read, placeOf(call), account);
      const verdict = judge(call, now);
      if (verdict.go !== 'write') return verdict;
      return (await whyProtected(read, call, account, now)) ?? verdict;
    },
    together: {
      look: (calls) => lookTogether(calls, read),
      run: async (calls) => {
        const [first] = calls;
        return first === undefined ? new Map() : runTogether(callOf(first.action), calls, client);
      },
    },
    verify: (written) => verifyMemberships(written, read),
    // No call of this kind makes anything that carries a mark, or leaves anything behind but the membership itself.
    markFor: () => undefined,
    clear: () => Promise.resolve(),
    sweep: () => Promise.resolve({ left: new Map(), cleared: new Map() }),
  };
}

function callOf({ call }: Action): MembershipCall {
  if (isCallOf('membership', call)) return call;
  throw new ProgrammingError({ is: 'no-membership-call', operation: call.operation });
}

const placeOf = (call: MembershipCall): PlaceId =>
  'channel' in call ? { isChannel: true, id: call.channel } : { isChannel: false, id: call.team };

/** From the primary database: a list may come from a replica that lags behind. Who left a team has a row all the same. */
async function standingOf(client: ReadClient, { isChannel, id }: PlaceId, account: AccountId): Promise<Standing> {
  try {
    const row = isChannel ? await client.channels.getMember(id, account) : await client.teams.getMember(id, account);
    if ('delete_at' in row && row.delete_at > 0) return 'none';
    return row.scheme_admin ? 'admin' : 'member';
  } catch (error) {
    if (error instanceof ApiNotFoundError) return 'none';
    throw error;
  }
}

const asStanding = (isAdmin: boolean | undefined): Standing =>
  isAdmin === undefined ? 'none' : isAdmin ? 'admin' : 'member';

/** A person whom a replica does not show yet is added once more, to no effect. */
async function lookTogether(calls: readonly TogetherCall[], client: ReadClient): Promise<ReadonlyMap<string, Verdict>> {
  const [first] = calls;
  if (first === undefined) return new Map();
  const call = callOf(first.action);
  const members = await membersByIds(
    client,
    placeOf(call),
    calls.map(({ account }) => account),
  );
  return new Map(calls.map(({ action, account }) => [action.id, judge(call, asStanding(members.get(account)))]));
}

async function verifyMemberships(
  written: readonly WrittenCall[],
  client: ReadClient,
): Promise<ReadonlyMap<string, MusterError>> {
  const flaws = new Map<string, MusterError>();
  for (const own of groupBy(lastOfEach(written), ({ action }) => placeOf(callOf(action)).id).values()) {
    const [first] = own;
    if (first === undefined) continue;
    const ids = [...new Set(own.map(({ account }) => account))];
    const members = await membersByIds(client, placeOf(callOf(first.action)), ids);
    for (const { action, account } of own) {
      const call = callOf(action);
      const now = asStanding(members.get(account));
      if (!isThere(call, now)) flaws.set(action.id, new NotVerifiedError('the membership', wantedBy(call), now));
    }
  }
  return flaws;
}

/** Without the calls of which a later one of the same run made something else. */
function lastOfEach(written: readonly WrittenCall[]): readonly WrittenCall[] {
  const seen = new Set<string>();
  const last: WrittenCall[] = [];
  for (const one of written.toReversed()) {
    const call = callOf(one.action);
    const [place, team] = [placeOf(call).id, call.team].map((id) => `${one.account} ${id}`);
    // Who left the team left its channels.
    if (seen.has(`${place}`) || seen.has(`${team} left`)) continue;
    last.push(one);
    seen.add(`${place}`);
    if (call.operation === 'leave-team') seen.add(`${team} left`);
  }
  return last;
}

function wantedBy(call: MembershipCall): string {
  if ('admin' in call) return call.admin ? 'admin' : 'member';
  return call.operation === 'leave-team' || call.operation === 'leave-channel' ? 'none' : 'member';
}
