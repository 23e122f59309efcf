import type { Caller, Reply } from '../support/caller.ts';
import { type ContractCase, type ContractCases, fact, type Needs, refusal } from '../support/contract-case.ts';
import {
  expectOk,
  expectRefused,
  forbidden,
  invalidBody,
  invalidUrl,
  noRoute,
  noSession,
  noToken,
  noUser,
  type Refused,
} from '../support/expectations.ts';
import type { Stage } from '../support/stage.ts';

// Who may come in: without a session, with an id that is none, about nobody, and as a member about somebody else.

interface Gate {
  readonly send: string;
  readonly body?: unknown;
  /** What comes of it without a session; `session_expired` if not said. What is open to all finds other faults. */
  readonly anonymous?: Refused;
  /** For a path with an id of the wrong shape. */
  readonly malformed?: Refused;
  /** For an id that nobody has, asked by an administrator. */
  readonly unknown?: Refused | 'ok' | readonly [status: number];
  /** For a member who asks about somebody else. */
  readonly member?: Refused | 'ok' | readonly [status: number];
  readonly needs?: Needs;
}

const idRead = { malformed: invalidUrl, unknown: noUser } as const;
const editors = { malformed: invalidUrl, member: forbidden } as const;
const noLicence: Refused = [501, 'api.team.demote_user_to_guest.license.error'];

