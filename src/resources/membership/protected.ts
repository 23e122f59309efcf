/** What protects those who are left, looked at once more right before a call: the server itself protects no one. */
import type { ReadClient } from '../../api/index.ts';
import type { CallOf } from '../../model/calls.ts';
import type { Standing } from '../../model/memberships.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { Verdict } from '../../model/verdict.ts';

type MembershipCall = CallOf<'membership'>;

/** @returns why the call must not be made; `undefined`: it may be */
export async function whyProtected(
  client: ReadClient,
  call: MembershipCall,
  account: AccountId,
  now: Standing,
): Promise<Verdict | undefined> {
  switch (call.operation) {
    case 'set-team-role':
      return call.admin || (await hasOtherAdmin(client, call.team, account))
        ? undefined
        : stale('another administrator');
    case 'leave-team':
      return now !== 'admin' || (await hasOtherAdmin(client, call.team, account))
        ? undefined
        : stale('another administrator');
    case 'leave-channel':
      return (
        (await isLastOfPrivate(client, call.channel, account)) ??
        (await isLastOfGuest(client, call.team, call.channel, account))
      );
    case 'join-team':
    case 'join-channel':
    case 'set-channel-role':
      return undefined;
  }
}

const stale = (expected: string): Verdict => ({ go: 'stale', expected, found: 'none' });

/** An account that is away administers nothing, so that no one has to take its place. */
async function hasOtherAdmin(client: ReadClient, team: string, account: AccountId): Promise<boolean> {
  if (!(await isActive(client, account))) return true;
  for await (const page of client.teams.memberPages(team, { excludeDeletedUsers: true, perPage: 200 }))
    if (page.some((row) => row.scheme_admin && row.delete_at === 0 && row.user_id !== account)) return true;
  return false;
}

async function isLastOfPrivate(client: ReadClient, channel: string, account: AccountId): Promise<Verdict | undefined> {
  const { member_count: active } = await client.channels.stats(channel);
  if (active > 1 || !(await isActive(client, account))) return undefined;
  return (await client.channels.get(channel)).type === 'P'
    ? stale('another active member of the private channel')
    : undefined;
}

/** The server takes a guest who left their last channel out of the team. */
async function isLastOfGuest(
  client: ReadClient,
  team: string,
  channel: string,
  account: AccountId,
): Promise<Verdict | undefined> {
  if (!(await client.channels.getMember(channel, account)).scheme_guest) return undefined;
  const others = (await client.channels.ofUserInTeam(account, team)).filter(
    ({ id, team_id: of }) => of === team && id !== channel,
  );
  return others.length === 0 ? stale('another channel of the guest in the team') : undefined;
}

const isActive = async (client: ReadClient, account: AccountId): Promise<boolean> =>
  (await client.users.get(account)).delete_at === 0;
