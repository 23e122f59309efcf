import type { MemberState, Membership } from './members.ts';
import { rolesOf } from './operations/places.ts';
import type { ChannelRow, TeamRow } from './rows.ts';

// Teams, channels and memberships in the keys and the order of the wire.

/** What the viewer may see of a team beyond its face. */
export interface TeamSight {
  readonly seesEmail: boolean;
  readonly seesInvite: boolean;
}

export const viewTeam = (team: TeamRow, { seesEmail, seesInvite }: TeamSight): unknown => ({
  id: team.id,
  create_at: team.create_at,
  update_at: team.update_at,
  delete_at: team.delete_at,
  display_name: team.display_name,
  name: team.name,
  description: team.description,
  email: seesEmail ? team.email : '',
  type: team.type,
  company_name: '',
  allowed_domains: team.allowed_domains,
  invite_id: seesInvite ? team.invite_id : '',
  allow_open_invite: team.allow_open_invite,
  scheme_id: null,
  group_constrained: team.group_constrained,
  policy_id: null,
  cloud_limits_archived: false,
});

const flagsOf = ({ scheme_guest, scheme_user, scheme_admin, explicit_roles }: MemberState): object => ({
  scheme_guest,
  scheme_user,
  scheme_admin,
  explicit_roles,
});

export const viewTeamMember = (teamId: string, [userId, state]: Membership): unknown => ({
  team_id: teamId,
  user_id: userId,
  roles: rolesOf('team', state).join(' '),
  delete_at: state.delete_at,
  ...flagsOf(state),
});

export const viewChannel = (channel: ChannelRow): Readonly<Record<string, unknown>> => ({
  id: channel.id,
  create_at: channel.create_at,
  update_at: channel.update_at,
  delete_at: channel.delete_at,
  team_id: channel.team_id,
  type: channel.type,
  display_name: channel.display_name,
  name: channel.name,
  header: channel.header,
  purpose: channel.purpose,
  last_post_at: 0,
  total_msg_count: 0,
  extra_update_at: 0,
  creator_id: channel.creator_id,
  scheme_id: null,
  props: null,
  group_constrained: channel.group_constrained,
  autotranslation: false,
  shared: channel.shared,
  total_msg_count_root: 0,
  policy_id: null,
  last_root_post_at: 0,
  banner_info: null,
  policy_enforced: channel.policy_enforced,
  policy_is_active: channel.policy_enforced,
  default_category_name: '',
});

const notifyProps = {
  channel_auto_follow_threads: 'off',
  desktop: 'default',
  email: 'default',
  ignore_channel_mentions: 'default',
  mark_unread: 'all',
  push: 'default',
};

/** @param viewerId - when a person was there last is for themselves alone */
export function viewChannelMember(
  channelId: string,
  [userId, state]: Membership,
  viewerId: string,
): Readonly<Record<string, unknown>> {
  const seen = userId === viewerId ? 0 : -1;
  return {
    channel_id: channelId,
    user_id: userId,
    roles: rolesOf('channel', state).join(' '),
    last_viewed_at: seen,
    msg_count: 0,
    mention_count: 0,
    mention_count_root: 0,
    urgent_mention_count: 0,
    msg_count_root: 0,
    notify_props: notifyProps,
    last_update_at: seen,
    ...flagsOf(state),
  };
}
