/** Teams and channels by their names, with as few requests as are enough. */
import { ApiNotFoundError, type Channel, type ReadClient, type Team } from '../../api/index.ts';
import { channelPlace, isChannelPlace, type LiveChannel, type LiveTeam, teamOf } from '../../model/memberships.ts';

/** Up to so many are asked for by name, without a listing. */
const freeLookUps = 2;

/**
 * A listing can only show that something is there. Names that it does not show are asked for one by one, as are all once
 * its pages would cost more than that.
 */
export async function readPlaces(
  client: ReadClient,
  names: Iterable<string>,
): Promise<{ readonly teams: ReadonlyMap<string, LiveTeam>; readonly channels: ReadonlyMap<string, LiveChannel> }> {
  const places = [...new Set(names)];
  if (places.length === 0) return { teams: new Map(), channels: new Map() };
  const teams = await readTeams(client, new Set(places.map(teamOf)));
  const wanted = places.filter((place) => isChannelPlace(place) && teams.has(teamOf(place)));
  return { teams, channels: await readChannels(client, wanted, teams) };
}

async function readTeams(client: ReadClient, names: ReadonlySet<string>): Promise<ReadonlyMap<string, LiveTeam>> {
  const found = new Map<string, LiveTeam>();
  await listUntilFound(names.size, client.teams.pages({ perPage: 200 }), (team) => {
    if (names.has(team.name)) found.set(team.name, toLiveTeam(team));
    return names.size - found.size;
  });
  for (const name of names) {
    if (found.has(name)) continue;
    const team = await orNone(() => client.teams.getByName(name));
    if (team !== undefined) found.set(name, toLiveTeam(team));
  }
  return found;
}

async function readChannels(
  client: ReadClient,
  places: readonly string[],
  teams: ReadonlyMap<string, LiveTeam>,
): Promise<ReadonlyMap<string, LiveChannel>> {
  const wanted = new Set(places);
  const teamNames = new Map([...teams.values()].map(({ id, name }) => [id, name]));
  const found = new Map<string, LiveChannel>();
  const add = (channel: Channel): void => {
    const team = teamNames.get(channel.team_id);
    if (team === undefined || !wanted.has(channelPlace(team, channel.name))) return;
    found.set(channelPlace(team, channel.name), toLiveChannel(channel, team));
  };
  await listUntilFound(wanted.size, client.channels.pages({ includeDeleted: true, perPage: 200 }), (channel) => {
    add(channel);
    return wanted.size - found.size;
  });
  for (const place of wanted) {
    if (found.has(place)) continue;
    const id = teams.get(teamOf(place))?.id ?? '';
    const name = place.slice(teamOf(place).length + 1);
    const channel = await orNone(() => client.channels.getByName(id, name, { includeDeleted: true }));
    if (channel !== undefined) add(channel);
  }
  return found;
}

/** @param left - takes an item, and tells how many are still to be found */
async function listUntilFound<Item>(
  wanted: number,
  pages: AsyncIterable<readonly Item[]>,
  left: (item: Item) => number,
): Promise<void> {
  if (wanted <= freeLookUps) return;
  let read = 0;
  for await (const page of pages) {
    read += 1;
    let open = wanted;
    for (const item of page) open = left(item);
    if (open === 0 || read >= open) return;
  }
}

export async function orNone<Found>(read: () => PromiseLike<Found>): Promise<Found | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiNotFoundError) return undefined;
    throw error;
  }
}

export const toLiveTeam = (team: Team): LiveTeam => ({
  id: team.id,
  name: team.name,
  isArchived: team.delete_at > 0,
  isGroupSynced: team.group_constrained,
  hasPolicy: team.policy_enforced,
  allowedDomains: team.allowed_domains
    .toLowerCase()
    .split(/[\s,]+/)
    .map((domain) => domain.replace(/^@/, ''))
    .filter((domain) => domain !== ''),
});

export const toLiveChannel = (channel: Channel, team: string): LiveChannel => ({
  id: channel.id,
  name: channel.name,
  team,
  isPrivate: channel.type === 'P',
  isArchived: channel.delete_at > 0,
  isGroupSynced: channel.group_constrained,
  hasPolicy: channel.policy_enforced,
});
