import type { Call } from '../call.ts';
import { forbidden, invalidBody, invalidUrl, Refusal } from '../errors.ts';
import { sortedMap } from '../go-json.ts';
import { revokeSessionsOf } from '../operations/sessions.ts';
import { marshalled, ok, type Reply } from '../reply.ts';
import { get, post, put, type Route, userPath } from '../route.ts';
import type { SessionRow } from '../rows.ts';

/** Sessions (API §11.1). */
export const sessionRoutes: readonly Route[] = [
  get(`${userPath}/sessions`, sessionsOfUser),
  post(`${userPath}/sessions/revoke`, revokeSession),
  post(`${userPath}/sessions/revoke/all`, revokeAllOfUser),
  post('/users/sessions/revoke/all', revokeEverySession),
  put('/users/sessions/device', updateDevice),
];

function editableId(call: Call): string {
  const id = call.pathId();
  if (!call.mayEdit(id)) throw forbidden();
  return id;
}

function sessionsOfUser(call: Call): Reply {
  const id = editableId(call);
  const sessions = call.world.store.sessions.ofUser(id).toSorted((a, b) => b.last_activity_at - a.last_activity_at);
  const roles = call.world.user(id)?.roles ?? '';
  return marshalled(sessions.map((session) => viewSession(session, roles)));
}

/** The secret is blanked for every caller. */
const viewSession = (session: SessionRow, roles: string): unknown => ({
  id: session.id,
  token: '',
  create_at: session.create_at,
  expires_at: session.expires_at,
  last_activity_at: session.last_activity_at,
  user_id: session.user_id,
  device_id: session.device_id,
  roles,
  is_oauth: session.is_oauth,
  expired_notify: false,
  props: sortedMap(session.props),
  team_members: [],
  local: false,
});

/** A secret token is taken in place of the id. */
function revokeSession(call: Call): Reply {
  const { sessions } = call.world.store;
  const id = editableId(call);
  const wanted = call.texts['session_id'] ?? '';
  if (wanted === '') throw invalidBody('session_id');
  const session = sessions.get(wanted) ?? sessions.bySecret(wanted);
  if (session === undefined) throw new Refusal('app.session.get.app_error');
  if (session.user_id !== id) throw invalidUrl('user_id');
  sessions.remove(session.id);
  return ok;
}

function revokeAllOfUser(call: Call): Reply {
  revokeSessionsOf(call.world, editableId(call));
  return ok;
}

/** Everybody is logged out, the caller too. Tokens are not sessions: they open new ones. */
function revokeEverySession(call: Call): Reply {
  call.require('manage_system');
  const { sessions } = call.world.store;
  for (const session of sessions.all()) sessions.remove(session.id);
  return ok;
}

const semver = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

function updateDevice(call: Call): Reply {
  const { world, session } = call;
  const { device_id: device = '', device_notification_disabled: muted = '', mobile_version: version = '' } = call.texts;
  if (!['', 'true', 'false'].includes(muted)) throw invalidBody('device_notification_disabled');
  if (version !== '' && !semver.test(version)) throw invalidBody('mobile_version');
  if (session === undefined) return ok;
  const props = {
    ...session.props,
    ...(muted === '' ? {} : { device_notification_disabled: muted }),
    ...(version === '' ? {} : { mobile_version: version }),
  };
  if (device === '') {
    world.store.sessions.put({ ...session, props });
    return ok;
  }
  for (const other of world.store.sessions.ofUser(session.user_id)) {
    if (other.device_id === device && other.id !== session.id) world.store.sessions.remove(other.id);
  }
  const hours = world.config['ServiceSettings.SessionLengthMobileInHours'];
  const expires_at = world.now() + hours * 3_600_000;
  world.store.sessions.put({ ...session, props, device_id: device, expires_at });
  const lasting = `Expires=${new Date(expires_at).toUTCString()}; Max-Age=${hours * 3600}`;
  const cookie = `MMAUTHTOKEN=${session.token}; Path=/; ${lasting}; HttpOnly`;
  return { ...ok, headers: { 'Set-Cookie': cookie } };
}
