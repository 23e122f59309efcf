import { idArgument, listArgument } from '../arguments.ts';
import {
  decodeTeam,
  decodeTeamCount,
  decodeTeamMember,
  decodeTeamMembers,
  decodeTeamStats,
  decodeTeams,
} from '../decode-teams.ts';
import type { Disagreement, PageQuery, Pages, Read } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { Team, TeamMember, TeamStats } from '../wire.ts';
import { ofAskedPeople } from './asked.ts';
import { readUserManagement } from './permissions.ts';

export type TeamMemberFilters = {
  /** Leaves inactive accounts out. Without it they are in. */
  readonly excludeDeletedUsers?: boolean;
  /** By name; without it by id, which stays the same when a person is renamed. Any other value would mean no order. */
  readonly sort?: 'Username';
};

export interface TeamReads {
  /** Reads one page of the teams, archived ones too. */
  readonly list: Read<[], readonly Team[], PageQuery>;
  /** Reads all teams, page by page, archived ones too. Pages can shift where teams have equal display names. */
  readonly pages: Pages<[], Team>;
  /** Counts the teams that the caller may list, archived ones too. */
  readonly count: Read<[], number>;
  /** Reads one team by id, also an archived one. */
  readonly get: Read<[teamId: string], Team>;
  /** Reads one team by name, also an archived one. */
  readonly getByName: Read<[name: string], Team>;
  /** Reads one page of the present members of a team, inactive accounts too. */
  readonly members: Read<[teamId: string], readonly TeamMember[], TeamMemberFilters & PageQuery>;
  /** Reads the present members of a team page by page. */
  readonly memberPages: Pages<[teamId: string], TeamMember, TeamMemberFilters>;
  /**
   * Reads who of these people are present members, in no order: people who left or never were members are left out. At most
   * 10,000 a call. Of a team that is not there, no one is a member: look for the team first.
   */
  readonly membersByIds: Read<[teamId: string, userIds: readonly string[]], readonly TeamMember[]>;
  /**
   * Reads one membership, from the primary database. A person who left still has one: look at `delete_at` first. Answers
   * 404 for a person who was never a member.
   */
  readonly getMember: Read<[teamId: string, userId: string], TeamMember>;
  /** Reads the teams of a person; archived teams and teams that the person left are not among them. */
  readonly ofUser: Read<[userId: string], readonly Team[]>;
  /** Reads all team memberships of a person, also those of teams that the person left (`delete_at`) and of archived teams. */
  readonly membershipsOf: Read<[userId: string], readonly TeamMember[]>;
  /** Counts the members of a team: all, and those with an active account. */
  readonly stats: Read<[teamId: string], TeamStats>;
}

const viewTeam = 'view_team';
const listTeams = 'list_public_teams, list_private_teams: with one of them, half of the teams';
const ownOrOthersTeams = 'oneself, or read_other_users_teams';

const onTeam = (team: Team, [teamId]: readonly [string]): Disagreement | undefined =>
  team.id === teamId ? undefined : 'other-team';

const list: Read<[], readonly Team[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/teams',
  permission: listTeams,
  query: { page: 'page', perPage: 'per_page' },
  tellsSecret: true,
  decode: decodeTeams,
};

const members: Read<[teamId: string], readonly TeamMember[], TeamMemberFilters & PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/teams/{team_id}/members',
  permission: viewTeam,
  query: { excludeDeletedUsers: 'exclude_deleted_users', sort: 'sort', page: 'page', perPage: 'per_page' },
  decode: decodeTeamMembers,
  disagrees: (rows, [teamId]) => (rows.every((row) => row.team_id === teamId) ? undefined : 'other-team'),
};

export const teamReads: TeamReads = {
  list,
  pages: offsetPages(list),
  count: {
    access: 'read',
    method: 'GET',
    path: '/teams?include_total_count=true&per_page=1',
    permission: listTeams,
    tellsSecret: true,
    decode: decodeTeamCount,
  },
  get: {
    access: 'read',
    method: 'GET',
    path: '/teams/{team_id}',
    permission: `${viewTeam}, or any session for a team that is open to all`,
    // The invite id: who knows it may join.
    tellsSecret: true,
    decode: decodeTeam,
    disagrees: onTeam,
  },
  getByName: {
    access: 'read',
    method: 'GET',
    path: '/teams/name/{team_name}',
    permission: `${viewTeam}, or any session for a team that is open to all`,
    tellsSecret: true,
    decode: decodeTeam,
    disagrees: (team, [name]) => (team.name === name ? undefined : 'other-team'),
  },
  members,
  memberPages: offsetPages(members),
  membersByIds: {
    access: 'read',
    method: 'POST',
    path: '/teams/{team_id}/members/ids',
    permission: viewTeam,
    body: (userIds) => listArgument(userIds, 'userIds', idArgument, 10_000),
    decode: decodeTeamMembers,
    disagrees: (rows, [teamId, userIds]) =>
      rows.every((row) => row.team_id === teamId) ? ofAskedPeople(rows, userIds) : 'other-team',
  },
  getMember: {
    access: 'read',
    method: 'GET',
    path: '/teams/{team_id}/members/{user_id}',
    permission: viewTeam,
    decode: decodeTeamMember,
    disagrees: (row, [teamId, userId]) =>
      row.team_id === teamId && (userId === 'me' || row.user_id === userId) ? undefined : 'other-membership',
  },
  ofUser: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/teams',
    permission: `oneself, or ${readUserManagement}`,
    tellsSecret: true,
    decode: decodeTeams,
  },
  membershipsOf: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/teams/members',
    permission: ownOrOthersTeams,
    decode: decodeTeamMembers,
    disagrees: (rows, [userId]) =>
      userId === 'me' || rows.every((row) => row.user_id === userId) ? undefined : 'other-membership',
  },
  stats: {
    access: 'read',
    method: 'GET',
    path: '/teams/{team_id}/stats',
    permission: viewTeam,
    decode: decodeTeamStats,
    disagrees: (stats, [teamId]) => (stats.team_id === teamId ? undefined : 'other-team'),
  },
};
