import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as realTimer } from 'node:timers/promises';
import { type Answer, answer, movedTo, type Request, tooMany } from './answer.ts';
import { changedByFaults, errorReply, type Interruption, interruptionOf } from './apply-faults.ts';
import type { FaultKind, FaultRegistry } from './faults.ts';
import { maskedBody, maskedQuery, type RequestRecord } from './ledger.ts';
import type { Limiters } from './limiters.ts';
import { nothing, type Reply } from './reply.ts';
import type { Route } from './route.ts';
import type { World } from './world.ts';
import { compressed, reset, writeReply, writeSlowly, writeTruncated } from './write-reply.ts';

/** One running server: what every exchange on it shares. */
export interface Site {
  readonly world: World;
  readonly limiters: Limiters;
  readonly faults: FaultRegistry;
  /** The path before `/api/v4`, empty or such as `/chat`. */
  readonly basePath: string;
  /** How virtual waiting passes; real waiting uses a timer. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Puts the state on disk before a write is answered. */
  readonly save: () => Promise<void>;
  readonly record: (record: RequestRecord) => void;
}

/** A buffer on top of each limit of a body, as the server has one. */
const bodyMargin = 512;

/** One request and its answer: body in, faults, server core, faults again, state on disk, answer out. */
export async function exchange(
  site: Site,
  route: Route | undefined,
  params: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const at = site.world.now();
  const request = await readRequest(site, route, params, incoming);
  const faults = site.faults.strike(request.method, apiPath(site, request.path));
  let waitedMs = 0;
  const pause = async (ms: number, isReal = false): Promise<void> => {
    waitedMs += isReal ? 0 : ms;
    await (isReal ? realTimer(ms) : site.sleep(ms));
  };
  for (const fault of faults) if (fault.kind === 'latency') await pause(fault.ms, fault.isReal);
  const outcome = decide(site, route, request, faults);
  if (outcome.isCommitted && request.method !== 'GET') await site.save();
  const finish = (status: number): void =>
    site.record(recordOf(site, request, { at, waitedMs, status, userId: outcome.userId, faults }));
  await send(site, outcome, faults, { incoming, outgoing, finish, pause });
}

async function readRequest(
  site: Site,
  route: Route | undefined,
  params: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
): Promise<Request> {
  const url = incoming.url ?? '/';
  const [path = '/', search = ''] = splitOnce(url, '?');
  const { config, store } = site.world;
  const limit =
    config[route?.takesFile === true ? 'FileSettings.MaxFileSize' : 'ServiceSettings.MaximumPayloadSizeBytes'];
  const { body, isTooLarge } = await readBody(incoming, limit + bodyMargin);
  return {
    method: incoming.method ?? 'GET',
    url,
    path,
    query: new URLSearchParams(search),
    params,
    headers: incoming.headers,
    remoteAddress: incoming.socket.remoteAddress ?? '',
    body,
    isBodyTooLarge: isTooLarge,
    people: store.people,
    teamMembers: store.teamMembers,
    channelMembers: store.channelMembers,
  };
}