/** `{id}` is somebody who is there, or an unknown or malformed id, as the row says. */
const gates: Readonly<Record<string, Gate>> = {
  'users-autocomplete-get': { send: 'GET /users/autocomplete?name=x', member: [200] },
  'users-email-email-get': {
    send: 'GET /users/email/nobody@example.test',
    member: noUser,
    needs: { config: { 'PrivacySettings.ShowEmailAddress': true } },
  },
  'users-email-verify-post': { send: 'POST /users/email/verify', anonymous: invalidBody },
  'users-email-verify-send-post': { send: 'POST /users/email/verify/send', anonymous: invalidBody },
  'users-get': { send: 'GET /users?per_page=1', member: [200] },
  'users-group-channels-post': {
    send: 'POST /users/group_channels',
    body: ['ybndrfg8ejkmcpqxot1uwisza3'],
    member: [200],
  },
  'users-ids-post': { send: 'POST /users/ids', body: ['ybndrfg8ejkmcpqxot1uwisza3'], member: [200] },
  'users-login-switch-post': { send: 'POST /users/login/switch', body: {}, anonymous: invalidBody },
  'users-mfa-post': { send: 'POST /users/mfa', body: { login_id: 'x' }, anonymous: noRoute, member: noRoute },
  'users-password-reset-post': { send: 'POST /users/password/reset', anonymous: invalidBody },
  'users-password-reset-send-post': { send: 'POST /users/password/reset/send', anonymous: invalidBody },
  'users-post': { send: 'POST /users', body: '[', anonymous: invalidBody, member: invalidBody },
  'users-search-post': { send: 'POST /users/search', body: { term: 'x' }, member: [200] },
  'users-sessions-device-put': { send: 'PUT /users/sessions/device', body: {}, member: 'ok' },
  'users-sessions-revoke-all-post': { send: 'POST /users/sessions/revoke/all', member: forbidden },
  'users-stats-get': { send: 'GET /users/stats', member: [200] },
  'users-tokens-disable-post': { send: 'POST /users/tokens/disable', body: { token_id: 'x' }, member: forbidden },
  'users-tokens-enable-post': { send: 'POST /users/tokens/enable', body: { token_id: 'x' }, member: forbidden },
  'users-tokens-get': { send: 'GET /users/tokens', member: forbidden },
  'users-tokens-revoke-post': { send: 'POST /users/tokens/revoke', body: { token_id: 'x' }, member: forbidden },
  'users-tokens-search-post': { send: 'POST /users/tokens/search', body: { term: 'x' }, member: forbidden },
  'users-tokens-token-id-get': {
    send: 'GET /users/tokens/{id}',
    malformed: invalidUrl,
    unknown: noToken,
    member: forbidden,
  },
  'users-user-id-active-put': {
    send: 'PUT /users/{id}/active',
    body: { active: true },
    malformed: invalidUrl,
    unknown: noUser,
    member: [403, 'api.user.update_active.permissions.app_error'],
  },
  'users-user-id-audits-get': { send: 'GET /users/{id}/audits', ...editors, unknown: [200] },
  'users-user-id-auth-put': {
    send: 'PUT /users/{id}/auth',
    body: { auth_service: 'saml', auth_data: 'e2e-nobody-has-this' },
    ...editors,
    unknown: [200],
  },
  'users-user-id-delete': { send: 'DELETE /users/{id}', ...editors, unknown: noUser },
  'users-user-id-demote-post': {
    send: 'POST /users/{id}/demote',
    malformed: invalidUrl,
    unknown: noLicence,
    member: noLicence,
  },
  'users-user-id-get': { send: 'GET /users/{id}', ...idRead, member: [200] },
  'users-user-id-image-default-get': { send: 'GET /users/{id}/image/default', ...idRead, member: [200] },
  'users-user-id-image-delete': { send: 'DELETE /users/{id}/image', ...editors, unknown: noUser },
  'users-user-id-image-get': { send: 'GET /users/{id}/image', ...idRead, member: [200] },
  'users-user-id-image-post': {
    send: 'POST /users/{id}/image',
    body: 'x',
    ...editors,
    unknown: [500, 'api.user.upload_profile_user.parse.app_error'],
  },
  'users-user-id-mfa-generate-post': { send: 'POST /users/{id}/mfa/generate', ...editors, unknown: noUser },
  'users-user-id-mfa-put': {
    send: 'PUT /users/{id}/mfa',
    body: { activate: false },
    ...editors,
    unknown: noUser,
  },
  'users-user-id-password-put': {
    send: 'PUT /users/{id}/password',
    body: { new_password: 'Another-passw0rd' },
    malformed: invalidUrl,
    unknown: [403, 'api.user.update_password.context.app_error'],
    member: [403, 'api.user.update_password.context.app_error'],
  },
  'users-user-id-patch-put': {
    send: 'PUT /users/{id}/patch',
    body: { nickname: 'x' },
    ...editors,
    unknown: invalidBody,
  },
  'users-user-id-promote-post': { send: 'POST /users/{id}/promote', ...editors, unknown: noUser },
  'users-user-id-put': { send: 'PUT /users/{id}', body: { id: '{id}' }, ...editors, unknown: noUser },
  'users-user-id-roles-put': {
    send: 'PUT /users/{id}/roles',
    body: { roles: 'system_user' },
    ...editors,
    unknown: [400, 'app.user.missing_account.const'],
  },
  'users-user-id-sessions-get': { send: 'GET /users/{id}/sessions', ...editors, unknown: [200] },
  'users-user-id-sessions-revoke-all-post': { send: 'POST /users/{id}/sessions/revoke/all', ...editors, unknown: 'ok' },
  'users-user-id-sessions-revoke-post': {
    send: 'POST /users/{id}/sessions/revoke',
    body: { session_id: 'ybndrfg8ejkmcpqxot1uwisza3' },
    ...editors,
    unknown: [400, 'app.session.get.app_error'],
  },
  'users-user-id-terms-of-service-get': {
    send: 'GET /users/{id}/terms_of_service',
    unknown: [404, 'app.user_terms_of_service.get_by_user.no_rows.app_error'],
    member: [404, 'app.user_terms_of_service.get_by_user.no_rows.app_error'],
  },
  'users-user-id-terms-of-service-post': {
    send: 'POST /users/{id}/terms_of_service',
    body: { termsOfServiceId: 'ybndrfg8ejkmcpqxot1uwisza3', accepted: true },
    unknown: [404, 'app.terms_of_service.get.no_rows.app_error'],
    member: [404, 'app.terms_of_service.get.no_rows.app_error'],
  },
  'users-user-id-tokens-get': { send: 'GET /users/{id}/tokens', ...editors, unknown: [200] },
  'users-user-id-tokens-post': {
    send: 'POST /users/{id}/tokens',
    body: { description: 'x' },
    ...editors,
    unknown: noUser,
  },
  'users-username-username-get': {
    send: 'GET /users/username/e2e-nobody-has-this',
    member: [404, 'app.user.get_by_username.app_error'],
  },
  'users-usernames-post': { send: 'POST /users/usernames', body: ['nobody'], member: [200] },

  'users.me': { send: 'GET /users/me', member: [200] },
  'users.statsFiltered': { send: 'GET /users/stats/filtered', member: forbidden },
  'users.deletePermanently': { send: 'DELETE /users/{id}?permanent=true', ...editors, unknown: noUser },
  'users.resetFailedAttempts': {
    send: 'POST /users/{id}/reset_failed_attempts',
    malformed: invalidUrl,
    unknown: noUser,
    member: [403, 'api.user.reset_password_failed_attempts.permissions.app_error'],
  },
  'emails.verifyMember': { send: 'POST /users/{id}/email/verify/member', ...editors, unknown: noUser },
  'roles.list': { send: 'GET /roles', member: forbidden },
  'roles.byNames': { send: 'POST /roles/names', body: ['system_user'], member: [200] },
  'roles.getByName': { send: 'GET /roles/name/system_user', member: [200] },
  'system.emailDomains': { send: 'GET /config?remove_masked=true&remove_defaults=true', member: forbidden },
  'system.serverLimits': { send: 'GET /limits/server', member: [200] },
  'bots.get': {
    send: 'GET /bots/{id}',
    malformed: invalidUrl,
    unknown: [404, 'store.sql_bot.get.missing.app_error'],
    member: [404, 'store.sql_bot.get.missing.app_error'],
  },
  'bots.list': { send: 'GET /bots', member: forbidden },
  'reports.users': { send: 'GET /reports/users', member: forbidden },
  'reports.count': { send: 'GET /reports/users/count', member: forbidden },
  'preferences.list': { send: 'GET /users/{id}/preferences', ...editors, unknown: [200] },
  'preferences.ofCategory': {
    send: 'GET /users/{id}/preferences/nosuch',
    ...editors,
    unknown: [404, 'api.preference.preferences_category.get.app_error'],
  },
  'preferences.get': { send: 'GET /users/{id}/preferences/nosuch/name/none', ...editors },
  'preferences.set': {
    send: 'PUT /users/{id}/preferences',
    body: [{ user_id: '{id}', category: 'muster', name: 'gate', value: '' }],
    ...editors,
  },
  'preferences.delete': {
    send: 'POST /users/{id}/preferences/delete',
    body: [{ user_id: '{id}', category: 'muster', name: 'gate', value: '' }],
    ...editors,
  },
};

