import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, noUser, Refusal } from '../errors.ts';
import { json, marshalled, type Reply } from '../reply.ts';
import { get, post, type Route, userPath } from '../route.ts';
import type { UserRow } from '../rows.ts';
import { isEmail, isUsername } from '../rules/check-user.ts';
import { normalEmail } from '../rules/normalize.ts';
import { readStrings } from '../user-input.ts';
import { userEtag, type Viewer, viewUser } from '../view-user.ts';

/** Reads of known accounts: one by one, and many by id or name (API §18). */
export const knownUserRoutes: readonly Route[] = [
  post('/users/ids', usersByIds),
  post('/users/usernames', usersByUsernames),
  get('/users/email/:email{.+}', userByEmail),
  get('/users/username/:username{[A-Za-z0-9_.-]+}', userByUsername),
];

/** Comes last: every word of one part that no other `GET /users/…` takes ends here. */
export const userByIdRoutes: readonly Route[] = [get(userPath, userById)];

function userById(call: Call): Reply {
  const id = call.pathId();
  requireSight(call, id);
  const user = call.world.user(id);
  if (user === undefined) throw noUser();
  return showOne(call, user, ownViewer(call, user), true);
}

function userByUsername(call: Call): Reply {
  const username = call.param('username');
  if (!isUsername(username)) throw invalidBody('username');
  const user = call.people.byUsername(username);
  if (user === undefined) {
    throw call.seesEverybody ? new Refusal('app.user.get_by_username.app_error') : forbidden();
  }
  requireSight(call, user.id);
  return showOne(call, user, ownViewer(call, user), true);
}

/** Shows even the caller's own account with the eyes of others, and refuses when emails are hidden. */
function userByEmail(call: Call): Reply {
  const email = normalEmail(call.param('email'));
  if (!isEmail(email)) throw invalidUrl('email');
  if (!call.isAdmin && !call.world.config['PrivacySettings.ShowEmailAddress']) {
    throw new Refusal('api.user.get_user_by_email.permissions.app_error');
  }
  const user = call.people.byEmail(email);
  if (user === undefined) throw call.seesEverybody ? noUser() : forbidden();
  requireSight(call, user.id);
  return showOne(call, user, viewerOf(call), false);
}

/** Guests, and people who lost every role, see themselves and those with whom they share a channel; in lists the latter alone. */
function requireSight(call: Call, id: string): void {
  if (!sees(call, id)) throw forbidden();
}

function sees(call: Call, id: string): boolean {
  return id === call.callerId || call.seesEverybody || sharesChannel(call, id);
}

/** Also with oneself, who is in any. */
function sharesChannel(call: Call, id: string): boolean {
  const { channelMembers } = call.world.store;
  return channelMembers.placesOf(call.callerId).some((place) => channelMembers.get(place, id) !== undefined);
}

const viewerOf = (call: Call): Viewer => (call.isAdmin ? 'admin' : 'other');
const ownViewer = (call: Call, user: UserRow): Viewer => (user.id === call.callerId ? 'self' : viewerOf(call));

function showOne(call: Call, user: UserRow, viewer: Viewer, withTerms: boolean): Reply {
  const { world } = call;
  const seesTerms = withTerms && (viewer === 'self' || viewer === 'admin');
  const options = {
    ...world.viewOptions(user, viewer),
    terms: seesTerms ? world.store.acceptedTerms.get(user.id) : undefined,
  };
  return call.withEtag(userEtag(world.version, user, options), (headers) => json(viewUser(user, options), { headers }));
}

/** Unknown ids are left out, twice the same is once, and the order means nothing. */
function usersByIds(call: Call): Reply {
  const ids = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (ids.length === 0) throw invalidBody('user_ids');
  const since = sinceOf(call);
  const users = [...new Set(ids)].flatMap((id) => call.world.user(id) ?? []).filter((user) => user.update_at > since);
  return marshalled(showMany(call, call.world.shuffled(users)));
}

function sinceOf(call: Call): number {
  const text = call.query.get('since') ?? '';
  if (text === '') return -1;
  if (!/^[+-]?\d+$/.test(text)) throw invalidBody('since');
  return Number(text) > 0 ? Number(text) : -1;
}

/** Names are compared exactly, so one with a capital finds no one; the answer is in the order of names. */
function usersByUsernames(call: Call): Reply {
  const names = call.decode(readStrings, new Refusal('api.payload.parse.error'));
  if (names.length === 0) throw invalidBody('usernames');
  const users = [...new Set(names)].flatMap((name) => call.people.byUsername(name) ?? []);
  return marshalled(
    showMany(
      call,
      users.toSorted((a, b) => (a.username < b.username ? -1 : 1)),
    ),
  );
}

/** Accounts in a list: a caller gets no bonus for their own account, and one who may not see everyone sees few. */
export function showMany(call: Call, all: readonly UserRow[]): readonly unknown[] {
  const users = call.seesEverybody ? all : all.filter(({ id }) => sharesChannel(call, id));
  const viewer = viewerOf(call);
  return users.map((user) => call.world.view(user, viewer));
}
