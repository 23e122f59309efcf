import { describe, expect, test } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/index.ts';
import { share } from '../support/suite.ts';
import {
  admin,
  as,
  expired,
  forbidden,
  invalidBody,
  invalidUrl,
  member,
  noUser,
  outcome,
  sandboxFor,
  unknownId,
} from './support.ts';

/** One row: who asks what, and the status and id that come back. `{ada}` and its like stand for ids. */
interface Row {
  readonly by?: 'admin' | 'member' | 'nobody' | 'helper' | 'bad token';
  readonly ask: string;
  readonly body?: unknown;
  readonly seen: string;
  readonly config?: Partial<SandboxConfig>;
}

const parse = '400 api.payload.parse.error';
const notFound = '404 api.context.404.app_error';
const tokenUnknown = '404 app.user_access_token.get_by_user.app_error';
const isValid = (field: string): string => `400 model.user.is_valid.${field}.app_error`;
const person = { username: 'new', email: 'new@example.com', password: 'password1' };

const users = [
  { username: 'ada', password: 'password1', tokens: [{ description: 'ci' }] },
  { username: 'bob', password: 'password1' },
  { username: 'away', active: false },
  { username: 'lda', auth_service: 'ldap', auth_data: 'uid=lda' },
  { username: 'sam', auth_service: 'saml', auth_data: 'sam@idp' },
  { username: 'git', auth_service: 'gitlab', auth_data: '17' },
  { username: 'gus', roles: 'system_guest' },
  { username: 'mag', roles: 'system_guest', auth_service: 'magic_link' },
  { username: 'far', remote_id: 'elsewhere' },
  // Grants himself tokens, and nothing else.
  { username: 'helper', roles: 'system_user system_user_access_token' },
  { username: 'robot', is_bot: true, owner: 'ada' },
];

