import { Refusal } from '../errors.ts';
import type { UserRow } from '../rows.ts';
import { checkUser, isAcceptedDomain, isUnstorable } from '../rules/check-user.ts';
import {
  defaultNotifyProps,
  defaultTimezone,
  newLocale,
  normalNewEmail,
  normalUsername,
  withoutInvisible,
} from '../rules/normalize.ts';
import { checkPassword, hashPassword } from '../rules/passwords.ts';
import type { UserInput } from '../user-input.ts';
import type { World } from '../world.ts';

/**
 * Makes an account, in the server's order of checks: seats, group names, domain, password, fields, unique values
 * (API §4.3).
 */
export function createUser(world: World, input: UserInput): UserRow {
  checkSeats(world);
  if (world.store.groups.has(input.username ?? '')) throw new Refusal('app.user.save.username_exists.app_error');
  checkDomain(world, input);
  if ((input.auth_service ?? '') === '') checkPassword(input.password ?? '', world.config);
  if ((input.id ?? '') !== '') throw new Refusal('app.user.save.existing.app_error');
  if (Buffer.byteLength(input.password ?? '') > 72) {
    throw new Refusal('model.user.pre_save.password_too_long.app_error');
  }
  const user = newRow(world, input);
  checkUser(user);
  checkUnique(world, user);
  world.store.people.put(user);
  putFirstPreferences(world, user);
  return user;
}

/** What the server itself notes for everybody new. */
function putFirstPreferences({ store }: World, { id: user_id }: UserRow): void {
  store.preferences.put({ user_id, category: 'recommended_next_steps', name: 'hide', value: 'false' });
  store.preferences.put({ user_id, category: 'system_notice', name: 'GMasDM', value: 'true' });
  store.preferences.put({ user_id, category: 'tutorial_step', name: user_id, value: '0' });
}

function checkSeats(world: World): void {
  if (world.hasFreeSeat()) return;
  throw new Refusal(
    world.licence === undefined
      ? 'api.user.create_user.user_limits.exceeded'
      : 'api.user.create_user.license_user_limits.exceeded',
  );
}

/** Everyone except LDAP and SAML accounts, no matter who creates them. */
function checkDomain(world: World, input: UserInput): void {
  if (input.auth_service === 'ldap' || input.auth_service === 'saml') return;
  if (!isAcceptedDomain(input.email ?? '', world.config['TeamSettings.RestrictCreationToDomains'])) {
    throw new Refusal('api.user.create_user.accepted_domain.app_error');
  }
}

function newRow(world: World, input: UserInput): UserRow {
  const now = world.now();
  const notifyProps = input.notify_props ?? {};
  return {
    id: world.newId(),
    create_at: now,
    update_at: now,
    delete_at: 0,
    username: normalUsername((input.username ?? '') === '' ? `a${world.newId()}` : (input.username ?? '')),
    password: (input.password ?? '') === '' ? '' : hashPassword(input.password ?? '', world.newId()),
    auth_data: (input.auth_data ?? '') === '' ? null : (input.auth_data ?? null),
    auth_service: input.auth_service ?? '',
    email: normalNewEmail(input.email ?? ''),
    email_verified: input.email_verified ?? false,
    nickname: withoutInvisible(input.nickname ?? ''),
    first_name: withoutInvisible(input.first_name ?? ''),
    last_name: withoutInvisible(input.last_name ?? ''),
    position: input.position ?? '',
    roles: isFirst(world) ? 'system_admin system_user' : 'system_user',
    allow_marketing: input.allow_marketing ?? false,
    props: input.props ?? {},
    notify_props: Object.keys(notifyProps).length === 0 ? defaultNotifyProps : notifyProps,
    last_password_update: now,
    last_picture_update: 0,
    failed_attempts: 0,
    locale: newLocale(input.locale ?? '', world.config['LocalizationSettings.DefaultClientLocale']),
    timezone: input.timezone ?? defaultTimezone,
    mfa_active: false,
    mfa_secret: '',
    mfa_used_steps: [],
    remote_id: '',
    last_login: 0,
  };
}

/** The first account that is no bot becomes administrator, no matter who asks. */
function isFirst(world: World): boolean {
  for (const user of world.store.people.all()) if (!world.isBot(user.id)) return false;
  return true;
}

/** A taken username or email is a 400, but a taken `auth_data` is a 500 (trap 24), as is a service name too long. */
function checkUnique({ store: { people } }: World, user: UserRow): void {
  if (people.byUsername(user.username) !== undefined) throw new Refusal('app.user.save.username_exists.app_error');
  if (people.byEmail(user.email) !== undefined) throw new Refusal('app.user.save.email_exists.app_error');
  const isAuthDataTaken = user.auth_data !== null && people.byAuthData(user.auth_data) !== undefined;
  if (isAuthDataTaken || user.auth_service.length > 32 || isUnstorable(user))
    throw new Refusal('app.user.save.app_error');
}

/** What a sign-up may not say about itself. */
export const asSignUp = (input: UserInput): UserInput => ({
  ...input,
  auth_data: undefined,
  auth_service: undefined,
  email_verified: false,
});

/** The mail that greets a new person, or asks to confirm the address. */
export function mailWelcome(world: World, user: UserRow, isDisabled: boolean): void {
  const isMailing =
    world.config['EmailSettings.SendEmailNotifications'] || world.config['EmailSettings.RequireEmailVerification'];
  if (!isDisabled && isMailing) world.mail('welcome', user);
}
