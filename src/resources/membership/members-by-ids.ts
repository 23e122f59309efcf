import type { ReadClient } from '../../api/index.ts';
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
  { isChannel, id }: PlaceId,
  ids: readonly AccountId[],
  atOnce: number = idsPerQuestion,
): Promise<ReadonlyMap<AccountId, boolean>> {
  const members: (readonly [AccountId, boolean])[] = [];
  for (const chunk of inChunks(ids, atOnce)) {
    const rows = isChannel
      ? await client.channels.membersByIds(id, chunk)
      : (await client.teams.membersByIds(id, chunk)).filter(({ delete_at }) => delete_at === 0);
    members.push(...rows.map(({ user_id, scheme_admin }) => [user_id, scheme_admin] as const));
  }
  return new Map(members);
}

export function inChunks(
  ids: readonly AccountId[],
  atOnce: number = idsPerQuestion,
): ReadonlyArray<readonly AccountId[]> {
  const chunks: (readonly AccountId[])[] = [];
  for (let from = 0; from < ids.length; from += atOnce) chunks.push(ids.slice(from, from + atOnce));
  return chunks;
}