const rows: Readonly<Record<string, readonly Row[]>> = {
  'any route': [
    { by: 'nobody', ask: 'GET /users/me', seen: expired },
    { by: 'bad token', ask: 'GET /users/me', seen: expired },
    { ask: 'GET /nosuchroute', seen: notFound },
    { by: 'nobody', ask: 'GET /nosuchroute', seen: notFound },
    { ask: 'PATCH /users/{ada}', seen: notFound },
    { ask: 'POST /users/{ada}/roles', body: {}, seen: notFound },
    { ask: 'DELETE /users', seen: notFound },
    { ask: 'GET /users/', seen: notFound },
    { ask: 'POST /users/mfa', body: { login_id: 'ada' }, seen: notFound },
    { ask: 'GET /users/ids', seen: invalidUrl },
    { ask: 'PUT /users/usernames', body: {}, seen: invalidUrl },
    { ask: 'DELETE /users/search', seen: invalidUrl },
    { ask: 'GET /users/login', seen: invalidUrl },
    { ask: `GET /users/me?${'x'.repeat(2100)}`, seen: '414 basic_security_check.url.too_long_error' },
    { ask: 'GET /users/me?access_token={session}', by: 'nobody', seen: '401 api.context.token_provided.app_error' },
  ],
  discovery: [
    { ask: 'GET /license/client', seen: '400 api.license.client.old_format.app_error' },
    { ask: 'GET /license/client?format=new', seen: invalidBody },
    { by: 'nobody', ask: 'GET /limits/server', seen: expired },
    { by: 'member', ask: 'GET /limits/server', seen: '200' },
    { by: 'bad token', ask: 'GET /config/client', seen: '200' },
  ],
  'reading accounts': [
    { ask: 'GET /users/short', seen: invalidUrl },
    { ask: `GET /users/${unknownId}`, seen: noUser },
    { ask: 'GET /users/not-an-id', seen: notFound },
    { ask: 'GET /users/username/nobody', seen: '404 app.user.get_by_username.app_error' },
    { ask: 'GET /users/username/Ada', seen: invalidBody },
    { ask: 'GET /users/username/channel', seen: invalidBody },
    { ask: 'GET /users/username/a:b', seen: notFound },
    { ask: 'GET /users/email/nobody@example.com', seen: noUser },
    { ask: 'GET /users/email/nothing', seen: invalidUrl },
    { ask: 'GET /users/email/ADA@Example.com', seen: '200' },
    {
      by: 'member',
      ask: 'GET /users/email/bob@example.com',
      seen: '403 api.user.get_user_by_email.permissions.app_error',
      config: { 'PrivacySettings.ShowEmailAddress': false },
    },
    { ask: 'POST /users/ids', body: [], seen: invalidBody },
    { ask: 'POST /users/ids', body: 'null', seen: invalidBody },
    { ask: 'POST /users/ids', body: '', seen: parse },
    { ask: 'POST /users/ids', body: [1], seen: parse },
    { ask: 'POST /users/ids?since=x', body: [unknownId], seen: invalidBody },
    {
      ask: 'POST /users/ids',
      body: `["${'a'.repeat(300_600)}"]`,
      seen: '413 api.context.request_body_too_large.app_error',
    },
    { ask: 'POST /users/usernames', body: [], seen: invalidBody },
    { ask: 'POST /users/usernames', body: {}, seen: parse },
  ],
  'lists and counts': [
    { by: 'member', ask: `GET /users?not_in_team=${unknownId}`, seen: forbidden },
    { ask: `GET /users?not_in_team=${unknownId}`, seen: '200' },

    { ask: 'GET /users?role=nosuch', seen: invalidBody },
    { ask: 'GET /users?roles=system_user,nosuch', seen: invalidBody },
    { ask: 'GET /users?sort=x', seen: invalidUrl },
    { ask: 'GET /users?sort=create_at', seen: invalidUrl },
    { ask: `GET /users?sort=create_at&in_team=${unknownId}`, seen: '200' },
    { ask: `GET /users?not_in_channel=${unknownId}`, seen: invalidUrl },
    { ask: `GET /users?in_channel=${unknownId}`, seen: forbidden },
    { ask: `GET /users?in_group=${unknownId}`, seen: '404 app.group.no_rows' },
    { by: 'member', ask: `GET /users?in_team=${unknownId}`, seen: forbidden },
    { by: 'member', ask: 'GET /users?without_team=true', seen: forbidden },
    { ask: 'GET /users?page=9223372036854775807', seen: '500 app.user.get_profiles.app_error' },
    { by: 'member', ask: 'GET /users/stats', seen: '200' },
    { by: 'member', ask: 'GET /users/stats/filtered', seen: forbidden },
    { ask: 'GET /users/stats/filtered?roles=Bad!', seen: invalidBody },
    { by: 'member', ask: 'GET /reports/users', seen: forbidden },
    { ask: 'GET /reports/users?page_size=101', seen: '400 api.getUsersForReporting.invalid_page_size' },
    { ask: 'GET /reports/users?page_size=0', seen: '400 api.getUsersForReporting.invalid_page_size' },
    { ask: 'GET /reports/users?sort_column=Age', seen: '400 model.user_report_options.is_valid.invalid_sort_column' },
    { ask: 'GET /reports/users?team_filter=x', seen: '400 api.getUsersForReporting.invalid_team_filter' },
    {
      ask: 'GET /reports/users?hide_active=true&hide_inactive=true',
      seen: '400 api.getUsersForReporting.invalid_active_filter',
    },
    { ask: 'GET /users/invalid_emails', seen: '400 <untranslated>', config: { 'TeamSettings.EnableOpenServer': true } },
    { by: 'member', ask: 'GET /users/invalid_emails', seen: forbidden },
  ],
  search: [
    { ask: 'POST /users/search', body: { term: 'a', in_group_id: unknownId }, seen: '404 app.group.no_rows' },
    { ask: 'POST /users/search', body: { term: 'a', in_channel_id: unknownId }, seen: forbidden },

    { ask: 'POST /users/search', body: { term: '' }, seen: invalidBody },
    { ask: 'POST /users/search', body: { term: 'a', limit: 1001 }, seen: invalidBody },
    { ask: 'POST /users/search', body: { term: 'a', limit: -1 }, seen: invalidBody },
    { ask: 'POST /users/search', body: { term: 'a', not_in_channel_id: unknownId }, seen: invalidBody },
    { ask: 'POST /users/search', body: '{', seen: invalidBody },
    { by: 'member', ask: 'POST /users/search', body: { term: 'a', team_id: unknownId }, seen: forbidden },
    { ask: `GET /users/autocomplete?in_channel=${unknownId}`, seen: forbidden },
    { ask: 'POST /users/group_channels', body: [], seen: parse },
  ],
  creating: [
    { ask: 'POST /users', body: '[]', seen: invalidBody },
    { ask: 'POST /users', body: '', seen: invalidBody },
    { ask: 'POST /users', body: { ...person, username: 5 }, seen: invalidBody },
    { ask: 'POST /users', body: { ...person, timezone: { useAutomaticTimezone: true } }, seen: invalidBody },
    { ask: 'POST /users', body: 'null', seen: isValid('pwd_min_length') },
    { ask: 'POST /users', body: { ...person, password: '' }, seen: isValid('pwd_min_length') },
    { ask: 'POST /users', body: { ...person, id: unknownId }, seen: '400 app.user.save.existing.app_error' },
    { ask: 'POST /users', body: { ...person, username: 'ADA' }, seen: '400 app.user.save.username_exists.app_error' },
    { ask: 'POST /users', body: { ...person, username: 'away' }, seen: '400 app.user.save.username_exists.app_error' },
    {
      ask: 'POST /users',
      body: { ...person, username: 'developers' },
      seen: '400 app.user.save.username_exists.app_error',
    },
    {
      ask: 'POST /users',
      body: { ...person, email: ' Ada@Example.com' },
      seen: '400 app.user.save.email_exists.app_error',
    },
    {
      ask: 'POST /users',
      body: { ...person, username: 'ada', email: 'bob@example.com' },
      seen: '400 app.user.save.username_exists.app_error',
    },
    { ask: 'POST /users', body: { ...person, auth_service: 'x'.repeat(33) }, seen: '500 app.user.save.app_error' },
    { ask: 'POST /users', body: { ...person, auth_data: 'x' }, seen: isValid('auth_data_type') },
    { ask: 'POST /users', body: { ...person, auth_data: 'x', auth_service: 'saml' }, seen: isValid('auth_data_pwd') },
    {
      ask: 'POST /users',
      body: { ...person, auth_service: 'saml', password: 'x'.repeat(73) },
      seen: '400 model.user.pre_save.password_too_long.app_error',
    },
    {
      ask: 'POST /users',
      body: person,
      config: { 'TeamSettings.RestrictCreationToDomains': '@corp.test' },
      seen: '400 api.user.create_user.accepted_domain.app_error',
    },
    {
      ask: 'POST /users',
      body: { username: 'new', email: 'new@example.com', auth_service: 'ldap', auth_data: 'uid=new' },
      config: { 'TeamSettings.RestrictCreationToDomains': '@corp.test' },
      seen: '201',
    },
    { by: 'nobody', ask: 'POST /users', body: person, seen: '403 api.user.create_user.no_open_server' },
    { by: 'member', ask: 'POST /users', body: person, seen: '403 api.user.create_user.no_open_server' },
    {
      by: 'nobody',
      ask: 'POST /users',
      body: person,
      config: { 'TeamSettings.EnableUserCreation': false, 'TeamSettings.EnableOpenServer': true },
      seen: '501 api.user.create_user.signup_email_disabled.app_error',
    },
    { ask: 'POST /users', body: person, config: { 'TeamSettings.EnableUserCreation': false }, seen: '201' },
    {
      by: 'nobody',
      ask: 'POST /users?t=x',
      body: person,
      seen: '404 api.user.create_user.signup_link_invalid.app_error',
    },
    { by: 'nobody', ask: 'POST /users?iid=x', body: person, seen: '404 app.team.get_by_invite_id.finding.app_error' },
  ],
  'patch and full update': [
    { ask: `PUT /users/${unknownId}/patch`, body: {}, seen: invalidBody },
    { ask: `PUT /users/${unknownId}`, body: { id: unknownId }, seen: noUser },
    { ask: 'PUT /users/{ada}', body: { username: 'ada' }, seen: invalidBody },
    { ask: 'PUT /users/{ada}', body: { id: '{ada}', email: 'ada@example.com' }, seen: isValid('username') },
    { ask: 'PUT /users/{ada}', body: { id: '{ada}', username: 'ada' }, seen: isValid('email') },
    { ask: 'PUT /users/x/patch', body: {}, seen: invalidUrl },
    { ask: 'PUT /users/{ada}/patch', body: '[]', seen: invalidBody },
    { ask: 'PUT /users/{ada}/patch', body: 'null', seen: '200' },
    { ask: 'PUT /users/{ada}/patch', body: { nickname: 5 }, seen: invalidBody },
    { ask: 'PUT /users/{ada}/patch', body: { username: 'bob' }, seen: '400 app.user.save.username_exists.app_error' },
    {
      ask: 'PUT /users/{ada}/patch',
      body: { username: 'developers' },
      seen: '400 app.user.save.username_exists.app_error',
    },
    {
      ask: 'PUT /users/{ada}/patch',
      body: { email: 'away@example.com' },
      seen: '400 app.user.save.email_exists.app_error',
    },
    { ask: 'PUT /users/{ada}/patch', body: { email: ' new@example.com' }, seen: isValid('email') },
    { by: 'member', ask: 'PUT /users/{ada}/patch', body: {}, seen: forbidden },
    { by: 'member', ask: 'PUT /users/me/patch', body: { email: 'new@example.com' }, seen: invalidBody },
    {
      by: 'member',
      ask: 'PUT /users/me/patch',
      body: { email: 'new@example.com', password: 'wrong' },
      seen: '401 api.user.check_user_password.invalid.app_error',
    },
    {
      by: 'member',
      ask: 'PUT /users/me/patch',
      body: { email: 'new@example.com', password: 'password1' },
      seen: '200',
    },
    {
      by: 'member',
      ask: 'PUT /users/{bob}',
      body: { id: '{bob}', username: 'bob', email: 'new@example.com', password: 'wrong' },
      seen: invalidBody,
    },
    {
      ask: 'PUT /users/{ada}/patch',
      body: { email: 'new@example.com' },
      config: { 'TeamSettings.RestrictCreationToDomains': 'corp.test' },
      seen: '400 api.user.update_user.accepted_domain.app_error',
    },
    {
      ask: 'PUT /users/{gus}/patch',
      body: { email: 'new@example.com' },
      config: { 'GuestAccountsSettings.RestrictCreationToDomains': 'corp.test' },
      seen: '400 api.user.update_user.accepted_guest_domain.app_error',
    },
    { ask: 'PUT /users/{lda}/patch', body: { email: 'new@example.com' }, seen: '400 app.user.update.find.app_error' },
    {
      ask: 'PUT /users/{sam}/patch',
      body: { username: 'new' },
      seen: '409 api.user.patch_user.login_provider_attribute_set.app_error',
    },
    { ask: 'PUT /users/{sam}/patch', body: { username: 'sam', first_name: 'Sam' }, seen: '200' },
    {
      ask: 'PUT /users/{git}/patch',
      body: { last_name: 'Hub' },
      seen: '409 api.user.patch_user.login_provider_attribute_set.app_error',
    },
    {
      ask: 'PUT /users/{git}',
      body: { id: '{git}', username: 'new', email: 'git@example.com' },
      seen: '409 api.user.update_user.login_provider_attribute_set.app_error',
    },
    {
      ask: 'PUT /users/{lda}/patch',
      body: { position: 'Lead' },
      config: { 'LdapSettings.PositionAttribute': 'title' },
      seen: '409 api.user.patch_user.login_provider_attribute_set.app_error',
    },
    {
      ask: 'PUT /users/{sam}/patch',
      body: { nickname: 'Sammy' },
      config: { 'SamlSettings.NicknameAttribute': 'nick' },
      seen: '409 api.user.patch_user.login_provider_attribute_set.app_error',
    },
  ],
  roles: [
    { ask: 'POST /users/{mag}/promote', seen: '501 api.user.promote_guest_to_user.magic_link_enabled.app_error' },

    { ask: 'PUT /users/x/roles', body: {}, seen: invalidUrl },
    { ask: 'PUT /users/{ada}/roles', body: { roles: 'Bad' }, seen: invalidBody },
    { ask: 'PUT /users/{ada}/roles', body: { roles: 'system_admin' }, seen: invalidBody },
    {
      by: 'member',
      ask: 'PUT /users/{ada}/roles',
      body: { roles: 'system_user system_manager' },
      seen: '400 api.user.update_user_roles.license.app_error',
    },
    { by: 'member', ask: 'PUT /users/{ada}/roles', body: { roles: 'system_user' }, seen: forbidden },
    {
      ask: `PUT /users/${unknownId}/roles`,
      body: { roles: 'system_user' },
      seen: '400 app.user.missing_account.const',
    },
    {
      ask: 'PUT /users/{ada}/roles',
      body: { roles: 'system_user nosuch' },
      seen: '400 app.role.check_roles_exist.role_not_found',
    },
    { ask: 'PUT /users/{ada}/roles', body: { roles: 'system_user '.repeat(22) }, seen: isValid('roles_limit') },
    { ask: 'PUT /users/{ada}/roles', body: { roles: 'system_user team_admin playbook_member' }, seen: '200' },
    { by: 'member', ask: 'GET /roles', seen: forbidden },
    { by: 'member', ask: 'GET /roles/name/nosuch', seen: '404 app.role.get_by_name.app_error' },
    { by: 'member', ask: 'POST /roles/names', body: [], seen: invalidBody },
    { by: 'member', ask: 'POST /roles/names', body: ['Bad!'], seen: invalidBody },
    {
      by: 'member',
      ask: 'POST /roles/names',
      body: Array.from({ length: 101 }, (_, index) => `r${index}`),
      seen: '400 api.roles.get_multiple_by_name_too_many.request_error',
    },
    { ask: 'POST /users/{ada}/promote', seen: '501 api.user.promote_guest_to_user.no_guest.app_error' },
    { ask: `POST /users/${unknownId}/promote`, seen: noUser },
    { by: 'member', ask: 'POST /users/{gus}/promote', seen: forbidden },
    { by: 'member', ask: 'POST /users/{ada}/demote', seen: '501 api.team.demote_user_to_guest.license.error' },
    { ask: `POST /users/${unknownId}/demote`, seen: '501 api.team.demote_user_to_guest.license.error' },
  ],
  'active state': [
    { ask: 'PUT /users/{ada}/active', body: { active: 'true' }, seen: invalidBody },
    { ask: 'PUT /users/{ada}/active', body: '{', seen: invalidBody },
    { ask: `PUT /users/${unknownId}/active`, body: { active: true }, seen: noUser },
    {
      by: 'member',
      ask: 'PUT /users/{ada}/active',
      body: { active: false },
      seen: '403 api.user.update_active.permissions.app_error',
    },
    {
      by: 'member',
      ask: 'PUT /users/me/active',
      body: { active: true },
      seen: '403 api.user.update_active.permissions.app_error',
    },
    { ask: 'PUT /users/me/active', body: { active: false }, seen: '401 api.user.update_active.not_enable.app_error' },
    {
      by: 'member',
      ask: 'PUT /users/me/active',
      body: { active: false },
      config: { 'TeamSettings.EnableUserDeactivation': true },
      seen: '200',
    },
    {
      ask: 'PUT /users/{gus}/active',
      body: { active: true },
      seen: '401 api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error',
    },
    {
      ask: 'PUT /users/{lda}/active',
      body: { active: false },
      seen: '403 api.user.update_active.cannot_modify_status_when_user_is_managed_by_ldap.app_error',
    },
    { ask: 'DELETE /users/{lda}', seen: '200' },
    { ask: `DELETE /users/${unknownId}`, seen: noUser },
    { by: 'member', ask: 'DELETE /users/{ada}', seen: forbidden },
    { by: 'member', ask: 'DELETE /users/me', seen: '401 api.user.update_active.not_enable.app_error' },
    { ask: 'DELETE /users/{ada}?permanent=true', seen: '401 api.user.delete_user.not_enabled.for_admin.app_error' },
    { ask: 'DELETE /users/{ada}?permanent=false', seen: '200' },
    {
      ask: 'DELETE /users/{ada}?permanent=true',
      config: { 'ServiceSettings.EnableAPIUserDeletion': true },
      seen: '200',
    },
  ],
  'login method and password': [
    {
      ask: 'PUT /users/{mag}/password',
      body: { new_password: 'password2' },
      seen: '400 api.user.update_password.magic_link.app_error',
    },
    { ask: 'POST /users/{lda}/reset_failed_attempts', seen: '200' },
    {
      ask: 'PUT /users/{ada}/auth',
      body: { auth_service: 'saml', auth_data: 'x'.repeat(129) },
      seen: '500 app.user.update_auth_data.app_error',
    },

    { by: 'member', ask: 'PUT /users/{ada}/auth', body: {}, seen: forbidden },
    { ask: 'PUT /users/{ada}/auth', body: '{', seen: invalidBody },
    {
      ask: 'PUT /users/{ada}/auth',
      body: { auth_service: '', auth_data: 'x' },
      seen: '400 api.user.update_user_auth.invalid_request',
    },
    {
      ask: 'PUT /users/{ada}/auth',
      body: { auth_service: 'saml' },
      seen: '400 api.user.update_user_auth.invalid_request',
    },
    {
      ask: 'PUT /users/{ada}/auth',
      body: { auth_service: 'gitlab', auth_data: 'sam@idp' },
      seen: '400 app.user.update_auth_data.email_exists.app_error',
    },
    {
      ask: 'PUT /users/{ada}/auth',
      body: { auth_service: 'x'.repeat(33), auth_data: 'x' },
      seen: '500 app.user.update_auth_data.app_error',
    },
    { ask: 'PUT /users/{ada}/password', body: {}, seen: isValid('pwd_min_length') },
    { ask: 'PUT /users/{ada}/password', body: { new_password: 'x'.repeat(73) }, seen: isValid('pwd_max_length') },
    {
      by: 'member',
      ask: 'PUT /users/{ada}/password',
      body: { new_password: 'password2' },
      seen: '403 api.user.update_password.context.app_error',
    },
    {
      ask: `PUT /users/${unknownId}/password`,
      body: { new_password: 'password2' },
      seen: '403 api.user.update_password.context.app_error',
    },
    { ask: 'PUT /users/me/password', body: { new_password: 'password2' }, seen: invalidBody },
    {
      ask: 'PUT /users/me/password',
      body: { current_password: 'wrong', new_password: 'password2' },
      seen: '400 api.user.update_password.incorrect.app_error',
    },
    {
      by: 'member',
      ask: 'PUT /users/me/password',
      body: { new_password: 'hash', already_hashed: 'true' },
      seen: '401 api.user.update_password.user_and_hashed.app_error',
    },
    { ask: 'PUT /users/{ada}/password', body: { new_password: 'hash', already_hashed: 'true' }, seen: '200' },
    {
      ask: 'PUT /users/{far}/password',
      body: { new_password: 'password2' },
      seen: '500 api.user.update_password.failed.app_error',
    },
    {
      by: 'member',
      ask: 'POST /users/{ada}/reset_failed_attempts',
      seen: '403 api.user.reset_password_failed_attempts.permissions.app_error',
    },
    {
      ask: 'POST /users/{sam}/reset_failed_attempts',
      seen: '400 api.user.reset_password_failed_attempts.ldap_and_email_only.app_error',
    },
    { ask: `POST /users/${unknownId}/reset_failed_attempts`, seen: noUser },
    { ask: 'POST /users/{ada}/reset_failed_attempts', seen: '200' },
  ],
  tokens: [
    { ask: `POST /users/${unknownId}/tokens`, body: {}, seen: noUser },
    { ask: 'POST /users/{far}/tokens', body: { description: 'x' }, seen: forbidden },
    { ask: 'POST /users/{ada}/tokens', body: '{', seen: invalidBody },
    { ask: 'POST /users/{ada}/tokens', body: {}, seen: invalidBody },
    {
      ask: 'POST /users/{ada}/tokens',
      body: { description: 'ä'.repeat(128) },
      seen: '400 model.user_access_token.is_valid.description.app_error',
    },
    { ask: 'POST /users/{ada}/tokens', body: { DESCRIPTION: 'x' }, seen: '200' },
    { by: 'member', ask: 'POST /users/me/tokens', body: { description: 'x' }, seen: forbidden },
    { by: 'helper', ask: 'POST /users/me/tokens', body: { description: 'x' }, seen: '200' },
    { by: 'helper', ask: 'POST /users/{ada}/tokens', body: { description: 'x' }, seen: forbidden },
    { by: 'helper', ask: 'GET /users/me/tokens', seen: '200' },
    { by: 'helper', ask: 'GET /users/{ada}/tokens', seen: forbidden },
    { by: 'helper', ask: 'GET /users/tokens', seen: forbidden },
    { by: 'helper', ask: 'GET /users/tokens/{ada token}', seen: forbidden },
    { by: 'helper', ask: 'POST /users/tokens/revoke', body: { token_id: '{ada token}' }, seen: forbidden },
    { by: 'member', ask: 'POST /users/tokens/revoke', body: { token_id: '{ada token}' }, seen: forbidden },
    { ask: `GET /users/${unknownId}/tokens`, seen: '200' },
    { ask: 'GET /users/{ada}/tokens?page=-1', seen: '500 app.user_access_token.get_by_user.app_error' },
    { ask: 'GET /users/tokens?page=-1', seen: '200' },
    { ask: 'GET /users/tokens/short', seen: invalidUrl },
    { ask: `GET /users/tokens/${unknownId}`, seen: tokenUnknown },
    { ask: 'POST /users/tokens/disable', body: {}, seen: tokenUnknown },
    { ask: 'POST /users/tokens/enable', body: { token_id: 5 }, seen: tokenUnknown },
    { ask: 'POST /users/tokens/revoke', body: '{', seen: tokenUnknown },
    { by: 'member', ask: 'POST /users/tokens/disable', body: {}, seen: forbidden },
    { ask: 'POST /users/tokens/search', body: { term: '' }, seen: invalidBody },
    { ask: 'POST /users/tokens/search', body: '{', seen: invalidBody },
    { by: 'helper', ask: 'POST /users/tokens/search', body: { term: 'ada' }, seen: forbidden },
    { ask: 'POST /users/tokens/rotate', body: { token_id: '{ada token}' }, seen: notFound },
  ],
  sessions: [
    { by: 'member', ask: 'GET /users/{ada}/sessions', seen: forbidden },
    { ask: `GET /users/${unknownId}/sessions`, seen: '200' },
    { ask: 'POST /users/{ada}/sessions/revoke', body: {}, seen: invalidBody },
    {
      ask: 'POST /users/{ada}/sessions/revoke',
      body: { session_id: unknownId },
      seen: '400 app.session.get.app_error',
    },
    { ask: 'POST /users/{ada}/sessions/revoke', body: { session_id: '{session}' }, seen: invalidUrl },
    { ask: 'POST /users/{bob}/sessions/revoke', body: { session_id: '{session}' }, seen: '200' },
    { ask: `POST /users/${unknownId}/sessions/revoke/all`, seen: '200' },
    { by: 'member', ask: 'POST /users/sessions/revoke/all', seen: forbidden },
    {
      by: 'member',
      ask: 'PUT /users/sessions/device',
      body: { device_notification_disabled: 'maybe' },
      seen: invalidBody,
    },
    { by: 'member', ask: 'PUT /users/sessions/device', body: { mobile_version: '2.1' }, seen: invalidBody },
    {
      by: 'member',
      ask: 'PUT /users/sessions/device',
      body: { device_id: 'ios:1', mobile_version: '2.1.0' },
      seen: '200',
    },
  ],
  MFA: [
    { ask: 'PUT /users/{ada}/mfa', body: {}, seen: invalidBody },
    { ask: 'PUT /users/{ada}/mfa', body: { activate: true }, seen: invalidBody },
    { ask: 'PUT /users/{ada}/mfa', body: { activate: true, code: '1' }, seen: '501 mfa.mfa_disabled.app_error' },
    {
      ask: 'PUT /users/{sam}/mfa',
      body: { activate: true, code: '1' },
      seen: '400 api.user.activate_mfa.email_and_ldap_only.app_error',
    },
    {
      ask: 'PUT /users/{ada}/mfa',
      body: { activate: true, code: '1' },
      config: { 'ServiceSettings.EnableMultifactorAuthentication': true },
      seen: '401 mfa.activate.bad_token.app_error',
    },
    { ask: 'PUT /users/{ada}/mfa', body: { activate: false }, seen: '200' },
    { ask: `PUT /users/${unknownId}/mfa`, body: { activate: false }, seen: noUser },
    { by: 'member', ask: 'PUT /users/{ada}/mfa', body: { activate: false }, seen: forbidden },
    { ask: 'POST /users/{ada}/mfa/generate', seen: '501 mfa.mfa_disabled.app_error' },
    { ask: `POST /users/${unknownId}/mfa/generate`, seen: noUser },
  ],
  'links in mails': [
    {
      by: 'nobody',
      ask: 'POST /users/password/reset/send',
      body: { email: 'far@example.com' },
      seen: '400 api.user.send_password_reset.send.app_error',
    },

    { by: 'nobody', ask: 'POST /users/password/reset/send', body: {}, seen: invalidBody },
    { by: 'nobody', ask: 'POST /users/password/reset/send', body: { email: 'nobody@example.com' }, seen: '200' },
    {
      by: 'nobody',
      ask: 'POST /users/password/reset/send',
      body: { email: 'sam@example.com' },
      seen: '400 api.user.send_password_reset.sso.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/password/reset/send',
      body: { email: 'sam@example.com' },
      config: { 'ServiceSettings.ExperimentalEnableHardenedMode': true },
      seen: '200',
    },
    { by: 'nobody', ask: 'POST /users/password/reset', body: { code: 'x'.repeat(64) }, seen: invalidBody },
    {
      by: 'nobody',
      ask: 'POST /users/password/reset',
      body: { token: 'x'.repeat(64) },
      seen: '400 api.user.reset_password.invalid_link.app_error',
    },
    { by: 'nobody', ask: 'POST /users/email/verify/send', body: {}, seen: invalidBody },
    { by: 'nobody', ask: 'POST /users/email/verify/send', body: { email: 'nobody' }, seen: '200' },
    { by: 'nobody', ask: 'POST /users/email/verify', body: { token: 'short' }, seen: invalidBody },
    {
      by: 'nobody',
      ask: 'POST /users/email/verify',
      body: { token: 'x'.repeat(64) },
      seen: '400 api.user.verify_email.bad_link.app_error',
    },
    { by: 'member', ask: `POST /users/${unknownId}/email/verify/member`, seen: noUser },
    { by: 'member', ask: 'POST /users/{ada}/email/verify/member', seen: forbidden },
  ],
  'logging in': [
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'email', new_service: 'ldap', email: 'ada@example.com', password: 'password1' },
      seen: '501 api.user.email_to_ldap.not_available.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'ldap', new_service: 'email', email: 'lda@example.com' },
      seen: '501 api.user.ldap_to_email.not_available.app_error',
    },

    { by: 'nobody', ask: 'POST /users/login', body: '', seen: '400 api.user.login.blank_pwd.app_error' },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { LOGIN_ID: 'ada', PASSWORD: 'x' },
      seen: '400 api.user.login.blank_pwd.app_error',
    },
    ...['nobody', 'sam'].map((login_id) => ({
      by: 'nobody' as const,
      ask: 'POST /users/login',
      body: { login_id, password: 'password1' },
      seen: '401 api.user.login.invalid_credentials_email_username',
    })),
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'away', password: 'x' },
      seen: '401 api.user.login.inactive.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'robot', password: 'x' },
      seen: '401 api.user.login.bot_login_forbidden.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'ada', password: 'password1' },
      config: { 'EmailSettings.RequireEmailVerification': true },
      seen: '401 api.user.login.not_verified.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'ada', password: 'wrong' },
      config: { 'EmailSettings.EnableSignInWithEmail': false },
      seen: '401 api.user.login.invalid_credentials_username',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'ada', password: 'wrong' },
      config: { 'EmailSettings.EnableSignInWithUsername': false },
      seen: '401 api.user.login.invalid_credentials_email',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login',
      body: { login_id: 'ada', password: 'wrong' },
      config: { 'SamlSettings.Enable': true },
      seen: '401 api.user.login.invalid_credentials_sso',
    },
    { by: 'nobody', ask: 'POST /users/logout', seen: '200' },
    { by: 'nobody', ask: 'POST /users/login/type', body: { login_id: 'ada' }, seen: '404' },
    { by: 'nobody', ask: 'POST /users/login/switch', body: '{', seen: invalidBody },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'ldap', new_service: 'saml' },
      seen: invalidBody,
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'email', new_service: 'saml', email: 'nobody@example.com' },
      seen: noUser,
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'email', new_service: 'gitlab', email: 'ada@example.com', password: 'wrong' },
      seen: '401 api.user.check_user_password.invalid.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'email', new_service: 'gitlab', email: 'ada@example.com', password: 'password1' },
      seen: '501 api.user.authorize_oauth_user.unsupported.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'saml', new_service: 'email' },
      seen: expired,
    },
    {
      by: 'member',
      ask: 'POST /users/login/switch',
      body: { current_service: 'saml', new_service: 'email', email: 'ada@example.com' },
      seen: '403 api.user.oauth_to_email.context.app_error',
    },
    {
      by: 'member',
      ask: 'POST /users/login/switch',
      body: { current_service: 'saml', new_service: 'email', email: 'bob@example.com' },
      seen: '400 api.user.oauth_to_email.not_oauth_user.app_error',
    },
    {
      by: 'nobody',
      ask: 'POST /users/login/switch',
      body: { current_service: 'ldap', new_service: 'email', email: 'ada@example.com' },
      seen: '400 api.user.ldap_to_email.not_ldap_account.app_error',
    },
  ],
  bots: [
    { ask: 'POST /bots/{ada}/enable', seen: '404 store.sql_bot.get.missing.app_error' },
    { by: 'member', ask: 'POST /bots/{robot}/disable', seen: '404 store.sql_bot.get.missing.app_error' },
    { ask: 'POST /bots/short/disable', seen: invalidUrl },
    { ask: `POST /users/${unknownId}/convert_to_bot`, seen: noUser },

    { by: 'member', ask: 'GET /bots', seen: forbidden },
    { by: 'member', ask: 'GET /bots/{robot}', seen: '404 store.sql_bot.get.missing.app_error' },
    { ask: 'GET /bots/{ada}', seen: '404 store.sql_bot.get.missing.app_error' },
    { ask: 'GET /bots/short', seen: invalidUrl },
    { ask: 'POST /bots', body: 'null', seen: invalidBody },
    { ask: 'POST /bots', body: { username: 'b' }, seen: '403 api.bot.create_disabled' },
    { by: 'member', ask: 'POST /bots', body: { username: 'b' }, seen: forbidden },
    { by: 'member', ask: 'PUT /users/{robot}/patch', body: {}, seen: forbidden },
    { by: 'member', ask: 'POST /users/{ada}/convert_to_bot', seen: forbidden },
  ],
  preferences: [
    {
      by: 'member',
      ask: 'PUT /users/me/preferences',
      body: [{ user_id: '{bob}', category: 'a', name: 'b'.repeat(33), value: '' }],
      seen: '400 model.preference.is_valid.name.app_error',
    },
    {
      by: 'member',
      ask: 'PUT /users/me/preferences',
      body: [{ user_id: '{bob}', category: 'a', name: 'b', value: 'x'.repeat(20_001) }],
      seen: '400 model.preference.is_valid.value.app_error',
    },
    { by: 'member', ask: 'PUT /users/me/preferences', body: {}, seen: invalidBody },

    { by: 'member', ask: 'GET /users/{ada}/preferences', seen: forbidden },
    {
      by: 'member',
      ask: 'GET /users/me/preferences/nothing',
      seen: '404 api.preference.preferences_category.get.app_error',
    },
    { by: 'member', ask: 'GET /users/me/preferences/nothing/name/x', seen: '400 app.preference.get.app_error' },
    { by: 'member', ask: 'PUT /users/me/preferences', body: [], seen: invalidBody },
    {
      by: 'member',
      ask: 'PUT /users/me/preferences',
      body: [{ user_id: '{ada}', category: 'a', name: 'b', value: 'c' }],
      seen: '403 api.preference.update_preferences.set.app_error',
    },
    {
      by: 'member',
      ask: 'PUT /users/me/preferences',
      body: [{ user_id: '{bob}', category: 'a'.repeat(33), name: 'b', value: 'c' }],
      seen: '400 model.preference.is_valid.category.app_error',
    },
    {
      by: 'member',
      ask: 'POST /users/me/preferences/delete',
      body: [{ user_id: '{ada}', category: 'a', name: 'b', value: 'c' }],
      seen: '403 api.preference.delete_preferences.delete.app_error',
    },
  ],
  'records and pictures': [
    { ask: `GET /users/${unknownId}/image/default`, seen: noUser },

    { by: 'member', ask: 'GET /users/{ada}/audits', seen: forbidden },
    { ask: 'GET /users/{ada}/audits?page=-1', seen: '500 app.audit.get.finding.app_error' },
    { ask: 'GET /users/x/terms_of_service', seen: '404 app.user_terms_of_service.get_by_user.no_rows.app_error' },
    { ask: 'POST /users/x/terms_of_service', body: { accepted: true }, seen: invalidBody },
    { ask: 'POST /users/x/terms_of_service', body: { termsOfServiceId: 'x', accepted: 'true' }, seen: invalidBody },
    {
      ask: 'POST /users/x/terms_of_service',
      body: { termsOfServiceId: 'x', accepted: true },
      seen: '404 app.terms_of_service.get.no_rows.app_error',
    },
    { ask: `GET /users/${unknownId}/image`, seen: noUser },
    { ask: 'POST /users/{ada}/image', body: 'no form', seen: '500 api.user.upload_profile_user.parse.app_error' },
    { by: 'member', ask: 'POST /users/{ada}/image', body: 'x', seen: forbidden },
    { ask: `DELETE /users/${unknownId}/image`, seen: noUser },
    {
      ask: 'POST /users/{ada}/image',
      body: 'x',
      config: { 'FileSettings.DriverName': '' },
      seen: '501 api.user.upload_profile_user.storage.app_error',
    },
  ],
};

