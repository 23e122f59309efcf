import { listArgument, roleArgument } from '../arguments.ts';
import { decodeStringMap } from '../decode.ts';
import {
  decodeBot,
  decodeBots,
  decodeCount,
  decodePing,
  decodeRole,
  decodeRoles,
  decodeServerLimits,
} from '../decode-others.ts';
import { decodeReports } from '../decode-users.ts';
import type { PageQuery, Pages, QueryNames, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Bot, Ping, Role, ServerLimits, StringMap, UserReport } from '../wire.ts';
import { anySession, nobodySpecial, readUserManagement, systemAdmin } from './permissions.ts';

// What can be learnt about the server as a whole: all of it reads.

export interface RoleOperations {
  /** Reads all roles. */
  readonly list: Read<[], readonly Role[]>;
  /** Reads the roles with these names; unknown ones are left out. At most 100 a call. */
  readonly byNames: Read<[names: readonly string[]], readonly Role[]>;
  /** Reads one role by name, with its permissions. */
  readonly getByName: Read<[name: string], Role>;
}

export const roleOperations: RoleOperations = {
  list: { access: 'read', method: 'GET', path: '/roles', permission: systemAdmin, decode: decodeRoles },
  byNames: {
    access: 'read',
    method: 'POST',
    path: '/roles/names',
    permission: anySession,
    body: (names) => listArgument(names, 'names', roleArgument, 100),
    decode: decodeRoles,
  },
  getByName: {
    access: 'read',
    method: 'GET',
    path: '/roles/name/{role_name}',
    permission: anySession,
    decode: decodeRole,
    disagrees: (role, [name]) => (role.name === name ? undefined : 'the answer is about another role'),
  },
};

export interface SystemOperations {
  /** Asks whether the server is there; `getServerStatus` adds its database and its file store. */
  readonly ping: Read<[], Ping, { readonly getServerStatus?: boolean }>;
  /** Reads the public part of the configuration; with a session a larger part. All values are texts. */
  readonly clientConfig: Read<[], StringMap>;
  /** Reads the public part of the licence. All values are texts. */
  readonly clientLicense: Read<[], StringMap>;
  /** Reads the seat limits; all zero for a caller who is no system admin. */
  readonly serverLimits: Read<[], ServerLimits>;
}

export const systemOperations: SystemOperations = {
  ping: {
    access: 'read',
    method: 'GET',
    path: '/system/ping',
    permission: nobodySpecial,
    query: { getServerStatus: 'get_server_status' },
    decode: decodePing,
  },
  clientConfig: {
    access: 'read',
    method: 'GET',
    path: '/config/client?format=old',
    permission: nobodySpecial,
    decode: decodeStringMap,
  },
  clientLicense: {
    access: 'read',
    method: 'GET',
    path: '/license/client?format=old',
    permission: nobodySpecial,
    decode: decodeStringMap,
  },
  serverLimits: {
    access: 'read',
    method: 'GET',
    path: '/limits/server',
    permission: anySession,
    decode: decodeServerLimits,
  },
};

export type BotFilters = { readonly includeDeleted?: boolean; readonly onlyOrphaned?: boolean };

export interface BotOperations {
  /** Reads one bot by the id of its account. */
  readonly get: Read<[botUserId: string], Bot, { readonly includeDeleted?: boolean }>;
  /** Reads one page of the bots. */
  readonly list: Read<[], readonly Bot[], BotFilters & PageQuery>;
  /** Reads all bots, page by page. */
  readonly pages: Pages<[], Bot, BotFilters>;
}

const bots: Read<[], readonly Bot[], BotFilters & PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/bots',
  permission: 'read_bots, read_others_bots',
  query: { includeDeleted: 'include_deleted', onlyOrphaned: 'only_orphaned', page: 'page', perPage: 'per_page' },
  decode: decodeBots,
};

export const botOperations: BotOperations = {
  get: {
    access: 'read',
    method: 'GET',
    path: '/bots/{bot_user_id}',
    permission: 'read_bots, or read_others_bots',
    query: { includeDeleted: 'include_deleted' },
    decode: decodeBot,
    disagrees: (bot, [botUserId]) => (bot.user_id === botUserId ? undefined : 'the answer is about another bot'),
  },
  list: bots,
  pages: offsetPages(bots),
};

export type ReportFilters = {
  /** A substring of the roles. */
  readonly roleFilter?: string;
  readonly teamFilter?: string;
  readonly hasNoTeam?: boolean;
  readonly hideActive?: boolean;
  readonly hideInactive?: boolean;
  readonly searchTerm?: string;
};

/** Bounds of one page of a report: at most 100 rows, after the last row of the page before. */
export type ReportQuery = ReportFilters & {
  readonly pageSize?: number;
  readonly fromUsername?: string;
  readonly fromId?: string;
};

export interface ReportOperations {
  /**
   * Reads a report of people, in the order of their usernames. Bots are left out. Pass the username and id of the last
   * row to read on: unlike pages of a listing, rows are neither lost nor doubled while others write.
   */
  readonly users: Read<[], readonly UserReport[], ReportQuery>;
  /** Counts the rows of that report. */
  readonly count: Read<[], number, ReportFilters>;
}

const reportNames: QueryNames<ReportFilters> = {
  roleFilter: 'role_filter',
  teamFilter: 'team_filter',
  hasNoTeam: 'has_no_team',
  hideActive: 'hide_active',
  hideInactive: 'hide_inactive',
  searchTerm: 'search_term',
};

export const reportOperations: ReportOperations = {
  users: {
    access: 'read',
    method: 'GET',
    path: '/reports/users',
    permission: readUserManagement,
    query: { ...reportNames, pageSize: 'page_size', fromUsername: 'from_column_value', fromId: 'from_id' },
    decode: decodeReports,
  },
  count: {
    access: 'read',
    method: 'GET',
    path: '/reports/users/count',
    permission: readUserManagement,
    query: reportNames,
    decode: decodeCount,
  },
};
