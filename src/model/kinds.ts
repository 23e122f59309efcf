import type { LiveToken, LiveUser } from './live-things.ts';
import type { LiveMemberships, LivePlaces } from './memberships.ts';

/** What each kind knows of one account. A new kind adds its line here. */
export interface LiveByKind {
  readonly user: LiveUser;
  readonly token: readonly LiveToken[];
  readonly membership: LiveMemberships;
}

/** What a kind knows that belongs to no single account. A kind that knows no such thing has no line. */
export interface CommonByKind {
  readonly membership: LivePlaces;
}

/** As far as it was asked for. */
export type CommonThings = { readonly [K in keyof CommonByKind]?: CommonByKind[K] };

export type Kind = keyof LiveByKind;

/** Kinds of things that belong to an account; the account itself is the kind `user`. */
export type OwnedKind = Exclude<Kind, 'user'>;

/** Live things by their owner, kind by kind. An account that is missing here was not asked about. */
export type OwnedThings = { readonly [K in OwnedKind]: ReadonlyMap<string, LiveByKind[K]> };

/**
 * Live things that a listing of everything showed, by their owner, kind by kind: that something is there, never that
 * something is not. `refused`: the caller may not list. Absent: it was not asked for.
 */
export type SeenThings = { readonly [K in OwnedKind]?: ReadonlyMap<string, LiveByKind[K]> | 'refused' };

/** What a listing showed of an account. */
export const seenOf = (id: string, seen: SeenThings): Partial<LiveByKind> => thingsOf(id, seen);

/** What was read of the things that an account owns. */
export const ownedBy = (id: string, owned: OwnedThings): Partial<LiveByKind> => thingsOf(id, owned);

const nothing: Partial<LiveByKind> = {};

type ByOwner = ReadonlyMap<string, LiveByKind[OwnedKind]>;

/** The kinds of which something was read: they are asked about every account. */
function thingsByKind(things: SeenThings): ReadonlyArray<readonly [kind: string, byOwner: ByOwner]> {
  const known = read.get(things);
  if (known !== undefined) return known;
  const some = Object.entries(things).flatMap(([kind, byOwner]) =>
    byOwner === 'refused' || byOwner.size === 0 ? [] : [[kind, byOwner] as const],
  );
  read.set(things, some);
  return some;
}

const read = new WeakMap<SeenThings, ReadonlyArray<readonly [kind: string, byOwner: ByOwner]>>();

/** Most accounts have nothing. */
function thingsOf(id: string, things: SeenThings): Partial<LiveByKind> {
  let found = nothing;
  for (const [kind, byOwner] of thingsByKind(things)) {
    const own = byOwner.get(id);
    if (own !== undefined) found = { ...found, [kind]: own };
  }
  return found;
}
