import type { Call } from '../call.ts';
import { forbidden, invalidBody, noUser, Refusal } from '../errors.ts';
import { DecodeError, Fields } from '../go-json.ts';
import { isId } from '../ids.ts';
import type { MemberState, Membership } from '../members.ts';
import { refuseUnbound } from '../operations/group-constraint.ts';
import { withRoles, withSchemeRoles } from '../operations/member-roles.ts';
import { joinTeam, leaveTeam } from '../operations/team-membership.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, marshalled, ok, type Reply } from '../reply.ts';
import { del, get, post, put, type Route } from '../route.ts';
import { isActive, isGuest, type TeamRow, type UserRow } from '../rows.ts';
import { readStrings } from '../user-input.ts';
import { viewTeamMember } from '../view-places.ts';
import { pathTeam, teamPath } from './teams.ts';

const membersPath = `${teamPath}/members`;
const memberPath = `${membersPath}/:user_id{[A-Za-z0-9]+}`;

/** Members of teams (memberships §2, §3). */
export const teamMemberRoutes: readonly Route[] = [
  get(membersPath, listMembers),
  post(membersPath, addMember),
  post(`${membersPath}/ids`, membersByIds),
  post(`${membersPath}/batch`, addMembers),
  get(memberPath, getMember),
  del(memberPath, removeMember),
  put(`${memberPath}/schemeRoles`, (call) => changeRoles(call, withSchemeRoles)),
  put(`${memberPath}/roles`, (call) => changeRoles(call, withRoles)),
];

/** The id of a team that the caller may look into; an unknown one is empty for an administrator. */
function seenTeamId(call: Call): string {
  const id = call.pathId('team_id');
  if (!call.mayInTeam(id, 'view_team')) throw forbidden();
  return id;
}

/** Those who did not leave: by id, or by name, or for any other word in no order. */
function listMembers(call: Call): Reply {
  const { world, query, teamMembers } = call;
  const id = seenTeamId(call);
  const isNewest = teamMembers === world.store.teamMembers;
  const order = query.get('sort') ?? '';
  const byId = isNewest ? world.store.teamMembers.idsInOrder(id) : presentIds(teamMembers.of(id)).toSorted();
  const ids = order === '' ? byId : order === 'Username' ? byUsername(call, byId) : world.shuffled(byId);
  const leavesOut = isTrue(query.get('exclude_deleted_users'));
  const shown = leavesOut ? ids.filter((userId) => isActiveId(call, userId)) : ids;
  const page = pageOf(shown, readListPage(query), forbidden());
  return marshalled(rowsOf(call, id, page));
}

const presentIds = (rows: Iterable<Membership>): readonly string[] =>
  [...rows].flatMap(([userId, { delete_at }]) => (delete_at === 0 ? [userId] : []));

