import { decodeCount } from '../decode-others.ts';
import { decodeReports } from '../decode-users.ts';
import type { Pages, QueryNames, Read } from '../operation.ts';
import type { UserReport } from '../wire.ts';
import { readUserManagement } from './permissions.ts';

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
  readonly perPage?: number;
  readonly fromUsername?: string;
  readonly fromId?: string;
  /** In place of their usernames; whole pages in another order cannot be read on from. */
  readonly sortColumn?: 'CreateAt';
  readonly sortDirection?: 'desc';
};

export interface ReportOperations {
  /**
   * Reads a report of people, in the order of their usernames. Bots are left out. Pass the username and id of the last
   * row to read on: unlike pages of a listing, rows are neither lost nor doubled while others write.
   */
  readonly users: Read<[], readonly UserReport[], ReportQuery>;
  /** Reads the whole report, page by page. */
  readonly pages: Pages<[], UserReport, ReportFilters, ReportQuery>;
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

const users: Read<[], readonly UserReport[], ReportQuery> = {
  access: 'read',
  method: 'GET',
  path: '/reports/users',
  permission: readUserManagement,
  query: {
    ...reportNames,
    perPage: 'page_size',
    fromUsername: 'from_column_value',
    fromId: 'from_id',
    sortColumn: 'sort_column',
    sortDirection: 'sort_direction',
  },
  decode: decodeReports,
};

export const reportOperations: ReportOperations = {
  users,
  pages: {
    access: 'read',
    pagesOf: users,
    perPage: 100,
    next(previous, page) {
      const last = page.at(-1);
      return last === undefined ? previous : { ...previous, fromUsername: last.username, fromId: last.id };
    },
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