describe.each(Object.entries(rows))('%s', (_operation, cases) => {
  test.each(share(cases, 3).map((row) => [row.by ?? 'admin', row.ask.slice(0, 70), row.seen, row] as const))(
    'by %s: %s is answered %s',
    async (by, _ask, expected, row) => {
      const sandbox = await sandboxFor({ seed: { users, groups: ['developers'] }, config: row.config ?? {} });
      const session = sandbox.control.openSession('bob');
      const filled = (text: string): string =>
        text
          .replaceAll('{session}', session)
          .replaceAll('{ada token}', sandbox.control.tokens('ada')[0]?.id ?? '')
          .replaceAll(/\{([a-z]+)\}/g, (_whole, name: string) => sandbox.control.user(name)?.id ?? name);
      const tokens = { admin: sandbox.adminToken, member: session, nobody: '', 'bad token': 'x'.repeat(26) };
      const token = by === 'helper' ? sandbox.control.openSession('helper') : tokens[by];
      const [method = '', path = ''] = filled(row.ask).split(' ');
      const body =
        row.body === undefined ? undefined : filled(typeof row.body === 'string' ? row.body : JSON.stringify(row.body));

      const seen = await as(sandbox, token)(method, path, body);

      expect(outcome(seen)).toBe(expected);
    },
  );
});

