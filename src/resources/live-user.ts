import type { User } from '../api/index.ts';
import type { ExpectedTexts } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import type { AccountDates } from '../model/live-things.ts';
import { type AuthValue, emailLogin } from '../model/user-values.ts';
import { SharedValues } from './shared-values.ts';

/**
 * What the server tells of an account, in muster's words.
 *
 * @param shared - where many accounts are read: what they have in common
 * @param expected - texts that it may have: they decide nothing
 */
export function toLiveUser(user: User, shared: SharedValues = new SharedValues(), expected?: ExpectedTexts): LiveUser {
  return {
    id: user.id,
    isBot: user.is_bot,
    isRemote: user.remote_id !== '',
    dates: datesOf(user),
    values: {
      username: keptOnce(user.username, expected?.username),
      email: keptOnce(user.email, expected?.email),
      first_name: keptOnce(user.first_name, expected?.first_name),
      last_name: keptOnce(user.last_name, expected?.last_name),
      nickname: keptOnce(user.nickname, expected?.nickname),
      position: keptOnce(user.position, expected?.position),
      locale: keptOnce(user.locale, expected?.locale),
      timezone: shared.map(user.timezone ?? {}),
      notify_props: shared.map(user.notify_props ?? {}),
      props: shared.map(user.props),
      roles: shared.roles(user.roles),
      active: user.delete_at === 0,
      auth: toAuth(user),
      mfa: user.mfa_active ? 'on' : 'off',
    },
  };
}

/** The same text: where it is there already, the one that is there, so that memory holds it once. */
const keptOnce = (text: string, expected: string | undefined): string => (text === expected ? expected : text);

const datesOf = ({ create_at: createdMs, update_at: updatedMs, delete_at: inactiveSinceMs }: User): AccountDates =>
  inactiveSinceMs > 0 ? { createdMs, updatedMs, inactiveSinceMs } : { createdMs, updatedMs };

/**
 * The server writes e-mail login as `""`. A literal `email` is a mistake in the data: no one can sign in with
 * it, so it must differ from what an entry calls `email`.
 */
function toAuth({ auth_service: service, auth_data: data }: User): AuthValue {
  // A server refuses an account with data that belongs to no service.
  if (service === '') return data === undefined || data === '' ? emailLogin : { service: 'email', data };
  const name = service === 'email' ? 'email (stored literally, cannot sign in)' : service;
  if (data === undefined) return { service: name };
  return data === '' ? { service: name, isHidden: true } : { service: name, data };
}
