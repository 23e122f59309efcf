/** Teams and channels of the server in memory, and who is in them: what each call makes of them, and what it refuses. */
import type { Channel, ChannelMember, Team, TeamMember } from '../../src/api/index.ts';
import { isChannelPlace, type PlaceRole, teamOf } from '../../src/model/memberships.ts';

export interface PlacesSeed {
  /** `core`, `core/ops`; a private channel is `private`. */
  readonly places: Readonly<Record<string, 'open' | 'private'>>;
  /** By account and place. */
  readonly members: Readonly<Record<string, Readonly<Record<string, PlaceRole>>>>;
}

interface Row {
  readonly isAdmin: boolean;
  /** The row of a team stays when a person leaves. */
  readonly left: boolean;
}

/** 26 letters, as the server makes them. */
export const placeId = (place: string): string => `pl${place.replaceAll(/[^a-z]/g, 'q')}`.padEnd(26, 'z');

export class ModelPlaces {
  readonly #ids: ReadonlyMap<string, string>;
  readonly #seed: PlacesSeed['places'];
  /** By place, then by account. */
  readonly #rows: Map<string, Map<string, Row>>;

  constructor({ places, members }: PlacesSeed, rows?: ReadonlyMap<string, ReadonlyMap<string, Row>>) {
    this.#seed = places;
    this.#ids = new Map(Object.keys(places).map((place) => [placeId(place), place]));
    this.#rows = new Map(Object.keys(places).map((place) => [place, new Map(rows?.get(place))]));
    if (rows !== undefined) return;
    for (const [account, own] of Object.entries(members))
      for (const [place, role] of Object.entries(own))
        this.#rowsOf(place).set(account, { isAdmin: role === 'admin', left: false });
  }

  /** As it is now, for replicas. */
  copy(): ModelPlaces {
    return new ModelPlaces({ places: this.#seed, members: {} }, this.#rows);
  }

  /** What a world begins with that goes on from here. */
  get seed(): PlacesSeed {
    const members: Record<string, Record<string, PlaceRole>> = {};
    for (const [place, rows] of this.#rows)
      for (const [account, { isAdmin, left }] of rows)
        if (!left) (members[account] ??= {})[place] = isAdmin ? 'admin' : 'member';
    return { places: this.#seed, members };
  }

  /** Of an account, as `core (admin)`. */
  textsOf(account: string): readonly string[] {
    return Object.entries(this.seed.members[account] ?? {}).map(([place, role]) => `${place} (${role})`);
  }

  adminPlacesOf(account: string): readonly string[] {
    return Object.entries(this.seed.members[account] ?? {}).flatMap(([place, role]) =>
      role === 'admin' ? [place] : [],
    );
  }

  place(id: string): string | undefined {
    return this.#ids.get(id);
  }

  teams(): readonly Team[] {
    return Object.keys(this.#seed)
      .filter((place) => !isChannelPlace(place))
      .map(toTeam);
  }

  channels(): readonly Channel[] {
    return Object.entries(this.#seed)
      .filter(([place]) => isChannelPlace(place))
      .map(([place, kind]) => toChannel(place, kind));
  }

  /** Present members alone, of the accounts that are asked about; of all where none is. */
  teamMembers(id: string, accounts?: ReadonlySet<string>): readonly TeamMember[] {
    return this.#present(id, accounts).map(([account, row]) => teamMember(id, account, row));
  }

  channelMembers(id: string, accounts?: ReadonlySet<string>): readonly ChannelMember[] {
    return this.#present(id, accounts).map(([account, row]) => channelMember(id, account, row));
  }

  /** Who left is there, too. */
  teamMember(id: string, account: string): TeamMember | undefined {
    const row = this.#rowsOf(this.place(id) ?? '').get(account);
    return row === undefined ? undefined : teamMember(id, account, row);
  }

  teamsOf(account: string): readonly TeamMember[] {
    return this.teams().flatMap(({ id }) => this.teamMember(id, account) ?? []);
  }

  channelsOf(account: string, team: string): readonly Channel[] {
    return this.channels().filter(
      ({ id, team_id }) => team_id === team && this.channelMembers(id, new Set([account])).length > 0,
    );
  }

  /** @returns whether anything changed */
  add(id: string, account: string): boolean {
    const rows = this.#rowsOf(this.place(id) ?? '');
    if (rows.get(account)?.left === false) return false;
    rows.set(account, { isAdmin: false, left: false });
    return true;
  }

  isIn(id: string, account: string): boolean {
    return this.#rowsOf(this.place(id) ?? '').get(account)?.left === false;
  }

  teamOfChannel(id: string): string {
    return placeId(teamOf(this.place(id) ?? ''));
  }

  leaveTeam(id: string, account: string): void {
    const team = this.place(id) ?? '';
    for (const [place, rows] of this.#rows) if (isChannelPlace(place) && teamOf(place) === team) rows.delete(account);
    const row = this.#rowsOf(team).get(account);
    if (row !== undefined) this.#rowsOf(team).set(account, { ...row, left: true });
  }

  leaveChannel(id: string, account: string): void {
    this.#rowsOf(this.place(id) ?? '').delete(account);
  }

  setAdmin(id: string, account: string, isAdmin: boolean): void {
    const rows = this.#rowsOf(this.place(id) ?? '');
    const row = rows.get(account);
    if (row !== undefined) rows.set(account, { ...row, isAdmin });
  }

  #present(id: string, accounts: ReadonlySet<string> | undefined): readonly (readonly [string, Row])[] {
    return [...this.#rowsOf(this.place(id) ?? '')].filter(
      ([account, { left }]) => !left && (accounts === undefined || accounts.has(account)),
    );
  }

  #rowsOf(place: string): Map<string, Row> {
    return this.#rows.get(place) ?? new Map();
  }
}

const toTeam = (name: string): Team => ({
  id: placeId(name),
  create_at: 1,
  delete_at: 0,
  name,
  display_name: name,
  description: '',
  type: 'O',
  email: '',
  allowed_domains: '',
  allow_open_invite: false,
  group_constrained: false,
  scheme_id: '',
  policy_enforced: false,
});

const toChannel = (place: string, kind: 'open' | 'private'): Channel => ({
  id: placeId(place),
  create_at: 1,
  delete_at: 0,
  team_id: placeId(teamOf(place)),
  type: kind === 'private' ? 'P' : 'O',
  name: place.slice(teamOf(place).length + 1),
  display_name: place,
  creator_id: '',
  group_constrained: false,
  shared: false,
  scheme_id: '',
  policy_enforced: false,
});

const flagsOf = (word: 'team' | 'channel', { isAdmin }: Row): Omit<ChannelMember, 'channel_id' | 'user_id'> => ({
  roles: isAdmin ? `${word}_user ${word}_admin` : `${word}_user`,
  explicit_roles: '',
  scheme_guest: false,
  scheme_user: true,
  scheme_admin: isAdmin,
});

const teamMember = (team: string, account: string, row: Row): TeamMember => ({
  ...flagsOf('team', row),
  team_id: team,
  user_id: account,
  delete_at: row.left ? 1 : 0,
});

const channelMember = (channel: string, account: string, row: Row): ChannelMember => ({
  ...flagsOf('channel', row),
  channel_id: channel,
  user_id: account,
});
