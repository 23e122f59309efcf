import type { IncomingHttpHeaders } from 'node:http';
import { type GivenToken, givenToken, identify } from './authenticate.ts';
import { Call } from './call.ts';
import { versionId } from './client-config.ts';
import { type ErrorBody, Refusal } from './errors.ts';
import { writeJson } from './go-json.ts';
import type { Limiters } from './limiters.ts';
import type { MembersView } from './members.ts';
import { deleteExpiredTokens } from './operations/expired-tokens.ts';
import type { PeopleView } from './people.ts';
import { type LimitVerdict, limitHeaders } from './rate-limiter.ts';
import { nothing, type Reply, text } from './reply.ts';
import type { Route } from './route.ts';
import type { World } from './world.ts';

/** A request as the server core sees it: read in full, its route found. */
export interface Request {
  readonly method: string;
  /** As it came: path and query, still encoded. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly body: Buffer;
  readonly isBodyTooLarge: boolean;
  readonly people: PeopleView;
  readonly teamMembers: MembersView;
  readonly channelMembers: MembersView;
}

export interface Answer {
  readonly reply: Reply;
  readonly userId: string;
}

/** From request to answer in one step, in the order of the real server (API §14, §15, §16). */
export function answer(world: World, limiters: Limiters, route: Route | undefined, request: Request): Answer {
  deleteExpiredTokens(world);
  const given = givenToken(request.headers, request.query);
  const verdict = limiters.outer(senderOf(request, given));
  if (verdict?.isLimited === true) return anonymous(tooMany([verdict]));
  const own = route === undefined ? undefined : limiters.ofRoute(route, request.remoteAddress);
  const verdicts = [verdict, own].filter((item) => item !== undefined);
  if (own?.isLimited === true) return anonymous(tooMany(verdicts));
  if (route === undefined) return anonymous(withLimits(noRoute(request), verdicts));
  if (request.url.length > world.config['ServiceSettings.MaximumURLLength']) {
    return anonymous(withLimits(urlTooLong(world), verdicts));
  }
  return answerRoute(world, limiters, route, request, { given, verdicts });
}

const anonymous = (reply: Reply): Answer => ({ reply, userId: '' });

const senderOf = (
  { headers, remoteAddress }: Request,
  given: GivenToken | undefined,
): Parameters<Limiters['outer']>[0] => ({
  address: remoteAddress,
  given,
  header: (name) => [headers[name.toLowerCase()]].flat()[0] ?? '',
});

interface Arrival {
  readonly given: GivenToken | undefined;
  readonly verdicts: readonly LimitVerdict[];
}

function answerRoute(world: World, limiters: Limiters, route: Route, request: Request, arrival: Arrival): Answer {
  const requestId = world.newId();
  const identity = identify(world, request, arrival.given, route.session);
  const userId = identity.session?.user_id ?? '';
  const second = arrival.given === undefined ? undefined : limiters.byUser(userId);
  const verdicts = second === undefined ? arrival.verdicts : [...arrival.verdicts, second];
  const general = generalHeaders(world, request, requestId);
  if (second?.isLimited === true) return { reply: addHeaders(general, tooMany(verdicts)), userId };
  const call = new Call({ ...request, world, session: identity.session });
  const reply = refusable(world, requestId, () => {
    if (identity.refusal !== undefined) throw identity.refusal;
    if (route.isOffWhenBusy === true && world.isBusy) throw new Refusal('api.context.server_busy.app_error');
    if (route.permission !== undefined) call.require(route.permission);
    return route.handle(call);
  });
  const cookie = identity.removesCookie === true ? { 'Set-Cookie': 'MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly' } : {};
  return { reply: withLimits(addHeaders({ ...general, ...cookie }, reply), verdicts), userId };
}

/** A handler's answer, or the body of its refusal. */
function refusable(world: World, requestId: string, handle: () => Reply): Reply {
  try {
    return handle();
  } catch (error) {
    if (error instanceof Refusal) return refused(world, requestId, error);
    throw error;
  }
}

function refused(world: World, requestId: string, refusal: Refusal): Reply {
  const isHidden = refusal.status >= 500 && world.config['ServiceSettings.ExperimentalEnableHardenedMode'];
  const body: ErrorBody = {
    id: isHidden ? '' : refusal.id,
    message: isHidden ? 'Internal Server Error' : refusal.message,
    detailed_error: '',
    request_id: requestId,
    status_code: isHidden ? 500 : refusal.status,
  };
  return text(`${refusal.written}${writeJson(body)}`, { status: refusal.isStatusSent ? 200 : body.status_code });
}

function generalHeaders(world: World, { method }: Request, requestId: string): Reply['headers'] {
  return {
    'X-Request-Id': requestId,
    'X-Version-Id': versionId(world),
    'Content-Type': 'application/json',
    ...(method === 'GET' ? { Expires: '0' } : {}),
    'Permissions-Policy': '',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...varyHeader(world),
  };
}

const varyHeader = (world: World): Reply['headers'] =>
  world.config['ServiceSettings.WebserverMode'] === 'gzip' ? { Vary: 'Accept-Encoding' } : {};

const addHeaders = (headers: Reply['headers'], reply: Reply): Reply => ({
  ...reply,
  headers: reply.status === 304 ? { ...withoutType(headers), ...reply.headers } : { ...headers, ...reply.headers },
});

const withoutType = ({ 'Content-Type': _type, ...rest }: Reply['headers']): Reply['headers'] => rest;

const withLimits = (reply: Reply, verdicts: readonly LimitVerdict[]): Reply =>
  verdicts.length === 0 ? reply : { ...reply, headers: { ...reply.headers, ...limitHeaders(verdicts) } };

/** The limiter answers in plain text. */
export function tooMany(verdicts: readonly LimitVerdict[]): Reply {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return withLimits(text('limit exceeded\n', { status: 429, headers }), verdicts);
}

/** Unknown routes and wrong methods: 404 alike, without the general headers. Other paths belong to the web app. */
function noRoute({ method, path }: Request): Reply {
  if (!/\/api(\/|$)/.test(path)) return webApp(method);
  const clean = movedTo(path);
  if (clean !== undefined) return nothing(301, { Location: clean });
  const body: ErrorBody = {
    id: 'api.context.404.app_error',
    message: 'Sorry, we could not find the page.',
    detailed_error: `There doesn't appear to be an api call for the url='${path}'.  Typo? are you missing a team_id or user_id as part of the url?`,
    status_code: 404,
  };
  return text(writeJson(body), { status: 404, headers: { 'Content-Type': 'application/json' } });
}

function webApp(method: string): Reply {
  const page = '<!doctype html><html lang="en"><head><title>Mattermost</title></head><body></body></html>\n';
  const status = method === 'GET' || method === 'HEAD' ? 200 : 404;
  return text(page, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/**
 * Where a request is sent whose path has empty, `.` or `..` parts once it is decoded: to the path without them. The last
 * slash stays.
 */
export function movedTo(path: string): string | undefined {
  const decoded = path.replaceAll(/%2f/gi, '/').replaceAll(/%2e/gi, '.');
  const parts: string[] = [];
  for (const part of decoded.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const clean = `/${parts.join('/')}${decoded.endsWith('/') && parts.length > 0 ? '/' : ''}`;
  return clean === decoded ? undefined : clean;
}

function urlTooLong(world: World): Reply {
  const reply = refused(world, world.newId(), new Refusal('basic_security_check.url.too_long_error'));
  return addHeaders({ 'Content-Type': 'application/json', ...varyHeader(world) }, reply);
}
