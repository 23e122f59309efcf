import { Client4, ClientError } from '@mattermost/client';
import type { UserProfile } from '@mattermost/types/users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onePixel } from './support/pictures.ts';
import { type ContractServers, openServers } from './support/servers.ts';
import type { Member, Stage } from './support/stage.ts';

// The client that Mattermost itself publishes, driving the server as its web app would.

let servers: ContractServers;
let stage: Stage;
let admin: Member;
let client: Client4;

beforeAll(async () => {
  servers = await openServers();
  const found = await servers.stageFor({});
  if (typeof found === 'string') throw new Error(found);
  stage = found;
  admin = await stage.administrator();
  client = new Client4();
  client.setUrl(stage.server.url);
});

afterAll(async () => {
  await stage.close();
  await servers.close();
});

/** Makes somebody by the official client. */
async function make(fields: Partial<UserProfile> = {}): Promise<UserProfile> {
  const username = stage.name();
  const wanted = { username, email: `${username}@example.test`, password: stage.password, ...fields };
  const user = await client.createUser(wanted as UserProfile, '', '');
  stage.adopt(user.id);
  return user;
}

/** Logs the official client in as somebody else, for the length of a callback. */
async function as<Result>(username: string, use: (own: Client4) => Promise<Result>): Promise<Result> {
  const own = new Client4();
  own.setUrl(stage.server.url);
  await own.login(username, stage.password);
  return use(own);
}

/** The headers with which the client sends its own requests. */
const ownHeaders = (): Readonly<Record<string, string>> => client.getOptions({ method: 'get' }).headers;

/** What the client has no method for any more. */
const send = (method: string, path: string, body: unknown): Promise<Response> =>
  fetch(`${client.getBaseRoute()}${path}`, { method, headers: ownHeaders(), body: JSON.stringify(body) });

const refusedWith = (id: string, status: number): unknown =>
  expect.objectContaining({ server_error_id: id, status_code: status });

test('logs in, and takes the token from the header', async () => {
  const profile = await client.login(admin.username, stage.password);

  expect(profile.id).toBe(admin.id);
  expect(client.getToken()).toMatch(/^[a-z0-9]{26}$/);
});

test('meets a refusal as an error with its id', async () => {
  const refused = client.getUser(stage.unknownId);

  await expect(refused).rejects.toBeInstanceOf(ClientError);
  await expect(refused).rejects.toEqual(refusedWith('app.user.missing_account.const', 404));
});

test('knows who it is, and what the server is', async () => {
  const me = await client.getMe();
  const config = await client.getClientConfig();
  const licence = await client.getClientLicenseOld();

  expect(me).toMatchObject({ id: admin.id, username: admin.username });
  expect(config.Version).toBe(servers.version);
  expect(licence['IsLicensed']).toBe('false');
  expect(client.serverVersion).toContain(servers.version);
});

test('makes, finds, changes and deactivates people', async () => {
  const user = await make({ first_name: 'Ada' });

  expect(await client.getUser(user.id)).toMatchObject({ username: user.username, first_name: 'Ada' });
  expect((await client.getUserByUsername(user.username)).id).toBe(user.id);
  expect((await client.getUserByEmail(user.email)).id).toBe(user.id);
  expect((await client.getProfilesByIds([user.id])).map((one) => one.id)).toEqual([user.id]);
  expect((await client.getProfilesByUsernames([user.username])).map((one) => one.id)).toEqual([user.id]);
  expect(await client.patchUser({ id: user.id, nickname: 'Countess' })).toMatchObject({ nickname: 'Countess' });
  expect(await client.updateUserRoles(user.id, 'system_user system_post_all')).toEqual({ status: 'OK' });
  expect((await client.getUser(user.id)).roles).toBe('system_user system_post_all');
  expect(await client.updateUserActive(user.id, false)).toEqual({ status: 'OK' });
  expect((await client.getUser(user.id)).delete_at).toBeGreaterThan(0);
  expect(await client.updateUserActive(user.id, true)).toEqual({ status: 'OK' });
});

test('meets a username that is taken', async () => {
  const user = await make();

  await expect(make({ username: user.username })).rejects.toEqual(
    refusedWith('app.user.save.username_exists.app_error', 400),
  );
});

