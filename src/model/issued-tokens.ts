/** What runs made, and under which terms: what a reviewer agreed to once need not be agreed to at each rotation. */
import { canonicalJson } from './canonical-json.ts';
import type { AccountId } from './user-values.ts';

/** A token that a run made: whose it is, which one, and under which terms. */
export interface IssuedToken {
  readonly account: AccountId;
  readonly token: string;
  readonly terms: string;
}

/** Tokens that runs made, as the journals tell that only the caller's token can have signed. */
export type IssuedTokens = ReadonlySet<string>;

export const issuedKey = ({ account, token, terms }: IssuedToken): string => canonicalJson([account, token, terms]);