test('an error names its parameter in the message alone, and carries the id of the request', async () => {
  const sandbox = await sandboxFor();

  const seen = await admin(sandbox)('POST', '/users/ids', []);

  expect(Object.keys(seen.json)).toEqual(['id', 'message', 'detailed_error', 'request_id', 'status_code']);
  expect(seen.message).toBe('Invalid or missing user_ids in request body.');
  expect(seen.json['request_id']).toBe(seen.headers.get('x-request-id'));
});

test('in hardened mode errors of the server have no name', async () => {
  const sandbox = await sandboxFor({ config: { 'ServiceSettings.ExperimentalEnableHardenedMode': true } });

  const seen = await admin(sandbox)('POST', '/users/me/demote');

  expect([seen.status, seen.json['id']]).toEqual([500, '']);
});

test('an unknown route says so in its details, without an id of the request', async () => {
  const sandbox = await sandboxFor();

  const seen = await admin(sandbox)('GET', '/nosuchroute');

  expect(Object.keys(seen.json)).toEqual(['id', 'message', 'detailed_error', 'status_code']);
  expect(seen.json['detailed_error']).toContain('/api/v4/nosuchroute');
});

test('only administrators may touch an administrator', async () => {
  const sandbox = await sandboxFor({
    licence: 'professional',
    seed: { users: [{ username: 'editor', roles: 'system_user system_manager' }] },
  });
  const root = sandbox.control.user('sandbox-admin')?.id;
  const ask = as(sandbox, sandbox.control.openSession('editor'));

  expect(outcome(await ask('PUT', `/users/${root}/patch`, {}))).toBe(forbidden);
  expect(outcome(await ask('DELETE', `/users/${root}`))).toBe(forbidden);
});

