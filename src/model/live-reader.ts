import type { LiveToken, LiveUser, ServerFacts } from './live-state.ts';
import type { AccountId } from './user-values.ts';

/** What the live state is read through. Whatever stands behind it can only read. */
export interface LiveReader {
  /** @param roles - names whose existence is asked for */
  facts(roles: readonly string[]): Promise<ServerFacts>;
  /** The accounts that have one of the names, which must be lower case; unknown names are left out. */
  usersByNames(names: readonly string[]): Promise<readonly LiveUser[]>;
  usersByIds(ids: readonly AccountId[]): Promise<readonly LiveUser[]>;
  /** `undefined`: the server said that nobody has this e-mail. */
  userByEmail(email: string): Promise<LiveUser | undefined>;
  /** Every account, in pages; the order of the server may shift while it is read. */
  userPages(): AsyncIterable<readonly LiveUser[]>;
  /** How many accounts there are, of every sort. */
  countUsers(): Promise<number>;
  /** Every token of one account, in one answer. */
  tokensOf(id: AccountId): Promise<readonly LiveToken[]>;
  /** Tokens in pages without an order: good to find owners, never to conclude that somebody has none. */
  tokenPages(): AsyncIterable<readonly LiveToken[]>;
  /** Requests made so far. */
  requests(): number;
}
