/** What the doctor looks at of teams: what the token may do there, and whether what entries name is there. Reads only. */
import { ApiForbiddenError, ApiNotFoundError, type ReadClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { compareText } from '../model/compare.ts';
import { count } from '../model/count.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { channelPlace } from '../model/memberships.ts';
import { InputError } from '../model/problem.ts';
import type { Check } from './check.ts';
import { loadDesired } from './load.ts';
import type { InputOptions, ServerPorts } from './ports.ts';

/** Further ones cost more requests than a look is worth; a plan sees all of them. */
const maxLookUps = 100;

/** What a permission lets the token do. */
const rights = {
  list_private_teams: 'see private teams',
  add_user_to_team: 'add people to teams',
  remove_user_from_team: 'take people out of teams',
  manage_team_roles: 'say who administers a team',
  manage_public_channel_members: 'change who is in public channels',
  manage_private_channel_members: 'change who is in private channels',
  manage_channel_roles: 'say who administers a channel',
} as const;

/** Of teams and channels that entries name, in the order of their names. */
interface Named {
  readonly teams: readonly string[];
  readonly channels: ReadonlyArray<{ readonly team: string; readonly channel: string }>;
}

export async function teamChecks(
  options: InputOptions,
  settings: Settings,
  client: ReadClient,
  { caller }: ServerFacts,
  ports: ServerPorts,
): Promise<readonly Check[]> {
  const named = await namedPlaces(options, settings, ports);
  const own = rightsCheck(caller);
  if (named.teams.length === 0) return [own];
  return [own, ...(await seatsCheck(client)), ...(await placeChecks(client, named))];
}

/** Nothing where the files cannot be read: another check says so. */
async function namedPlaces(options: InputOptions, settings: Settings, ports: ServerPorts): Promise<Named> {
  try {
    const { users } = await loadDesired(settings, options, ports);
    const wanted = users.flatMap(({ teams = [] }) => teams);
    const channels = wanted.flatMap(({ name: team, channels: own }) =>
      own.map(({ name: channel }) => ({ team, channel })),
    );
    const places = new Map(channels.map((one) => [channelPlace(one.team, one.channel), one]));
    return {
      teams: [...new Set(wanted.map(({ name }) => name))].toSorted(compareText),
      channels: [...places].toSorted(([one], [other]) => compareText(one, other)).map(([, one]) => one),
    };
  } catch (error) {
    if (error instanceof InputError) return { teams: [], channels: [] };
    throw error;
  }
}

function rightsCheck({ permissions }: ServerFacts['caller']): Check {
  const missing = Object.entries(rights).filter(([permission]) => !permissions.has(permission));
  const name = 'team rights';
  if (missing.length === 0) return { name, status: 'ok', text: 'the token may change members and roles of every team' };
  return {
    name,
    status: 'note',
    text: `the token may not ${missing.map(([, what]) => what).join(', ')}`,
    hint: `give its account a role with ${missing.map(([permission]) => permission).join(', ')}`,
  };
}

async function seatsCheck(client: ReadClient): Promise<readonly Check[]> {
  try {
    const { maxUsersPerTeam } = await client.system.teamSettings();
    const text = `${count(maxUsersPerTeam, 'active person', 'active people')} at most (TeamSettings.MaxUsersPerTeam)`;
    return [{ name: 'team seats', status: 'ok', text }];
  } catch (error) {
    if (error instanceof ApiForbiddenError) return [];
    throw error;
  }
}

/** By names: a listing shows some callers only a part of the teams, and counts no more than it shows. */
async function placeChecks(client: ReadClient, { teams, channels }: Named): Promise<readonly Check[]> {
  const ids = new Map<string, string>();
  const faults: Check[] = [];
  const administers: string[] = [];
  let looked = 0;
  const isOneMore = (): boolean => looked++ < maxLookUps;
  for (const name of teams) {
    if (!isOneMore()) break;
    const team = await orNone(() => client.teams.getByName(name));
    if (team === undefined) faults.push(missing(`team ${name}`));
    else {
      ids.set(name, team.id);
      if (team.delete_at > 0) faults.push(archived(`team ${name}`));
      if (team.group_constrained) faults.push(synced(`team ${name}`));
      const own = await orNone(() => client.teams.getMember(team.id, 'me'));
      if (own?.scheme_admin === true && own.delete_at === 0) administers.push(name);
    }
  }
  for (const { team, channel } of channels) {
    const id = ids.get(team);
    if (id === undefined || !isOneMore()) continue;
    const place = `channel ${channelPlace(team, channel)}`;
    const there = await orNone(() => client.channels.getByName(id, channel, { includeDeleted: true }));
    if (there === undefined) faults.push(missing(place));
    else if (there.delete_at > 0) faults.push(archived(place));
    else if (there.group_constrained) faults.push(synced(place));
  }
  const more = Math.max(0, looked - maxLookUps);
  const what = `${count(teams.length, 'team')} and ${count(channels.length, 'channel')} in entries`;
  const role =
    administers.length === 0 ? 'the token administers none of them' : `the token administers ${administers.join(', ')}`;
  const unseen = more === 0 ? '' : `; ${maxLookUps} looked up, a plan looks at all`;
  return [{ name: 'teams', status: 'ok', text: `${what}; ${role}${unseen}` }, ...faults];
}

const missing = (place: string): Check => ({
  name: 'teams',
  status: 'bad',
  text: `there is no ${place}, or the token may not see it`,
  hint: 'create it in Mattermost, or correct its name in the entries',
});

const archived = (place: string): Check => ({
  name: 'teams',
  status: 'bad',
  text: `${place} is archived: no one can be added`,
  hint: 'restore it in Mattermost, or take it out of the entries',
});

const synced = (place: string): Check => ({
  name: 'teams',
  status: 'note',
  text: `groups of a directory decide who is in ${place}`,
  hint: 'muster holds joins and leaves there; change the groups',
});

async function orNone<Found>(read: () => PromiseLike<Found>): Promise<Found | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiNotFoundError || error instanceof ApiForbiddenError) return undefined;
    throw error;
  }
}
