import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, noUser, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { isId } from '../ids.ts';
import { revokeTokenSession } from '../operations/sessions.ts';
import { type Page, pageOf, readListPage, readPage } from '../paging.ts';
import { json, marshalled, ok, type Reply } from '../reply.ts';
import { get, post, type Route, userPath } from '../route.ts';
import { isRemote, type TokenRow, type UserRow } from '../rows.ts';
import { isUnstorable } from '../rules/check-user.ts';
import { tokenExpirySince } from '../versions.ts';
import type { World } from '../world.ts';

/**
 * Personal access tokens (API §10). Lists have no order: that of everybody's is the order of the table, as seen on 11.2, in
 * which a token that changes moves; the others are shuffled here.
 */
export const tokenRoutes: readonly Route[] = [
  post(`${userPath}/tokens`, createToken),
  get(`${userPath}/tokens`, tokensOfUser),
  get('/users/tokens', allTokens, { permission: 'manage_system' }),
  post('/users/tokens/search', searchTokens),
  post('/users/tokens/disable', (call) => changeToken(call, 'revoke_user_access_token', disable)),
  post('/users/tokens/enable', (call) => changeToken(call, 'create_user_access_token', enable)),
  post('/users/tokens/revoke', (call) => changeToken(call, 'revoke_user_access_token', revoke)),
  post('/users/tokens/rotate', rotateToken, { since: '11.10' }),
  get('/users/tokens/:token_id{[A-Za-z0-9]+}', tokenById),
];

/** A token without its secret, which only the answer of its making holds. */
function viewToken(world: World, token: TokenRow, secret?: string): unknown {
  return {
    id: token.id,
    ...(secret === undefined ? {} : { token: secret }),
    user_id: token.user_id,
    description: token.description,
    is_active: token.is_active,
    ...(world.has(tokenExpirySince) ? { expires_at: token.expires_at } : {}),
  };
}

function createToken(call: Call): Reply {
  const { world } = call;
  const user = call.pathUser();
  if (isRemote(user) || call.session?.is_oauth === true) throw forbidden();
  const input = call.decode(readToken, invalidBody('user_access_token'));
  if (input.description === '') throw invalidBody('description');
  call.require('create_user_access_token');
  if (!call.mayEditUserOrBot(user.id)) throw forbidden();
  call.requireAdminFor(user);
  requireTokens(world, user);
  checkExpiry(world, user, input.expiresAt);
  if (Buffer.byteLength(input.description) > 255) {
    throw new Refusal('model.user_access_token.is_valid.description.app_error');
  }
  if (isUnstorable(input.description)) throw new Refusal('app.user_access_token.save.app_error');
  const token = newToken(world, user.id, input.description, input.expiresAt);
  if (!world.isBot(user.id)) world.mail('token-added', user);
  return json(viewToken(world, token, token.token));
}

function readToken(value: unknown): { readonly description: string; readonly expiresAt: number } {
  const fields = new Fields(value);
  return { description: fields.string('description') ?? '', expiresAt: fields.integer('expires_at') ?? 0 };
}

/** Bots have tokens whatever the switch says. */
function requireTokens(world: World, owner: UserRow): void {
  if (world.config['ServiceSettings.EnableUserAccessTokens'] || world.isBot(owner.id)) return;
  throw new Refusal('app.user_access_token.disabled');
}

const dayMs = 86_400_000;

/** What the server asks of the expiry of a new secret. Bots' may live as long as they like. */
function checkExpiry(world: World, owner: UserRow, expiresAt: number): void {
  if (!world.has(tokenExpirySince)) return;
  if (world.isBot(owner.id)) {
    if (expiresAt < 0) throw new Refusal('model.user_access_token.is_valid.expires_at.app_error');
    return;
  }
  const maxDays = world.config['ServiceSettings.MaximumPersonalAccessTokenLifetimeDays'];
  if (expiresAt === 0) {
    if (maxDays > 0) throw new Refusal('app.user_access_token.expires_at_required.app_error');
    return;
  }
  if (expiresAt <= world.now()) throw new Refusal('app.user_access_token.expires_at_in_past.app_error');
  if (maxDays > 0 && expiresAt > world.now() + maxDays * dayMs) {
    throw new Refusal('app.user_access_token.expires_at_too_far.app_error');
  }
}

