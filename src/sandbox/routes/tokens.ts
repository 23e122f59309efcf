import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, noUser, Refusal } from '../errors.ts';
import { Fields } from '../go-json.ts';
import { isId } from '../ids.ts';
import { revokeTokenSession } from '../operations/sessions.ts';
import { type Page, pageOf, readListPage, readPage } from '../paging.ts';
import { json, marshalled, ok, type Reply } from '../reply.ts';
import { get, post, type Route, userPath } from '../route.ts';
import { isRemote, type TokenRow } from '../rows.ts';
import type { World } from '../world.ts';

/** Personal access tokens (API §10). Lists have no order, so they are shuffled here. */
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

/** Servers from 11.9 know an expiry. */
const expirySince = '11.9';

/** A token without its secret, which only the answer of its making holds. */
function viewToken(world: World, token: TokenRow, secret?: string): unknown {
  return {
    id: token.id,
    ...(secret === undefined ? {} : { token: secret }),
    user_id: token.user_id,
    description: token.description,
    is_active: token.is_active,
    ...(world.has(expirySince) ? { expires_at: token.expires_at } : {}),
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
  if (!world.config['ServiceSettings.EnableUserAccessTokens'] && !world.isBot(user.id)) {
    throw new Refusal('app.user_access_token.disabled');
  }
  if (Buffer.byteLength(input.description) > 255) {
    throw new Refusal('model.user_access_token.is_valid.description.app_error');
  }
  const token = newToken(world, user.id, input.description, expiryOf(world, input.expiresAt));
  if (!world.isBot(user.id)) world.mail('token-added', user);
  return json(viewToken(world, token, token.token));
}

function readToken(value: unknown): { readonly description: string; readonly expiresAt: number } {
  const fields = new Fields(value);
  return { description: fields.string('description') ?? '', expiresAt: fields.integer('expires_at') ?? 0 };
}

function expiryOf(world: World, expiresAt: number): number {
  if (!world.has(expirySince)) return 0;
  if (expiresAt !== 0 && expiresAt <= world.now()) throw new Refusal('app.user_access_token.expires_at.app_error');
  return expiresAt;
}

export function newToken(world: World, userId: string, description: string, expiresAt = 0): TokenRow {
  const token: TokenRow = {
    id: world.newId(),
    token: world.newId(),
    user_id: userId,
    description,
    is_active: true,
    expires_at: expiresAt,
  };
  world.store.tokens.put(token);
  return token;
}

function tokensOfUser(call: Call): Reply {
  const id = call.pathId();
  call.require('read_user_access_token');
  if (!call.mayEditUserOrBot(id)) throw forbidden();
  return listTokens(call, call.world.store.tokens.ofUser(id), readPage(call.query));
}

function allTokens(call: Call): Reply {
  return listTokens(call, [...call.world.store.tokens.all()], readListPage(call.query));
}

function listTokens(call: Call, tokens: readonly TokenRow[], page: Page): Reply {
  const rows = pageOf(call.world.shuffled(tokens), page, noToken(500));
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

/** Gives a token a new secret and ends the old one; only newer servers have the route. */
function rotateToken(call: Call): Reply {
  const { world } = call;
  const input = call.decode((value) => {
    const fields = new Fields(value);
    return { id: fields.string('token_id') ?? '', expiresAt: fields.integer('expires_at') };
  }, invalidBody('token_id'));
  call.require('create_user_access_token');
  const token = tokenOrRefuse(world, input.id);
  if (!call.mayEditUserOrBot(token.user_id)) throw forbidden();
  const owner = world.user(token.user_id);
  if (owner === undefined) throw noUser();
  revokeTokenSession(world, token);
  const expires_at = input.expiresAt === undefined ? token.expires_at : expiryOf(world, input.expiresAt);
  const rotated = { ...token, token: world.newId(), expires_at };
  world.store.tokens.put(rotated);
  return json(viewToken(world, rotated, rotated.token));
}
