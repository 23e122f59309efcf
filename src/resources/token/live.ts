import type { ReadClient, Token } from '../../api/index.ts';
import { byText } from '../../model/compare.ts';
import type { AskEach, OwnedReader, WantedOwners } from '../../model/live-reader.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { AccountId } from '../../model/user-values.ts';

/** Up to here accounts that may have tokens are asked one by one, without a list of owners first. */
const freeSearches = 20;

/** Tokens without their secrets, read through a client that cannot write. That an account has none is only ever a search's answer. */
export function tokenReader(client: ReadClient): OwnedReader<readonly LiveToken[]> {
  const searchAll = async (
    ids: readonly AccountId[],
    askEach: AskEach,
  ): Promise<ReadonlyMap<AccountId, readonly LiveToken[]>> =>
    new Map(await askEach('tokens', ids, async (id) => [id, await tokensOf(client, id)] as const));
  return {
    read: async ({ needed, ifAny }: WantedOwners, askEach) => {
      const owners = ifAny.length <= freeSearches ? undefined : await ownersOf(client);
      return searchAll([...needed, ...ifAny.filter((id) => owners?.has(id) !== false)], askEach);
    },
    readAll: async (askEach) => searchAll([...(await ownersOf(client))], askEach),
  };
}

/** The search compares with the owner's id for equality and is not paged: one answer has all of them. */
export async function tokensOf(client: ReadClient, id: AccountId): Promise<readonly LiveToken[]> {
  const found = await client.tokens.search(id);
  return found
    .filter(({ user_id: owner }) => owner === id)
    .map(toLiveToken)
    .toSorted(byText((one) => one.id));
}

/** The pages have no order: they only name the owners. */
async function ownersOf(client: ReadClient): Promise<ReadonlySet<AccountId>> {
  const owners = new Set<AccountId>();
  for await (const page of client.tokens.pages({ perPage: 200 })) for (const { user_id: id } of page) owners.add(id);
  return owners;
}

function toLiveToken({ id, user_id, description, is_active, expires_at = 0 }: Token): LiveToken {
  return {
    id,
    userId: user_id,
    description,
    enabled: is_active,
    ...(expires_at > 0 && { expiresAt: expires_at }),
  };
}
