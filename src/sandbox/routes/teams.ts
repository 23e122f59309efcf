import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { removeUnbound } from '../operations/group-constraint.ts';
import { newTeam } from '../operations/make-places.ts';
import { countActive, joinTeam } from '../operations/team-membership.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, marshalled, ok, type Reply } from '../reply.ts';
import { del, get, post, put, type Route } from '../route.ts';
import type { TeamRow } from '../rows.ts';
import { checkTeam, isTeamName, type NewTeam, normalTeam } from '../rules/check-place.ts';
import { type TeamSight, viewTeam } from '../view-places.ts';

export const teamPath = '/teams/:team_id{[A-Za-z0-9]+}';

/** Teams themselves: found, made, changed, archived (memberships §2, §3). */
export const teamRoutes: readonly Route[] = [
  get('/teams', listTeams),
  post('/teams', createTeam),
  get('/teams/name/:team_name{[A-Za-z0-9_-]+}', teamByName),
  get(teamPath, (call) => json(show(call, visible(call, pathTeam(call))))),
  del(teamPath, archiveTeam),
  put(`${teamPath}/patch`, patchTeam),
  post(`${teamPath}/restore`, restoreTeam),
  get(`${teamPath}/stats`, teamStats),
];

/** The team of the path. @throws {Refusal} 404 when there is none */
export function pathTeam(call: Call): TeamRow {
  const team = call.world.store.teams.get(call.pathId('team_id'));
  if (team === undefined) throw new Refusal('app.team.get.find.app_error');
  return team;
}

function sightOf(call: Call, teamId: string): TeamSight {
  return { seesEmail: call.mayInTeam(teamId, 'manage_team'), seesInvite: call.mayInTeam(teamId, 'invite_user') };
}

/** A team as the caller may see it. */
export const show = (call: Call, team: TeamRow): unknown => viewTeam(team, sightOf(call, team.id));

/** Members see their team; a team that is open to all is seen by everyone who may list such ones. */
function visible(call: Call, team: TeamRow): TeamRow {
  const isOpen = team.allow_open_invite && team.type === 'O' && call.may('list_public_teams');
  if (!isOpen && !call.mayInTeam(team.id, 'view_team')) throw forbidden();
  return team;
}

/** By display name and nothing else: teams of the same name come in any order, so pages may shift. */
function listTeams(call: Call): Reply {
  const [seesPrivate, seesPublic] = [call.may('list_private_teams'), call.may('list_public_teams')];
  const refusal = new Refusal('api.team.get_all_teams.insufficient_permissions');
  if (!seesPrivate && !seesPublic) throw refusal;
  const teams = call.world
    .shuffled([...call.world.store.teams.values()])
    .filter((team) => (team.allow_open_invite ? seesPublic : seesPrivate))
    .toSorted((a, b) => (a.display_name < b.display_name ? -1 : a.display_name > b.display_name ? 1 : 0));
  const page = pageOf(teams, readListPage(call.query), refusal).map((team) => show(call, team));
  return marshalled(isTrue(call.query.get('include_total_count')) ? { teams: page, total_count: teams.length } : page);
}

function teamByName(call: Call): Reply {
  const name = call.param('team_name').toLowerCase();
  if (!isTeamName(name)) throw invalidUrl('team_name');
  for (const team of call.world.store.teams.values())
    if (team.name === name) return json(show(call, visible(call, team)));
  throw new Refusal('app.team.get_by_name.missing.app_error');
}

/** The caller becomes member and admin, and gives the team their address. */
function createTeam(call: Call): Reply {
  const { world, caller } = call;
  const input = call.decode(readTeam, invalidBody('team'));
  if (caller === undefined || !call.may('create_team'))
    throw new Refusal('api.team.is_team_creation_allowed.disabled.app_error');
  const team = newTeam(world, { ...input, email: caller.email });
  joinTeam(world, team, caller, undefined);
  return json(show(call, team), { status: 201 });
}

type TeamInput = Pick<
  NewTeam,
  'name' | 'display_name' | 'type' | 'description' | 'allow_open_invite' | 'allowed_domains'
>;

function readTeam(value: unknown): TeamInput {
  const fields = new Fields(value);
  return {
    name: fields.string('name') ?? '',
    display_name: fields.string('display_name') ?? '',
    // What is neither is found out by `checkTeam`.
    type: fields.string('type') ?? '',
    description: fields.string('description') ?? '',
    allow_open_invite: fields.boolean('allow_open_invite') ?? false,
    allowed_domains: fields.string('allowed_domains') ?? '',
  };
}

/** Name and type are passed over. Closing a team to all, also a closed one, makes a new invite; binding it to groups empties it. */
function patchTeam(call: Call): Reply {
  const { world } = call;
  const id = call.pathId('team_id');
  const patch = call.decode((value) => {
    const fields = new Fields(value);
    return {
      display_name: fields.string('display_name'),
      description: fields.string('description'),
      allowed_domains: fields.string('allowed_domains'),
      allow_open_invite: fields.boolean('allow_open_invite'),
      group_constrained: fields.boolean('group_constrained'),
    };
  }, invalidBody('team'));
  if (!call.mayInTeam(id, 'manage_team')) throw forbidden();
  const team = pathTeam(call);
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const invite = patch.allow_open_invite === false ? { invite_id: world.newId() } : {};
  const changed = normalTeam({ ...team, ...given, ...invite, update_at: world.now() });
  checkTeam(changed);
  world.store.teams.set(id, changed);
  if (patch.group_constrained === true) removeUnbound(world, world.store.teamMembers, id);
  return json(show(call, changed));
}

/** Memberships stay, and archiving twice is no fault. */
function archiveTeam(call: Call): Reply {
  setArchived(call, call.world.now());
  return ok;
}

function restoreTeam(call: Call): Reply {
  return json(show(call, setArchived(call, 0)));
}

function setArchived(call: Call, deleteAt: number): TeamRow {
  if (!call.mayInTeam(call.pathId('team_id'), 'manage_team')) throw forbidden();
  const team = { ...pathTeam(call), delete_at: deleteAt, update_at: call.world.now() };
  call.world.store.teams.set(team.id, team);
  return team;
}

/** Of an unknown team, too: it has no member. */
function teamStats(call: Call): Reply {
  const id = call.pathId('team_id');
  if (!call.mayInTeam(id, 'view_team')) throw forbidden();
  return json({
    team_id: id,
    total_member_count: call.world.store.teamMembers.countPresent(id),
    active_member_count: countActive(call.world, id),
  });
}
