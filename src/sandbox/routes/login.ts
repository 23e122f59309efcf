import type { Call } from '../call.ts';
import { Refusal } from '../errors.ts';
import { openSession } from '../operations/sessions.ts';
import { json, nothing, ok, type Reply } from '../reply.ts';
import { openPost, type Route } from '../route.ts';
import { isActive, isGuest, isRemote, type SessionRow, type UserRow } from '../rows.ts';
import { isPassword } from '../rules/passwords.ts';
import { acceptCode } from '../rules/totp.ts';
import { viewUser } from '../view-user.ts';

/** Logging in and out (API §16.2). */
export const loginRoutes: readonly Route[] = [
  openPost('/users/login', login, { limiter: { perSec: 5, maxBurst: 10, since: '11.6' } }),
  openPost('/users/login/type', loginType),
  openPost('/users/logout', logout),
];

/** These say why; every other failure is masked as wrong credentials. */
const unmasked: ReadonlySet<string> = new Set([
  'api.user.check_user_mfa.bad_code.app_error',
  'mfa.validate_token.authenticate.app_error',
  'api.user.login.blank_pwd.app_error',
  'api.user.login.bot_login_forbidden.app_error',
  'api.user.login.remote_users.login.error',
  'api.user.login.inactive.app_error',
  'api.user.login.not_verified.app_error',
  'api.user.check_user_login_attempts.too_many.app_error',
  'api.user.check_user_login_attempts.too_many_ldap.app_error',
]);

function login(call: Call): Reply {
  try {
    return logIn(call);
  } catch (error) {
    if (error instanceof Refusal && !unmasked.has(error.id)) throw masked(call);
    throw error;
  }
}

function masked({ world: { config } }: Call): Refusal {
  const services = ['Saml', 'GitLab', 'Google', 'Office365', 'OpenId'] as const;
  if (services.some((name) => config[`${name}Settings.Enable`])) {
    return new Refusal('api.user.login.invalid_credentials_sso');
  }
  const byUsername = config['EmailSettings.EnableSignInWithUsername'];
  const byEmail = config['EmailSettings.EnableSignInWithEmail'];
  if (byUsername && !byEmail) return new Refusal('api.user.login.invalid_credentials_username');
  if (!byUsername && byEmail) return new Refusal('api.user.login.invalid_credentials_email');
  return new Refusal('api.user.login.invalid_credentials_email_username');
}

const wrongCredentials = (): Refusal => new Refusal('api.user.login.invalid_credentials_email_username');

function logIn(call: Call): Reply {
  const { world } = call;
  const { id = '', login_id: loginId = '', password = '', token: code = '', device_id: deviceId = '' } = call.texts;
  if (password === '') throw new Refusal('api.user.login.blank_pwd.app_error');
  const found = id === '' ? findForLogin(call, loginId) : world.user(id);
  if (found === undefined || found.auth_service !== '') throw wrongCredentials();
  authenticate(call, found, password, code);
  const user = world.user(found.id) ?? found;
  if (isGuest(user) && (world.licence?.guests !== true || !world.config['GuestAccountsSettings.Enable'])) {
    throw wrongCredentials();
  }
  if (isRemote(user)) throw new Refusal('api.user.login.remote_users.login.error');
  const now = world.now();
  world.store.people.put({ ...user, last_login: now, update_at: now });
  const hours = world.config[`ServiceSettings.SessionLength${deviceId === '' ? 'Web' : 'Mobile'}InHours`];
  const session = openSession(world, user, { hours, deviceId, props: loginProps(world.newId()) });
  noteLogin(call, session);
  // The answer shows the account as it was found: before this login moved its date and cleared its failures.
  return answerLogin(call, session, found);
}

function noteLogin({ world, remoteAddress }: Call, { id, user_id }: SessionRow): void {
  world.store.audits.push({
    id: world.newId(),
    create_at: world.now(),
    user_id,
    action: '/api/v4/users/login',
    extra_info: `success session_user=${user_id}`,
    ip_address: remoteAddress,
    session_id: id,
  });
}

const loginProps = (csrf: string): Readonly<Record<string, string>> => ({
  browser: 'Unknown/0.0',
  csrf,
  isMobile: 'false',
  isOAuthUser: 'false',
  isSaml: 'false',
  os: '',
  platform: 'Unknown',
});

