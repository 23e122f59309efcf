import type { Call } from '../call.ts';
import { invalidBody, noUser, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { revokeSessionsOf } from '../operations/sessions.ts';
import { setPassword } from '../operations/set-password.ts';
import { marshalled, type Reply } from '../reply.ts';
import { openPost, type Route } from '../route.ts';
import { isOAuthUser, type SessionRow, type UserRow } from '../rows.ts';
import { authenticate } from './login.ts';

/** People who change their own way of logging in (API §8.3). */
export const switchLoginRoutes: readonly Route[] = [openPost('/users/login/switch', switchLogin)];

interface SwitchInput {
  readonly from: string;
  readonly to: string;
  readonly email: string;
  readonly password: string;
  readonly newPassword: string;
  readonly code: string;
}

function readSwitch(value: unknown): SwitchInput {
  const fields = new Fields(value);
  const text = (name: string): string => fields.string(name) ?? '';
  return {
    from: text('current_service'),
    to: text('new_service'),
    email: text('email'),
    password: text('password'),
    newPassword: text('new_password'),
    code: text('mfa_code'),
  };
}

const services: ReadonlySet<string> = new Set(['saml', 'gitlab', 'google', 'office365', 'openid']);
const signInChanged = '/login?extra=signin_change';

function switchLogin(call: Call): Reply {
  const input = call.decode(readSwitch, invalidBody('switch_request'));
  if (input.from === 'email' && services.has(input.to)) return follow(emailToService(call, input));
  if (services.has(input.from) && input.to === 'email') return follow(serviceToEmail(call, input));
  if (input.from === 'email' && input.to === 'ldap') return follow(emailToLdap(call, input));
  if (input.from === 'ldap' && input.to === 'email') return follow(ldapToEmail(call, input));
  throw invalidBody('switch_request');
}

const follow = (link: string): Reply => marshalled({ follow_link: link });

function checkTransfer(call: Call, id: ConstructorParameters<typeof Refusal>[0]): void {
  const isOn = call.world.config['ServiceSettings.ExperimentalEnableAuthenticationTransfer'];
  if (call.world.licence !== undefined && !isOn) throw new Refusal(id, { status: 403 });
}

function accountOf(call: Call, email: string): UserRow {
  const user = call.world.store.people.byEmail(email);
  if (user === undefined) throw noUser();
  return user;
}

/** Done only once the person follows the link; SAML gets one whether it is set up or not. */
function emailToService(call: Call, input: SwitchInput): string {
  const { world } = call;
  checkTransfer(call, 'api.user.email_to_oauth.not_available.app_error');
  authenticate(call, accountOf(call, input.email), input.password, input.code);
  const siteUrl = world.config['ServiceSettings.SiteURL'];
  if (input.to === 'saml') {
    return `${siteUrl}/login/sso/saml?action=email_to_sso&email_token=${world.newId(64)}`;
  }
  const isOn = { gitlab: 'GitLab', google: 'Google', office365: 'Office365', openid: 'OpenId' } as const;
  const name = Object.entries(isOn).find(([service]) => service === input.to)?.[1] ?? 'GitLab';
  if (!world.config[`${name}Settings.Enable`]) throw new Refusal('api.user.authorize_oauth_user.unsupported.app_error');
  return `${siteUrl}/oauth/${input.to}/login?action=email_to_sso`;
}

/** Done at once: the new password, and every session ended. Before 11.6 the server did not check whether the login was a service's. */
function serviceToEmail(call: Call, input: SwitchInput): string {
  const { world } = call;
  const session = requireSession(call);
  checkTransfer(call, 'api.user.oauth_to_email.not_available.app_error');
  const user = accountOf(call, input.email);
  if (user.id !== session.user_id) throw new Refusal('api.user.oauth_to_email.context.app_error');
  if (world.has('11.6') && !isOAuthUser(user) && user.auth_service !== 'saml') {
    throw new Refusal('api.user.oauth_to_email.not_oauth_user.app_error');
  }
  setPassword(world, user, input.newPassword);
  world.mail('sign-in-changed', user);
  revokeSessionsOf(world, user.id);
  return signInChanged;
}

function requireSession(call: Call): SessionRow {
  if (call.session === undefined) throw new Refusal('api.context.session_expired.app_error');
  return call.session;
}

/** There is no LDAP server here, so the proof of the password is as far as it gets. */
function emailToLdap(call: Call, input: SwitchInput): string {
  checkTransfer(call, 'api.user.email_to_ldap.not_available.app_error');
  const user = accountOf(call, input.email);
  authenticate(call, user, input.password, input.code);
  revokeSessionsOf(call.world, user.id);
  throw new Refusal('api.user.email_to_ldap.not_available.app_error');
}

function ldapToEmail(call: Call, input: SwitchInput): string {
  checkTransfer(call, 'api.user.ldap_to_email.not_available.app_error');
  const user = accountOf(call, input.email);
  if (user.auth_service !== 'ldap') throw new Refusal('api.user.ldap_to_email.not_ldap_account.app_error');
  throw new Refusal('api.user.ldap_to_email.not_available.app_error');
}
