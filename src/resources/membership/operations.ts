import type { AdditionError, WriteClient } from '../../api/index.ts';
import type { CallResponse, TogetherCall } from '../../model/action-runner.ts';
import { assertNever } from '../../model/assert-never.ts';
import type { CallOf } from '../../model/calls.ts';
import { ProgrammingError } from '../../model/muster-error.ts';
import type { AccountId } from '../../model/user-values.ts';
import { runCall } from '../run-call.ts';
import { NotAddedError } from './refused-error.ts';

type MembershipCall = CallOf<'membership'>;

/** Makes one call for one person. */
export function runMembershipCall(
  call: MembershipCall,
  account: AccountId,
  client: WriteClient,
): Promise<CallResponse> {
  return runCall(async () => {
    switch (call.operation) {
      case 'join-team':
        await client.teams.addMember(call.team, account);
        return [];
      case 'leave-team':
        await client.teams.removeMember(call.team, account);
        return [];
      case 'set-team-role':
        await client.teams.setMemberAdmin(call.team, account, call.admin);
        return [];
      case 'join-channel':
        await client.channels.addMember(call.channel, account);
        return [];
      case 'leave-channel':
        await client.channels.removeMember(call.channel, account);
        return [];
      case 'set-channel-role':
        await client.channels.setMemberAdmin(call.channel, account, call.admin);
        return [];
      default:
        return assertNever(call);
    }
  });
}

/** A person can take 0.2 s in a large team, and what a request began is carried out no matter who waits. */
const togetherMs = 180_000;

/**
 * Makes the same call for several people in one request. The server may serve some of them and not the others, so that its
 * answer is compared with the question, person by person.
 *
 * @returns by ids of actions
 */
export async function runTogether(
  call: MembershipCall,
  calls: readonly TogetherCall[],
  client: WriteClient,
): Promise<ReadonlyMap<string, CallResponse>> {
  const [only] = calls;
  if (only !== undefined && calls.length === 1)
    return new Map([[only.action.id, await runMembershipCall(call, only.account, client)]]);
  const answers = await addAll(
    call,
    calls.map(({ account }) => account),
    client,
  );
  const responses = new Map<string, CallResponse>();
  for (const { action, account } of calls) {
    const own = answers instanceof Map ? answers.get(account) : answers;
    // Of whom the server says nothing it has only written down why: asked alone, it says so.
    responses.set(action.id, own ?? (await runMembershipCall(call, account, client)));
  }
  return responses;
}

type Answers = ReadonlyMap<AccountId, CallResponse>;

/** @returns what became of each person that the server speaks of, or of the whole request */
async function addAll(
  call: MembershipCall,
  ids: readonly AccountId[],
  client: WriteClient,
): Promise<Answers | CallResponse> {
  let answers: Answers = new Map();
  const ended = await runCall(async () => {
    answers = await ask(call, ids, client);
    return [];
  });
  return ended.status === 'written' ? answers : ended;
}

async function ask(call: MembershipCall, ids: readonly AccountId[], client: WriteClient): Promise<Answers> {
  switch (call.operation) {
    case 'join-team': {
      const additions = await client.teams.addMembers(call.team, ids, { timeoutMs: togetherMs });
      return new Map(
        additions.flatMap(({ user_id: id, member, error }) => {
          if (error !== undefined) return [[id, refusedBy(error)] as const];
          return member?.delete_at === 0 ? [[id, added] as const] : [];
        }),
      );
    }
    case 'join-channel': {
      const rows = await client.channels.addMembers(call.channel, ids, { timeoutMs: togetherMs });
      return new Map(rows.map(({ user_id: id }) => [id, added]));
    }
    default:
      throw new ProgrammingError({ is: 'no-call-together', operation: call.operation });
  }
}

const added: CallResponse = { status: 'written', notes: [] };

function refusedBy({ id, status }: AdditionError): CallResponse {
  return { status: 'refused', error: new NotAddedError({ why: id ?? `status ${status}` }) };
}
