/** Under which terms a token is made: what a reviewer agreed to once need not be agreed to at each rotation. */
import { canonicalJson, digestOf } from './canonical-json.ts';
import type { DesiredToken } from './desired-state.ts';
import type { Delivery } from './resource-definition.ts';
import type { AccountId } from './user-values.ts';

/** A digest of what stands behind the sink, and of the schedule; `undefined` where nobody says what stands behind it. */
export function termsOf(wanted: DesiredToken, delivery: Delivery | undefined): string | undefined {
  const { name: _, generation: __, enabled: ___, sink = delivery?.defaultSink, ...schedule } = wanted;
  const place = delivery?.places?.get(sink);
  return place === undefined ? undefined : digestOf({ place, schedule });
}

/** A token that a run made: whose it is, which one, and under which terms. */
export interface IssuedToken {
  readonly account: AccountId;
  readonly token: string;
  readonly terms: string;
}

/** Tokens that runs made, as the journals tell that only the caller's token can have signed. */
export type IssuedTokens = ReadonlySet<string>;

export const issuedKey = ({ account, token, terms }: IssuedToken): string => canonicalJson([account, token, terms]);
