// The keys of an account as different eyes see it, in the order of the wire.

/** The answer of a create with nothing but a name, an address and a password. */
export const createdKeys: readonly string[] = (
  'id create_at update_at delete_at username auth_service email nickname first_name last_name position ' +
  'roles notify_props last_password_update locale timezone remote_id disable_welcome_email'
).split(' ');

/** Everything that an account can show of itself when each field is set. */
export const ownKeys: readonly string[] = (
  'id create_at update_at delete_at username auth_service email email_verified nickname first_name ' +
  'last_name position roles allow_marketing props notify_props last_password_update locale timezone ' +
  'remote_id disable_welcome_email'
).split(' ');

const onlyOwn: ReadonlySet<string> = new Set(['email_verified', 'allow_marketing', 'last_password_update']);

/** What an administrator sees of somebody else. */
export const adminKeys: readonly string[] = ownKeys.filter((key) => !onlyOwn.has(key));

/** What everybody sees: `auth_data` and `auth_service` stand there, empty. */
export const memberKeys: readonly string[] = adminKeys
  .filter((key) => key !== 'notify_props')
  .flatMap((key) => (key === 'auth_service' ? ['auth_data', key] : [key]));

/** A create that sets every field. */
export const everyField: Readonly<Record<string, unknown>> = {
  email_verified: true,
  allow_marketing: true,
  nickname: 'Nick',
  first_name: 'First',
  last_name: 'Last',
  position: 'Position',
  locale: 'de',
  props: { muster: 'x' },
  timezone: { useAutomaticTimezone: 'false', automaticTimezone: '', manualTimezone: 'Europe/Berlin' },
};

export const defaultNotifyProps: Readonly<Record<string, string>> = {
  channel: 'true',
  comments: 'never',
  desktop: 'mention',
  desktop_sound: 'true',
  desktop_threads: 'all',
  email: 'true',
  email_threads: 'all',
  first_name: 'false',
  mention_keys: '',
  push: 'mention',
  push_status: 'online',
  push_threads: 'all',
};

export const defaultTimezone: Readonly<Record<string, string>> = {
  automaticTimezone: '',
  manualTimezone: '',
  useAutomaticTimezone: 'true',
};
