import type { ReadClient } from '../../api/index.ts';
import type { AskEach, AskedOf, OwnedReader, ReadOfAll } from '../../model/live-reader.ts';
import type { LiveUser } from '../../model/live-things.ts';
import {
  channelPlace,
  defaultChannel,
  isChannelPlace,
  isJoinedWithTeam,
  type LiveChannel,
  type LiveMembership,
  type LiveMemberships,
  type LivePlaces,
  type LiveTeam,
  teamOf,
} from '../../model/memberships.ts';
import type { MembershipsWritten } from '../../model/resource-definition.ts';
import { isGuest } from '../../model/user-rules.ts';
import type { AccountId } from '../../model/user-values.ts';
import { RowsMovedError } from '../list-all.ts';
import { readStandings, whoIsInTeams } from './everything.ts';
import { type Inside, readInside } from './inside.ts';
import { inChunks, membersByIds } from './members-by-ids.ts';
import { orNone, readPlaces } from './places.ts';
import { readWhole } from './whole.ts';

/**
 * Memberships, read through a client that cannot write: each place is asked by id who of the declared people is in it. That
 * a person is not is only ever the answer to that question.
 */
export function membershipReader(client: ReadClient): OwnedReader<LiveMemberships> {
  return {
    read: async ({ needed, everything = [], ifAny, asks = new Map(), wholes = [] }, askEach) => {
      if (asks.size === 0 && everything.length + ifAny.length === 0 && wholes.length === 0)
        return {
          known: new Map(needed.map((id) => [id, nothingAsked])),
          shown: new Map(),
          restsOn: { isListed: false, searched: [] },
        };
      const inAny = await whoIsInTeams(client, ifAny, askEach);
      const own = await readWhole(client, [...everything, ...inAny], askEach);
      const found = withPlacesOf(await readPlaces(client, [...asks.keys(), ...wholes]), own);
      const rows = await readMembers(client, asks, found, askEach);
      const inside = await readAllInside(client, wholes, found, asks, askEach);
      const protectedPlaces = withInside(await withProtection(client, found, asks, rows), inside);
      const channels = await readChannelsOf(client, asks, found, rows, askEach);
      const known = membershipsOf([...needed, ...ifAny], asks, rows, channels);
      for (const id of everything) known.set(id, withWhole(known.get(id), own.members.get(id)));
      for (const id of ifAny) known.set(id, withWhole(known.get(id), inAny.has(id) ? own.members.get(id) : nowhere));
      const insiders = new Set([...inside.byPlace.values()].flatMap((members) => [...members.keys()]));
      return { known, shown: new Map(), common: { membership: protectedPlaces }, insiders: [...insiders] };
    },
    list: () => Promise.resolve('refused'),
    readsWhole: false,
    readAll: (accounts, askEach) => readAll(client, accounts, askEach),
    readForEntries: (accounts, { memberships }, askEach) => readForEntries(client, accounts, memberships, askEach),
  };
}

/** Of people who are away nothing is written: they come back to what an entry says then. A guest needs a channel in each team. */
async function readForEntries(
  client: ReadClient,
  accounts: readonly LiveUser[],
  memberships: MembershipsWritten,
  askEach: AskEach,
): Promise<ReadonlyMap<AccountId, LiveMemberships>> {
  if (memberships === 'none') return new Map();
  const active = accounts.filter(({ values }) => values.active);
  const withChannels = memberships === 'channels' ? active : active.filter(({ values }) => isGuest(values.roles));
  const standings = await readStandings(
    client,
    {
      inTeams: active.map(({ id }) => id),
      inChannels: withChannels.map(({ id }) => id),
      // Groups of a directory decide who is in these.
      without: ({ isGroupSynced }) => isGroupSynced,
    },
    askEach,
  );
  return new Map([...(standings ?? [])].map(([id, members]) => [id, { asked: new Set(), members }]));
}

