import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, Refusal } from '../errors.ts';
import { isTrue, type Page, pageOf, readListPage, startOf } from '../paging.ts';
import { People, type PeopleView } from '../people.ts';
import { json, marshalled, type Reply } from '../reply.ts';
import { get, type Route } from '../route.ts';
import { hasRole, isActive, isRemote, type UserRow } from '../rows.ts';
import { filterableRoles, isRoleName } from '../rules/roles.ts';
import { showMany } from './read-users.ts';

/** Lists and counts of everybody (API §12, §13.3, §18 op 5), of a place, and of those outside of it. */
export const listUserRoutes: readonly Route[] = [
  get('/users', listUsers),
  get('/users/stats', stats),
  get('/users/stats/filtered', filteredStats, { permission: 'sysconsole_read_user_management_users' }),
  get('/users/known', () => json([])),
  get('/users/invalid_emails', invalidEmails),
];

type Filter = (user: UserRow) => boolean;

const unreadable = (): Refusal => new Refusal('app.user.get_profiles.app_error');

function listUsers(call: Call): Reply {
  checkSort(call.query);
  const { isBroken, filters } = readFilters(call);
  const place = placeFilter(call);
  const all = place === undefined ? filters : [...filters, place];
  const users = pageOfPeople(call.people, all, readListPage(call.query));
  const reply = marshalled(showMany(call, users));
  return isBroken ? withError(call, reply) : reply;
}

/** Who is in a team, a channel or a group, or outside of it; undefined = everybody. */
function placeFilter(call: Call): Filter | undefined {
  const { query, teamMembers, channelMembers } = call;
  const given = (name: string): string => query.get(name) ?? '';
  if (isTrue(query.get('without_team'))) {
    call.require('list_users_without_team');
    return withoutTeam(call);
  }
  const [channelId, outsideId] = [given('in_channel'), given('not_in_channel')];
  if (channelId !== '' || outsideId !== '') {
    const id = channelId === '' ? outsideId : channelId;
    const channel = call.world.store.channels.get(id);
    if (channel === undefined || !call.mayInChannel(channel, 'read_channel')) throw forbidden();
    if (channelId !== '') return (user) => channelMembers.get(id, user.id) !== undefined;
    const teamId = given('in_team');
    return (user) => channelMembers.get(id, user.id) === undefined && teamMembers.get(teamId, user.id)?.delete_at === 0;
  }
  const [teamId, otherId] = [given('in_team'), given('not_in_team')];
  if (teamId !== '' || otherId !== '') {
    const id = otherId === '' ? teamId : otherId;
    if (!call.mayInTeam(id, 'view_team')) throw forbidden();
    const isIn: Filter = (user) => teamMembers.get(id, user.id)?.delete_at === 0;
    return otherId === '' ? isIn : (user) => !isIn(user);
  }
  if (given('in_group') !== '' || given('not_in_group') !== '') throw new Refusal('app.group.no_rows');
  return undefined;
}

/** People who left all their teams count, too; a team that is archived is one all the same. */
function withoutTeam({ teamMembers }: Call): Filter {
  const inSome = teamMembers.present();
  return (user) => !inSome.has(user.id);
}

function checkSort(query: URLSearchParams): void {
  const given = (name: string): boolean => (query.get(name) ?? '') !== '';
  if (given('not_in_channel') && !given('in_team')) throw invalidUrl('team_id');
  const order = query.get('sort') ?? '';
  if (order === '') return;
  const place = sortPlaces.get(order);
  const others = places.filter((name) => name !== place);
  if (place === undefined || !given(place) || (place !== 'in_channel' && others.some(given))) throw invalidUrl('sort');
}

const places = ['in_team', 'not_in_team', 'in_channel', 'not_in_channel', 'in_group', 'not_in_group', 'without_team'];

/** Which orders there are, and the list that each of them needs, for all but channels alone. */
const sortPlaces: ReadonlyMap<string, string> = new Map([
  ['last_activity_at', 'in_team'],
  ['create_at', 'in_team'],
  ['status', 'in_channel'],
  ['admin', 'in_channel'],
  ['display_name', 'in_group'],
]);