function byUsername({ world }: Call, ids: readonly string[]): readonly string[] {
  const nameOf = (id: string): string => world.user(id)?.username ?? '';
  return ids.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function isActiveId({ world }: Call, id: string): boolean {
  const user = world.user(id);
  return user !== undefined && isActive(user);
}

const rowsOf = ({ teamMembers }: Call, teamId: string, ids: readonly string[]): readonly unknown[] =>
  ids.flatMap((userId) => {
    const state = teamMembers.get(teamId, userId);
    return state?.delete_at === 0 ? [viewTeamMember(teamId, [userId, state])] : [];
  });

/** Who left, who never was there and what is no id are just missing; the answer has no order. */
function membersByIds(call: Call): Reply {
  const ids = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (ids.length === 0) throw invalidBody('user_ids');
  const teamId = seenTeamId(call);
  return marshalled(rowsOf(call, teamId, call.world.shuffled([...new Set(ids)])));
}

/** From the primary database, and also for a person who left. */
function getMember(call: Call): Reply {
  const teamId = call.pathId('team_id');
  const userId = call.pathId();
  if (!call.mayInTeam(teamId, 'view_team')) throw forbidden();
  return json(viewTeamMember(teamId, [userId, stateOf(call, teamId, userId)]));
}

function stateOf({ world }: Call, teamId: string, userId: string): MemberState {
  const state = world.store.teamMembers.get(teamId, userId);
  if (state === undefined) throw new Refusal('app.team.get_member.missing.app_error');
  return state;
}

interface MemberInput {
  readonly team_id: string;
  readonly user_id: string;
}

function readMember(value: unknown): MemberInput {
  const fields = new Fields(value);
  return { team_id: fields.string('team_id') ?? '', user_id: fields.string('user_id') ?? '' };
}

function addMember(call: Call): Reply {
  const { world } = call;
  const teamId = call.pathId('team_id');
  const input = call.decode(readMember, new Refusal('api.team.add_team_member.invalid_body.app_error'));
  if (input.team_id !== teamId) throw invalidBody('team_id');
  if (!isId(input.user_id)) throw invalidBody('user_id');
  if (input.user_id === call.callerId) mayJoinAlone(call, pathTeam(call));
  else if (!call.mayInTeam(teamId, 'add_user_to_team')) throw forbidden();
  else mayBringGuest(call, teamId, input.user_id);
  const team = pathTeam(call);
  if (team.group_constrained === true) refuseUnbound(world, [input.user_id], 'team');
  const state = joinTeam(world, team, account(call, input.user_id), undefined);
  return json(viewTeamMember(teamId, [input.user_id, state]), { status: 201 });
}

function mayJoinAlone(call: Call, team: TeamRow): void {
  call.require(team.allow_open_invite ? 'join_public_teams' : 'join_private_teams');
}

function mayBringGuest(call: Call, teamId: string, userId: string): void {
  const user = call.world.user(userId);
  if (user !== undefined && isGuest(user) && !call.mayInTeam(teamId, 'invite_guest')) throw forbidden();
}

function account({ world }: Call, id: string): UserRow {
  const user = world.user(id);
  if (user === undefined) throw noUser();
  return user;
}

const maxBatch = 256;

function readBatch(value: unknown): readonly MemberInput[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new DecodeError('not a list');
  return value.map(readMember);
}

/**
 * One after the other. Plain: the first refusal ends it, with everybody before it added. With any `graceful` that is
 * not empty, `false` too, each row says what became of it.
 */
function addMembers(call: Call): Reply {
  const { world } = call;
  const isGraceful = (call.query.get('graceful') ?? '') !== '';
  const teamId = call.pathId('team_id');
  const inputs = call.decode(readBatch, invalidBody('members'));
  if (inputs.length > maxBatch) throw invalidBody('too many members in batch');
  if (inputs.length === 0) throw invalidBody('no members in batch');
  const team = pathTeam(call);
  const ids = inputs.map(({ user_id }) => user_id);
  if (team.group_constrained === true) refuseUnbound(world, ids, 'team');
  if (!call.mayInTeam(teamId, 'add_user_to_team')) throw forbidden();
  for (const { team_id, user_id } of inputs) {
    if (team_id !== teamId) throw invalidBody('team_id');
    if (!isId(user_id)) throw invalidBody('user_id');
    mayBringGuest(call, teamId, user_id);
  }
  const add = (userId: string): unknown =>
    viewTeamMember(teamId, [userId, joinTeam(world, team, account(call, userId), call.callerId)]);
  return marshalled(isGraceful ? ids.map((id) => gracefully(id, add)) : ids.map(add), { status: 201 });
}

function gracefully(user_id: string, add: (userId: string) => unknown): unknown {
  try {
    return { user_id, member: add(user_id), error: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { id, message, status: status_code } = error;
    return { user_id, member: null, error: { id, message, detailed_error: '', status_code } };
  }
}

/** Once more for a person who left, too: that is 200 and not free. */
function removeMember(call: Call): Reply {
  const { world } = call;
  const teamId = call.pathId('team_id');
  const userId = call.pathId();
  if (userId !== call.callerId && !call.mayInTeam(teamId, 'remove_user_from_team')) throw forbidden();
  const team = pathTeam(call);
  const user = account(call, userId);
  if (team.group_constrained === true && userId !== call.callerId && !world.isBot(userId))
    throw new Refusal('api.team.remove_member.group_constrained.app_error');
  leaveTeam(world, team, user, call.callerId);
  return ok;
}

function changeRoles(call: Call, change: typeof withRoles): Reply {
  const teamId = call.pathId('team_id');
  const userId = call.pathId();
  const read = change(call, 'team');
  if (!call.mayInTeam(teamId, 'manage_team_roles')) throw forbidden();
  call.world.store.teamMembers.put(teamId, userId, read(stateOf(call, teamId, userId)));
  return ok;
}