/** The places that were asked for come last: their answers are the newer ones. */
const withPlacesOf = (found: Found, whole: Found): Found => ({
  teams: new Map([...whole.teams, ...found.teams]),
  channels: new Map([...whole.channels, ...found.channels]),
});

/** What was asked place by place, and beside it everything else; where that is not certain, no more than the first. */
function withWhole(
  asked: LiveMemberships = nothingAsked,
  whole: readonly LiveMembership[] | undefined,
): LiveMemberships {
  if (whole === undefined || asked.asked === 'all') return asked;
  const places = asked.asked;
  const own = asked.members.filter(({ place }) => places.has(place));
  return { asked: 'all', members: [...own, ...whole.filter(({ place }) => !places.has(place))] };
}

/**
 * Teams and private channels of everybody; every channel of guests, who have nothing else, and of who is away, with whom it
 * would come back. On a server without teams there is no place to ask about.
 */
async function readAll(
  client: ReadClient,
  accounts: readonly LiveUser[],
  askEach: AskEach,
): Promise<ReadOfAll<LiveMemberships>> {
  const closely = accounts.filter(({ values }) => !values.active || isGuest(values.roles));
  const inTeams = accounts.map(({ id }) => id);
  try {
    const standings = await readStandings(
      client,
      { inTeams, inPrivateChannels: inTeams, inChannels: closely.map(({ id }) => id) },
      askEach,
    );
    if (standings === undefined) return { byOwner: new Map(inTeams.map((id) => [id, nothingAsked])), by: 'searches' };
    const byOwner = inTeams.map((id) => [id, { asked: 'all' as const, members: standings.get(id) ?? [] }] as const);
    return { byOwner: new Map(byOwner), by: 'searches' };
  } catch (error) {
    if (!(error instanceof RowsMovedError)) throw error;
    return { byOwner: new Map(), by: 'searches', missing: error.message };
  }
}

/** Of who is in none of the places. */
const nowhere: readonly LiveMembership[] = [];

const nothingAsked: LiveMemberships = { asked: new Set(), members: [] };

type Asks = ReadonlyMap<string, AskedOf>;
type Found = Pick<LivePlaces, 'teams' | 'channels'>;

/** By place, who of those who were asked about is in it, and whether as an admin. */
type Rows = ReadonlyMap<string, ReadonlyMap<AccountId, boolean>>;

const thereOf = ({ teams, channels }: Found, place: string): LiveTeam | LiveChannel | undefined =>
  isChannelPlace(place) ? channels.get(place) : teams.get(place);

async function readMembers(client: ReadClient, asks: Asks, found: Found, askEach: AskEach): Promise<Rows> {
  const questions = [...asks].flatMap(([place, { accounts }]) => {
    const there = thereOf(found, place);
    return there === undefined ? [] : inChunks(accounts).map((ids) => ({ place, id: there.id, ids }));
  });
  const rows = new Map<string, Map<AccountId, boolean>>();
  const answers = await askEach('memberships', questions, async ({ place, id, ids }) => ({
    place,
    members: await membersByIds(client, { isChannel: isChannelPlace(place), id }, ids),
  }));
  for (const { place, members } of answers) {
    const own = rows.get(place) ?? new Map<AccountId, boolean>();
    for (const [account, isAdmin] of members) own.set(account, isAdmin);
    rows.set(place, own);
  }
  return rows;
}

interface AllInside extends Pick<LivePlaces, 'guestChannels' | 'joinedWithTeam'> {
  readonly byPlace: ReadonlyMap<string, ReadonlyMap<AccountId, boolean>>;
}