/** Puts a token in place; a server that knows no expiry does not read what it does not know. */
export function newToken(world: World, userId: string, description: string, expiresAt = 0): TokenRow {
  const token: TokenRow = {
    id: world.newId(),
    token: world.newId(),
    user_id: userId,
    description,
    is_active: true,
    expires_at: world.has(tokenExpirySince) ? expiresAt : 0,
  };
  world.store.tokens.put(token);
  return token;
}

function tokensOfUser(call: Call): Reply {
  const id = call.pathId();
  call.require('read_user_access_token');
  if (!call.mayEditUserOrBot(id)) throw forbidden();
  return listTokens(call, call.world.shuffled(call.world.store.tokens.ofUser(id)), readPage(call.query));
}

function allTokens(call: Call): Reply {
  return listTokens(call, [...call.world.store.tokens.all()], readListPage(call.query));
}

function listTokens(call: Call, tokens: readonly TokenRow[], page: Page): Reply {
  const rows = pageOf(tokens, page, noToken(500));
  return marshalled(rows.map((token) => viewToken(call.world, token)));
}

const noToken = (status = 404): Refusal => new Refusal('app.user_access_token.get_by_user.app_error', { status });

/** Equality with the id of a token, the id of its owner, or the owner's username; not paged. */
function searchTokens(call: Call): Reply {
  const { world } = call;
  call.require('manage_system');
  const term = call.decode((value) => new Fields(value).string('term') ?? '', invalidBody('user_access_token_search'));
  if (term === '') throw invalidBody('term');
  const owner = world.store.people.byUsername(term);
  const byId = world.store.tokens.get(term);
  const found = new Set([
    ...(byId === undefined ? [] : [byId]),
    ...world.store.tokens.ofUser(term),
    ...(owner === undefined ? [] : world.store.tokens.ofUser(owner.id)),
  ]);
  return marshalled(world.shuffled([...found]).map((token) => viewToken(world, token)));
}

function tokenById(call: Call): Reply {
  const id = call.param('token_id');
  if (!isId(id)) throw invalidUrl('token_id');
  call.require('read_user_access_token');
  const token = tokenOrRefuse(call.world, id);
  if (!call.mayEditUserOrBot(token.user_id)) throw forbidden();
  return json(viewToken(call.world, token));
}

function tokenOrRefuse(world: World, id: string): TokenRow {
  const token = world.store.tokens.get(id);
  if (token === undefined) throw noToken();
  return token;
}

/** The id stands in the body, and a missing one is a token that is not there: 404, not 400. */
function changeToken(call: Call, permission: string, change: (world: World, token: TokenRow) => void): Reply {
  const id = call.texts['token_id'] ?? '';
  call.require(permission);
  const token = tokenOrRefuse(call.world, id);
  if (!call.mayEditUserOrBot(token.user_id)) throw forbidden();
  change(call.world, token);
  return ok;
}

function disable(world: World, token: TokenRow): void {
  world.store.tokens.put({ ...token, is_active: false });
  revokeTokenSession(world, token);
}

function enable(world: World, token: TokenRow): void {
  world.store.tokens.put({ ...token, is_active: true });
}

function revoke(world: World, token: TokenRow): void {
  world.store.tokens.remove(token.id);
  revokeTokenSession(world, token);
}

/** Gives a token a new secret and ends the old one; without an expiry it has none from then on. */
function rotateToken(call: Call): Reply {
  const { world } = call;
  const input = call.decode(readRotation, invalidBody('rotate_user_access_token'));
  if (input.id === '') throw invalidBody('token_id');
  if (call.session?.is_oauth === true) throw forbidden();
  call.require('create_user_access_token');
  const token = tokenOrRefuse(world, input.id);
  const owner = world.user(token.user_id);
  if (owner === undefined) throw noUser();
  if (!call.mayEditUserOrBot(owner.id)) throw forbidden();
  call.requireAdminFor(owner);
  if (isRemote(owner)) throw forbidden();
  if (!token.is_active) throw new Refusal('api.user.rotate_user_access_token.disabled_token.app_error');
  requireTokens(world, owner);
  checkExpiry(world, owner, input.expiresAt);
  revokeTokenSession(world, token);
  const rotated = { ...token, token: world.newId(), expires_at: input.expiresAt };
  world.store.tokens.put(rotated);
  if (!world.isBot(owner.id)) world.mail('token-rotated', owner);
  return json(viewToken(world, rotated, rotated.token));
}

function readRotation(value: unknown): { readonly id: string; readonly expiresAt: number } {
  const fields = new Fields(value);
  return { id: fields.string('token_id') ?? '', expiresAt: fields.integer('expires_at') ?? 0 };
}
