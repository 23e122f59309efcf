import type { Call } from '../call.ts';
import { forbidden, invalidBody, Refusal } from '../errors.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, type Reply } from '../reply.ts';
import { get, type Route } from '../route.ts';
import type { IntegrationRow } from '../rows.ts';

/** What posts into teams, as far as an audit asks: nothing is written. */
export const integrationRoutes: readonly Route[] = [
  get('/hooks/incoming', listIncoming),
  get('/hooks/outgoing', listOutgoing),
  get('/commands', listCommands),
];

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
  if (!call.mayInTeam(team, 'view_team')) throw forbidden();
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

const viewIncoming = ({ id, create_at, creator_id, team_id, channel_id, name }: IntegrationRow): unknown => ({
  id,
  create_at,
  update_at: create_at,
  delete_at: 0,
  user_id: creator_id,
  channel_id: channel_id ?? '',
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
