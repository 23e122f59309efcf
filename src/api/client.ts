import type { Dispatcher } from 'undici';
import type { Clock } from '../model/clock.ts';
import type { Secret } from '../model/secret.ts';
import { parseBaseUrl } from './base-url.ts';
import { refuseOption } from './before-any-call.ts';
import { bindAll, bindReads } from './bind.ts';
import { openConnections } from './connection.ts';
import { Engine } from './engine.ts';
import type { ApiEvent, KeptAnswer } from './events.ts';
import type { Feature } from './features.ts';
import { operations, type ReadGroups, type WriteGroups } from './operations.ts';
import { PacerGate } from './pacer-gate.ts';
import { type BodyLimits, defaultBodyLimits } from './read-body.ts';
import { systemClock } from './system-clock.ts';
import { Transport } from './transport.ts';

export interface ClientOptions {
  /** The address of the server, with its sub-path if it has one. */
  readonly url: string;
  /** A personal access token, or a session's. Without one only a few calls are possible. */
  readonly token?: Secret | undefined;
  /** Where that comes from, such as the name of a variable: messages about a refused token name it. */
  readonly tokenFrom?: string | undefined;
  /** PEM text of the authorities to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** The URL of a proxy; `resolveProxy` finds it in an environment. */
  readonly proxy?: string | undefined;
  /** Allows http to other machines than this one. The token then travels in clear. */
  readonly allowPlainHttp?: boolean | undefined;
  /** For each attempt of a call; 60 s by default. */
  readonly timeoutMs?: number | undefined;
  /** Requests under way at the same time; 4 by default. */
  readonly maxConcurrent?: number | undefined;
  /** To go slower than the server would allow. */
  readonly maxPerSecond?: number | undefined;
  /** `mattermuster` by default; the commands add their version. */
  readonly userAgent?: string | undefined;
  /** Told what happens. It cannot change the outcome of a call: what it throws is dropped. */
  readonly onEvent?: ((event: ApiEvent) => void) | undefined;
  /** Gets the data of every call that ended, to keep them as evidence; what it throws is dropped. */
  readonly onAnswer?: ((answer: KeptAnswer) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** 0 to 1, for the jitter of back-off. */
  readonly random?: (() => number) | undefined;
  /** Aborted: every call ends, and none is sent any more. */
  readonly signal?: AbortSignal | undefined;
  /** Once the server refuses `token`, nothing is sent with it any more: every later call fails at once. Off by default. */
  readonly stopWhenRefused?: boolean | undefined;
  /** How large an answer may be. */
  readonly bodyLimits?: BodyLimits | undefined;
  /** Another way to send requests, ended by `close`; `ca` and `proxy` are then without effect. */
  readonly dispatcher?: Dispatcher | undefined;
}

interface ClientCore<Self> {
  /** The address of the server, without a slash at its end. */
  readonly url: string;
  /** As `11.6.0`; `undefined` before the first answer. */
  readonly serverVersion: string | undefined;
  /** What the clock of the server, or of the proxy before it, showed with the last answer that said it: whole seconds, in milliseconds since the epoch. */
  readonly serverTimeMs: number | undefined;
  /** Whether the server refused `token`, and nothing is sent with it any more; see `stopWhenRefused`. */
  readonly isRefused: boolean;
  /** Whether the server has a feature; `undefined` before the first answer. */
  supports(feature: Feature): boolean | undefined;
  /** The same client with another token: connections, speed and what was learnt are shared. */
  withToken(token: Secret | undefined): Self;
  /** Ends all connections, those of `withToken` and `readOnly` clients too. */
  close(): Promise<void>;
}

/** A client without any method that writes: neither for the compiler nor at run time. */
export interface ReadClient extends ReadGroups, ClientCore<ReadClient> {}

/** A client for everything. */
export interface WriteClient extends WriteGroups, ClientCore<WriteClient> {
  /** This client without the methods that write. */
  readOnly(): ReadClient;
}

/** The client that {@link createClient} makes. */
export interface MattermostClient extends WriteClient {}

/** `new MattermostClient(options)` is {@link createClient} for those who like it better. */
export const MattermostClient: new (options: ClientOptions) => MattermostClient = constructible(createClient);

/** A function that makes frozen objects, callable with `new`: what a constructor returns is what `new` gives. */
function constructible<Args extends readonly unknown[], Made extends object>(
  make: (...args: Args) => Made,
): new (
  ...args: Args
) => Made {
  function Constructor(...args: Args): Made {
    return make(...args);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript has no other way to say that a function may be called with `new`
  return Constructor as unknown as new (
    ...args: Args
  ) => Made;
}

/**
 * Makes a client for one Mattermost server. Nothing is sent before the first call is awaited.
 *
 * Calls share one pool of connections, one bound on requests under way, and one pacer that keeps to the server's rate
 * limit. Reads are repeated after passing faults; writes only when they certainly were not carried out.
 *
 * @throws {ApiInvalidArgumentError} when an option makes no sense
 */
export function createClient(options: ClientOptions): WriteClient {
  return writeClient(makeEngine(options), options.token);
}

function makeEngine(options: ClientOptions): Engine {
  const base = parseBaseUrl(options.url, options.allowPlainHttp);
  const clock = options.clock ?? systemClock;
  const timeoutMs = positive(options.timeoutMs ?? 60_000, 'timeoutMs');
  const maxConcurrent = Math.floor(positive(options.maxConcurrent ?? 4, 'maxConcurrent'));
  const { maxPerSecond, onEvent, onAnswer } = options;
  if (maxPerSecond !== undefined) positive(maxPerSecond, 'maxPerSecond');
  const userAgent = options.userAgent ?? 'mattermuster';
  if (!/^[\x20-\x7e]{1,200}$/.test(userAgent)) refuseOption({ is: 'user-agent' });
  const dispatcher =
    options.dispatcher ??
    openConnections({
      ca: options.ca,
      proxy: options.proxy,
      maxConnections: maxConcurrent,
      connectTimeoutMs: Math.min(10_000, timeoutMs),
    });
  const emit = observed<ApiEvent>(onEvent);
  return new Engine({
    base,
    transport: new Transport(dispatcher, base.origin, options.bodyLimits ?? defaultBodyLimits),
    gate: new PacerGate({ clock, maxPerSecond, onWait: (delayMs) => emit({ type: 'waiting-for-limit', delayMs }) }),
    clock,
    random: options.random ?? Math.random,
    timeoutMs,
    maxConcurrent,
    userAgent,
    emit,
    keep: observed<KeptAnswer>(onAnswer),
    signal: options.signal,
    onlyWhileAccepted: options.stopWhenRefused === true ? options.token : undefined,
    sourceOf: (token) => (token !== undefined && token === options.token ? options.tokenFrom : undefined),
  });
}

/** An observer has no say in what happens to a request: what it throws is dropped. */
const observed =
  <Seen>(tell: ((seen: Seen) => void) | undefined) =>
  (seen: Seen): void => {
    try {
      tell?.(seen);
    } catch {
      // Dropped.
    }
  };

function positive(value: number, name: string): number {
  if (Number.isFinite(value) && value > 0 && (name === 'maxPerSecond' || value >= 1)) return value;
  return refuseOption({ is: 'no-positive-number', name, found: String(value) });
}

function readClient(engine: Engine, token: Secret | undefined): ReadClient {
  const groups = bindReads(engine, operations, token);
  return Object.freeze(withCore(engine, groups, (other) => readClient(engine, other)));
}

function writeClient(engine: Engine, token: Secret | undefined): WriteClient {
  const groups = { ...bindAll(engine, operations, token), readOnly: () => readClient(engine, token) };
  return Object.freeze(withCore(engine, groups, (other) => writeClient(engine, other)));
}

/** What every client has, beside its calls. */
function withCore<Groups extends object, Self>(
  engine: Engine,
  groups: Groups,
  withToken: (token: Secret | undefined) => Self,
): Groups & ClientCore<Self> {
  return {
    ...groups,
    url: engine.base.text,
    get serverVersion() {
      return engine.serverVersion;
    },
    get serverTimeMs() {
      return engine.serverTimeMs;
    },
    get isRefused() {
      return engine.isRefused;
    },
    supports: (feature) => engine.supports(feature),
    withToken,
    close: () => engine.close(),
  };
}
