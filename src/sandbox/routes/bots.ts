import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, noUser, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { isId } from '../ids.ts';
import { revokeSessionsOf } from '../operations/sessions.ts';
import { setActive } from '../operations/set-active.ts';
import { isTrue, pageOf, readListPage } from '../paging.ts';
import { json, marshalled, type Reply } from '../reply.ts';
import { get, post, type Route, userPath } from '../route.ts';
import type { BotRow, UserRow } from '../rows.ts';
import { checkUser } from '../rules/check-user.ts';
import { defaultNotifyProps, defaultTimezone, normalUsername } from '../rules/normalize.ts';
import type { World } from '../world.ts';

const botPath = '/bots/:bot_user_id{[A-Za-z0-9]+}';

/** Bots, as far as they matter to managing people (API §19). */
export const botRoutes: readonly Route[] = [
  get('/bots', listBots),
  post('/bots', createBot),
  get(botPath, getBot),
  post(`${botPath}/enable`, (call) => enableBot(call, true)),
  post(`${botPath}/disable`, (call) => enableBot(call, false)),
  post(`${userPath}/convert_to_bot`, convertToBot),
];

function viewBot(world: World, bot: BotRow): unknown {
  const user = world.user(bot.user_id);
  return {
    user_id: bot.user_id,
    username: user?.username ?? '',
    ...(user === undefined || user.first_name === '' ? {} : { display_name: user.first_name }),
    ...(bot.description === '' ? {} : { description: bot.description }),
    owner_id: bot.owner_id,
    ...(bot.last_icon_update === 0 ? {} : { last_icon_update: bot.last_icon_update }),
    create_at: bot.create_at,
    update_at: bot.update_at,
    delete_at: bot.delete_at,
  };
}

const noBot = (): Refusal => new Refusal('store.sql_bot.get.missing.app_error');

function listBots(call: Call): Reply {
  const seesAll = call.may('read_others_bots');
  if (!seesAll && !call.may('read_bots')) throw forbidden();
  const withDeleted = isTrue(call.query.get('include_deleted'));
  const bots = [...call.world.store.bots.values()].filter(
    (bot) => (withDeleted || bot.delete_at === 0) && (seesAll || bot.owner_id === call.callerId),
  );
  return json(pageOf(bots, readListPage(call.query), noBot()).map((bot) => viewBot(call.world, bot)));
}

/** A caller who may not read a bot is told that there is none. */
function getBot(call: Call): Reply {
  const id = call.param('bot_user_id');
  if (!isId(id)) throw invalidUrl('bot_user_id');
  const bot = call.world.store.bots.get(id);
  if (bot === undefined || (bot.delete_at !== 0 && !isTrue(call.query.get('include_deleted')))) throw noBot();
  const isOwn = bot.owner_id === call.callerId && call.may('read_bots');
  if (!isOwn && !call.may('read_others_bots')) throw noBot();
  return call.withEtag(`${call.world.version}.${bot.user_id}.${bot.update_at}`, (headers) =>
    json(viewBot(call.world, bot), { headers }),
  );
}

function createBot(call: Call): Reply {
  const { world } = call;
  const input = call.decode((value) => {
    if (value === null) throw invalidBody('bot');
    const fields = new Fields(value);
    return {
      username: fields.string('username') ?? '',
      display_name: fields.string('display_name') ?? '',
      description: fields.string('description') ?? '',
    };
  }, invalidBody('bot'));
  call.require('create_bot');
  if (world.isBot(call.callerId)) throw forbidden();
  if (!world.config['ServiceSettings.EnableBotAccountCreation']) throw new Refusal('api.bot.create_disabled');
  return json(viewBot(world, newBot(world, input, call.callerId)), { status: 201 });
}

interface BotInput {
  readonly username: string;
  readonly display_name: string;
  readonly description: string;
}

function newBot(world: World, input: BotInput, ownerId: string): BotRow {
  const now = world.now();
  const username = normalUsername(input.username);
  const user: UserRow = {
    id: world.newId(),
    create_at: now,
    update_at: now,
    delete_at: 0,
    username,
    password: '',
    auth_data: null,
    auth_service: '',
    email: `${username}@localhost`,
    email_verified: false,
    nickname: '',
    first_name: input.display_name,
    last_name: '',
    position: '',
    roles: 'system_user',
    allow_marketing: false,
    props: {},
    notify_props: defaultNotifyProps,
    last_password_update: now,
    last_picture_update: 0,
    failed_attempts: 0,
    locale: world.config['LocalizationSettings.DefaultClientLocale'],
    timezone: defaultTimezone,
    mfa_active: false,
    mfa_secret: '',
    mfa_used_steps: [],
    remote_id: null,
    last_login: 0,
  };
  checkUser(user);
  if (world.store.people.byUsername(username) !== undefined) {
    throw new Refusal('app.user.save.username_exists.app_error');
  }
  world.store.people.put(user);
  return putBot(world, user.id, input.description, ownerId);
}

function putBot(world: World, userId: string, description: string, ownerId: string): BotRow {
  const now = world.now();
  const bot: BotRow = {
    user_id: userId,
    description,
    owner_id: ownerId,
    last_icon_update: 0,
    create_at: now,
    update_at: now,
    delete_at: 0,
  };
  world.store.bots.set(userId, bot);
  return bot;
}

function enableBot(call: Call, active: boolean): Reply {
  const { world } = call;
  const id = call.param('bot_user_id');
  if (!isId(id)) throw invalidUrl('bot_user_id');
  const bot = world.store.bots.get(id);
  const user = world.user(id);
  if (bot === undefined || user === undefined) throw noBot();
  if (!call.mayEditUserOrBot(id)) throw noBot();
  setActive(world, user, active);
  const now = world.now();
  const changed = { ...bot, delete_at: active ? 0 : now, update_at: now };
  world.store.bots.set(id, changed);
  return json(viewBot(world, changed));
}

/**
 * The bot owns itself, keeps roles and tokens, and the remaining administrators are not counted. Only the row of a person who
 * signs in by a service is written: of everybody else no time of a change tells.
 */
function convertToBot(call: Call): Reply {
  const { world } = call;
  const id = call.pathId();
  const user = world.user(id);
  if (user === undefined) throw noUser();
  call.require('manage_system');
  if (user.auth_service !== '')
    world.store.people.put({ ...user, auth_service: '', auth_data: null, update_at: world.now() });
  revokeSessionsOf(world, id);
  return marshalled(viewBot(world, putBot(world, id, '', id)));
}
