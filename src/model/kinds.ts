import type { LiveToken, LiveUser } from './live-things.ts';

/** What each kind knows of one account. A new kind adds its line here. */
export interface LiveByKind {
  readonly user: LiveUser;
  readonly token: readonly LiveToken[];
}

export type Kind = keyof LiveByKind;

/** Kinds of things that belong to an account; the account itself is the kind `user`. */
export type OwnedKind = Exclude<Kind, 'user'>;

/** Live things by their owner, kind by kind. An account that is missing here was not asked about. */
export type OwnedThings = { readonly [K in OwnedKind]: ReadonlyMap<string, LiveByKind[K]> };

/** What was read of the things that an account owns. */
export function ownedBy(id: string, owned: OwnedThings): Partial<LiveByKind> {
  return Object.fromEntries(
    Object.entries(owned).flatMap(([kind, byOwner]) => {
      const own = byOwner.get(id);
      return own === undefined ? [] : [[kind, own]];
    }),
  );
}
