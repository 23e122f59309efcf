import { Refusal } from '../errors.ts';
import { newcomer } from '../members.ts';
import type { ChannelRow, TeamRow, UserRow } from '../rows.ts';
import {
  checkChannel,
  checkTeam,
  type NewChannel,
  type NewTeam,
  normalChannel,
  normalTeam,
} from '../rules/check-place.ts';
import type { World } from '../world.ts';

type WantedTeam = Pick<TeamRow, 'name' | 'display_name'> & Partial<NewTeam>;

/** Stores a team with the two channels that each has. Names are taken for ever, by archived teams, too. */
export function newTeam(world: World, wanted: WantedTeam): TeamRow {
  const now = world.now();
  const team = normalTeam<NewTeam>({
    id: world.newId(),
    create_at: now,
    update_at: now,
    delete_at: 0,
    description: '',
    email: '',
    type: 'O',
    allowed_domains: '',
    invite_id: world.newId(),
    allow_open_invite: false,
    group_constrained: null,
    ...wanted,
  });
  checkTeam(team);
  for (const { name } of world.store.teams.values())
    if (name === team.name) throw new Refusal('store.sql_team.save_team.existing.app_error');
  world.store.teams.set(team.id, team);
  storeChannel(world, { team_id: team.id, name: 'town-square', display_name: 'Town Square' });
  storeChannel(world, { team_id: team.id, name: 'off-topic', display_name: 'Off-Topic' });
  return team;
}

type WantedChannel = Pick<ChannelRow, 'team_id' | 'name' | 'display_name'> & Partial<NewChannel>;

/** Stores a channel, unless its name is taken: archived channels keep theirs. */
export function storeChannel(world: World, wanted: WantedChannel): ChannelRow {
  const now = world.now();
  const channel = normalChannel<NewChannel>({
    id: world.newId(),
    create_at: now,
    update_at: now,
    delete_at: 0,
    type: 'O',
    header: '',
    purpose: '',
    creator_id: '',
    group_constrained: null,
    shared: null,
    policy_enforced: false,
    ...wanted,
  });
  checkChannel(channel);
  if (world.store.channels.byName(channel.team_id, channel.name) !== undefined)
    throw new Refusal('store.sql_channel.save_channel.exists.app_error');
  world.store.channels.put(channel);
  return channel;
}

/** Makes a channel for a person, who becomes its member and its admin. */
export function newChannel(world: World, wanted: WantedChannel, creator: UserRow): ChannelRow {
  if (!world.store.teams.has(wanted.team_id)) throw new Refusal('app.channel.get_channels.not_found.app_error');
  if (world.store.channels.ofTeam(wanted.team_id).length >= world.config['TeamSettings.MaxChannelsPerTeam'])
    throw new Refusal('api.channel.create_channel.max_channel_limit.app_error');
  const channel = storeChannel(world, { ...wanted, creator_id: creator.id });
  world.store.channelMembers.put(channel.id, creator.id, newcomer(false, true));
  world.post(channel.id, creator.id, 'system_join_channel');
  return channel;
}
