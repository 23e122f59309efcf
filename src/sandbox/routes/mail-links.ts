import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { findLink, isLinkExpired, newLink } from '../operations/links.ts';
import { setPassword } from '../operations/set-password.ts';
import { json, ok, type Reply } from '../reply.ts';
import { openPost, post, type Route, userPath } from '../route.ts';
import { isRemote, isSsoUser, type LinkRow } from '../rows.ts';
import { findForLogin } from './login.ts';

/** Passwords and addresses by links in mails (API §11.4). The links stand in the outbox of the sandbox. */
export const mailLinkRoutes: readonly Route[] = [
  openPost('/users/password/reset/send', sendReset),
  openPost('/users/password/reset', resetPassword),
  openPost('/users/email/verify/send', sendVerification),
  openPost('/users/email/verify', verifyEmail),
  post(`${userPath}/email/verify/member`, verifyMember),
];

const linkLength = 64;

/** An unknown address gets the same yes, so that callers don't learn who has an account. */
function sendReset(call: Call): Reply {
  const { world } = call;
  const email = (call.texts['email'] ?? '').toLowerCase();
  if (email === '') throw invalidBody('email');
  const user = world.store.people.byEmail(email);
  if (user === undefined) return ok;
  if (isRemote(user)) return refuseSoftly(call, new Refusal('api.user.send_password_reset.send.app_error'));
  if ((user.auth_data ?? '') !== '') {
    return refuseSoftly(call, new Refusal('api.user.send_password_reset.sso.app_error'));
  }
  world.mail('password-reset', user, user.email, newLink(world, 'password-reset', user.id, user.email));
  return ok;
}

function refuseSoftly(call: Call, refusal: Refusal): Reply {
  if (call.world.config['ServiceSettings.ExperimentalEnableHardenedMode']) return ok;
  throw refusal;
}

function linkOf(call: Call, kind: LinkRow['kind'], otherwise: Refusal): LinkRow {
  const token = call.texts['token'] ?? '';
  if (token.length !== linkLength) throw invalidBody('token');
  const link = findLink(call.world, kind, token);
  if (link === undefined) throw otherwise;
  return link;
}

function resetPassword(call: Call): Reply {
  const { world } = call;
  const link = linkOf(call, 'password-reset', new Refusal('api.user.reset_password.invalid_link.app_error'));
  const user = world.user(link.user_id);
  if (isLinkExpired(world, link)) throw new Refusal('api.user.reset_password.link_expired.app_error');
  if (user === undefined) throw noUser();
  if (user.email !== link.email) throw new Refusal('api.user.reset_password.link_expired.app_error');
  if (isSsoUser(user)) throw new Refusal('api.user.reset_password.sso.app_error');
  if (isRemote(user)) throw new Refusal('api.user.reset_password.broken_token.app_error');
  setPassword(world, user, call.texts['new_password'] ?? '');
  world.mail('password-changed', user);
  world.store.links.delete(link.token);
  return ok;
}

/** Always yes, also when there was no one to mail. */
function sendVerification(call: Call): Reply {
  const { world } = call;
  const loginId = (call.texts['email'] ?? '').toLowerCase();
  if (loginId === '') throw invalidBody('email');
  const user = findForLogin(call, loginId);
  if (user !== undefined) {
    world.mail('verify-email', user, user.email, newLink(world, 'verify-email', user.id, user.email));
  }
  return ok;
}

/** Writes the address that the link was made for, which need not be the stored one. */
function verifyEmail(call: Call): Reply {
  const { world } = call;
  const badLink = new Refusal('api.user.verify_email.bad_link.app_error');
  const link = linkOf(call, 'verify-email', badLink);
  const user = world.user(link.user_id);
  const owner = world.store.people.byEmail(link.email);
  if (user === undefined || isLinkExpired(world, link) || (owner !== undefined && owner.id !== user.id)) throw badLink;
  world.store.people.put({ ...user, email: link.email, email_verified: true, update_at: world.now() });
  if (link.email !== user.email) world.mail('email-changed', user, user.email);
  world.store.links.delete(link.token);
  return ok;
}

/** Answers with the account as it was before, through the eyes of an administrator. */
function verifyMember(call: Call): Reply {
  const user = call.pathUser();
  if (!call.isAdmin) throw forbidden();
  call.world.store.people.put({ ...user, email_verified: true, update_at: call.world.now() });
  return json(call.world.view(user, 'admin'));
}