test('lists, searches and suggests people, and counts them', async () => {
  const user = await make();

  expect((await client.getProfiles(0, 2)).length).toBe(2);
  expect((await client.searchUsers(user.username, { limit: 10 })).map((one) => one.id)).toEqual([user.id]);
  const suggested = await client.autocompleteUsers(user.username, '', '');
  expect(suggested.users.map((one) => one.id)).toEqual([user.id]);
  expect((await client.getTotalUsersStats()).total_users_count).toBeGreaterThan(2);
  const all = await client.getFilteredUsersStats({ include_deleted: true, include_bots: true });
  expect(all.total_users_count).toBeGreaterThan(2);
});

test('moves people to a service and back to a password', async () => {
  const user = await make();
  const auth = { auth_data: stage.name(), auth_service: 'saml' };

  expect(await client.updateUserAuth(user.id, auth)).toEqual(auth);
  expect((await client.getUser(user.id)).auth_service).toBe('saml');
  expect(await client.updateUserPassword(user.id, '', stage.password)).toEqual({ status: 'OK' });
  expect((await client.getUser(user.id)).auth_service).toBe('');
  expect(await as(user.username, (own) => own.getMe())).toMatchObject({ id: user.id });
});

test('makes, lists, searches, disables, enables and revokes tokens', async () => {
  const user = await make();

  const made = await client.createUserAccessToken(user.id, 'by the official client');

  const { token: _secret, ...shown } = made;
  expect(made.token).toMatch(/^[a-z0-9]{26}$/);
  expect(await client.getUserAccessToken(made.id)).toEqual(shown);
  expect(await client.getUserAccessTokensForUser(user.id)).toEqual([shown]);
  expect((await client.getUserAccessTokens(0, 200)).length).toBeGreaterThan(0);
  expect(await (await send('POST', '/users/tokens/search', { term: user.username })).json()).toEqual([shown]);
  expect(await client.disableUserAccessToken(made.id)).toEqual({ status: 'OK' });
  expect((await client.getUserAccessToken(made.id)).is_active).toBe(false);
  expect(await client.enableUserAccessToken(made.id)).toEqual({ status: 'OK' });
  expect(await client.revokeUserAccessToken(made.id)).toEqual({ status: 'OK' });
  await expect(client.getUserAccessToken(made.id)).rejects.toEqual(
    refusedWith('app.user_access_token.get_by_user.app_error', 404),
  );
});

test('lists and revokes sessions', async () => {
  const user = await make();
  const token = await as(user.username, (own) => Promise.resolve(own.getToken()));

  const [session] = await client.getSessions(user.id);
  expect(session?.user_id).toBe(user.id);
  expect(await client.revokeSession(user.id, session?.id ?? '')).toEqual({ status: 'OK' });

  const own = new Client4();
  own.setUrl(stage.server.url);
  own.setToken(token);
  await expect(own.getMe()).rejects.toEqual(refusedWith('api.context.session_expired.app_error', 401));
  await as(user.username, (again) => again.getMe());
  expect(await client.revokeAllSessionsForUser(user.id)).toEqual({ status: 'OK' });
  expect(await client.getSessions(user.id)).toEqual([]);
});

test('uploads a picture, shows it by its URL, and takes it back', async () => {
  const user = await make();

  const file = new File([onePixel], 'me.png', { type: 'image/png' });
  expect(await client.uploadProfileImage(user.id, file)).toEqual({ status: 'OK' });

  const { last_picture_update: at } = await client.getUser(user.id);
  const shown = await fetch(client.getProfilePictureUrl(user.id, at), { headers: ownHeaders() });
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(await client.setDefaultProfileImage(user.id)).toEqual({ status: 'OK' });
  expect((await client.getUser(user.id)).last_picture_update).toBeLessThan(0);
});

test('reads roles and limits', async () => {
  expect((await client.getRoleByName('system_user')).permissions).toContain('view_members');
  expect((await client.getRolesByNames(['system_user'])).map((role) => role.name)).toEqual(['system_user']);
  expect((await client.getServerLimits()).data).toMatchObject({ maxUsersHardLimit: 250 });
});

describe('what only a licence shows', () => {
  test('is refused by its own id', async () => {
    const user = await make();

    await expect(client.demoteUserToGuest(user.id)).rejects.toEqual(
      refusedWith('api.team.demote_user_to_guest.license.error', 501),
    );
    await expect(client.promoteGuestToUser(user.id)).rejects.toEqual(
      refusedWith('api.user.promote_guest_to_user.no_guest.app_error', 501),
    );
  });
});

test('the official client logs out', async () => {
  await client.logout();

  await expect(client.getMe()).rejects.toEqual(refusedWith('api.context.session_expired.app_error', 401));
});
