import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './errors.ts';
import { findSession } from './operations/sessions.ts';
import type { SessionNeed } from './route.ts';
import { isGuest, type SessionRow } from './rows.ts';
import type { World } from './world.ts';

/** Where a token was found; each place has rules of its own (API §16.1). */
export interface GivenToken {
  readonly token: string;
  readonly place: 'cookie' | 'header' | 'query';
}

/** What comes after this many characters of a token is not looked at. */
const maxTokenLength = 50;

/** The cookie wins over the header (API §1, trap 22), the header over the query. */
export function givenToken(headers: IncomingHttpHeaders, query: URLSearchParams): GivenToken | undefined {
  const cookie = /(?:^|;\s*)MMAUTHTOKEN=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  if (cookie !== undefined) return { token: cookie.slice(0, maxTokenLength), place: 'cookie' };
  const header = /^(?:bearer|token) (.*)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (header !== '') return { token: header.slice(0, maxTokenLength), place: 'header' };
  const inQuery = query.get('access_token') ?? '';
  return inQuery === '' ? undefined : { token: inQuery.slice(0, maxTokenLength), place: 'query' };
}

/** Who a request is from, or why it is refused; a refusal of the token itself also removes the cookie. */
export interface Identity {
  readonly session: SessionRow | undefined;
  readonly refusal?: Refusal;
  readonly removesCookie?: boolean;
}

const expired = (): Refusal => new Refusal('api.context.session_expired.app_error');

/** @param need - where no session is needed, a bad token is ignored and the call goes on without a user (trap 21) */
export function identify(
  world: World,
  request: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders },
  given: GivenToken | undefined,
  need: SessionNeed,
): Identity {
  const isNeeded = need !== 'optional';
  if (given === undefined) return isNeeded ? { session: undefined, refusal: expired() } : { session: undefined };
  const session = findSession(world, given.token);
  if (session === undefined) {
    return isNeeded ? { session, refusal: expired(), removesCookie: true } : { session };
  }
  if (given.place === 'query' && !session.is_oauth) {
    return { session: undefined, refusal: new Refusal('api.context.token_provided.app_error') };
  }
  if (given.place === 'cookie' && !passesCsrf(world, request, session)) {
    return { session: undefined, refusal: expired(), removesCookie: true };
  }
  // Everybody may ask who they are.
  if (need === 'required' && !request.path.endsWith('/api/v4/users/me') && lacksMfa(world, session)) {
    return { session, refusal: new Refusal('api.context.mfa_required.app_error') };
  }
  return { session };
}

/** A cookie alone does not write: it takes the session's CSRF value, or the header that browsers do not add. */
function passesCsrf(
  world: World,
  { method, headers }: { readonly method: string; readonly headers: IncomingHttpHeaders },
  session: SessionRow,
): boolean {
  if (method === 'GET' || headers['x-csrf-token'] === session.props['csrf']) return true;
  const isStrict = world.config['ServiceSettings.ExperimentalStrictCSRFEnforcement'];
  return !isStrict && headers['x-requested-with'] === 'XMLHttpRequest';
}

/** Whether MFA is enforced and the person, by whatever session, has none yet (API §11.2). */
function lacksMfa(world: World, session: SessionRow): boolean {
  const { config, licence } = world;
  if (licence?.mfa !== true || !config['ServiceSettings.EnableMultifactorAuthentication']) return false;
  if (!config['ServiceSettings.EnforceMultifactorAuthentication']) return false;
  const user = world.user(session.user_id);
  if (user === undefined || user.mfa_active || world.isBot(user.id)) return false;
  if (isGuest(user) && !config['GuestAccountsSettings.EnforceMultifactorAuthentication']) return false;
  return user.auth_service === '' || user.auth_service === 'ldap';
}
