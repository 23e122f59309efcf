import { Refusal } from '../errors.ts';
import { isGuest, isOAuthUser, isSsoUser, type UserRow } from '../rows.ts';
import { beforeUpdate } from '../rules/before-update.ts';
import { isAcceptedDomain, isUnstorable } from '../rules/check-user.ts';
import { mentionKeysAfterRename, normalEmail } from '../rules/normalize.ts';
import type { World } from '../world.ts';
import { newLink } from './links.ts';

/** The fields that a person's own update may touch; a patch gives some of them, a full update all. */
export type Profile = Pick<
  UserRow,
  | 'username'
  | 'email'
  | 'nickname'
  | 'first_name'
  | 'last_name'
  | 'position'
  | 'locale'
  | 'timezone'
  | 'props'
  | 'notify_props'
  | 'allow_marketing'
  | 'remote_id'
>;

/**
 * Writes a profile (API §5): group names, domains, the rules of changing an email, then the fields, then unique values.
 * What the account's login owns is silently kept or refused as the server does.
 */
export function updateUser(world: World, before: UserRow, wanted: Profile): UserRow {
  if (wanted.username !== before.username && world.store.groups.has(wanted.username)) {
    throw new Refusal('app.user.save.username_exists.app_error');
  }
  const asksVerification = checkEmailChange(world, before, wanted.email);
  const user = settle(world, before, asksVerification ? { ...wanted, email: before.email } : wanted);
  checkUnique(world, before, user);
  if (isUnstorable(user)) throw new Refusal('app.user.update.finding.app_error');
  world.store.people.put(user);
  mailChanges(world, before, user, asksVerification ? wanted.email : undefined);
  return user;
}

/** @returns whether the new address has to be verified first, so that the old one stays */
function checkEmailChange(world: World, before: UserRow, email: string): boolean {
  if (email === before.email) return false;
  const isExempt = before.auth_service === 'ldap' || before.auth_service === 'saml';
  if (!isExempt) checkDomain(world, before, email);
  if (!world.config['EmailSettings.RequireEmailVerification']) return false;
  // The server finds the account itself when only the case of letters differs.
  if (world.store.people.byEmail(normalEmail(email)) !== undefined) {
    throw new Refusal('app.user.save.email_exists.app_error');
  }
  return !world.isBot(before.id);
}

function checkDomain(world: World, before: UserRow, email: string): void {
  const { config } = world;
  if (isGuest(before)) {
    if (!isAcceptedDomain(email, config['GuestAccountsSettings.RestrictCreationToDomains'])) {
      throw new Refusal('api.user.update_user.accepted_guest_domain.app_error');
    }
  } else if (!isAcceptedDomain(email, config['TeamSettings.RestrictCreationToDomains'])) {
    throw new Refusal('api.user.update_user.accepted_domain.app_error');
  }
}

/** The row to store: normalised, checked, and with what its login owns put back. */
function settle(world: World, before: UserRow, wanted: Profile): UserRow {
  const normal = beforeUpdate({ ...before, ...wanted, update_at: world.now() });
  return afterRename(world, before, withLoginRules(before, normal));
}

function withLoginRules(before: UserRow, user: UserRow): UserRow {
  if (isOAuthUser(before)) return { ...user, email: before.email, email_verified: true };
  if (before.auth_service === 'ldap' && (user.username !== before.username || user.email !== before.email)) {
    throw new Refusal('app.user.update.find.app_error');
  }
  const isVerified = isSsoUser(before) || (user.email === before.email && before.email_verified);
  return { ...user, email_verified: isVerified };
}

function afterRename(world: World, before: UserRow, user: UserRow): UserRow {
  if (user.username === before.username) return user;
  return {
    ...user,
    notify_props: mentionKeysAfterRename(user.notify_props, before.username),
    // A generated picture shows the first letter, so it is made anew.
    last_picture_update: before.last_picture_update <= 0 ? -world.now() : before.last_picture_update,
  };
}

function checkUnique({ store: { people } }: World, before: UserRow, user: UserRow): void {
  const sameName = people.byUsername(user.username);
  if (sameName !== undefined && sameName.id !== before.id) {
    throw new Refusal('app.user.save.username_exists.app_error');
  }
  const sameEmail = people.byEmail(user.email);
  if (sameEmail !== undefined && sameEmail.id !== before.id) throw new Refusal('app.user.save.email_exists.app_error');
}

function mailChanges(world: World, before: UserRow, user: UserRow, unverified: string | undefined): void {
  if (unverified !== undefined) {
    world.mail('verify-email', user, unverified, newLink(world, 'verify-email', user.id, unverified));
  } else if (user.email !== before.email) world.mail('email-changed', user, before.email);
  if (user.username !== before.username) world.mail('username-changed', user);
}
