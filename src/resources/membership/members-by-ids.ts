import type { ChannelMember, ReadClient } from '../../api/index.ts';
import type { AccountId } from '../../model/user-values.ts';

/** As many people as one question is about. */
const idsPerQuestion = 1000;

export interface PlaceId {
  readonly isChannel: boolean;
  readonly id: string;
}

/**
 * Who of these people is in a place, and whether as an admin. That a person is not is an answer to a question by id.
 *
 * @param atOnce - people a request, at most 10,000
 */
export async function membersByIds(
  client: ReadClient,
  place: PlaceId,
  ids: readonly AccountId[],
  atOnce: number = idsPerQuestion,
): Promise<ReadonlyMap<AccountId, boolean>> {
  const members = new Map<AccountId, boolean>();
  for (const { user_id, scheme_admin } of await rowsByIds(client, place, ids, atOnce))
    members.set(user_id, scheme_admin);
  return members;
}

/** The same, with all that the server says of each. */
export async function rowsByIds(
  client: ReadClient,
  { isChannel, id }: PlaceId,
  ids: readonly AccountId[],
  atOnce: number = idsPerQuestion,
): Promise<readonly Pick<ChannelMember, 'user_id' | 'scheme_admin' | 'scheme_guest'>[]> {
  const found: Pick<ChannelMember, 'user_id' | 'scheme_admin' | 'scheme_guest'>[] = [];
  for (const chunk of inChunks(ids, atOnce)) {
    if (isChannel) for (const row of await client.channels.membersByIds(id, chunk)) found.push(row);
    else for (const row of await client.teams.membersByIds(id, chunk)) if (row.delete_at === 0) found.push(row);
  }
  return found;
}

export function inChunks(
  ids: readonly AccountId[],
  atOnce: number = idsPerQuestion,
): ReadonlyArray<readonly AccountId[]> {
  const chunks: (readonly AccountId[])[] = [];
  for (let from = 0; from < ids.length; from += atOnce) chunks.push(ids.slice(from, from + atOnce));
  return chunks;
}
