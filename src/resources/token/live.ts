import { ApiForbiddenError, type ReadClient, type Token } from '../../api/index.ts';
import { byText } from '../../model/compare.ts';
import type { AskEach, OwnedReader, WantedOwners } from '../../model/live-reader.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { AccountId } from '../../model/user-values.ts';

type TokensByOwner = ReadonlyMap<AccountId, readonly LiveToken[]>;

/** Up to here accounts that may have tokens are asked one by one, without a list of owners first. */
const freeSearches = 20;

/** Tokens without their secrets, read through a client that cannot write. That an account has none is only ever a search's answer. */
export function tokenReader(client: ReadClient): OwnedReader<readonly LiveToken[]> {
  let listing: Promise<TokensByOwner> | undefined;
  // One listing serves every question of a run.
  const listed = (): Promise<TokensByOwner> => (listing ??= listTokens(client));
  const searchAll = async (ids: readonly AccountId[], askEach: AskEach): Promise<TokensByOwner> =>
    new Map(await askEach('tokens', ids, async (id) => [id, await tokensOf(client, id)] as const));
  return {
    read: async ({ needed, ifAny }: WantedOwners, askEach) => {
      const owners = ifAny.length <= freeSearches ? undefined : await listed();
      return searchAll([...needed, ...ifAny.filter((id) => owners?.has(id) !== false)], askEach);
    },
    list: async () => {
      try {
        return await listed();
      } catch (error) {
        if (error instanceof ApiForbiddenError) return 'refused';
        throw error;
      }
    },
    readAll: async (askEach) => searchAll([...(await listed()).keys()], askEach),
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

const maxReadings = 3;

/**
 * The pages have no order: a token may stand in two of them, and one in none. Where one stood in two, the listing is read again;
 * whatever one of the readings showed counts.
 */
async function listTokens(client: ReadClient): Promise<TokensByOwner> {
  const byOwner = new Map<AccountId, Map<string, LiveToken>>();
  for (let reading = 0; reading < maxReadings; reading += 1) {
    const seen = new Set<string>();
    let rows = 0;
    for await (const page of client.tokens.pages({ perPage: 200 })) {
      rows += page.length;
      for (const wire of page) {
        seen.add(wire.id);
        const own = byOwner.get(wire.user_id) ?? new Map<string, LiveToken>();
        byOwner.set(wire.user_id, own.set(wire.id, toLiveToken(wire)));
      }
    }
    if (seen.size === rows) break;
  }
  return new Map([...byOwner].map(([id, own]) => [id, [...own.values()].toSorted(byText((one) => one.id))]));
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
