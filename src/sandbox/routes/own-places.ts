import type { Call } from '../call.ts';
import { forbidden, Refusal } from '../errors.ts';
import { writeJson } from '../go-json.ts';
import type { Membership } from '../members.ts';
import { isTrue, pageOf, readPage } from '../paging.ts';
import { json, marshalled, type Reply, text } from '../reply.ts';
import { get, type Route, userPath } from '../route.ts';
import type { ChannelRow } from '../rows.ts';
import { viewChannel, viewChannelMember, viewTeamMember } from '../view-places.ts';
import { show } from './teams.ts';

/** What one person is in (memberships §2). Of an unknown person: nothing. */
export const ownPlaceRoutes: readonly Route[] = [
  get(`${userPath}/teams`, teamsOfUser),
  get(`${userPath}/teams/members`, teamMembersOfUser),
  get(`${userPath}/channels`, channelsOfUser),
  get(`${userPath}/channel_members`, channelMembersOfUser),
  get(`${userPath}/teams/:team_id{[A-Za-z0-9]+}/channels`, channelsInTeam),
  get(`${userPath}/teams/:team_id{[A-Za-z0-9]+}/channels/members`, membersInTeam),
];

/** Without archived teams, and without those that the person left. */
function teamsOfUser(call: Call): Reply {
  const { store } = call.world;
  const userId = call.pathId();
  if (userId !== call.callerId) call.require('sysconsole_read_user_management_users');
  const teams = call.teamMembers.placesOf(userId).flatMap((teamId) => {
    const team = store.teams.get(teamId);
    const isIn = call.teamMembers.get(teamId, userId)?.delete_at === 0 && team?.delete_at === 0;
    return isIn && team !== undefined ? [show(call, team)] : [];
  });
  return marshalled(teams);
}

/** All rows, those of teams that the person left and those of archived teams, too. */
function teamMembersOfUser(call: Call): Reply {
  const userId = call.pathId();
  if (!call.mayEdit(userId) && !call.may('read_other_users_teams')) throw forbidden();
  const rows = call.teamMembers.placesOf(userId).flatMap((teamId) => {
    const state = call.teamMembers.get(teamId, userId);
    return state === undefined ? [] : [viewTeamMember(teamId, [userId, state])];
  });
  return marshalled(rows);
}

interface OwnChannel {
  readonly channel: ChannelRow;
  readonly membership: Membership;
}

/** By channel id. */
function channelsOf(call: Call, userId: string, teamId?: string): readonly OwnChannel[] {
  return call.channelMembers
    .placesOf(userId)
    .toSorted()
    .flatMap((channelId): readonly OwnChannel[] => {
      const channel = call.world.store.channels.get(channelId);
      const state = call.channelMembers.get(channelId, userId);
      if (channel === undefined || state === undefined) return [];
      const isElsewhere = teamId !== undefined && channel.team_id !== '' && channel.team_id !== teamId;
      return isElsewhere ? [] : [{ channel, membership: [userId, state] }];
    });
}

const isShown =
  (call: Call) =>
  ({ channel }: OwnChannel): boolean =>
    channel.delete_at === 0 || isTrue(call.query.get('include_deleted'));

const noChannels = (): Refusal => new Refusal('app.channel.get_channels.not_found.app_error');

/** Written bit by bit: where there is nothing, the error follows a bracket that was sent already. */
function channelsOfUser(call: Call): Reply {
  const userId = call.pathId();
  if (!call.mayEdit(userId)) throw forbidden();
  const channels = channelsOf(call, userId).filter(isShown(call));
  if (channels.length === 0) throw noChannels().after('[', call.acceptsGzip);
  return marshalled(channels.map(({ channel }) => viewChannel(channel)));
}

function channelsInTeam(call: Call): Reply {
  const userId = call.pathId();
  const teamId = call.pathId('team_id');
  if (!call.mayEdit(userId)) throw forbidden();
  if (!call.mayInTeam(teamId, 'view_team')) throw forbidden();
  const channels = channelsOf(call, userId, teamId).filter(isShown(call));
  if (channels.length === 0) throw noChannels();
  return json(channels.map(({ channel }) => viewChannel(channel)));
}

function membersInTeam(call: Call): Reply {
  const userId = call.pathId();
  const teamId = call.pathId('team_id');
  if (!call.mayInTeam(teamId, 'view_team')) throw forbidden();
  if (userId !== call.callerId && !call.isAdmin) throw forbidden();
  return json(
    channelsOf(call, userId, teamId).map(({ channel, membership }) =>
      viewChannelMember(channel.id, membership, call.callerId),
    ),
  );
}

/** All of a person: as lines where the page is -1, which says 404 for none, else a page of a list. */
function channelMembersOfUser(call: Call): Reply {
  const { teams } = call.world.store;
  const userId = call.pathId();
  if (!call.mayEdit(userId)) throw forbidden();
  const rows = channelsOf(call, userId).map(({ channel, membership }) => {
    const team = teams.get(channel.team_id);
    return {
      ...viewChannelMember(channel.id, membership, call.callerId),
      team_display_name: team?.display_name ?? '',
      team_name: team?.name ?? '',
      team_update_at: team?.update_at ?? 0,
    };
  });
  const page = readPage(call.query);
  if (page.page !== -1) return json(pageOf(rows, { ...page, page: Math.max(0, page.page) }, forbidden()));
  if (rows.length === 0) throw new Refusal('app.channel.get_member.missing.app_error');
  const lines = rows.map((row) => `${writeJson(row)}\n`).join('');
  return text(lines, { headers: { 'Content-Type': 'application/x-ndjson' } });
}