function readFilters(call: Call): { readonly isBroken: boolean; readonly filters: readonly Filter[] } {
  const { query } = call;
  const isActiveAsked = isTrue(query.get('active'));
  const isInactiveAsked = isTrue(query.get('inactive'));
  const filters: Filter[] = [];
  if (isInactiveAsked) filters.push((user) => !isActive(user));
  else if (isActiveAsked) filters.push(isActive);
  const role = query.get('role') ?? '';
  if (role !== '') {
    checkRoles(call, [role], 'role');
    filters.push((user) => user.roles.includes(role));
  }
  const roles = query.get('roles') ?? '';
  if (roles !== '') checkRoles(call, roles.split(','), 'roles');
  const anyOf = anyOfRoles(roles === '' ? [role] : roles.split(','));
  if (anyOf !== undefined) filters.push(anyOf);
  return { isBroken: isActiveAsked && isInactiveAsked, filters };
}

function checkRoles(call: Call, names: readonly string[], param: string): void {
  if (names.some((name) => !isRoleName(name) || call.world.role(name) === undefined)) throw invalidBody(param);
}

/** `system_user` means exactly that text; a few names mean "contains"; any other name filters nothing (traps 19, 20). */
function anyOfRoles(names: readonly string[]): Filter | undefined {
  const known = names.filter((name) => name === 'system_user' || filterableRoles.has(name));
  if (known.length === 0) return undefined;
  return (user) => known.some((name) => (name === 'system_user' ? user.roles === name : user.roles.includes(name)));
}

function pageOfPeople(people: PeopleView, filters: readonly Filter[], page: Page): UserRow[] {
  const start = startOf(page, unreadable());
  if (filters.length === 0 && people instanceof People) return people.slice(start, start + page.perPage);
  const matching: UserRow[] = [];
  for (const user of people.sorted()) {
    if (filters.every((filter) => filter(user))) matching.push(user);
    if (matching.length >= start + page.perPage) break;
  }
  return matching.slice(start);
}

/** Both `active` and `inactive`: list and error stand in one body; the status hangs on compression (API §18 op 5). */
function withError(call: Call, reply: Reply): Reply {
  const refusal = invalidUrl('inactive');
  const error = { id: refusal.id, message: refusal.message, detailed_error: '', status_code: refusal.status };
  return {
    ...reply,
    status: call.acceptsGzip ? 400 : 200,
    body: Buffer.concat([reply.body, Buffer.from(JSON.stringify(error))]),
  };
}

/** Active accounts, bots included, remote ones not. */
function stats(call: Call): Reply {
  let count = 0;
  for (const user of call.world.store.people.all()) if (isActive(user) && !isRemote(user)) count++;
  return json({ total_users_count: count });
}

function filteredStats(call: Call): Reply {
  const { query, world } = call;
  const names = (query.get('roles') ?? '').split(',').filter((name) => name.trim() !== '');
  if (!names.every(isRoleName)) throw invalidBody('roles');
  const anyOf = anyOfRoles(names);
  const filters: Filter[] = [
    ...(isTrue(query.get('include_deleted')) ? [] : [isActive]),
    ...(isTrue(query.get('include_bots')) ? [] : [(user: UserRow) => !world.isBot(user.id)]),
    ...(isTrue(query.get('include_remote_users')) ? [] : [(user: UserRow) => !isRemote(user)]),
    ...(anyOf === undefined ? [] : [anyOf]),
    ...inPlace(call),
  ];
  let count = 0;
  for (const user of world.store.people.all()) if (filters.every((filter) => filter(user))) count++;
  return json({ total_users_count: count });
}

function inPlace({ query, teamMembers, channelMembers }: Call): readonly Filter[] {
  const [teamId, channelId] = [query.get('in_team') ?? '', query.get('in_channel') ?? ''];
  return [
    ...(teamId === '' ? [] : [(user: UserRow) => teamMembers.get(teamId, user.id)?.delete_at === 0]),
    ...(channelId === '' ? [] : [(user: UserRow) => channelMembers.get(channelId, user.id) !== undefined]),
  ];
}

/** People whose address is outside of the allowed domains; an open server has no such thing. */
function invalidEmails(call: Call): Reply {
  const { config, store } = call.world;
  if (config['TeamSettings.EnableOpenServer']) throw new Refusal('<untranslated>');
  call.require('sysconsole_read_user_management_users');
  const domains = config['TeamSettings.RestrictCreationToDomains'].split(/[\s,@]+/).filter((domain) => domain !== '');
  const isOutside: Filter = (user) =>
    domains.length > 0 &&
    isActive(user) &&
    !hasRole(user, 'system_guest') &&
    user.auth_service === '' &&
    !call.world.isBot(user.id) &&
    !domains.some((domain) => user.email.endsWith(`@${domain.toLowerCase()}`));
  const users = [...store.people.sorted()].filter(isOutside);
  return json(pageOf(users, readListPage(call.query), unreadable()).map((user) => call.world.view(user, 'admin')));
}