/** Everyone in the places of which that matters; of one that is not there, or archived, or that comes with a team, nothing. */
async function readAllInside(
  client: ReadClient,
  wholes: readonly string[],
  found: Found,
  asks: Asks,
  askEach: AskEach,
): Promise<AllInside> {
  const hasChannel = wholes.some(isChannelPlace);
  const joinedWithTeam = hasChannel
    ? new Set([defaultChannel, ...(await client.system.teamSettings()).defaultChannels])
    : undefined;
  const known: LivePlaces = { ...found, ...(joinedWithTeam !== undefined && { joinedWithTeam }) };
  const there = [...new Set(wholes)].flatMap((place) => {
    const one = thereOf(found, place);
    return one === undefined || one.isArchived || isJoinedWithTeam(place, known) ? [] : [{ place, id: one.id }];
  });
  const read = await askEach(
    'members',
    there,
    async ({ place, id }) => [place, await readInside(client, place, id)] as const,
  );
  return {
    byPlace: new Map(read.map(([place, { members }]) => [place, members])),
    ...(joinedWithTeam !== undefined && { joinedWithTeam }),
    guestChannels: await readGuestChannels(client, read, found, asks, askEach),
  };
}

/** Guests whom no entry names in a channel, and in which others they are: the server ends the team with the last of them. */
async function readGuestChannels(
  client: ReadClient,
  inside: readonly (readonly [string, Pick<Inside, 'guests'>])[],
  { teams }: Found,
  asks: Asks,
  askEach: AskEach,
): Promise<ReadonlyMap<AccountId, readonly string[]>> {
  const questions = new Map<string, { readonly team: LiveTeam; readonly id: AccountId }>();
  for (const [place, { guests }] of inside) {
    const team = teams.get(teamOf(place));
    if (team === undefined || !isChannelPlace(place)) continue;
    const named = new Set(asks.get(place)?.accounts);
    for (const id of guests) if (!named.has(id)) questions.set(`${team.id} ${id}`, { team, id });
  }
  const channels = new Map<AccountId, string[]>();
  const answers = await askEach('channels', [...questions.values()], async ({ team, id }) => ({
    id,
    places: await placesInTeam(client, id, team),
  }));
  for (const { id, places } of answers) for (const place of places) push(channels, id, place);
  return channels;
}

async function placesInTeam(client: ReadClient, id: AccountId, team: LiveTeam): Promise<readonly string[]> {
  const channels = (await orNone(() => client.channels.ofUserInTeam(id, team.id))) ?? [];
  return channels.flatMap(({ name, team_id: of }) => (of === team.id ? [channelPlace(team.name, name)] : []));
}

/** What rails have to know of places of which everyone inside is known. */
function withInside(places: LivePlaces, { byPlace: inside, ...others }: AllInside): LivePlaces {
  const teams = new Map(places.teams);
  const channels = new Map(places.channels);
  for (const [place, members] of inside) {
    const [team, channel] = [teams.get(place), channels.get(place)];
    const admins = new Set([...members].flatMap(([id, isAdmin]) => (isAdmin ? [id] : [])));
    if (team !== undefined) teams.set(place, { ...team, activeMembers: members.size, admins });
    if (channel !== undefined) channels.set(place, { ...channel, activeMembers: members.size });
  }
  return { ...places, ...others, teams, channels, inside };
}

/** The channels of those who may leave a team. */
async function readChannelsOf(
  client: ReadClient,
  asks: Asks,
  { teams }: Found,
  rows: Rows,
  askEach: AskEach,
): Promise<ReadonlyMap<AccountId, readonly string[]>> {
  const questions = [...asks].flatMap(([name, { within }]) => {
    const team = teams.get(name);
    return team === undefined ? [] : within.filter((id) => rows.get(name)?.has(id)).map((id) => ({ team, id }));
  });
  const inside = new Map<AccountId, string[]>();
  const answers = await askEach('channels', questions, async ({ team, id }) => ({
    id,
    places: await placesInTeam(client, id, team),
  }));
  for (const { id, places } of answers) for (const place of places) push(inside, id, place);
  return inside;
}

