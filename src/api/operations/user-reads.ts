import { idArgument, knownKeys, listArgument, textArgument, wholeArgument } from '../arguments.ts';
import {
  decodeAutocompletion,
  decodeGroupChannels,
  decodeUser,
  decodeUserCount,
  decodeUsers,
} from '../decode-users.ts';
import type { Disagreement, PageQuery, Pages, QueryNames, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Autocompletion, User, UserCount, UserSearch } from '../wire.ts';
import { anySession, readUserManagement } from './permissions.ts';

/** Filters of a listing; without any, everybody: inactive people, bots and remote accounts too. */
export type UserFilters = {
  /** Only active, or only inactive people. Never both: the server then answers with garbage. */
  readonly active?: true;
  readonly inactive?: true;
  readonly inTeam?: string;
  readonly notInTeam?: string;
  readonly withoutTeam?: boolean;
  readonly inChannel?: string;
  readonly notInChannel?: string;
  readonly inGroup?: string;
  readonly notInGroup?: string;
  readonly groupConstrained?: boolean;
  /** A substring of the roles. */
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly teamRoles?: readonly string[];
  readonly channelRoles?: readonly string[];
  readonly sort?: 'last_activity_at' | 'create_at' | 'status' | 'admin' | 'display_name';
};

/** What is counted; the three flags are false when left out. */
export type StatsFilters = {
  readonly includeDeleted?: boolean;
  readonly includeBots?: boolean;
  readonly includeRemoteUsers?: boolean;
  readonly inTeam?: string;
  readonly inChannel?: string;
  /** Names beyond the stock system roles are silently ignored by the server. */
  readonly roles?: readonly string[];
  readonly teamRoles?: readonly string[];
  readonly channelRoles?: readonly string[];
};

export type AutocompleteQuery = {
  readonly name?: string;
  readonly inTeam?: string;
  /** Needs `inTeam`. */
  readonly inChannel?: string;
  readonly limit?: number;
};

export interface UserReads {
  /** Reads one account by id. */
  readonly get: Read<[userId: string], User>;
  /** Reads the account that the token belongs to. */
  readonly me: Read<[], User>;
  /** Reads one account by username; inactive ones are found too. */
  readonly getByUsername: Read<[username: string], User>;
  /** Reads one account by e-mail address; inactive ones are found too. */
  readonly getByEmail: Read<[email: string], User>;
  /** Reads one page of a listing. A row that is absent from pages proves nothing. */
  readonly list: Read<[], readonly User[], UserFilters & PageQuery>;
  /** Reads a listing page by page. */
  readonly pages: Pages<[], User, UserFilters>;
  /** Reads the accounts with these usernames, in lower case; unknown ones are left out. At most 10,000 a call. */
  readonly byUsernames: Read<[usernames: readonly string[]], readonly User[]>;
  /** Reads the accounts with these ids, in no order; unknown ones are left out. `since`: only those changed after it. */
  readonly byIds: Read<[userIds: readonly string[]], readonly User[], { readonly since?: number }>;
  /** Counts active accounts, bots included. */
  readonly stats: Read<[], UserCount>;
  /** Counts accounts by filter. */
  readonly statsFiltered: Read<[], UserCount, StatsFilters>;
  /** Searches by substring of names, e-mail address or id; at most 1,000 accounts, active ones by default. */
  readonly search: Read<[search: UserSearch], readonly User[]>;
  /** Suggests active accounts by a part of their names. */
  readonly autocomplete: Read<[], Autocompletion, AutocompleteQuery>;
  /** Reads the members of group channels of the caller, by channel id; the server looks at 50 ids a call. */
  readonly byGroupChannels: Read<[channelIds: readonly string[]], ReadonlyMap<string, readonly User[]>>;
}

const filterNames: QueryNames<UserFilters> = {
  active: 'active',
  inactive: 'inactive',
  inTeam: 'in_team',
  notInTeam: 'not_in_team',
  withoutTeam: 'without_team',
  inChannel: 'in_channel',
  notInChannel: 'not_in_channel',
  inGroup: 'in_group',
  notInGroup: 'not_in_group',
  groupConstrained: 'group_constrained',
  role: 'role',
  roles: 'roles',
  teamRoles: 'team_roles',
  channelRoles: 'channel_roles',
  sort: 'sort',
};

const searchKeys: ReadonlySet<string> = new Set([
  'term',
  'team_id',
  'not_in_team_id',
  'in_channel_id',
  'not_in_channel_id',
  'in_group_id',
  'not_in_group_id',
  'group_constrained',
  'allow_inactive',
  'without_team',
  'limit',
  'role',
  'roles',
  'channel_roles',
  'team_roles',
]);

