/** Everyone who is in a place, proven by the counts of the server. */
import type { ReadClient } from '../../api/index.ts';
import { count } from '../../model/count.ts';
import { isChannelPlace } from '../../model/memberships.ts';
import { maxReadings } from '../../model/moving-lists.ts';
import type { AccountId } from '../../model/user-values.ts';
import { type PlaceId, rowsByIds } from './members-by-ids.ts';
import { MembersNotCompleteError } from './not-complete-error.ts';

export interface Inside {
  /** By account, whether it administers the place. */
  readonly members: ReadonlyMap<AccountId, boolean>;
  readonly guests: readonly AccountId[];
}

/**
 * Reads the active members of a place, and who of them administers it: no one twice, and as many as the server counted before, or up
 * to as many as after.
 *
 * @throws {MembersNotCompleteError} when no reading could be proven
 */
export async function readInside(client: ReadClient, place: string, id: string): Promise<Inside> {
  const where: PlaceId = { isChannel: isChannelPlace(place), id };
  const flaws: string[] = [];
  for (let reading = 0; reading < maxReadings; reading += 1) {
    const before = await countActive(client, where);
    const rows = await idsOf(client, where);
    const after = await countActive(client, where);
    const ids = new Set(rows);
    const flaw = flawOf({ found: ids.size, repeated: rows.length - ids.size, before, after });
    if (flaw === undefined) return await withRoles(client, where, [...ids]);
    flaws.push(flaw);
  }
  throw new MembersNotCompleteError(place, flaws);
}

const countActive = async (client: ReadClient, { isChannel, id }: PlaceId): Promise<number> =>
  isChannel ? (await client.channels.stats(id)).member_count : (await client.teams.stats(id)).active_member_count;

/** The listing of a channel's members has no order, so that its profiles are listed instead. */
async function idsOf(client: ReadClient, { isChannel, id }: PlaceId): Promise<readonly AccountId[]> {
  const ids: AccountId[] = [];
  if (isChannel)
    for await (const page of client.users.pages({ inChannel: id, active: true, perPage: 200 }))
      ids.push(...page.map((user) => user.id));
  else
    for await (const page of client.teams.memberPages(id, { excludeDeletedUsers: true, perPage: 200 }))
      ids.push(...page.filter(({ delete_at }) => delete_at === 0).map(({ user_id }) => user_id));
  return ids;
}

/** Who left since the listing is in it no more. */
async function withRoles(client: ReadClient, where: PlaceId, ids: readonly AccountId[]): Promise<Inside> {
  const rows = await rowsByIds(client, where, ids);
  return {
    members: new Map(rows.map(({ user_id, scheme_admin }) => [user_id, scheme_admin])),
    guests: rows.flatMap(({ user_id, scheme_guest }) => (scheme_guest ? [user_id] : [])),
  };
}

interface Reading {
  readonly found: number;
  readonly repeated: number;
  readonly before: number;
  readonly after: number;
}

function flawOf({ found, repeated, before, after }: Reading): string | undefined {
  if (repeated > 0) return `${count(repeated, 'member was', 'members were')} listed twice`;
  if (after < before) return `the server counted ${count(before, 'member')} before and ${after} after`;
  if (found >= before && found <= after) return undefined;
  return `${count(found, 'member was', 'members were')} listed where the server counts ${before === after ? before : `${before} to ${after}`}`;
}
