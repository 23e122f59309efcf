import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, operations, type WriteClient } from '../../src/api/index.ts';
import type { AnyOperation } from '../../src/api/operation.ts';
import { Secret } from '../../src/model/secret.ts';
import { callByName } from './support/call-by-name.ts';
import { type RecordingServer, sendJson, startRecordingServer } from './support/recording-server.ts';
import {
  audit,
  bot,
  channel,
  channelId,
  channelMember,
  incomingWebhook,
  ok,
  outgoingWebhook,
  preference,
  role,
  session,
  sessionId,
  slashCommand,
  team,
  teamId,
  teamMember,
  token,
  tokenId,
  user,
  userId,
} from './support/samples.ts';

interface WireCase {
  readonly call: (client: WriteClient) => PromiseLike<unknown>;
  /** Method and target below `/api/v4`. */
  readonly sends: string;
  readonly body?: unknown;
  readonly answer: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const secret = new Secret('hush-hush-1');
const png = Buffer.from('89504e470d0a1a0a', 'hex');
const preferences = [{ user_id: userId, category: 'muster', name: 'lease', value: '' }];
const report = { ...user, last_login: 5, days_active: 1 };
const newToken = { ...token, token: 'y'.repeat(26) };
const image = { 'content-type': 'image/png' };

/** One call of every operation: exactly what goes over the wire, and an answer that the server would give. */
const cases: Readonly<Record<string, WireCase>> = {
  'users.get': { call: (c) => c.users.get(userId), sends: `GET /users/${userId}`, answer: user },
  'users.me': { call: (c) => c.users.me(), sends: 'GET /users/me', answer: user },
  'users.getByUsername': { call: (c) => c.users.getByUsername('Ada'), sends: 'GET /users/username/ada', answer: user },
  'users.getByEmail': {
    call: (c) => c.users.getByEmail('ada@example.com'),
    sends: 'GET /users/email/ada%40example.com',
    answer: user,
  },
  'users.list': {
    call: (c) =>
      c.users.list({ page: 2, perPage: 100, active: true, roles: ['system_user', 'system_admin'], inTeam: teamId }),
    sends: `GET /users?page=2&per_page=100&active=true&roles=system_user%2Csystem_admin&in_team=${teamId}`,
    answer: [user],
  },
  'users.pages': {
    call: (c) => collect(c.users.pages({ perPage: 50, inactive: true })),
    sends: 'GET /users?per_page=50&inactive=true',
    answer: [user],
  },
  'users.byUsernames': {
    call: (c) => c.users.byUsernames(['ada', '..']),
    sends: 'POST /users/usernames',
    body: ['ada', '..'],
    answer: [user],
  },
  'users.byIds': {
    call: (c) => c.users.byIds([userId], { since: 7 }),
    sends: 'POST /users/ids?since=7',
    body: [userId],
    answer: [user],
  },
  'users.stats': { call: (c) => c.users.stats(), sends: 'GET /users/stats', answer: { total_users_count: 3 } },
  'users.statsFiltered': {
    call: (c) => c.users.statsFiltered({ includeDeleted: true, includeBots: true, includeRemoteUsers: true }),
    sends: 'GET /users/stats/filtered?include_deleted=true&include_bots=true&include_remote_users=true',
    answer: { total_users_count: 3 },
  },
  'users.search': {
    call: (c) => c.users.search({ term: 'ad', allow_inactive: true, limit: 1000 }),
    sends: 'POST /users/search',
    body: { term: 'ad', allow_inactive: true, limit: 1000 },
    answer: [user],
  },
  'users.autocomplete': {
    call: (c) => c.users.autocomplete({ name: 'a&b=c#d', inTeam: teamId, inChannel: channelId, limit: 5 }),
    sends: `GET /users/autocomplete?name=a%26b%3Dc%23d&in_team=${teamId}&in_channel=${channelId}&limit=5`,
    answer: { users: null, out_of_channel: [user] },
  },
  'users.byGroupChannels': {
    call: (c) => c.users.byGroupChannels([channelId]),
    sends: 'POST /users/group_channels',
    body: [channelId],
    answer: { [channelId]: [user] },
  },
  'users.create': {
    call: (c) =>
      c.users.create(
        { username: 'ada', email: 'ada@example.com', password: secret, email_verified: true },
        { redirect: '/a b' },
      ),
    sends: 'POST /users?r=%2Fa+b',
    body: { username: 'ada', email: 'ada@example.com', password: 'hush-hush-1', email_verified: true },
    answer: user,
  },
  'users.update': {
    call: (c) => c.users.update(userId, { username: 'ada', email: 'ada@example.com', locale: 'en' }),
    sends: `PUT /users/${userId}`,
    body: { username: 'ada', email: 'ada@example.com', locale: 'en', id: userId },
    answer: user,
  },
  'users.patch': {
    call: (c) => c.users.patch(userId, { nickname: '', props: {} }),
    sends: `PUT /users/${userId}/patch`,
    body: { nickname: '', props: {} },
    answer: user,
  },
  'users.setRoles': {
    call: (c) => c.users.setRoles(userId, ['system_user', 'system_admin']),
    sends: `PUT /users/${userId}/roles`,
    body: { roles: 'system_user system_admin' },
    answer: ok,
  },
  'users.setActive': {
    call: (c) => c.users.setActive(userId, false),
    sends: `PUT /users/${userId}/active`,
    body: { active: false },
    answer: ok,
  },
  'users.setAuth': {
    call: (c) => c.users.setAuth(userId, { service: 'saml', data: 'ada@idp' }),
    sends: `PUT /users/${userId}/auth`,
    body: { auth_service: 'saml', auth_data: 'ada@idp' },
    answer: { auth_service: 'saml', auth_data: 'ada@idp' },
  },
  'users.setPassword': {
    call: (c) => c.users.setPassword(userId, { newPassword: secret, currentPassword: new Secret('o"ld') }),
    sends: `PUT /users/${userId}/password`,
    body: { new_password: 'hush-hush-1', current_password: 'o"ld' },
    answer: ok,
  },
  'users.promote': { call: (c) => c.users.promote(userId), sends: `POST /users/${userId}/promote`, answer: ok },
  'users.demote': { call: (c) => c.users.demote(userId), sends: `POST /users/${userId}/demote`, answer: ok },
  'users.deactivate': { call: (c) => c.users.deactivate(userId), sends: `DELETE /users/${userId}`, answer: ok },
  'users.deletePermanently': {
    call: (c) => c.users.deletePermanently(userId),
    sends: `DELETE /users/${userId}?permanent=true`,
    answer: ok,
  },
  'users.resetFailedAttempts': {
    call: (c) => c.users.resetFailedAttempts(userId),
    sends: `POST /users/${userId}/reset_failed_attempts`,
    answer: ok,
  },
  'tokens.create': {
    call: (c) => c.tokens.create(userId, { description: 'ci', expiresAt: 1_800_000_000_000 }),
    sends: `POST /users/${userId}/tokens`,
    body: { description: 'ci', expires_at: 1_800_000_000_000 },
    answer: newToken,
  },
  'tokens.search': {
    call: (c) => c.tokens.search('ada'),
    sends: 'POST /users/tokens/search',
    body: { term: 'ada' },
    answer: [token],
  },
  'tokens.listAll': {
    call: (c) => c.tokens.listAll({ page: 0, perPage: 200 }),
    sends: 'GET /users/tokens?page=0&per_page=200',
    answer: [token],
  },
  'tokens.pages': { call: (c) => collect(c.tokens.pages()), sends: 'GET /users/tokens?per_page=200', answer: [token] },
  'tokens.listOfUser': {
    call: (c) => c.tokens.listOfUser(userId, { perPage: 200 }),
    sends: `GET /users/${userId}/tokens?per_page=200`,
    answer: [token],
  },
  'tokens.get': { call: (c) => c.tokens.get(tokenId), sends: `GET /users/tokens/${tokenId}`, answer: token },
  'tokens.disable': {
    call: (c) => c.tokens.disable(tokenId),
    sends: 'POST /users/tokens/disable',
    body: { token_id: tokenId },
    answer: ok,
  },
  'tokens.enable': {
    call: (c) => c.tokens.enable(tokenId),
    sends: 'POST /users/tokens/enable',
    body: { token_id: tokenId },
    answer: ok,
  },
  'tokens.revoke': {
    call: (c) => c.tokens.revoke(tokenId),
    sends: 'POST /users/tokens/revoke',
    body: { token_id: tokenId },
    answer: ok,
  },
  'tokens.rotate': {
    call: (c) => c.tokens.rotate(tokenId, { expiresAt: 9 }),
    sends: 'POST /users/tokens/rotate',
    body: { token_id: tokenId, expires_at: 9 },
    answer: newToken,
  },
  'sessions.list': { call: (c) => c.sessions.list(userId), sends: `GET /users/${userId}/sessions`, answer: [session] },
  'sessions.revoke': {
    call: (c) => c.sessions.revoke(userId, sessionId),
    sends: `POST /users/${userId}/sessions/revoke`,
    body: { session_id: sessionId },
    answer: ok,
  },
  'sessions.revokeAllOf': {
    call: (c) => c.sessions.revokeAllOf(userId),
    sends: `POST /users/${userId}/sessions/revoke/all`,
    answer: ok,
  },
  'sessions.revokeEveryones': {
    call: (c) => c.sessions.revokeEveryones(),
    sends: 'POST /users/sessions/revoke/all',
    answer: ok,
  },
  'sessions.attachDevice': {
    call: (c) =>
      c.sessions.attachDevice({ deviceId: 'apple:1', isNotificationDisabled: true, mobileVersion: '2.19.0' }),
    sends: 'PUT /users/sessions/device',
    body: { device_id: 'apple:1', device_notification_disabled: 'true', mobile_version: '2.19.0' },
    answer: ok,
  },
  'mfa.generate': {
    call: (c) => c.mfa.generate(userId),
    sends: `POST /users/${userId}/mfa/generate`,
    answer: { secret: 'ABC', qr_code: 'xyz' },
  },
  'mfa.set': {
    call: (c) => c.mfa.set(userId, { activate: true, code: new Secret('123456') }),
    sends: `PUT /users/${userId}/mfa`,
    body: { activate: true, code: '123456' },
    answer: ok,
  },
  'mfa.check': { call: (c) => c.mfa.check('ada'), sends: 'POST /users/mfa', body: { login_id: 'ada' }, answer: {} },
  'images.get': { call: (c) => c.images.get(userId), sends: `GET /users/${userId}/image`, answer: png, headers: image },
  'images.getDefault': {
    call: (c) => c.images.getDefault(userId),
    sends: `GET /users/${userId}/image/default`,
    answer: png,
    headers: image,
  },
  'images.set': { call: (c) => c.images.set(userId, png), sends: `POST /users/${userId}/image`, answer: ok },
  'images.reset': { call: (c) => c.images.reset(userId), sends: `DELETE /users/${userId}/image`, answer: ok },
  'terms.get': {
    call: (c) => c.terms.get(),
    sends: 'GET /users/me/terms_of_service',
    answer: { user_id: userId, terms_of_service_id: 'x', create_at: 1 },
  },
  'terms.accept': {
    call: (c) => c.terms.accept({ termsOfServiceId: 'x', accepted: true }),
    sends: 'POST /users/me/terms_of_service',
    body: { termsOfServiceId: 'x', accepted: true },
    answer: ok,
  },
  'audits.list': {
    call: (c) => c.audits.list(userId, { page: 1, perPage: 10 }),
    sends: `GET /users/${userId}/audits?page=1&per_page=10`,
    answer: null,
  },
  'audits.pages': {
    call: (c) => collect(c.audits.pages('me')),
    sends: 'GET /users/me/audits?per_page=200',
    answer: [audit],
  },
  'emails.verify': {
    call: (c) => c.emails.verify(new Secret('x'.repeat(64))),
    sends: 'POST /users/email/verify',
    body: { token: 'x'.repeat(64) },
    answer: ok,
  },
  'emails.sendVerification': {
    call: (c) => c.emails.sendVerification('ada@example.com', { redirect: 'x' }),
    sends: 'POST /users/email/verify/send?r=x',
    body: { email: 'ada@example.com' },
    answer: ok,
  },
  'emails.verifyMember': {
    call: (c) => c.emails.verifyMember(userId),
    sends: `POST /users/${userId}/email/verify/member`,
    answer: user,
  },
  'passwords.reset': {
    call: (c) => c.passwords.reset({ token: new Secret('x'.repeat(64)), newPassword: secret }),
    sends: 'POST /users/password/reset',
    body: { token: 'x'.repeat(64), new_password: 'hush-hush-1' },
    answer: ok,
  },
  'passwords.sendReset': {
    call: (c) => c.passwords.sendReset('ada@example.com'),
    sends: 'POST /users/password/reset/send',
    body: { email: 'ada@example.com' },
    answer: ok,
  },
  'login.login': {
    call: (c) => c.login.login({ loginId: 'ada', password: secret }),
    sends: 'POST /users/login',
    body: { login_id: 'ada', password: 'hush-hush-1' },
    answer: user,
    headers: { token: 'z'.repeat(26) },
  },
  'login.logout': { call: (c) => c.login.logout(), sends: 'POST /users/logout', answer: ok },
  'login.switch': {
    call: (c) => c.login.switch({ currentService: 'email', newService: 'saml', email: 'a@b', password: secret }),
    sends: 'POST /users/login/switch',
    body: { current_service: 'email', new_service: 'saml', email: 'a@b', password: 'hush-hush-1' },
    answer: { follow_link: '/x' },
  },
  'roles.list': { call: (c) => c.roles.list(), sends: 'GET /roles', answer: [role] },
  'roles.byNames': {
    call: (c) => c.roles.byNames(['system_admin']),
    sends: 'POST /roles/names',
    body: ['system_admin'],
    answer: [role],
  },
  'roles.getByName': {
    call: (c) => c.roles.getByName('system_admin'),
    sends: 'GET /roles/name/system_admin',
    answer: role,
  },
  'system.ping': {
    call: (c) => c.system.ping({ getServerStatus: true }),
    sends: 'GET /system/ping?get_server_status=true',
    answer: { status: 'OK', database_status: 'OK' },
  },
  'system.clientConfig': {
    call: (c) => c.system.clientConfig(),
    sends: 'GET /config/client?format=old',
    answer: { Version: '11.6.0' },
  },
  'system.clientLicense': {
    call: (c) => c.system.clientLicense(),
    sends: 'GET /license/client?format=old',
    answer: { IsLicensed: 'false' },
  },
  'system.emailDomains': {
    call: (c) => c.system.emailDomains(),
    sends: 'GET /config?remove_masked=true&remove_defaults=true',
    answer: { TeamSettings: { RestrictCreationToDomains: 'Example.com, @example.org' } },
  },
  'system.teamSettings': {
    call: (c) => c.system.teamSettings(),
    sends: 'GET /config?remove_masked=true&remove_defaults=true',
    answer: { TeamSettings: { MaxUsersPerTeam: 2000 } },
  },
  'system.serverLimits': {
    call: (c) => c.system.serverLimits(),
    sends: 'GET /limits/server',
    answer: { maxUsersLimit: 200, maxUsersHardLimit: 250, activeUserCount: 1 },
  },
  'bots.get': {
    call: (c) => c.bots.get(userId, { includeDeleted: true }),
    sends: `GET /bots/${userId}?include_deleted=true`,
    answer: bot,
  },
  'bots.list': { call: (c) => c.bots.list({ perPage: 3 }), sends: 'GET /bots?per_page=3', answer: [bot] },
  'bots.pages': {
    call: (c) => collect(c.bots.pages({ includeDeleted: true })),
    sends: 'GET /bots?include_deleted=true&per_page=200',
    answer: [bot],
  },
  'reports.users': {
    call: (c) => c.reports.users({ perPage: 100, fromUsername: 'ada', fromId: userId }),
    sends: `GET /reports/users?page_size=100&from_column_value=ada&from_id=${userId}`,
    answer: [report],
  },
  'reports.pages': {
    call: (c) => collect(c.reports.pages({ roleFilter: 'system_admin' })),
    sends: 'GET /reports/users?role_filter=system_admin&page_size=100',
    answer: [report],
  },
  'reports.count': {
    call: (c) => c.reports.count({ hideInactive: true }),
    sends: 'GET /reports/users/count?hide_inactive=true',
    answer: 12,
  },
  'preferences.list': {
    call: (c) => c.preferences.list('me'),
    sends: 'GET /users/me/preferences',
    answer: [preference],
  },
  'preferences.ofCategory': {
    call: (c) => c.preferences.ofCategory(userId, 'muster'),
    sends: `GET /users/${userId}/preferences/muster`,
    answer: [preference],
  },
  'preferences.get': {
    call: (c) => c.preferences.get(userId, 'muster', 'lease'),
    sends: `GET /users/${userId}/preferences/muster/name/lease`,
    answer: preference,
  },
  'preferences.set': {
    call: (c) => c.preferences.set(userId, preferences),
    sends: `PUT /users/${userId}/preferences`,
    body: preferences,
    answer: ok,
  },
  'preferences.delete': {
    call: (c) => c.preferences.delete(userId, preferences),
    sends: `POST /users/${userId}/preferences/delete`,
    body: preferences,
    answer: ok,
  },
  'teams.list': { call: (c) => c.teams.list({ page: 1 }), sends: 'GET /teams?page=1', answer: [team] },
  'teams.pages': { call: (c) => collect(c.teams.pages()), sends: 'GET /teams?per_page=200', answer: [team] },
  'teams.count': {
    call: (c) => c.teams.count(),
    sends: 'GET /teams?include_total_count=true&per_page=1',
    answer: { teams: [team], total_count: 7 },
  },
  'teams.get': { call: (c) => c.teams.get(teamId), sends: `GET /teams/${teamId}`, answer: team },
  'teams.getByName': { call: (c) => c.teams.getByName('main'), sends: 'GET /teams/name/main', answer: team },
  'teams.members': {
    call: (c) => c.teams.members(teamId, { excludeDeletedUsers: true, sort: 'Username', perPage: 3 }),
    sends: `GET /teams/${teamId}/members?exclude_deleted_users=true&sort=Username&per_page=3`,
    answer: [teamMember],
  },
  'teams.memberPages': {
    call: (c) => collect(c.teams.memberPages(teamId)),
    sends: `GET /teams/${teamId}/members?per_page=200`,
    answer: [teamMember],
  },
  'teams.membersByIds': {
    call: (c) => c.teams.membersByIds(teamId, [userId, channelId]),
    sends: `POST /teams/${teamId}/members/ids`,
    body: [userId, channelId],
    answer: [teamMember],
  },
  'teams.getMember': {
    call: (c) => c.teams.getMember(teamId, userId),
    sends: `GET /teams/${teamId}/members/${userId}`,
    answer: teamMember,
  },
  'teams.ofUser': { call: (c) => c.teams.ofUser('me'), sends: 'GET /users/me/teams', answer: [team] },
  'teams.membershipsOf': {
    call: (c) => c.teams.membershipsOf(userId),
    sends: `GET /users/${userId}/teams/members`,
    answer: [teamMember],
  },
  'teams.stats': {
    call: (c) => c.teams.stats(teamId),
    sends: `GET /teams/${teamId}/stats`,
    answer: { team_id: teamId, total_member_count: 3, active_member_count: 2 },
  },
  'teams.create': {
    call: (c) => c.teams.create({ name: 'main', display_name: 'Main', type: 'I' }),
    sends: 'POST /teams',
    body: { name: 'main', display_name: 'Main', type: 'I' },
    answer: team,
  },
  'teams.patch': {
    call: (c) => c.teams.patch(teamId, { allowed_domains: 'example.com' }),
    sends: `PUT /teams/${teamId}/patch`,
    body: { allowed_domains: 'example.com' },
    answer: team,
  },
  'teams.archive': { call: (c) => c.teams.archive(teamId), sends: `DELETE /teams/${teamId}`, answer: ok },
  'teams.restore': { call: (c) => c.teams.restore(teamId), sends: `POST /teams/${teamId}/restore`, answer: team },
  'teams.addMember': {
    call: (c) => c.teams.addMember(teamId, userId),
    sends: `POST /teams/${teamId}/members`,
    body: { team_id: teamId, user_id: userId },
    answer: teamMember,
  },
  'teams.addMembers': {
    call: (c) => c.teams.addMembers(teamId, [userId, channelId, userId]),
    sends: `POST /teams/${teamId}/members/batch?graceful=true`,
    body: [
      { team_id: teamId, user_id: userId },
      { team_id: teamId, user_id: channelId },
    ],
    answer: [
      { user_id: userId, member: teamMember, error: null },
      { user_id: channelId, member: null, error: { id: 'api.team.add_members.user_denied', status_code: 400 } },
    ],
  },
  'teams.removeMember': {
    call: (c) => c.teams.removeMember(teamId, userId),
    sends: `DELETE /teams/${teamId}/members/${userId}`,
    answer: ok,
  },
  'teams.setMemberAdmin': {
    call: (c) => c.teams.setMemberAdmin(teamId, userId, true),
    sends: `PUT /teams/${teamId}/members/${userId}/schemeRoles`,
    body: { scheme_user: true, scheme_admin: true },
    answer: ok,
  },
  'teams.setMemberRoles': {
    call: (c) => c.teams.setMemberRoles(teamId, userId, ['team_user', 'team_post_all']),
    sends: `PUT /teams/${teamId}/members/${userId}/roles`,
    body: { roles: 'team_user team_post_all' },
    answer: ok,
  },
  'channels.list': {
    call: (c) => c.channels.list({ includeDeleted: true, perPage: 9 }),
    sends: 'GET /channels?include_deleted=true&per_page=9',
    answer: [channel],
  },
  'channels.pages': {
    call: (c) => collect(c.channels.pages()),
    sends: 'GET /channels?per_page=200',
    answer: [channel],
  },
  'channels.get': { call: (c) => c.channels.get(channelId), sends: `GET /channels/${channelId}`, answer: channel },
  'channels.getByName': {
    call: (c) => c.channels.getByName(teamId, 'dev', { includeDeleted: true }),
    sends: `GET /teams/${teamId}/channels/name/dev?include_deleted=true`,
    answer: channel,
  },
  'channels.publicOf': {
    call: (c) => c.channels.publicOf(teamId, { page: 1 }),
    sends: `GET /teams/${teamId}/channels?page=1`,
    answer: [channel],
  },
  'channels.publicPages': {
    call: (c) => collect(c.channels.publicPages(teamId)),
    sends: `GET /teams/${teamId}/channels?per_page=200`,
    answer: [channel],
  },
  'channels.privateOf': {
    call: (c) => c.channels.privateOf(teamId),
    sends: `GET /teams/${teamId}/channels/private`,
    answer: [channel],
  },
  'channels.privatePages': {
    call: (c) => collect(c.channels.privatePages(teamId)),
    sends: `GET /teams/${teamId}/channels/private?per_page=200`,
    answer: [channel],
  },
  'channels.archivedOf': {
    call: (c) => c.channels.archivedOf(teamId),
    sends: `GET /teams/${teamId}/channels/deleted`,
    answer: [channel],
  },
  'channels.archivedPages': {
    call: (c) => collect(c.channels.archivedPages(teamId)),
    sends: `GET /teams/${teamId}/channels/deleted?per_page=200`,
    answer: [channel],
  },
  'channels.members': {
    call: (c) => c.channels.members(channelId, { perPage: 200 }),
    sends: `GET /channels/${channelId}/members?per_page=200`,
    answer: [channelMember],
  },
  'channels.memberPages': {
    call: (c) => collect(c.channels.memberPages(channelId)),
    sends: `GET /channels/${channelId}/members?per_page=200`,
    answer: [channelMember],
  },
  'channels.membersByIds': {
    call: (c) => c.channels.membersByIds(channelId, [userId]),
    sends: `POST /channels/${channelId}/members/ids`,
    body: [userId],
    answer: [channelMember],
  },
  'channels.getMember': {
    call: (c) => c.channels.getMember(channelId, userId),
    sends: `GET /channels/${channelId}/members/${userId}`,
    answer: channelMember,
  },
  'channels.ofUser': { call: (c) => c.channels.ofUser('me'), sends: 'GET /users/me/channels', answer: [channel] },
  'channels.ofUserInTeam': {
    call: (c) => c.channels.ofUserInTeam(userId, teamId),
    sends: `GET /users/${userId}/teams/${teamId}/channels`,
    answer: [channel],
  },
  'channels.membershipsOf': {
    call: (c) => c.channels.membershipsOf(userId),
    sends: `GET /users/${userId}/channel_members?page=-1`,
    answer: Buffer.from(`${JSON.stringify(channelMember)}\n`),
    headers: { 'content-type': 'application/x-ndjson' },
  },
  'channels.membershipsInTeam': {
    call: (c) => c.channels.membershipsInTeam(userId, teamId),
    sends: `GET /users/${userId}/teams/${teamId}/channels/members`,
    answer: [channelMember],
  },
  'channels.stats': {
    call: (c) => c.channels.stats(channelId),
    sends: `GET /channels/${channelId}/stats`,
    answer: { channel_id: channelId, member_count: 2, guest_count: 0 },
  },
  'channels.memberCounts': {
    call: (c) => c.channels.memberCounts([channelId]),
    sends: 'POST /channels/stats/member_count',
    body: [channelId],
    answer: { [channelId]: 2 },
  },
  'channels.create': {
    call: (c) => c.channels.create({ team_id: teamId, name: 'dev', display_name: 'Dev', type: 'P' }),
    sends: 'POST /channels',
    body: { team_id: teamId, name: 'dev', display_name: 'Dev', type: 'P' },
    answer: channel,
  },
  'channels.patch': {
    call: (c) => c.channels.patch(channelId, { group_constrained: false }),
    sends: `PUT /channels/${channelId}/patch`,
    body: { group_constrained: false },
    answer: channel,
  },
  'channels.archive': {
    call: (c) => c.channels.archive(channelId),
    sends: `DELETE /channels/${channelId}`,
    answer: ok,
  },
  'channels.restore': {
    call: (c) => c.channels.restore(channelId),
    sends: `POST /channels/${channelId}/restore`,
    answer: channel,
  },
  'channels.addMember': {
    call: (c) => c.channels.addMember(channelId, userId),
    sends: `POST /channels/${channelId}/members`,
    body: { user_id: userId },
    answer: channelMember,
  },
  'channels.addMembers': {
    call: (c) => c.channels.addMembers(channelId, [userId, userId]),
    sends: `POST /channels/${channelId}/members`,
    body: { user_ids: [userId] },
    answer: [channelMember],
  },
  'channels.removeMember': {
    call: (c) => c.channels.removeMember(channelId, userId),
    sends: `DELETE /channels/${channelId}/members/${userId}`,
    answer: ok,
  },
  'channels.setMemberAdmin': {
    call: (c) => c.channels.setMemberAdmin(channelId, userId, false),
    sends: `PUT /channels/${channelId}/members/${userId}/schemeRoles`,
    body: { scheme_user: true, scheme_admin: false },
    answer: ok,
  },
  'channels.setMemberRoles': {
    call: (c) => c.channels.setMemberRoles(channelId, userId, ['channel_user']),
    sends: `PUT /channels/${channelId}/members/${userId}/roles`,
    body: { roles: 'channel_user' },
    answer: ok,
  },
  'webhooks.incoming': {
    call: (c) => c.webhooks.incoming({ perPage: 2 }),
    sends: 'GET /hooks/incoming?per_page=2',
    answer: [incomingWebhook],
  },
  'webhooks.incomingPages': {
    call: (c) => collect(c.webhooks.incomingPages()),
    sends: 'GET /hooks/incoming?per_page=200',
    answer: [incomingWebhook],
  },
  'webhooks.outgoing': {
    call: (c) => c.webhooks.outgoing({ page: 0 }),
    sends: 'GET /hooks/outgoing?page=0',
    answer: [outgoingWebhook],
  },
  'webhooks.outgoingPages': {
    call: (c) => collect(c.webhooks.outgoingPages()),
    sends: 'GET /hooks/outgoing?per_page=200',
    answer: [outgoingWebhook],
  },
  'slashCommands.list': {
    call: (c) => c.slashCommands.list(teamId),
    sends: `GET /commands?custom_only=true&team_id=${teamId}`,
    answer: [slashCommand],
  },
};

/** The names that the server's generated reference gives to its user operations. */
const referenceNames: readonly string[] = `
  users-autocomplete-get users-email-email-get users-email-verify-post users-email-verify-send-post users-get
  users-group-channels-post users-ids-post users-login-switch-post users-mfa-post users-password-reset-post
  users-password-reset-send-post users-post users-search-post users-sessions-device-put users-sessions-revoke-all-post
  users-stats-get users-tokens-disable-post users-tokens-enable-post users-tokens-get users-tokens-revoke-post
  users-tokens-search-post users-tokens-token-id-get users-user-id-active-put users-user-id-audits-get
  users-user-id-auth-put users-user-id-delete users-user-id-demote-post users-user-id-get
  users-user-id-image-default-get users-user-id-image-delete users-user-id-image-get users-user-id-image-post
  users-user-id-mfa-generate-post users-user-id-mfa-put users-user-id-password-put users-user-id-patch-put
  users-user-id-promote-post users-user-id-put users-user-id-roles-put users-user-id-sessions-get
  users-user-id-sessions-revoke-all-post users-user-id-sessions-revoke-post users-user-id-terms-of-service-get
  users-user-id-terms-of-service-post users-user-id-tokens-get users-user-id-tokens-post users-username-username-get
  users-usernames-post
`
  .trim()
  .split(/\s+/);

const rows: readonly (readonly [string, AnyOperation])[] = Object.entries(operations).flatMap(([group, methods]) => {
  const entries: [string, AnyOperation][] = Object.entries(methods);
  return entries.map(([name, row]) => [`${group}.${name}`, row] as const);
});

async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

let server: RecordingServer;
let client: WriteClient;
let current: WireCase | undefined;

beforeAll(async () => {
  server = await startRecordingServer((_, response) => {
    if (Buffer.isBuffer(current?.answer)) response.writeHead(200, current.headers).end(current.answer);
    else sendJson(response, 200, current?.answer, current?.headers);
  });
  client = createClient({
    url: `${server.url}/chat/`,
    token: new Secret('k'.repeat(26)),
    userAgent: 'mattermuster/1.2.3',
  });
  current = { answer: { status: 'OK' }, sends: '', call: () => Promise.resolve() };
  await client.system.ping();
});

afterAll(async () => {
  await client.close();
  await server.close();
});

test('covers every operation of the table, and only those', () => {
  expect(Object.keys(cases).toSorted()).toEqual(rows.map(([name]) => name).toSorted());
});

test('covers each operation of the reference once', () => {
  const covered = rows.flatMap(([, row]) => ('pagesOf' in row ? [] : (row.reference ?? [])));

  expect(covered.toSorted()).toEqual(referenceNames.toSorted());
  expect(referenceNames).toHaveLength(48);
});

test.each(rows.flatMap(([name, row]) => ('decodeItem' in row ? [[name, row] as const] : [])))(
  '%s reads a list as it reads each item',
  (name, row) => {
    const answer = cases[name]?.answer;
    if (!Array.isArray(answer) || row.decodeItem === undefined) throw new Error(`${name} answers no list`);

    expect(answer.map(row.decodeItem)).toEqual(row.decode(answer, {}));
  },
);

test('counts as writes exactly the operations that change something', () => {
  const posts = rows.flatMap(([name, row]) =>
    'pagesOf' in row || row.method === 'GET' || row.access === 'write' ? [] : [name],
  );

  expect(rows.filter(([, row]) => row.access === 'write' && 'method' in row && row.method === 'GET')).toEqual([]);
  expect(posts.toSorted()).toEqual([
    'channels.memberCounts',
    'channels.membersByIds',
    'mfa.check',
    'roles.byNames',
    'teams.membersByIds',
    'tokens.search',
    'users.byGroupChannels',
    'users.byIds',
    'users.byUsernames',
    'users.search',
  ]);
});

test.each(Object.entries(cases))('%s sends exactly its request', async (_, wire) => {
  current = wire;
  server.requests.length = 0;

  const answer = await wire.call(client);

  expect(server.requests).toHaveLength(1);
  const [request] = server.requests;
  const [method, target] = wire.sends.split(' ');
  expect(`${request?.method} ${request?.url}`).toBe(`${method} /chat/api/v4${target}`);
  expect(request?.headers.authorization).toBe(`Bearer ${'k'.repeat(26)}`);
  expect(request?.headers['user-agent']).toBe('mattermuster/1.2.3');
  expect(request?.headers.cookie).toBeUndefined();
  const isForm = request?.headers['content-type']?.startsWith('multipart/form-data') === true;
  expect(isForm).toBe(wire.sends.startsWith('POST') && wire.sends.endsWith('/image'));
  expect(isForm || request?.body === '' ? undefined : JSON.parse(request?.body ?? '')).toEqual(wire.body);
  expect(
    answer === undefined || typeof answer === 'object' || typeof answer === 'number' || typeof answer === 'string',
  ).toBe(true);
});

test('sends a picture as a form, byte for byte', async () => {
  current = { answer: ok, sends: '', call: () => Promise.resolve() };
  server.requests.length = 0;
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

  await client.images.set(userId, bytes);

  const [request] = server.requests;
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(request?.headers['content-type'] ?? '')?.[1];
  const [, part, end] = request?.body.split(`--${boundary}`) ?? [];
  const [head, ...content] = part?.split('\r\n\r\n') ?? [];
  expect(head).toContain('name="image"');
  expect(content.join('\r\n\r\n')).toBe(`${bytes.toString('latin1')}\r\n`);
  expect(end).toBe('--\r\n');
});

const hostileValues: readonly unknown[] = [
  '../../config',
  '..',
  '.',
  '%2e%2e',
  '%2f',
  'a/b',
  'a?x=1',
  'a#b',
  `${userId}/../x`,
  `${userId}\n`,
  `${userId} `,
  `${userId}\r\nX-Injected: 1`,
  'ünïcode',
  '\ud800',
  '\u0000',
  'x'.repeat(10_240),
  'http://evil.example',
  '//evil.example',
  '',
  7,
  null,
  undefined,
  {},
  [userId],
];

function isPaged(value: unknown): value is AsyncIterable<readonly unknown[]> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

const withPath = rows.filter(([, row]) => ('pagesOf' in row ? row.pagesOf : row).path.includes('{'));

test.each(withPath)('%s refuses whatever is not what its path wants, before a request', async (name) => {
  server.requests.length = 0;
  for (const hostile of hostileValues) {
    const attempt = async (): Promise<unknown> => {
      const result = callByName(client, name, [hostile, hostile, hostile, hostile]);
      return isPaged(result) ? collect(result) : result;
    };
    await expect(attempt()).rejects.toMatchObject({
      code: 'API_INVALID_ARGUMENT',
      retry: 'no',
    });
  }

  expect(server.requests).toEqual([]);
});

test.each<[title: string, method: string, args: readonly unknown[]]>([
  ['an empty list of roles', 'users.setRoles', [userId, []]],
  ['a role with a space', 'users.setRoles', [userId, ['system_user system_admin']]],
  ['a role in place of a list', 'users.setRoles', [userId, 'system_user']],
  ['an empty patch', 'users.patch', [userId, {}]],
  ['a patch of nothing but undefined', 'users.patch', [userId, { nickname: undefined }]],
  ['roles in a patch', 'users.patch', [userId, { roles: 'system_admin' }]],
  ['remote_id in a patch', 'users.patch', [userId, { remote_id: 'x' }]],
  ['an update of "me", whose id is not known', 'users.update', ['me', { username: 'ada', email: 'a@b' }]],
  ['a password in clear', 'users.create', [{ email: 'a@b', password: 'clear' }]],
  ['the service "email"', 'users.setAuth', [userId, { service: 'email', data: 'x' }]],
  ['an empty service', 'users.setAuth', [userId, { service: '', data: 'x' }]],
  ['a create with the service "email"', 'users.create', [{ email: 'a@b', auth_service: 'email' }]],
  ['a text for active', 'users.setActive', [userId, 'false']],
  ['no ids', 'users.byIds', [[]]],
  ['a wrong id among others', 'users.byIds', [[userId, 'x']]],
  ['a page size of 0', 'users.list', [{ perPage: 0 }]],
  ['a page size above what the server gives', 'users.list', [{ perPage: 201 }]],
  ['a negative page', 'users.list', [{ page: -1 }]],
  ['active and inactive at once', 'users.list', [{ active: true, inactive: true }]],
  ['a misspelt filter', 'users.list', [{ aktive: true }]],
  ['a filter in the spelling of the wire', 'users.list', [{ per_page: 10 }]],
  ['an expiry in the spelling of the wire', 'tokens.create', [userId, { description: 'x', expires_at: 1 }]],
  ['a description of 256 bytes', 'tokens.create', [userId, { description: 'ü'.repeat(128) }]],
  ['no token at all', 'tokens.create', [userId, undefined]],
  ['an etag for a write', 'users.promote', [userId, { ifNoneMatch: 'x' }]],
  ['an etag with a line end', 'users.me', [{ ifNoneMatch: 'x\r\ny: z' }]],
  ['a timeout of 0', 'users.me', [{ timeoutMs: 0 }]],
  ['a signal that is none', 'users.me', [{ signal: 'x' }]],
  ['options that are none', 'users.me', ['x']],
  ['more than 100 preferences', 'preferences.set', [userId, Array.from({ length: 101 }, () => preferences[0])]],
  ['switching MFA on without a code', 'mfa.set', [userId, { activate: true }]],
  ['an empty picture', 'images.set', [userId, new Uint8Array()]],
  ['257 people for a team', 'teams.addMembers', [teamId, Array.from({ length: 257 }, () => userId)]],
  ['no person to add to a team', 'teams.addMembers', [teamId, []]],
  ['1,001 people for a channel', 'channels.addMembers', [channelId, Array.from({ length: 1001 }, () => userId)]],
  ['no person to add to a channel', 'channels.addMembers', [channelId, []]],
  ['a name in place of a person', 'teams.addMember', [teamId, 'ada']],
  ['an empty list of team roles', 'teams.setMemberRoles', [teamId, userId, []]],
  ['an empty list of channel roles', 'channels.setMemberRoles', [channelId, userId, []]],
  ['a text for a team admin', 'teams.setMemberAdmin', [teamId, userId, 'false']],
  ['a direct channel', 'channels.create', [{ team_id: teamId, name: 'x', display_name: 'X', type: 'D' }]],
  ['a team of an unknown type', 'teams.create', [{ name: 'xx', display_name: 'X', type: 'P' }]],
  ['a name in a patch of a team', 'teams.patch', [teamId, { name: 'other' }]],
  ['an empty patch of a team', 'teams.patch', [teamId, {}]],
  ['10,001 ids', 'teams.membersByIds', [teamId, Array.from({ length: 10_001 }, () => userId)]],
  ['a version that is none', 'sessions.attachDevice', [{ mobileVersion: 'new' }]],
])('refuses %s before a request', async (_, method, args) => {
  server.requests.length = 0;

  await expect(callByName(client, method, args)).rejects.toMatchObject({ code: 'API_INVALID_ARGUMENT' });

  expect(server.requests).toEqual([]);
});
