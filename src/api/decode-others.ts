import { Secret } from '../model/secret.ts';
import { lowerCase } from '../model/user-rules.ts';
import {
  type Decoder,
  deletionMomentOrZero,
  type Fields,
  fields,
  flagOrFalse,
  id,
  kindOf,
  list,
  listOrNull,
  Mismatch,
  moment,
  momentOrZero,
  optionalFlag,
  optionalMoment,
  optionalStringMap,
  optionalText,
  optionalWhole,
  text,
  textOrEmpty,
  texts,
  wholeOrZero,
} from './decode.ts';
import { decodeUser } from './decode-users.ts';
import { type ApiHeaders, headerText } from './headers.ts';
import type {
  Audit,
  Bot,
  EmailDomains,
  LoginResult,
  MfaSecret,
  NewToken,
  Picture,
  Ping,
  Preference,
  Role,
  ServerLimits,
  Session,
  TeamSettings,
  TermsAcceptance,
  Token,
} from './wire.ts';

export const decodeToken: Decoder<Token> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    user_id: id(from, 'user_id'),
    description: textOrEmpty(from, 'description'),
    is_active: flagOrFalse(from, 'is_active'),
    expires_at: optionalMoment(from, 'expires_at'),
  };
};
export const decodeTokens: Decoder<readonly Token[]> = list(decodeToken);

/** Wraps the secret before anything else can see it. */
export const decodeNewToken: Decoder<NewToken> = (value) => {
  const secret = text(fields(value), 'token');
  if (secret === '') throw new Mismatch('token', 'the secret of the token', 'an empty text');
  const token = decodeToken(value);
  // The rest of a token is shown to people.
  const isShown = [token.id, token.user_id, token.description].some((shown) => shown.includes(secret));
  if (isShown) throw new Mismatch('token', 'a secret', 'one that other fields tell, too');
  return { ...token, secret: new Secret(secret) };
};

const decodeSession: Decoder<Session> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    user_id: id(from, 'user_id'),
    create_at: moment(from, 'create_at'),
    expires_at: moment(from, 'expires_at'),
    last_activity_at: moment(from, 'last_activity_at'),
    device_id: textOrEmpty(from, 'device_id'),
    roles: textOrEmpty(from, 'roles'),
    is_oauth: flagOrFalse(from, 'is_oauth'),
    props: optionalStringMap(from, 'props') ?? {},
  };
};
export const decodeSessions: Decoder<readonly Session[]> = listOrNull(decodeSession);

export const decodeMfaSecret: Decoder<MfaSecret> = (value) => {
  const from = fields(value);
  return { secret: new Secret(text(from, 'secret')), qr_code: new Secret(text(from, 'qr_code')) };
};

export function decodePicture(value: unknown, headers: ApiHeaders): Picture {
  const contentType = headerText(headers, 'content-type') ?? '';
  if (!(value instanceof Uint8Array)) throw new Mismatch('', 'bytes', kindOf(value));
  if (!contentType.startsWith('image/')) throw new Mismatch('content-type', 'an image', 'another type');
  return { bytes: value, contentType };
}

const decodeAudit: Decoder<Audit> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    create_at: moment(from, 'create_at'),
    user_id: textOrEmpty(from, 'user_id'),
    action: text(from, 'action'),
    extra_info: textOrEmpty(from, 'extra_info'),
    ip_address: textOrEmpty(from, 'ip_address'),
    session_id: textOrEmpty(from, 'session_id'),
  };
};
export const decodeAudits: Decoder<readonly Audit[]> = listOrNull(decodeAudit);

export const decodeTermsAcceptance: Decoder<TermsAcceptance> = (value) => {
  const from = fields(value);
  return {
    user_id: id(from, 'user_id'),
    terms_of_service_id: text(from, 'terms_of_service_id'),
    create_at: moment(from, 'create_at'),
  };
};

/** The session's token comes in a header, which is wrapped here and hidden from everybody else. */
export function decodeLogin(value: unknown, headers: ApiHeaders): LoginResult {
  const token = headerText(headers, 'token');
  if (token === undefined || token === '') throw new Mismatch('header Token', 'a token', 'nothing');
  return { user: decodeUser(value), token: new Secret(token) };
}

