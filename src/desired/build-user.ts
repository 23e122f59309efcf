import type { DesiredToken, DesiredUser } from '../model/desired-state.ts';
import { durationMs } from '../model/duration.ts';
import type { Defaults, OnCreate, TokenEntry, UserEntry } from '../model/generated/users-file.ts';
import { impliedRoles, normalizeEmail, normalizeUsername, stripInvisible } from '../model/user-rules.ts';
import type { UserValues } from '../model/user-values.ts';
import { activeAt } from './window.ts';

export interface BuildContext {
  readonly defaults: Defaults;
  readonly onCreate: OnCreate;
  readonly momentMs: number;
  readonly timeZone: string;
}

/** An entry that passed the schema, as the server would store it. */
export function buildUser(entry: UserEntry, context: BuildContext): DesiredUser {
  const { onCreate } = context;
  const window = activeAt(entry, context.momentMs, context.timeZone);
  return {
    username: normalizeUsername(entry.username),
    ...(entry.id !== undefined && { id: entry.id }),
    previousUsernames: [...new Set((entry.previous_usernames ?? []).map(normalizeUsername))].toSorted(),
    adopt: entry.adopt ?? false,
    values: valuesOf(entry, context.defaults, window.active),
    ...(window.because !== undefined && { window: window.because }),
    onCreate: {
      ...(onCreate.roles !== undefined && { roles: impliedRoles(onCreate.roles) }),
      welcomeEmail: onCreate.welcome_email ?? false,
      emailVerified: onCreate.email_verified ?? true,
    },
    ...(entry.initial_password !== undefined && { initialPassword: entry.initial_password }),
    ...(entry.tokens !== undefined && { tokens: entry.tokens.map(buildToken).toSorted(byName) }),
  };
}

function valuesOf(entry: UserEntry, defaults: Defaults, active: boolean | undefined): DesiredUser['values'] {
  const timezone = merged(defaults.timezone, entry.timezone);
  const notifyProps = merged(defaults.notify_props, entry.notify_props);
  const position = entry.position ?? defaults.position;
  const locale = entry.locale ?? defaults.locale;
  return {
    username: normalizeUsername(entry.username),
    ...(entry.email !== undefined && { email: normalizeEmail(entry.email) }),
    ...(entry.first_name !== undefined && { first_name: stripInvisible(entry.first_name) }),
    ...(entry.last_name !== undefined && { last_name: stripInvisible(entry.last_name) }),
    ...(entry.nickname !== undefined && { nickname: stripInvisible(entry.nickname) }),
    ...(position !== undefined && { position }),
    ...(locale !== undefined && { locale }),
    ...(timezone !== undefined && { timezone }),
    ...(notifyProps !== undefined && { notify_props: notifyProps }),
    ...(entry.props !== undefined && { props: entry.props }),
    ...(entry.roles !== undefined && { roles: impliedRoles(entry.roles) }),
    ...(active !== undefined && { active }),
    ...(entry.auth !== undefined && { auth: authOf(entry.auth) }),
  };
}

function authOf(auth: NonNullable<UserEntry['auth']>): UserValues['auth'] {
  return auth.data === undefined ? { service: auth.service } : { service: auth.service, data: auth.data };
}

function merged(
  defaults: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return defaults === undefined && own === undefined ? undefined : { ...defaults, ...own };
}

/** A list of tokens is a set: the order in which they are written says nothing. */
const byName = (a: DesiredToken, b: DesiredToken): number => (a.name < b.name ? -1 : 1);

function buildToken(token: TokenEntry): DesiredToken {
  return {
    name: token.name,
    generation: token.generation ?? 1,
    overlapMs: token.overlap === undefined ? 0 : durationMs(token.overlap),
    ...(token.expires_in !== undefined && { expiresInMs: durationMs(token.expires_in) }),
    enabled: token.enabled ?? true,
    ...(token.sink !== undefined && { sink: token.sink }),
  };
}
