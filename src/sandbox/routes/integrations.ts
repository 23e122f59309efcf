import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, type Reply } from '../reply.ts';
import { get, type Route } from '../route.ts';
import type { IntegrationRow, TeamRow } from '../rows.ts';

/** Teams, and what posts into them, as far as an audit asks: there is no membership and no channel, and nothing is written. */
export const integrationRoutes: readonly Route[] = [
  get('/teams', listTeams),
  get('/hooks/incoming', listIncoming),
  get('/hooks/outgoing', listOutgoing),
  get('/commands', listCommands),
];

function listTeams(call: Call): Reply {
  const [seesPrivate, seesPublic] = [call.may('list_private_teams'), call.may('list_public_teams')];
  const refusal = new Refusal('api.team.get_all_teams.insufficient_permissions');
  if (!seesPrivate && !seesPublic) throw refusal;
  const teams = [...call.world.store.teams.values()].filter((team) =>
    team.allow_open_invite ? seesPublic : seesPrivate,
  );
  return json(pageOf(teams, readListPage(call.query), refusal).map(viewTeam));
}

function listIncoming(call: Call): Reply {
  if (!call.world.config['ServiceSettings.EnableIncomingWebhooks'])
    return refuseAfter(call, 'manage_own_incoming_webhooks', 'api.incoming_webhook.disabled.app_error');
  const rows = readable(call, 'incoming-webhook', 'incoming_webhooks');
  return json(pageOf(rows, readListPage(call.query), forbidden()).map(viewIncoming));
}

function listOutgoing(call: Call): Reply {
  if (!call.world.config['ServiceSettings.EnableOutgoingWebhooks'])
    return refuseAfter(call, 'manage_own_outgoing_webhooks', 'api.outgoing_webhook.disabled.app_error');
  const rows = readable(call, 'outgoing-webhook', 'outgoing_webhooks');
  return json(pageOf(rows, readListPage(call.query), forbidden()).map(viewOutgoing));
}

/** The server adds its own commands where `custom_only` is not asked for; the sandbox has none. */
function listCommands(call: Call): Reply {
  const team = call.query.get('team_id') ?? '';
  if (team === '') throw invalidBody('team_id');
  call.require('view_team');
  if (!call.world.config['ServiceSettings.EnableCommands'] && isTrue(call.query.get('custom_only')))
    return refuseAfter(call, 'manage_own_slash_commands', 'api.command.disabled.app_error');
  const rows = readable(call, 'slash-command', 'slash_commands').filter(({ team_id: of }) => of === team);
  return json(rows.map(viewCommand));
}

/** The permission is asked for before the switch. */
function refuseAfter(call: Call, permission: string, id: ConstructorParameters<typeof Refusal>[0]): never {
  call.require(permission);
  throw new Refusal(id);
}

function readable(call: Call, kind: IntegrationRow['kind'], noun: string): readonly IntegrationRow[] {
  call.require(`manage_own_${noun}`);
  const seesAll = call.may(`manage_others_${noun}`);
  return [...call.world.store.integrations.values()].filter(
    (one) => one.kind === kind && (seesAll || one.creator_id === call.callerId),
  );
}

const viewTeam = ({ id, create_at, name, allow_open_invite }: TeamRow): unknown => ({
  id,
  create_at,
  update_at: create_at,
  delete_at: 0,
  display_name: name,
  name,
  description: '',
  email: '',
  type: allow_open_invite ? 'O' : 'I',
  company_name: '',
  allowed_domains: '',
  invite_id: '',
  allow_open_invite,
  scheme_id: '',
  group_constrained: null,
  policy_id: null,
  cloud_limits_archived: false,
});

const viewIncoming = ({ id, create_at, creator_id, team_id, name }: IntegrationRow): unknown => ({
  id,
  create_at,
  update_at: create_at,
  delete_at: 0,
  user_id: creator_id,
  channel_id: '',
  team_id,
  display_name: name,
  description: '',
  username: '',
  icon_url: '',
  channel_locked: false,
});

const viewOutgoing = ({ id, token, create_at, creator_id, team_id, name }: IntegrationRow): unknown => ({
  id,
  token,
  create_at,
  update_at: create_at,
  delete_at: 0,
  creator_id,
  channel_id: '',
  team_id,
  trigger_words: ['!'],
  trigger_when: 0,
  callback_urls: ['https://example.com/'],
  display_name: name,
  description: '',
  content_type: 'application/json',
  username: '',
  icon_url: '',
});

const viewCommand = ({ id, token, create_at, creator_id, team_id, name }: IntegrationRow): unknown => ({
  id,
  token,
  create_at,
  update_at: create_at,
  delete_at: 0,
  creator_id,
  team_id,
  trigger: name,
  method: 'P',
  username: '',
  icon_url: '',
  auto_complete: false,
  auto_complete_desc: '',
  auto_complete_hint: '',
  display_name: name,
  description: '',
  url: 'https://example.com/',
  plugin_id: '',
});
