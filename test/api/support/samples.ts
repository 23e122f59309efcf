// Answers as the server writes them.

export const userId: string = 'u'.repeat(26);
export const tokenId: string = 't'.repeat(26);
export const sessionId: string = 's'.repeat(26);
export const teamId: string = 'm'.repeat(26);
export const channelId: string = 'c'.repeat(26);
export const ok: object = { status: 'OK' };

export const user: Readonly<Record<string, unknown>> = {
  id: userId,
  create_at: 1_700_000_000_000,
  update_at: 1_700_000_000_001,
  delete_at: 0,
  username: 'ada',
  auth_service: '',
  email: 'ada@example.com',
  nickname: '',
  first_name: 'Ada',
  last_name: 'Lovelace',
  position: '',
  roles: 'system_user',
  locale: 'en',
  timezone: { useAutomaticTimezone: 'true', automaticTimezone: '', manualTimezone: '' },
  remote_id: '',
  disable_welcome_email: false,
};

export const token: Readonly<Record<string, unknown>> = {
  id: tokenId,
  user_id: userId,
  description: 'ci',
  is_active: true,
};

export const session: Readonly<Record<string, unknown>> = {
  id: sessionId,
  token: '',
  create_at: 1,
  expires_at: 2,
  last_activity_at: 3,
  user_id: userId,
  device_id: '',
  roles: 'system_user',
  is_oauth: false,
  props: { type: 'UserAccessToken' },
  team_members: [],
  local: false,
};

export const role: Readonly<Record<string, unknown>> = {
  id: 'r'.repeat(26),
  name: 'system_admin',
  display_name: 'x',
  description: 'y',
  permissions: ['manage_system'],
  scheme_managed: true,
  built_in: true,
};

export const bot: Readonly<Record<string, unknown>> = {
  user_id: userId,
  username: 'helper',
  owner_id: 'o'.repeat(26),
  create_at: 1,
  update_at: 1,
  delete_at: 0,
};

export const team: Readonly<Record<string, unknown>> = {
  id: teamId,
  create_at: 1,
  delete_at: 0,
  name: 'main',
  display_name: 'Main',
  description: '',
  type: 'O',
  email: 'ada@example.com',
  allowed_domains: '',
  allow_open_invite: false,
  invite_id: 'i'.repeat(26),
  scheme_id: null,
  group_constrained: null,
};

const memberFlags = { explicit_roles: '', scheme_guest: false, scheme_user: true, scheme_admin: false };
export const teamMember: Readonly<Record<string, unknown>> = {
  team_id: teamId,
  user_id: userId,
  roles: 'team_user',
  delete_at: 0,
  ...memberFlags,
};

export const channel: Readonly<Record<string, unknown>> = {
  id: channelId,
  create_at: 1,
  delete_at: 0,
  team_id: teamId,
  type: 'O',
  name: 'dev',
  display_name: 'Dev',
  creator_id: userId,
  scheme_id: null,
  group_constrained: null,
  shared: null,
  policy_enforced: false,
};

export const channelMember: Readonly<Record<string, unknown>> = {
  channel_id: channelId,
  user_id: userId,
  roles: 'channel_user',
  last_viewed_at: -1,
  last_update_at: -1,
  notify_props: {},
  ...memberFlags,
};

const posted: Readonly<Record<string, unknown>> = { id: 'h'.repeat(26), team_id: teamId, display_name: 'Builds' };
export const incomingWebhook: Readonly<Record<string, unknown>> = { ...posted, user_id: userId, channel_id: channelId };
export const outgoingWebhook: Readonly<Record<string, unknown>> = {
  ...posted,
  creator_id: userId,
  channel_id: '',
  token: 'k'.repeat(26),
};
export const slashCommand: Readonly<Record<string, unknown>> = {
  ...posted,
  creator_id: userId,
  trigger: 'deploy',
  token: 'k'.repeat(26),
};

export const preference: Readonly<Record<string, string>> = {
  user_id: userId,
  category: 'muster',
  name: 'lease',
  value: '1',
};

export const audit: Readonly<Record<string, unknown>> = {
  id: 'a'.repeat(26),
  create_at: 1,
  user_id: userId,
  action: '/api/v4/users/login',
  extra_info: '',
  ip_address: '127.0.0.1',
  session_id: '',
};
