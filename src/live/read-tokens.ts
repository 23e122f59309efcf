import type { LiveReader } from '../model/live-reader.ts';
import type { LiveState, LiveToken } from '../model/live-state.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import { readEach } from './read-each.ts';

/** Up to here accounts that may have tokens are asked one by one, without a list of owners first. */
const freeSearches = 20;

/** Whose tokens matter. */
export interface TokenOwners {
  /** Every token of these has to be known. */
  readonly needed: readonly AccountId[];
  /** Of these only whether something is left over. */
  readonly leftovers: readonly AccountId[];
}

/** Adds the tokens of the accounts for which they matter. That somebody has none is only ever a search's answer. */
export async function readTokens(
  reader: LiveReader,
  live: LiveState,
  owners: TokenOwners,
  emit: EmitRunEvent,
): Promise<LiveState> {
  const ids = [...owners.needed, ...(await withLeftovers(reader, owners.leftovers))];
  const found = await readEach(ids, async (id, done): Promise<[AccountId, readonly LiveToken[]]> => {
    emit({ type: 'reading', what: 'tokens', done, total: ids.length });
    return [id, (await reader.tokensOf(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1))];
  });
  return {
    ...live,
    tokens: new Map(found),
    coverage: { ...live.coverage, tokens: new Set(ids), requests: reader.requests() },
  };
}

async function withLeftovers(reader: LiveReader, candidates: readonly AccountId[]): Promise<readonly AccountId[]> {
  if (candidates.length <= freeSearches) return candidates;
  const owners = new Set<AccountId>();
  for await (const page of reader.tokenPages()) for (const token of page) owners.add(token.userId);
  return candidates.filter((id) => owners.has(id));
}