test('demoting needs a permission of its own, where guests are allowed at all', async () => {
  const sandbox = await sandboxFor({ licence: 'professional', config: { 'GuestAccountsSettings.Enable': true } });
  const { ask } = member(sandbox, 'ada');

  expect(outcome(await ask('POST', '/users/me/demote'))).toBe(forbidden);
  expect(outcome(await admin(sandbox)('POST', `/users/${unknownId}/demote`))).toBe(noUser);
});

test('a cookie writes with the value against forgery, and under strict rules with nothing else', async () => {
  const sandbox = await sandboxFor({
    config: { 'ServiceSettings.ExperimentalStrictCSRFEnforcement': true },
    seed: { users: [{ username: 'ada', password: 'password1' }] },
  });
  const asBrowser = { 'X-Requested-With': 'XMLHttpRequest' };
  const login = await as(sandbox)('POST', '/users/login', { login_id: 'ada', password: 'password1' }, asBrowser);
  const cookies = login.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const csrf = cookies.find((cookie) => cookie.startsWith('MMCSRF='))?.slice('MMCSRF='.length) ?? '';
  const patch = async (headers: Readonly<Record<string, string>>): Promise<string> =>
    outcome(await as(sandbox)('PUT', '/users/me/patch', {}, { Cookie: cookies.join('; '), ...headers }));

  expect(await patch({ 'X-CSRF-Token': csrf })).toBe('200');
  expect([await patch(asBrowser), await patch({ 'X-CSRF-Token': 'wrong' })]).toEqual([expired, expired]);
});
