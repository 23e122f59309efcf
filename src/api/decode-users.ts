import {
  type Decoder,
  deletionMoment,
  type Fields,
  fields,
  flagOrFalse,
  id,
  list,
  listOrNull,
  momentOrZero,
  optionalFlag,
  optionalMoment,
  optionalStringMap,
  optionalText,
  optionalWhole,
  text,
  textOrEmpty,
  under,
  whole,
} from './decode.ts';
import type { AuthMethod, Autocompletion, StringMap, User, UserCount, UserReport } from './wire.ts';

const noProps: StringMap = Object.freeze({});

function userOf(from: Fields): User {
  return {
    id: id(from, 'id'),
    create_at: momentOrZero(from, 'create_at'),
    update_at: momentOrZero(from, 'update_at'),
    delete_at: deletionMoment(from, 'delete_at'),
    username: text(from, 'username'),
    auth_data: optionalText(from, 'auth_data'),
    auth_service: text(from, 'auth_service'),
    email: text(from, 'email'),
    email_verified: optionalFlag(from, 'email_verified'),
    nickname: text(from, 'nickname'),
    first_name: text(from, 'first_name'),
    last_name: text(from, 'last_name'),
    position: textOrEmpty(from, 'position'),
    roles: text(from, 'roles'),
    allow_marketing: optionalFlag(from, 'allow_marketing'),
    props: optionalStringMap(from, 'props') ?? noProps,
    notify_props: optionalStringMap(from, 'notify_props'),
    last_password_update: optionalMoment(from, 'last_password_update'),
    last_picture_update: optionalMoment(from, 'last_picture_update'),
    failed_attempts: optionalWhole(from, 'failed_attempts'),
    locale: text(from, 'locale'),
    timezone: optionalStringMap(from, 'timezone') ?? null,
    mfa_active: flagOrFalse(from, 'mfa_active'),
    remote_id: textOrEmpty(from, 'remote_id'),
    last_activity_at: optionalMoment(from, 'last_activity_at'),
    is_bot: flagOrFalse(from, 'is_bot'),
    bot_description: optionalText(from, 'bot_description'),
    terms_of_service_id: optionalText(from, 'terms_of_service_id'),
    terms_of_service_create_at: optionalMoment(from, 'terms_of_service_create_at'),
  };
}

export const decodeUser: Decoder<User> = (value) => userOf(fields(value));
export const decodeUsers: Decoder<readonly User[]> = list(decodeUser);

const decodeReport: Decoder<UserReport> = (value) => {
  const from = fields(value);
  return {
    ...userOf(from),
    last_login: optionalMoment(from, 'last_login'),
    last_status_at: optionalMoment(from, 'last_status_at'),
    last_post_date: optionalMoment(from, 'last_post_date'),
    days_active: optionalWhole(from, 'days_active'),
    total_posts: optionalWhole(from, 'total_posts'),
  };
};
export const decodeReports: Decoder<readonly UserReport[]> = listOrNull(decodeReport);

export const decodeUserCount: Decoder<UserCount> = (value) => ({
  total_users_count: whole(fields(value), 'total_users_count'),
});

export const decodeAuthMethod: Decoder<AuthMethod> = (value) => {
  const from = fields(value);
  return { auth_service: text(from, 'auth_service'), auth_data: textOrEmpty(from, 'auth_data') };
};

export const decodeAutocompletion: Decoder<Autocompletion> = (value) => {
  const from = fields(value);
  const users = listOrNull(decodeUser);
  return {
    users: under(from, 'users', users),
    out_of_channel: under(from, 'out_of_channel', users),
    agents: under(from, 'agents', users),
  };
};

/** Users by channel id. */
export const decodeGroupChannels: Decoder<ReadonlyMap<string, readonly User[]>> = (value) => {
  const from = fields(value);
  const users = listOrNull(decodeUser);
  return new Map(Object.keys(from).map((channelId) => [channelId, under(from, channelId, users)]));
};
