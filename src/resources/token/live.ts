import type { ReadClient } from '../../api/index.ts';
import { byText } from '../../model/compare.ts';
import type { AskEach, OwnedReader, WantedOwners } from '../../model/live-reader.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { AccountId } from '../../model/user-values.ts';
import { isForeign } from './definition-foreign.ts';
import { TokenPages, type TokensByOwner, toLiveToken } from './pages.ts';

/** Up to here accounts that may have tokens are asked one by one, without a list of owners first. */
const freeSearches = 20;

/** Tokens without their secrets, read through a client that cannot write. That an account has none is only ever a search's answer. */
export function tokenReader(client: ReadClient): OwnedReader<readonly LiveToken[]> {
  // One listing serves every question of a run.
  const pages = new TokenPages(client);
  const searchAll = async (ids: readonly AccountId[], askEach: AskEach): Promise<TokensByOwner> =>
    new Map(await askEach('tokens', ids, async (id) => [id, await tokensOf(client, id)] as const));
  const provenFor = (ids: readonly AccountId[]): Promise<TokensByOwner | undefined> =>
    ids.length <= freeSearches ? Promise.resolve(undefined) : pages.proven();
  return {
    read: async ({ needed, ifAny, shown }: WantedOwners, askEach) => {
      const isAsked = ifAny.length + shown.length > freeSearches;
      const listed = isAsked ? await pages.shown() : 'refused';
      if (listed === 'refused') {
        const searched = [...needed, ...ifAny, ...shown];
        return {
          known: await searchAll(searched, askEach),
          shown: new Map(),
          restsOn: { isListed: isAsked, searched },
        };
      }
      const searched = [...needed, ...ifAny.filter((id) => listed.has(id))];
      return {
        known: await searchAll(searched, askEach),
        shown: ofAccounts(shown, listed),
        restsOn: { isListed: true, searched },
      };
    },
    readsWhole: true,
    list: () => pages.shown(),
    readAll: async (accounts, askEach) => {
      const ids = accounts.map(({ id }) => id);
      const proven = await provenFor(ids);
      return proven === undefined
        ? { by: 'searches', byOwner: await searchAll(ids, askEach) }
        : { by: 'pages', byOwner: ofAccounts(ids, proven) };
    },
    readForEntries: async (accounts, _rules, askEach) => {
      const ids = accounts.map(({ id }) => id);
      const proven = await provenFor(ids);
      if (proven === undefined) return searchAll(ids, askEach);
      const own = ofAccounts(ids, proven);
      // An entry lists all of them, so that one which it leaves out would be revoked.
      const listing = [...own].filter(([, tokens]) => !tokens.every(isForeign)).map(([id]) => id);
      return new Map([...own, ...(await searchAll(listing, askEach))]);
    },
  };
}

/** Of these accounts, what a listing showed. */
const ofAccounts = (ids: readonly AccountId[], listed: TokensByOwner): TokensByOwner =>
  new Map(ids.flatMap((id) => (listed.has(id) ? [[id, listed.get(id) ?? []] as const] : [])));

/** The search compares with the owner's id for equality and is not paged: one answer has all of them. */
export async function tokensOf(client: ReadClient, id: AccountId): Promise<readonly LiveToken[]> {
  const found = await client.tokens.search(id);
  return found
    .filter(({ user_id: owner }) => owner === id)
    .map(toLiveToken)
    .toSorted(byText((one) => one.id));
}
