import { sortedMap } from './go-json.ts';
import type { AcceptedTermsRow, BotRow, StringMap, UserRow } from './rows.ts';

/** Through whose eyes an account is shown (API §2.1). `full` is the answer of a write, and of a login. */
export type Viewer = 'full' | 'self' | 'admin' | 'other';

interface Visible {
  readonly email: boolean;
  readonly fullName: boolean;
  readonly auth: boolean;
  /** Whether the email is verified, the time of the last password, marketing mails. */
  readonly ownOnly: boolean;
  readonly notifyProps: boolean;
  readonly failedAttempts: boolean;
}

interface Privacy {
  readonly showEmailAddress: boolean;
  readonly showFullName: boolean;
}

const everything: Visible = {
  email: true,
  fullName: true,
  auth: true,
  ownOnly: true,
  notifyProps: true,
  failedAttempts: true,
};

function visibleTo(viewer: Viewer, privacy: Privacy): Visible {
  if (viewer === 'full' || viewer === 'self') return everything;
  if (viewer === 'admin') return { ...everything, ownOnly: false };
  return {
    email: privacy.showEmailAddress,
    fullName: privacy.showFullName,
    auth: false,
    ownOnly: false,
    notifyProps: false,
    failedAttempts: false,
  };
}

export interface ViewOptions {
  readonly viewer: Viewer;
  readonly privacy: Privacy;
  readonly bot?: BotRow | undefined;
  readonly terms?: AcceptedTermsRow | undefined;
  /** Echoed by the answer of a create, never stored. */
  readonly disableWelcomeEmail?: boolean;
  /** Shown by the reports alone. */
  readonly lastLogin?: number;
  /** The answer of a create repeats the flag of its body. */
  readonly isBot?: boolean;
}

/** An account as the server writes it: keys in the server's order, and the empty ones left out where it does. */
export type WireUser = Readonly<Record<string, unknown>>;

export function viewUser(user: UserRow, options: ViewOptions): WireUser {
  const sees = visibleTo(options.viewer, options.privacy);
  const hiddenAuthData = sees.auth ? (user.auth_data ?? undefined) : '';
  return {
    id: user.id,
    ...some('create_at', user.create_at),
    ...some('update_at', user.update_at),
    delete_at: user.delete_at,
    username: user.username,
    ...(hiddenAuthData === undefined ? {} : { auth_data: hiddenAuthData }),
    auth_service: sees.auth ? user.auth_service : '',
    email: sees.email ? user.email : '',
    ...some('email_verified', sees.ownOnly && user.email_verified),
    nickname: user.nickname,
    first_name: sees.fullName ? user.first_name : '',
    last_name: sees.fullName ? user.last_name : '',
    position: user.position,
    roles: user.roles,
    ...some('allow_marketing', sees.ownOnly && user.allow_marketing),
    ...someMap('props', user.props),
    ...(sees.notifyProps ? someMap('notify_props', user.notify_props) : {}),
    ...some('last_password_update', sees.ownOnly ? user.last_password_update : 0),
    ...some('last_picture_update', user.last_picture_update),
    ...some('failed_attempts', sees.failedAttempts ? user.failed_attempts : 0),
    locale: user.locale,
    timezone: user.timezone === null ? null : sortedMap(user.timezone),
    ...some('mfa_active', user.mfa_active),
    ...(user.remote_id === null ? {} : { remote_id: user.remote_id }),
    ...viewBot(options),
    ...viewTerms(options.terms),
    disable_welcome_email: options.disableWelcomeEmail ?? false,
    ...some('last_login', options.lastLogin ?? 0),
  };
}

function viewBot({ bot, isBot }: ViewOptions): WireUser {
  return {
    ...some('is_bot', bot !== undefined || isBot === true),
    ...some('bot_description', bot?.description ?? ''),
    ...some('bot_last_icon_update', bot?.last_icon_update ?? 0),
  };
}

const viewTerms = (terms: AcceptedTermsRow | undefined): WireUser =>
  terms === undefined
    ? {}
    : { terms_of_service_id: terms.terms_of_service_id, terms_of_service_create_at: terms.create_at };

/** A field that is left out when it is zero, false or empty. */
function some(name: string, value: string | number | boolean): WireUser {
  return value === 0 || value === '' || value === false ? {} : { [name]: value };
}

function someMap(name: string, value: StringMap): WireUser {
  return Object.keys(value).length === 0 ? {} : { [name]: sortedMap(value) };
}

/** Unquoted, and the same for every viewer (API §14.4). */
export function userEtag(version: string, user: UserRow, options: ViewOptions): string {
  return [
    version,
    user.id,
    user.update_at,
    options.terms?.terms_of_service_id ?? '',
    options.terms?.create_at ?? 0,
    options.privacy.showFullName,
    options.privacy.showEmailAddress,
    options.bot?.last_icon_update ?? 0,
  ].join('.');
}