/** Refuses an answer about a person who was not asked for, or about the same account twice. */
function onlyAsked(
  users: readonly User[],
  asked: readonly string[],
  keyOf: (user: User) => string,
): Disagreement | undefined {
  const expected = new Set(asked);
  const seen = new Set<string>();
  for (const user of users) {
    if (!expected.has(keyOf(user))) return 'not-asked-for';
    if (seen.has(user.id)) return 'account-twice';
    seen.add(user.id);
  }
  return undefined;
}

const list: Read<[], readonly User[], UserFilters & PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/users',
  reference: 'users-get',
  permission: anySession,
  query: { ...filterNames, page: 'page', perPage: 'per_page' },
  decode: decodeUsers,
};

export const userReads: UserReads = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}',
    reference: 'users-user-id-get',
    permission: anySession,
    decode: decodeUser,
    disagrees: (user, [userId]) => (userId === 'me' || user.id === userId ? undefined : 'other-account'),
  },
  me: { access: 'read', method: 'GET', path: '/users/me', permission: anySession, decode: decodeUser },
  getByUsername: {
    access: 'read',
    method: 'GET',
    path: '/users/username/{username}',
    reference: 'users-username-username-get',
    permission: anySession,
    decode: decodeUser,
    disagrees: (user, [username]) => (user.username === username.toLowerCase() ? undefined : 'other-username'),
  },
  getByEmail: {
    access: 'read',
    method: 'GET',
    path: '/users/email/{email}',
    reference: 'users-email-email-get',
    permission: `${anySession} that may see e-mail addresses`,
    decode: decodeUser,
    // Empty where the server hides addresses.
    disagrees: (user, [email]) =>
      user.email === '' || user.email.toLowerCase() === email.toLowerCase() ? undefined : 'other-email',
  },
  list,
  pages: offsetPages(list),
  byUsernames: {
    access: 'read',
    method: 'POST',
    path: '/users/usernames',
    reference: 'users-usernames-post',
    permission: anySession,
    body: (usernames) => listArgument(usernames, 'usernames', textArgument, 10_000),
    decode: decodeUsers,
    decodeItem: decodeUser,
    disagrees: (users, [usernames]) => onlyAsked(users, usernames, (user) => user.username),
  },
  byIds: {
    access: 'read',
    method: 'POST',
    path: '/users/ids',
    reference: 'users-ids-post',
    permission: anySession,
    body: (userIds) => listArgument(userIds, 'userIds', idArgument, 10_000),
    query: { since: 'since' },
    decode: decodeUsers,
    decodeItem: decodeUser,
    disagrees: (users, [userIds]) => onlyAsked(users, userIds, (user) => user.id),
  },
  stats: {
    access: 'read',
    method: 'GET',
    path: '/users/stats',
    reference: 'users-stats-get',
    permission: anySession,
    decode: decodeUserCount,
  },
  statsFiltered: {
    access: 'read',
    method: 'GET',
    path: '/users/stats/filtered',
    permission: readUserManagement,
    query: {
      includeDeleted: 'include_deleted',
      includeBots: 'include_bots',
      includeRemoteUsers: 'include_remote_users',
      inTeam: 'in_team',
      inChannel: 'in_channel',
      roles: 'roles',
      teamRoles: 'team_roles',
      channelRoles: 'channel_roles',
    },
    decode: decodeUserCount,
  },
  search: {
    access: 'read',
    method: 'POST',
    path: '/users/search',
    reference: 'users-search-post',
    permission: `${anySession}; view_team or read_channel for these filters`,
    body(search) {
      const known = knownKeys(search, 'search', searchKeys);
      textArgument(known.term, 'search.term');
      if (known.limit !== undefined) wholeArgument(known.limit, 'search.limit', 1, 1000);
      return known;
    },
    decode: decodeUsers,
  },
  autocomplete: {
    access: 'read',
    method: 'GET',
    path: '/users/autocomplete',
    reference: 'users-autocomplete-get',
    permission: `${anySession}; view_team or read_channel for these filters`,
    query: { name: 'name', inTeam: 'in_team', inChannel: 'in_channel', limit: 'limit' },
    decode: decodeAutocompletion,
  },
  byGroupChannels: {
    access: 'read',
    method: 'POST',
    path: '/users/group_channels',
    reference: 'users-group-channels-post',
    permission: anySession,
    body: (channelIds) => listArgument(channelIds, 'channelIds', idArgument, 50),
    decode: decodeGroupChannels,
  },
};