export const decodeFollowLink: Decoder<string> = (value) => textOrEmpty(fields(value), 'follow_link');

export const decodeRole: Decoder<Role> = (value) => {
  const from = fields(value);
  return {
    id: id(from, 'id'),
    name: text(from, 'name'),
    display_name: textOrEmpty(from, 'display_name'),
    description: textOrEmpty(from, 'description'),
    create_at: momentOrZero(from, 'create_at'),
    update_at: momentOrZero(from, 'update_at'),
    delete_at: deletionMomentOrZero(from, 'delete_at'),
    permissions: texts(from, 'permissions'),
    scheme_managed: flagOrFalse(from, 'scheme_managed'),
    built_in: flagOrFalse(from, 'built_in'),
  };
};
export const decodeRoles: Decoder<readonly Role[]> = listOrNull(decodeRole);

export const decodeBot: Decoder<Bot> = (value) => {
  const from = fields(value);
  return {
    user_id: id(from, 'user_id'),
    username: text(from, 'username'),
    display_name: textOrEmpty(from, 'display_name'),
    description: textOrEmpty(from, 'description'),
    owner_id: text(from, 'owner_id'),
    create_at: momentOrZero(from, 'create_at'),
    update_at: momentOrZero(from, 'update_at'),
    delete_at: deletionMomentOrZero(from, 'delete_at'),
  };
};
export const decodeBots: Decoder<readonly Bot[]> = listOrNull(decodeBot);

export const decodePreference: Decoder<Preference> = (value) => {
  const from = fields(value);
  return {
    user_id: id(from, 'user_id'),
    category: text(from, 'category'),
    name: text(from, 'name'),
    value: textOrEmpty(from, 'value'),
  };
};
export const decodePreferences: Decoder<readonly Preference[]> = listOrNull(decodePreference);

export const decodePing: Decoder<Ping> = (value) => {
  const from = fields(value);
  return {
    status: text(from, 'status'),
    database_status: optionalText(from, 'database_status'),
    filestore_status: optionalText(from, 'filestore_status'),
  };
};

export const decodeServerLimits: Decoder<ServerLimits> = (value) => {
  const from = fields(value);
  return {
    maxUsersLimit: wholeOrZero(from, 'maxUsersLimit'),
    maxUsersHardLimit: wholeOrZero(from, 'maxUsersHardLimit'),
    activeUserCount: wholeOrZero(from, 'activeUserCount'),
    singleChannelGuestCount: wholeOrZero(from, 'singleChannelGuestCount'),
    singleChannelGuestLimit: wholeOrZero(from, 'singleChannelGuestLimit'),
  };
};

/** Of everything that the configuration holds, these two settings alone. */
export const decodeEmailDomains: Decoder<EmailDomains> = (value) => {
  const config = fields(value);
  const domainsIn = (section: string): readonly string[] =>
    config[section] === undefined ? [] : domains(textOrEmpty(fields(config[section]), 'RestrictCreationToDomains'));
  return { members: domainsIn('TeamSettings'), guests: domainsIn('GuestAccountsSettings') };
};

/** Settings that are as installed are left out of the answer. */
export const decodeTeamSettings: Decoder<TeamSettings> = (value) => {
  const config = fields(value);
  const section = (name: string): Fields => (config[name] === undefined ? {} : fields(config[name]));
  const teams = section('TeamSettings');
  const channels = texts(teams, 'ExperimentalDefaultChannels').filter((name) => name !== 'town-square');
  return {
    maxUsersPerTeam: optionalWhole(teams, 'MaxUsersPerTeam') ?? 50,
    maxChannelsPerTeam: optionalWhole(teams, 'MaxChannelsPerTeam') ?? 2000,
    defaultChannels: channels.length === 0 ? ['off-topic'] : channels,
    disablesBotsOfLeavers: optionalFlag(section('ServiceSettings'), 'DisableBotsWhenOwnerIsDeactivated') ?? true,
  };
};

const domains = (names: string): readonly string[] =>
  lowerCase(names)
    .split(/[\s,@]+/)
    .filter((domain) => domain !== '');

export const decodeCount: Decoder<number> = (value) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Mismatch('', 'a whole number', kindOf(value));
};
