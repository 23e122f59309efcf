import { ownedBy } from '../../model/kinds.ts';
import type { LiveState, LiveUser } from '../../model/live-state.ts';
import type { Observation, ObservedAccount, ObservedKind } from '../../model/observation.ts';
import type { ResourceDefinition } from '../../model/resource-definition.ts';

export interface Reading extends Pick<Observation, 'beganMs' | 'endedMs' | 'by'> {
  readonly live: LiveState;
  /** Whether each account was asked for everything that it owns; a plan concludes some of it from listings. */
  readonly asksEachOwner: boolean;
}

/** What a reading showed, kind by kind. Pure. */
export function observationOf(reading: Reading, kinds: readonly ResourceDefinition[]): Observation {
  const { live, beganMs, endedMs, by } = reading;
  return {
    beganMs,
    endedMs,
    by,
    isOfEverybody: live.coverage.listed,
    accounts: [...live.users.values()].map((account) => observedAccount(account, reading, kinds)),
  };
}

function observedAccount(account: LiveUser, reading: Reading, kinds: readonly ResourceDefinition[]): ObservedAccount {
  const { live, asksEachOwner } = reading;
  const owned = { user: account, ...ownedBy(account.id, live.owned) };
  const seen = kinds
    .filter(({ kind }) => kind in owned)
    .flatMap((one): ReadonlyArray<readonly [string, ObservedKind]> => {
      if (one.recall === undefined) return [];
      const sinceMs = one.recall.unchangedSince(account);
      const grants = one.grants(account, owned, live.facts).map(({ key, text, isHeld }) => ({ key, text, isHeld }));
      const isWhole = one.kind === 'user' || asksEachOwner;
      return [[one.kind, { ...(sinceMs !== undefined && { sinceMs }), isWhole, grants }]];
    });
  return {
    id: account.id,
    username: account.values.username,
    ...(account.dates !== undefined && { createdMs: account.dates.createdMs }),
    kinds: Object.fromEntries(seen),
  };
}
