import { Fields, stringsOf } from './go-json.ts';
import type { StringMap } from './rows.ts';

/** An account as a client sends one: for a create, a full update or a patch. Absent and `null` are the same. */
export interface UserInput {
  readonly id?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly auth_data?: string | undefined;
  readonly auth_service?: string | undefined;
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly nickname?: string | undefined;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly position?: string | undefined;
  readonly allow_marketing?: boolean | undefined;
  readonly props?: StringMap | undefined;
  readonly notify_props?: StringMap | undefined;
  readonly locale?: string | undefined;
  readonly timezone?: StringMap | undefined;
  readonly remote_id?: string | undefined;
  readonly is_bot?: boolean | undefined;
  readonly disable_welcome_email?: boolean | undefined;
}

const integers = [
  'create_at',
  'update_at',
  'delete_at',
  'failed_attempts',
  'last_login',
  'last_password_update',
  'last_picture_update',
  'last_activity_at',
  'bot_last_icon_update',
  'terms_of_service_create_at',
];

/** @throws {DecodeError} when a field, also one that is ignored, has another type */
export function readUserInput(value: unknown): UserInput {
  const fields = new Fields(value);
  for (const name of ['roles', 'mfa_secret', 'bot_description', 'terms_of_service_id']) fields.string(name);
  for (const name of integers) fields.integer(name);
  for (const name of ['mfa_active', 'disable_welcome_email']) fields.boolean(name);
  fields.strings('mfa_used_timestamps');
  return {
    id: fields.string('id'),
    username: fields.string('username'),
    password: fields.string('password'),
    auth_data: fields.string('auth_data'),
    auth_service: fields.string('auth_service'),
    email: fields.string('email'),
    email_verified: fields.boolean('email_verified'),
    nickname: fields.string('nickname'),
    first_name: fields.string('first_name'),
    last_name: fields.string('last_name'),
    position: fields.string('position'),
    allow_marketing: fields.boolean('allow_marketing'),
    props: fields.stringMap('props'),
    notify_props: fields.stringMap('notify_props'),
    locale: fields.string('locale'),
    timezone: fields.stringMap('timezone'),
    remote_id: fields.string('remote_id'),
    is_bot: fields.boolean('is_bot'),
    disable_welcome_email: fields.boolean('disable_welcome_email'),
  };
}

/** @throws {DecodeError} when a field of a patch has another type; what a patch does not know is not looked at */
export function readPatchInput(value: unknown): UserInput {
  const fields = new Fields(value);
  return {
    username: fields.string('username'),
    password: fields.string('password'),
    email: fields.string('email'),
    nickname: fields.string('nickname'),
    first_name: fields.string('first_name'),
    last_name: fields.string('last_name'),
    position: fields.string('position'),
    props: fields.stringMap('props'),
    notify_props: fields.stringMap('notify_props'),
    locale: fields.string('locale'),
    timezone: fields.stringMap('timezone'),
    remote_id: fields.string('remote_id'),
  };
}

/** A list of ids or names; a body that is no list is refused before it is found empty. */
export const readStrings: typeof stringsOf = stringsOf;
