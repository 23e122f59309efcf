import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { json, marshalled, type Reply } from '../reply.ts';
import { get, post, type Route } from '../route.ts';
import { isActive, type UserRow } from '../rows.ts';
import { readStrings } from '../user-input.ts';
import { showMany } from './read-users.ts';

/** Search by words (API §13.1, §13.2), everywhere or in a place. */
export const searchRoutes: readonly Route[] = [
  post('/users/search', search, { isOffWhenBusy: true }),
  get('/users/autocomplete', autocomplete),
  post('/users/group_channels', groupChannels),
];

const defaultLimit = 100;
const maxLimit = 1000;

interface SearchInput {
  readonly term: string;
  readonly teamId: string;
  readonly notInTeamId: string;
  readonly inChannelId: string;
  readonly notInChannelId: string;
  readonly withoutTeam: boolean;
  readonly inGroupId: string;
  readonly notInGroupId: string;
  readonly allowsInactive: boolean;
  readonly limit: number;
  readonly role: string;
  readonly roles: readonly string[];
}

function readSearch(value: unknown): SearchInput {
  const fields = new Fields(value);
  const text = (name: string): string => fields.string(name) ?? '';
  return {
    term: text('term'),
    teamId: text('team_id'),
    notInTeamId: text('not_in_team_id'),
    inChannelId: text('in_channel_id'),
    notInChannelId: text('not_in_channel_id'),
    withoutTeam: fields.boolean('without_team') ?? false,
    inGroupId: text('in_group_id'),
    notInGroupId: text('not_in_group_id'),
    allowsInactive: fields.boolean('allow_inactive') ?? false,
    limit: fields.integer('limit') || defaultLimit,
    role: text('role'),
    roles: fields.strings('roles') ?? [],
  };
}

function search(call: Call): Reply {
  const input = call.decode(readSearch, invalidBody('props'));
  if (input.term === '') throw invalidBody('term');
  if (input.teamId === '' && input.notInChannelId !== '') throw invalidBody('team_id');
  if (input.inGroupId !== '' || input.notInGroupId !== '') throw new Refusal('app.group.no_rows');
  for (const id of [input.inChannelId, input.notInChannelId]) if (id !== '') mayReadChannel(call, id);
  for (const id of [input.teamId, input.notInTeamId])
    if (id !== '' && !call.mayInTeam(id, 'view_team')) throw forbidden();
  if (input.limit < 0 || input.limit > maxLimit) throw invalidBody('limit');
  const inSome = input.withoutTeam ? call.teamMembers.present() : undefined;
  const users = find(call, input.term, {
    limit: input.limit,
    withEmails: call.isAdmin || call.world.config['PrivacySettings.ShowEmailAddress'],
    filter: (user) =>
      (input.allowsInactive || isActive(user)) &&
      hasRoles(user, input) &&
      (inSome === undefined ? isInPlaces(call, user, input) : !inSome.has(user.id)),
  });
  return marshalled(showMany(call, users));
}

function mayReadChannel(call: Call, id: string): void {
  const channel = call.world.store.channels.get(id);
  if (channel === undefined || !call.mayInChannel(channel, 'read_channel')) throw forbidden();
}

function isInPlaces({ teamMembers, channelMembers }: Call, { id }: UserRow, input: SearchInput): boolean {
  const inTeam = (teamId: string): boolean => teamMembers.get(teamId, id)?.delete_at === 0;
  const inChannel = (channelId: string): boolean => channelMembers.get(channelId, id) !== undefined;
  return (
    (input.teamId === '' || inTeam(input.teamId)) &&
    (input.notInTeamId === '' || !inTeam(input.notInTeamId)) &&
    (input.inChannelId === '' || inChannel(input.inChannelId)) &&
    (input.notInChannelId === '' || !inChannel(input.notInChannelId))
  );
}

/** A single role is looked for in the text of roles; of several, names beyond the system's own filter nothing. */
function hasRoles(user: UserRow, { role, roles }: SearchInput): boolean {
  if (role !== '' && !user.roles.includes(role)) return false;
  const known = roles.filter((name) => ['system_user', 'system_admin', 'system_guest'].includes(name));
  if (known.length === 0) return true;
  return known.some((name) => (name === 'system_user' ? user.roles === name : user.roles.includes(name)));
}

interface Finding {
  readonly limit: number;
  readonly withEmails: boolean;
  readonly filter: (user: UserRow) => boolean;
}

/** Every word must stand somewhere in a name or address, in any case, or be the id; `%` and `_` mean themselves, and a `*` nothing. */
function find(call: Call, term: string, { limit, withEmails, filter }: Finding): readonly UserRow[] {
  const words = term
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll('*', '').replace(/^@+/, ''))
    .filter((word) => word !== '');
  const withNames = call.isAdmin || call.world.config['PrivacySettings.ShowFullName'];
  const found: UserRow[] = [];
  for (const user of call.people.sorted()) {
    if (found.length >= limit) break;
    const texts = [user.username, user.nickname];
    if (withNames) texts.push(user.first_name, user.last_name);
    if (withEmails) texts.push(user.email);
    const isHit = words.every((word) => word === user.id || texts.some((text) => text.toLowerCase().includes(word)));
    if (isHit && filter(user)) found.push(user);
  }
  return found;
}

function autocomplete(call: Call): Reply {
  const { query, teamMembers, channelMembers } = call;
  const [teamId, channelId] = [query.get('in_team') ?? '', query.get('in_channel') ?? ''];
  if (channelId !== '') mayReadChannel(call, channelId);
  if (teamId !== '' && !call.mayInTeam(teamId, 'view_team')) throw forbidden();
  if (channelId !== '' && teamId === '') throw new Refusal('api.user.autocomplete_users.missing_team_id.app_error');
  const isIn = ({ id }: UserRow): boolean => channelId === '' || channelMembers.get(channelId, id) !== undefined;
  const users = find(call, query.get('name') ?? '', {
    limit: limitOf(query.get('limit') ?? ''),
    withEmails: false,
    filter: (user) => isActive(user) && (teamId === '' || teamMembers.get(teamId, user.id)?.delete_at === 0),
  });
  if (channelId === '') return json({ users: showMany(call, users) });
  const outside = users.filter((user) => !isIn(user));
  return json({ users: showMany(call, users.filter(isIn)), out_of_channel: showMany(call, outside) });
}

function limitOf(text: string): number {
  if (text === '') return defaultLimit;
  return /^-?\d+$/.test(text) ? Math.min(Number(text), maxLimit) : 0;
}

/** No users share a group channel here, so the answer to any list of ids is an empty one. */
function groupChannels(call: Call): Reply {
  const ids = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (ids.length === 0) throw new Refusal('api.payload.parse.error');
  return json({});
}