/** What rails have to know of the places where people come or go; of the others nothing more is asked. */
async function withProtection(client: ReadClient, found: Found, asks: Asks, rows: Rows): Promise<LivePlaces> {
  const teams = new Map(found.teams);
  const channels = new Map(found.channels);
  let maxPerTeam: number | undefined;
  for (const [place, { accounts, newcomers, mayTake }] of asks) {
    const members = rows.get(place) ?? new Map<AccountId, boolean>();
    const team = teams.get(place);
    const channel = channels.get(place);
    if (team !== undefined) {
      const comes = newcomers > 0 || accounts.some((id) => !members.has(id));
      const goes = mayTake && [...members.values()].includes(true);
      if (comes) maxPerTeam ??= (await client.system.teamSettings()).maxUsersPerTeam;
      teams.set(place, {
        ...team,
        ...(comes && { activeMembers: (await client.teams.stats(team.id)).active_member_count }),
        ...(goes && { admins: await readTeamAdmins(client, team.id) }),
      });
    } else if (channel?.isPrivate === true && mayTake && members.size > 0)
      channels.set(place, { ...channel, activeMembers: (await client.channels.stats(channel.id)).member_count });
  }
  return { teams, channels, ...(maxPerTeam !== undefined && { maxPerTeam }) };
}

/** Those whom the listing shows: each of them is one, and there may be more. */
async function readTeamAdmins(client: ReadClient, teamId: string): Promise<ReadonlySet<AccountId>> {
  const admins = new Set<AccountId>();
  for await (const page of client.teams.memberPages(teamId, { excludeDeletedUsers: true, perPage: 200 }))
    for (const { user_id: id, scheme_admin: isAdmin, delete_at } of page)
      if (isAdmin && delete_at === 0) admins.add(id);
  return admins;
}

/** A list that many people have: what they have in common is made once. */
class Shared<Item> {
  readonly items: readonly Item[];
  readonly #longer = new Map<Item, Shared<Item>>();
  #set: ReadonlySet<Item> | undefined;

  constructor(items: readonly Item[]) {
    this.items = items;
  }

  with(item: Item): Shared<Item> {
    const known = this.#longer.get(item);
    if (known !== undefined) return known;
    const longer = new Shared([...this.items, item]);
    this.#longer.set(item, longer);
    return longer;
  }

  get set(): ReadonlySet<Item> {
    this.#set ??= new Set(this.items);
    return this.#set;
  }
}

function membershipsOf(
  needed: readonly AccountId[],
  asks: Asks,
  rows: Rows,
  inside: ReadonlyMap<AccountId, readonly string[]>,
): Map<AccountId, LiveMemberships> {
  const asked = new Map<AccountId, Shared<string>>();
  const members = new Map<AccountId, Shared<LiveMembership>>();
  const noPlaces = new Shared<string>([]);
  const noMembers = new Shared<LiveMembership>([]);
  for (const [place, { accounts }] of asks) {
    const own = rows.get(place);
    if (own === undefined) continue;
    const [asAdmin, asMember] = [true, false].map((isAdmin): LiveMembership => ({ place, isAdmin }));
    for (const id of accounts) {
      asked.set(id, (asked.get(id) ?? noPlaces).with(place));
      const isAdmin = own.get(id);
      const row = isAdmin === true ? asAdmin : asMember;
      if (isAdmin !== undefined && row !== undefined) members.set(id, (members.get(id) ?? noMembers).with(row));
    }
  }
  return new Map(
    needed.map((id) => {
      const own = (members.get(id) ?? noMembers).items;
      return [id, { asked: (asked.get(id) ?? noPlaces).set, members: withOthers(own, inside.get(id) ?? []) }] as const;
    }),
  );
}

function withOthers(own: readonly LiveMembership[], inside: readonly string[]): readonly LiveMembership[] {
  if (inside.length === 0) return own;
  const places = new Set(own.map(({ place }) => place));
  const others = inside.filter((place) => !places.has(place));
  return [...own, ...others.map((place) => ({ place, isAdmin: false }))];
}

function push<Item>(lists: Map<AccountId, Item[]>, id: AccountId, item: Item): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [item]);
  else list.push(item);
}
