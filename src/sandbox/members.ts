import { Past } from './past.ts';

/** What a person is in a team or a channel. Nearly all members are alike, so equal states are one object. */
export interface MemberState {
  readonly scheme_guest: boolean;
  readonly scheme_user: boolean;
  readonly scheme_admin: boolean;
  /** Roles that no flag stands for, separated by spaces. */
  readonly explicit_roles: string;
  /** Not 0: left at that moment. Channels forget who left. */
  readonly delete_at: number;
}

const states = new Map<string, MemberState>();

/** The one object for a state; of people who left, each has their own. */
function memberState(state: MemberState): MemberState {
  const { scheme_guest, scheme_user, scheme_admin, explicit_roles, delete_at } = state;
  const own = { scheme_guest, scheme_user, scheme_admin, explicit_roles, delete_at };
  if (delete_at !== 0) return own;
  const key = `${scheme_guest}${scheme_user}${scheme_admin}${explicit_roles}`;
  const known = states.get(key) ?? own;
  states.set(key, known);
  return known;
}

/** A newcomer: a member or a guest, without anything more. */
export const newcomer = (isGuest: boolean, isAdmin = false): MemberState =>
  memberState({
    scheme_guest: isGuest,
    scheme_user: !isGuest,
    scheme_admin: isAdmin && !isGuest,
    explicit_roles: '',
    delete_at: 0,
  });

export type Membership = readonly [userId: string, state: MemberState];

/** What reading handlers ask of the members of teams or of channels; a stale view answers the same questions. */
export interface MembersView {
  /** The row of a person, also of one who left. */
  get(placeId: string, userId: string): MemberState | undefined;
  /** All rows of a place, in the order of the database's storage. */
  of(placeId: string): Iterable<Membership>;
  /** Every place that has a row of a person. */
  placesOf(userId: string): readonly string[];
  /** Everybody who is in some place and did not leave it. */
  present(): ReadonlySet<string>;
}

interface Change {
  readonly placeId: string;
  readonly userId: string;
  readonly before: MemberState | undefined;
}

/**
 * A table of memberships, by place and then by person: 600,000 rows are references to a handful of states. A row that
 * changes moves to the end, as it does in the storage of the database.
 */
export class Members implements MembersView {
  readonly #places = new Map<string, Map<string, MemberState>>();
  readonly #present = new Map<string, number>();
  readonly #sorted = new Map<string, readonly string[]>();
  readonly past: Past<Change> = new Past();

  get(placeId: string, userId: string): MemberState | undefined {
    return this.#places.get(placeId)?.get(userId);
  }

  of(placeId: string): Iterable<Membership> {
    return this.#places.get(placeId) ?? [];
  }

  placesOf(userId: string): readonly string[] {
    const places: string[] = [];
    for (const [placeId, rows] of this.#places) if (rows.has(userId)) places.push(placeId);
    return places;
  }

  present(): ReadonlySet<string> {
    return presentIn([...this.#places.values()]);
  }

  /** How many rows there are of people who did not leave. */
  countPresent(placeId: string): number {
    return this.#present.get(placeId) ?? 0;
  }

  /** The ids of the people who did not leave, in their order. */
  idsInOrder(placeId: string): readonly string[] {
    const known = this.#sorted.get(placeId);
    if (known !== undefined) return known;
    const ids = [...this.of(placeId)].flatMap(([userId, state]) => (state.delete_at === 0 ? [userId] : [])).toSorted();
    this.#sorted.set(placeId, ids);
    return ids;
  }

  put(placeId: string, userId: string, state: MemberState): void {
    const rows = this.#places.get(placeId) ?? new Map<string, MemberState>();
    this.#places.set(placeId, rows);
    this.#changed(placeId, userId, rows.get(userId), state);
    rows.delete(userId);
    rows.set(userId, memberState(state));
  }

  remove(placeId: string, userId: string): void {
    const before = this.get(placeId, userId);
    if (before === undefined) return;
    this.#changed(placeId, userId, before, undefined);
    this.#places.get(placeId)?.delete(userId);
  }

  /** The table as it was before the last `writes` writes to it since the start. */
  asOf(writes: number): MembersView {
    const undone = new Map<string, Map<string, MemberState | undefined>>();
    for (const { placeId, userId, before } of this.past.last(writes)) {
      const place = undone.get(placeId) ?? new Map<string, MemberState | undefined>();
      undone.set(placeId, place.set(userId, before));
    }
    return staleView(this, undone);
  }

  placeIds(): Iterable<string> {
    return this.#places.keys();
  }

  *saved(): Iterable<readonly [placeId: string, rows: readonly Membership[]]> {
    for (const [placeId, rows] of this.#places) yield [placeId, [...rows]];
  }

  #changed(placeId: string, userId: string, before: MemberState | undefined, after: MemberState | undefined): void {
    this.past.note({ placeId, userId, before });
    const [was, is] = [before?.delete_at === 0, after?.delete_at === 0];
    if (was === is) return;
    this.#present.set(placeId, this.countPresent(placeId) + (is ? 1 : -1));
    this.#sorted.delete(placeId);
  }
}

function presentIn(places: Iterable<Iterable<Membership>>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const rows of places) for (const [userId, { delete_at }] of rows) if (delete_at === 0) ids.add(userId);
  return ids;
}

/** A table with some rows as they were. */
function staleView(
  now: Members,
  undone: ReadonlyMap<string, ReadonlyMap<string, MemberState | undefined>>,
): MembersView {
  const of = (placeId: string): Iterable<Membership> => {
    const place = undone.get(placeId);
    if (place === undefined) return now.of(placeId);
    const rows = [...now.of(placeId)].filter(([userId]) => !place.has(userId));
    return [
      ...rows,
      ...[...place].flatMap(([userId, state]) => (state === undefined ? [] : [[userId, state] as const])),
    ];
  };
  const get = (placeId: string, userId: string): MemberState | undefined => {
    const place = undone.get(placeId);
    return place?.has(userId) === true ? place.get(userId) : now.get(placeId, userId);
  };
  return {
    get,
    of,
    present: () => presentIn([...new Set([...now.placeIds(), ...undone.keys()])].map(of)),
    placesOf: (userId) =>
      [...new Set([...now.placesOf(userId), ...undone.keys()])].filter((placeId) => get(placeId, userId) !== undefined),
  };
}