function send(caller: Caller, { send: line, body }: Gate, id: string): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return caller.send(method, path.replace('{id}', id), body === undefined ? {} : { body: text.replace('{id}', id) });
}

function expectVerdict(reply: Reply, verdict: Refused | 'ok' | readonly [status: number]): void {
  if (verdict === 'ok') expectOk(reply);
  else if (verdict.length === 2) expectRefused(reply, verdict);
  else if (reply.status !== verdict[0]) expectRefused(reply, [verdict[0], '(any)']);
}

function casesOf(gate: Gate): readonly ContractCase[] {
  const { anonymous, malformed, unknown, member, needs = {} } = gate;
  const someone = async (stage: Stage): Promise<string> =>
    gate.send.includes('{id}') ? (await stage.target()).id : '';
  const closed = anonymous ?? noSession;
  return [
    refusal('without a session', closed, async (stage) => send(stage.nobody, gate, await someone(stage)), needs),
    refusal(
      'with a token that is none',
      closed,
      async (stage) => send(stage.stranger, gate, await someone(stage)),
      needs,
    ),
    ...(malformed === undefined
      ? []
      : [
          refusal('of an id that is too short', malformed, (stage) => send(stage.admin, gate, 'abc'), needs),
          refusal('of an id that is too long', malformed, (stage) => send(stage.admin, gate, 'a'.repeat(27)), needs),
        ]),
    ...(malformed === undefined && !gate.send.includes('{id}')
      ? []
      : [refusal('of an id that no route takes', noRoute, (stage) => send(stage.admin, gate, 'a-b'), needs)]),
    ...(unknown === undefined
      ? []
      : [
          fact(
            'about nobody',
            async (stage) => expectVerdict(await send(stage.admin, gate, stage.unknownId), unknown),
            needs,
          ),
        ]),
    ...(member === undefined
      ? []
      : [
          fact(
            'by a member',
            async (stage) =>
              expectVerdict(await send((await stage.sharedMember()).caller, gate, await someone(stage)), member),
            needs,
          ),
        ]),
  ];
}

/** What the door of each operation answers. */
export const gateCases: ContractCases = Object.fromEntries(
  Object.entries(gates).map(([operation, gate]) => [operation, casesOf(gate)]),
);