function splitOnce(text: string, sign: string): readonly string[] {
  const place = text.indexOf(sign);
  return place === -1 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<{ body: Buffer; isTooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return { body: length > limit ? Buffer.alloc(0) : Buffer.concat(chunks), isTooLarge: length > limit };
}

const apiPath = (site: Site, path: string): string => path.slice(`${site.basePath}/api/v4`.length);

/** What happened, and what is to be sent. */
interface Outcome {
  readonly reply: Reply;
  readonly userId: string;
  readonly isCommitted: boolean;
  readonly interruption: Interruption | undefined;
}

/** An outcome that never reached the server core. */
const untouched = (reply: Reply, interruption?: Interruption): Outcome => ({
  reply,
  userId: '',
  isCommitted: false,
  interruption,
});

function decide(site: Site, route: Route | undefined, request: Request, faults: readonly FaultKind[]): Outcome {
  for (const fault of faults) {
    if (fault.kind === 'rate-limit') return untouched(limitedReply(fault.retryAfter));
    if (fault.kind === 'error' && fault.isAfterCommit !== true) return untouched(errorReply(fault));
    if (fault.kind === 'reset-before-commit') return untouched(nothing(0), 'reset');
    if (fault.kind === 'hang') return untouched(nothing(0), 'hang');
    if (fault.kind === 'late-commit') {
      site.faults.putOff(() => void core(site, route, request, faults));
      if (fault.meanwhile === 'gateway-timeout') return untouched(errorReply({ status: 504 }));
      return untouched(nothing(0), fault.meanwhile ?? 'reset');
    }
  }
  const { reply, userId } = core(site, route, request, faults);
  return {
    reply: changedByFaults(reply, faults),
    userId,
    isCommitted: true,
    interruption: interruptionOf(faults),
  };
}

function core(site: Site, route: Route | undefined, request: Request, faults: readonly FaultKind[]): Answer {
  if (movedTo(request.path) !== undefined) return answer(site.world, site.limiters, undefined, request);
  const stale = faults.find((fault) => fault.kind === 'stale-read');
  const isRepeated = faults.some((fault) => fault.kind === 'repeated-page');
  return answer(site.world, site.limiters, route, {
    ...request,
    ...(stale === undefined ? {} : viewsAsOf(site.world, stale.writes)),
    query: isRepeated ? pageBefore(request.query) : request.query,
  });
}

/** Of each table that has a stale view: it counts its own writes. */
function viewsAsOf({ store }: World, writes: number): Pick<Request, 'people' | 'teamMembers' | 'channelMembers'> {
  return {
    people: store.people.asOf(writes),
    teamMembers: store.teamMembers.asOf(writes),
    channelMembers: store.channelMembers.asOf(writes),
  };
}

function pageBefore(query: URLSearchParams): URLSearchParams {
  const changed = new URLSearchParams(query);
  changed.set('page', String(Math.max(0, Number(query.get('page') ?? 0) - 1)));
  return changed;
}

function limitedReply(retryAfter: string | number | undefined): Reply {
  const reply = tooMany([]);
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'Retry-After': String(retryAfter) } };
}

interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly finish: (status: number) => void;
  readonly pause: (ms: number, isReal?: boolean) => Promise<void>;
}

async function send(site: Site, outcome: Outcome, faults: readonly FaultKind[], wire: Wire): Promise<void> {
  const { incoming, outgoing, finish } = wire;
  if (outcome.interruption !== undefined) {
    finish(0);
    if (outcome.interruption === 'reset') reset(incoming);
    return;
  }
  const isGzipOn = site.world.config['ServiceSettings.WebserverMode'] === 'gzip';
  const reply = compressed(outcome.reply, [incoming.headers['accept-encoding']].flat().join(','), isGzipOn);
  finish(reply.status);
  // Its own clock, which may be a virtual one.
  if (reply.headers['Date'] === undefined) outgoing.setHeader('Date', new Date(site.world.now()).toUTCString());
  const slow = faults.find((fault) => fault.kind === 'slow-body');
  const truncated = faults.find((fault) => fault.kind === 'truncated-body');
  if (slow !== undefined) {
    await writeSlowly(outgoing, reply, slow.chunkBytes, () => wire.pause(slow.delayMs, slow.isReal));
  } else if (truncated !== undefined) writeTruncated(outgoing, reply, truncated.keep ?? 0.5);
  else writeReply(outgoing, reply);
}

interface Facts {
  readonly at: number;
  readonly waitedMs: number;
  readonly status: number;
  readonly userId: string;
  readonly faults: readonly FaultKind[];
}

function recordOf(site: Site, request: Request, facts: Facts): RequestRecord {
  return {
    at: facts.at,
    method: request.method,
    path: request.path,
    query: maskedQuery(request.url.slice(request.path.length)),
    status: facts.status,
    durationMs: site.world.now() - facts.at + facts.waitedMs,
    userId: facts.userId,
    body: maskedBody(request.body),
    faults: facts.faults.map((fault) => fault.kind),
  };
}
