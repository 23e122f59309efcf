/** What accounts are in, whatever entries say: for entries that are written from it, and for audits. */
import { ApiNotFoundError, type Channel, type ReadClient, type Team } from '../../api/index.ts';
import type { AskEach } from '../../model/live-reader.ts';
import { channelPlace, type LiveMembership } from '../../model/memberships.ts';
import type { AccountId } from '../../model/user-values.ts';
import { listAll, RowsMovedError } from '../list-all.ts';
import { inChunks, membersByIds, type PlaceId } from './members-by-ids.ts';

/** As many ids as one question may hold: the server's limit for bodies leaves room for 362 more. */
const idsPerQuestion = 10_000;

/** What accounts are in, by account. Who is in nothing may be missing. */
export type Standings = ReadonlyMap<AccountId, readonly LiveMembership[]>;

/** A place that is not archived, as it is called. */
interface NamedPlace extends PlaceId {
  readonly place: string;
  readonly isPrivate: boolean;
  readonly isGroupSynced: boolean;
}

/** Which people are asked about, and what of places matters. */
export interface StandingsWanted {
  /** Of these the teams matter. */
  readonly inTeams: readonly AccountId[];
  /** Of these the channels matter, too. */
  readonly inChannels: readonly AccountId[];
  /** Of these the private channels matter. */
  readonly inPrivateChannels?: readonly AccountId[];
  /** Places to leave out. */
  readonly without?: (place: Pick<NamedPlace, 'isGroupSynced' | 'isPrivate' | 'isChannel'>) => boolean;
}

/**
 * Asks by id, never by listings of members: place by place with up to 10,000 people a question, or person by person,
 * whichever is fewer requests. Archived teams and channels are left out. Listed are the places alone.
 *
 * @returns `undefined` where the server has no team
 * @throws {RowsMovedError} when the places could not be listed completely
 */
export async function readStandings(
  client: ReadClient,
  { inTeams, inChannels, inPrivateChannels = [], without = () => false }: StandingsWanted,
  askEach: AskEach,
): Promise<Standings | undefined> {
  const teams = (
    await listAll(
      () => client.teams.pages({ perPage: 200 }),
      () => client.teams.count(),
    )
  ).filter((team) => team.delete_at === 0);
  if (teams.length === 0) return undefined;
  const standings = new Map<AccountId, LiveMembership[]>();
  const asked = teams.map(teamPlace).filter((place) => !without(place));
  await askPlaces(client, { places: asked, ids: inTeams, what: 'teams' }, standings, askEach);
  const people = inChannels.filter((id) => standings.has(id));
  const others = new Set(inPrivateChannels.filter((id) => standings.has(id)));
  for (const id of people) others.delete(id);
  if (people.length + others.size === 0) return standings;
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  const channels = (await listAll(() => client.channels.pages({ perPage: 200 })))
    .flatMap((channel) => channelIn(names, channel))
    .filter((place) => !without(place));
  const what = 'channels';
  await askPlaces(client, { places: channels, ids: people, what }, standings, askEach);
  const closed = channels.filter(({ isPrivate }) => isPrivate);
  await askPlaces(client, { places: closed, ids: [...others], what }, standings, askEach);
  return standings;
}

/**
 * Who of these people is in any team, archived ones too: each team is asked, with up to 10,000 people a question.
 *
 * @returns all of them where that is no cheaper than to ask each person, or where the teams could not be listed completely
 */
export async function whoIsInTeams(
  client: ReadClient,
  ids: readonly AccountId[],
  askEach: AskEach,
): Promise<ReadonlySet<AccountId>> {
  if (ids.length <= freeQuestions) return new Set(ids);
  const teams = await listTeams(client);
  const chunks = inChunks(ids, idsPerQuestion);
  if (teams === undefined || ids.length <= teams.length * chunks.length) return new Set(ids);
  const found = await askEach(
    'teams',
    teams.flatMap(({ id }) => chunks.map((chunk) => ({ id, chunk }))),
    ({ id, chunk }) => membersByIds(client, { isChannel: false, id }, chunk, idsPerQuestion),
  );
  return new Set(found.flatMap((members) => [...members.keys()]));
}

/** As many as a listing of teams, and its count, cost. */
const freeQuestions = 2;

async function listTeams(client: ReadClient): Promise<readonly Team[] | undefined> {
  try {
    return await listAll(
      () => client.teams.pages({ perPage: 200 }),
      () => client.teams.count(),
    );
  } catch (error) {
    if (error instanceof RowsMovedError) return undefined;
    throw error;
  }
}

const teamPlace = ({ id, name, group_constrained: isGroupSynced }: Team): NamedPlace => ({
  isChannel: false,
  id,
  place: name,
  isPrivate: false,
  isGroupSynced,
});

/** Nothing for archived channels, and for those of archived teams. */
function channelIn(teams: ReadonlyMap<string, string>, channel: Channel): readonly NamedPlace[] {
  const { id, name, team_id: team, type, delete_at: archived, group_constrained: isGroupSynced } = channel;
  const teamName = teams.get(team);
  if (teamName === undefined || archived > 0) return [];
  return [{ isChannel: true, id, place: channelPlace(teamName, name), isPrivate: type === 'P', isGroupSynced }];
}

interface PlacesAsked {
  readonly places: readonly NamedPlace[];
  readonly ids: readonly AccountId[];
  readonly what: 'teams' | 'channels';
}

async function askPlaces(
  client: ReadClient,
  asked: PlacesAsked,
  standings: Map<AccountId, LiveMembership[]>,
  askEach: AskEach,
): Promise<void> {
  const { places, ids, what } = asked;
  if (places.length === 0 || ids.length === 0) return;
  const chunks = inChunks(ids, idsPerQuestion);
  const rows =
    ids.length < places.length * chunks.length
      ? await askPeople(client, asked, askEach)
      : await askEach(
          what,
          places.flatMap((place) => chunks.map((chunk) => ({ place, chunk }))),
          async ({ place, chunk }) => {
            const members = await membersByIds(client, place, chunk, idsPerQuestion);
            return [...members].map(([account, isAdmin]): Row => ({ account, isAdmin, place }));
          },
        );
  for (const { account, isAdmin, place } of rows.flat()) {
    const own = standings.get(account) ?? [];
    own.push({ place: place.place, isAdmin, ...(place.isPrivate && { isPrivate: true }) });
    standings.set(account, own);
  }
}

interface Row {
  readonly account: AccountId;
  readonly isAdmin: boolean;
  readonly place: NamedPlace;
}

async function askPeople(
  client: ReadClient,
  { places, ids, what }: PlacesAsked,
  askEach: AskEach,
): Promise<ReadonlyArray<readonly Row[]>> {
  const byId = new Map(places.map((place) => [place.id, place]));
  return await askEach(what, ids, async (account) => {
    const rows =
      what === 'teams'
        ? (await client.teams.membershipsOf(account))
            .filter(({ delete_at: left }) => left === 0)
            .map((row) => ({ ...row, of: row.team_id }))
        : (await orNothing(() => client.channels.membershipsOf(account))).map((row) => ({
            ...row,
            of: row.channel_id,
          }));
    return rows.flatMap(({ of, scheme_admin: isAdmin }): readonly Row[] => {
      const place = byId.get(of);
      return place === undefined ? [] : [{ account, isAdmin, place }];
    });
  });
}

/** Of who is in no channel the server says 404. */
async function orNothing<Found>(read: () => PromiseLike<readonly Found[]>): Promise<readonly Found[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiNotFoundError) return [];
    throw error;
  }
}