export function findForLogin({ world }: Call, loginId: string): UserRow | undefined {
  const { people } = world.store;
  const name = loginId.toLowerCase();
  const byUsername = world.config['EmailSettings.EnableSignInWithUsername'] ? people.byUsername(name) : undefined;
  return byUsername ?? (world.config['EmailSettings.EnableSignInWithEmail'] ? people.byEmail(name) : undefined);
}

/** The order is the server's: active, no bot, not too many failures, password, code, verified address. */
export function authenticate({ world }: Call, user: UserRow, password: string, code: string): void {
  if (!isActive(user)) throw new Refusal('api.user.login.inactive.app_error');
  if (world.isBot(user.id)) throw new Refusal('api.user.login.bot_login_forbidden.app_error');
  if (user.failed_attempts >= world.config['ServiceSettings.MaximumLoginAttempts']) {
    throw new Refusal('api.user.check_user_login_attempts.too_many.app_error');
  }
  const fail = (): void => world.store.people.put({ ...user, failed_attempts: user.failed_attempts + 1 });
  if (!isPassword(password, user.password)) {
    fail();
    throw new Refusal('api.user.check_user_password.invalid.app_error');
  }
  const needsCode = user.mfa_active && world.config['ServiceSettings.EnableMultifactorAuthentication'];
  // A login without a code may be a question whether one is needed: it has an id of its own and is not counted.
  if (needsCode && code === '') throw new Refusal('mfa.validate_token.authenticate.app_error');
  const usedSteps = needsCode
    ? acceptCode(user.mfa_secret, code, user.mfa_used_steps, world.now())
    : user.mfa_used_steps;
  if (usedSteps === undefined) {
    fail();
    throw new Refusal('api.user.check_user_mfa.bad_code.app_error');
  }
  const update_at = needsCode ? world.now() : user.update_at;
  world.store.people.put({ ...user, failed_attempts: 0, mfa_used_steps: usedSteps, update_at });
  if (!user.email_verified && world.config['EmailSettings.RequireEmailVerification']) {
    throw new Refusal('api.user.login.not_verified.app_error');
  }
}

function answerLogin(call: Call, session: SessionRow, user: UserRow): Reply {
  const options = { ...call.world.viewOptions(user, 'full'), terms: call.world.store.acceptedTerms.get(user.id) };
  const reply = json(viewUser(user, options), { headers: { Token: session.token } });
  if (call.header('X-Requested-With') !== 'XMLHttpRequest') return reply;
  const maxAge = Math.round((session.expires_at - session.create_at) / 1000);
  const lasting = `Path=/; Expires=${new Date(session.expires_at).toUTCString()}; Max-Age=${maxAge}`;
  const cookies = [
    `MMAUTHTOKEN=${session.token}; ${lasting}; HttpOnly`,
    `MMUSERID=${user.id}; ${lasting}`,
    `MMCSRF=${session.props['csrf'] ?? ''}; ${lasting}`,
  ];
  return { ...reply, headers: { ...reply.headers, 'Set-Cookie': cookies } };
}

/** Only servers with guest magic links have an answer; the others say 404 and nothing more. */
function loginType(call: Call): Reply {
  const { world } = call;
  const isOn =
    world.config['GuestAccountsSettings.EnableGuestMagicLink'] &&
    world.config['GuestAccountsSettings.Enable'] &&
    world.licence?.guests === true;
  if (!isOn) return nothing(404);
  const loginId = call.texts['login_id'] ?? '';
  if (loginId === '') throw new Refusal('api.context.invalid_body_param.app_error', { param: 'login_id' });
  const user = findForLogin(call, loginId);
  if (user !== undefined && !isActive(user)) return json({ auth_service: '', is_deactivated: true });
  const isMagic = user !== undefined && isGuest(user) && user.auth_service === 'magic_link';
  return json({ auth_service: isMagic ? 'guest_magic_link' : '' });
}

/** Says yes with or without a session. */
function logout(call: Call): Reply {
  if (call.session !== undefined) call.world.store.sessions.remove(call.session.id);
  return { ...ok, headers: { 'Set-Cookie': 'MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly' } };
}
