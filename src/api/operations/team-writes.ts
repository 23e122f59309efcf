import {
  BadArgument,
  flagArgument,
  idArgument,
  knownKeys,
  listArgument,
  oneOfArgument,
  roleArgument,
  textArgument,
} from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeTeam, decodeTeamAdditions, decodeTeamMember } from '../decode-teams.ts';
import type { Disagreement, Write } from '../operation.ts';
import type { NewTeam, Team, TeamAddition, TeamMember, TeamPatch } from '../wire.ts';
import { ofAskedPeople } from './asked.ts';

export interface TeamWrites {
  /** Creates a team. The caller becomes its member and its admin, and a server can give it another name than asked for. */
  readonly create: Write<[team: NewTeam], Team>;
  /**
   * Changes the given fields of a team. `group_constrained: true` makes the server remove everybody whom no linked group
   * holds; `allow_open_invite: false` makes a new invite link.
   */
  readonly patch: Write<[teamId: string, patch: TeamPatch], Team>;
  /** Archives a team. Its memberships stay. */
  readonly archive: Write<[teamId: string], void>;
  /** Brings an archived team back. */
  readonly restore: Write<[teamId: string], Team>;
  /** Adds one person, who may have an inactive account. A person who is a member already is not added, but told again. */
  readonly addMember: Write<[teamId: string, userId: string], TeamMember>;
  /**
   * Adds 1 to 256 people, one after the other, and says for each the membership or the id of the error. The server goes
   * on after the caller gave up. Give the call a long `timeoutMs`: a person can take 0.2 s in a large team.
   */
  readonly addMembers: Write<[teamId: string, userIds: readonly string[]], readonly TeamAddition[]>;
  /**
   * Removes a person from a team and from all its channels, which cannot be undone. The row stays, with `delete_at`; a
   * second call moves it.
   */
  readonly removeMember: Write<[teamId: string, userId: string], void>;
  /** Makes a member an admin of the team, or takes that away. Answers OK for a person who left, too. */
  readonly setMemberAdmin: Write<[teamId: string, userId: string, isAdmin: boolean], void>;
  /** Replaces the roles of a member, with those beyond the usual ones. Prefer {@link TeamWrites.setMemberAdmin}. */
  readonly setMemberRoles: Write<[teamId: string, userId: string, roles: readonly string[]], void>;
}

const manageTeam = 'manage_team';
const addToTeam =
  'add_user_to_team, for a guest also invite_guest; for oneself join_public_teams or join_private_teams';

const createKeys: ReadonlySet<string> = new Set(['name', 'display_name', 'type', 'description', 'allow_open_invite']);
const patchKeys: ReadonlySet<string> = new Set([
  'display_name',
  'description',
  'allowed_domains',
  'allow_open_invite',
  'group_constrained',
]);

const onTeam = (team: Team, [teamId]: readonly [string, ...unknown[]]): Disagreement | undefined =>
  team.id === teamId ? undefined : 'other-team';

export const teamWrites: TeamWrites = {
  create: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/teams',
    permission: 'create_team',
    tellsSecret: true,
    body(team) {
      const known = knownKeys(team, 'team', createKeys);
      textArgument(known.name, 'team.name');
      textArgument(known.display_name, 'team.display_name');
      oneOfArgument(known.type, 'team.type', ['O', 'I']);
      return known;
    },
    decode: decodeTeam,
  },
  patch: {
    access: 'write',
    repeat: 'look-first',
    method: 'PUT',
    path: '/teams/{team_id}/patch',
    permission: manageTeam,
    tellsSecret: true,
    body(patch) {
      const known = knownKeys(patch, 'patch', patchKeys);
      if (Object.values(known).every((value) => value === undefined)) throw new BadArgument({ is: 'empty-patch' });
      return known;
    },
    decode: decodeTeam,
    disagrees: onTeam,
  },
  archive: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/teams/{team_id}',
    permission: manageTeam,
    decode: decodeOk,
  },
  restore: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/teams/{team_id}/restore',
    permission: manageTeam,
    tellsSecret: true,
    decode: decodeTeam,
    disagrees: onTeam,
  },
  addMember: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/teams/{team_id}/members',
    permission: addToTeam,
    // The server wants the id of the path in the body too.
    body: (userId, [teamId]) => ({ team_id: teamId, user_id: idArgument(userId, 'userId') }),
    decode: decodeTeamMember,
    disagrees: (row, [teamId, userId]) =>
      row.team_id === teamId && row.user_id === userId ? undefined : 'other-membership',
  },
  addMembers: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    // Without the flag the first refusal hides that everybody before it was added.
    path: '/teams/{team_id}/members/batch?graceful=true',
    permission: addToTeam,
    body: (userIds, [teamId]) =>
      [...new Set(listArgument(userIds, 'userIds', idArgument, 256))].map((userId) => ({
        team_id: teamId,
        user_id: userId,
      })),
    decode: decodeTeamAdditions,
    disagrees: (additions, [teamId, userIds]) =>
      additions.every(({ user_id, member }) => member === undefined || isOf(member, teamId, user_id))
        ? ofAskedPeople(additions, userIds)
        : 'other-membership',
  },
  removeMember: {
    access: 'write',
    repeat: 'look-first',
    method: 'DELETE',
    path: '/teams/{team_id}/members/{user_id}',
    permission: 'oneself, or remove_user_from_team',
    decode: decodeOk,
  },
  setMemberAdmin: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/teams/{team_id}/members/{user_id}/schemeRoles',
    permission: 'manage_team_roles',
    body: (isAdmin) => ({ scheme_user: true, scheme_admin: flagArgument(isAdmin, 'isAdmin') }),
    decode: decodeOk,
  },
  setMemberRoles: {
    access: 'write',
    repeat: 'safe',
    method: 'PUT',
    path: '/teams/{team_id}/members/{user_id}/roles',
    permission: 'manage_team_roles',
    body: (roles) => ({ roles: listArgument(roles, 'roles', roleArgument).join(' ') }),
    decode: decodeOk,
  },
};

const isOf = (member: TeamMember, teamId: string, userId: string): boolean =>
  member.team_id === teamId && member.user_id === userId;
