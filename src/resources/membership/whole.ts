/** Everything that a few people are in, each of them asked for by id. */
import type { Channel, ReadClient, Team } from '../../api/index.ts';
import type { AskEach } from '../../model/live-reader.ts';
import { channelPlace, type LiveChannel, type LiveMembership, type LiveTeam } from '../../model/memberships.ts';
import { maxReadings } from '../../model/moving-lists.ts';
import type { AccountId } from '../../model/user-values.ts';
import { orNone, toLiveChannel, toLiveTeam } from './places.ts';

export interface Whole {
  readonly teams: ReadonlyMap<string, LiveTeam>;
  /** By team and channel. */
  readonly channels: ReadonlyMap<string, LiveChannel>;
  /** Of whom the server's answers agree: everything that they are in, archived teams and channels too. */
  readonly members: ReadonlyMap<AccountId, readonly LiveMembership[]>;
}

/**
 * Reads what people are in. The answer about one person is whole, not a page of a list; and which channels there are in a
 * team, two answers say, which have to agree.
 *
 * @returns nothing of a person about whom they do not
 */
export async function readWhole(client: ReadClient, accounts: readonly AccountId[], askEach: AskEach): Promise<Whole> {
  const byId = new Map<string, Promise<Team>>();
  const teamOf = (id: string): Promise<Team> => {
    const known = byId.get(id) ?? Promise.resolve(client.teams.get(id));
    byId.set(id, known);
    return known;
  };
  const answers = await askEach('memberships', accounts, (id) => readOne(client, id, teamOf));
  const teams = new Map<string, LiveTeam>();
  const channels = new Map<string, LiveChannel>();
  const members = new Map<AccountId, LiveMembership[]>();
  for (const answer of answers) {
    if (answer === undefined) continue;
    const own: LiveMembership[] = [];
    for (const { team, isAdmin, inside } of answer.teams) {
      teams.set(team.name, toLiveTeam(team));
      own.push({ place: team.name, isAdmin });
      for (const { channel, isAdmin: isChannelAdmin } of inside) {
        const place = channelPlace(team.name, channel.name);
        channels.set(place, toLiveChannel(channel, team.name));
        own.push({ place, isAdmin: isChannelAdmin });
      }
    }
    members.set(answer.account, own);
  }
  return { teams, channels, members };
}

interface OwnChannel {
  readonly channel: Channel;
  readonly isAdmin: boolean;
}

interface OwnTeam {
  readonly team: Team;
  readonly isAdmin: boolean;
  readonly inside: readonly OwnChannel[];
}

async function readOne(
  client: ReadClient,
  account: AccountId,
  teamOf: (id: string) => Promise<Team>,
): Promise<{ readonly account: AccountId; readonly teams: readonly OwnTeam[] } | undefined> {
  const teams: OwnTeam[] = [];
  // Of a team that the person left there is a row, too, with the flags of then.
  const rows = (await client.teams.membershipsOf(account)).filter(({ delete_at }) => delete_at === 0);
  for (const { team_id: id, scheme_admin: isAdmin } of rows) {
    const inside = await readInTeam(client, account, id);
    if (inside === undefined) return undefined;
    teams.push({ team: await teamOf(id), isAdmin, inside });
  }
  return { account, teams };
}

/** @returns `undefined` where two answers about the same thing do not agree */
async function readInTeam(
  client: ReadClient,
  account: AccountId,
  team: string,
): Promise<readonly OwnChannel[] | undefined> {
  // A membership may come or go between two answers: then both are asked for again.
  for (let reading = 0; reading < maxReadings; reading += 1) {
    const channels = await channelsOf(client, account, team);
    const rows = new Map(
      (await client.channels.membershipsInTeam(account, team)).map((row) => [row.channel_id, row.scheme_admin]),
    );
    const agree = rows.size === channels.length && channels.every(({ id }) => rows.has(id));
    if (!agree) continue;
    return channels
      .filter(({ team_id: of }) => of === team)
      .map((channel) => ({ channel, isAdmin: rows.get(channel.id) === true }));
  }
  return undefined;
}

/** Direct ones and archived ones, too. The server says 404 where there is none. */
const channelsOf = async (client: ReadClient, account: AccountId, team: string): Promise<readonly Channel[]> =>
  (await orNone(() => client.channels.ofUserInTeam(account, team, { includeDeleted: true }))) ?? [];
