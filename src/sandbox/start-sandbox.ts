import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import { makeApp } from './app.ts';
import { defaultConfig, type SandboxConfig } from './config.ts';
import { type ListenControl, makeControl, type SandboxControl } from './control.ts';
import { FaultRegistry, type Faults } from './faults.ts';
import { cryptoRandomness } from './ids.ts';
import type { RequestRecord } from './ledger.ts';
import { type LicenceOption, makeLicence } from './licence.ts';
import { Limiters } from './limiters.ts';
import { openSession, openTokenSession } from './operations/sessions.ts';
import { newToken } from './routes/tokens.ts';
import type { EventRow, Mail, PostRow } from './rows.ts';
import { defaultAdmin, plant, plantIntegration, type SandboxSeed } from './seed.ts';
import { plantMemberships, plantTeam } from './seed-places.ts';
import { type SandboxState, snapshot } from './snapshot.ts';
import { loadState, StateSaver } from './state-file.ts';
import { unlessGiven } from './unless-given.ts';
import { World } from './world.ts';

export interface SandboxOptions {
  /** Default 0: any free port. The host is always 127.0.0.1. */
  readonly port?: number;
  readonly seed?: SandboxSeed;
  /**
   * Loaded at the start if it is there, and then the seed is not looked at; saved before each write is answered, and at
   * the close. It holds token secrets, as a server's database does, and gets mode 0600.
   */
  readonly stateFile?: string;
  /** Milliseconds since the epoch, for timestamps, sessions and limiters. Default: the machine's time. */
  readonly clock?: () => number;
  /** Numbers in [0, 1) for ids, secrets and shuffling. Default crypto-strong. */
  readonly random?: () => number;
  /** How virtual latency passes. Default: at once, but it counts in the ledger. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Switches by Mattermost's dotted names, over the seed's; the rest is as a fresh server has it. */
  readonly config?: Partial<SandboxConfig>;
  readonly licence?: LicenceOption;
  /** Default `11.6.0`. Newer and older servers differ in a few roles, keys and routes. */
  readonly version?: string;
  /** A path before `/api/v4`, such as `/chat`. */
  readonly basePath?: string;
  /** PEM texts; the sandbox then speaks https. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Told of each request, secrets masked. */
  readonly log?: (line: RequestRecord) => void;
}

/** A running sandbox. */
export interface Sandbox {
  /** Scheme, host, port and base path, without a slash at the end. */
  readonly url: string;
  /**
   * Bearer token of the seeded administrator: a personal access token where those are switched on at the start, else
   * the token of a login session, since the server would refuse the other. Empty when the seed has no administrator.
   */
  readonly adminToken: string;
  /** Every request so far, in the order in which it was answered. */
  readonly requests: readonly RequestRecord[];
  /** What the server would have mailed. */
  readonly mails: readonly Mail[];
  /** What the server wrote into channels by itself. */
  readonly posts: readonly PostRow[];
  /** What connected clients were told of their teams. */
  readonly events: readonly EventRow[];
  readonly faults: Faults;
  readonly control: SandboxControl;
  snapshot(): SandboxState;
  close(): Promise<void>;
}

/** Starts a server on loopback that answers the users API as Mattermost does. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = makeWorld(options);
  const loaded = options.stateFile === undefined ? undefined : await loadState(options.stateFile, world);
  if (loaded !== undefined) applyGiven(world, options);
  const adminToken = loaded?.adminToken ?? sow(world, options.seed ?? {});
  world.store.forgetPast();
  const saver = new StateSaver(options.stateFile, world, adminToken);
  const requests: RequestRecord[] = [];
  const faults = new FaultRegistry(() => world.now());
  const app = makeApp({
    world,
    faults,
    limiters: new Limiters(world),
    basePath: options.basePath ?? '',
    sleep: options.sleep ?? (() => Promise.resolve()),
    save: () => saver.save(),
    record: (line) => {
      requests.push(line);
      options.log?.(line);
    },
  });
  const server = makeServer(app.fetch, options.tls);
  const port = await listen(server, options.port ?? 0);
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${options.basePath ?? ''}`;
  if (world.config['ServiceSettings.SiteURL'] === '') {
    world.config = { ...world.config, 'ServiceSettings.SiteURL': url };
  }
  await saver.save();
  return {
    url,
    adminToken,
    requests,
    mails: world.store.mails,
    posts: world.store.posts,
    events: world.store.events,
    faults,
    control: makeControl(world, listening(server, port)),
    snapshot: () => snapshot(world),
    close: async () => {
      await stop(server);
      await saver.save();
    },
  };
}

function makeWorld(options: SandboxOptions): World {
  return new World({
    version: options.version ?? '11.6.0',
    config: { ...defaultConfig, ...options.seed?.config, ...options.config },
    licence: makeLicence(options.licence ?? options.seed?.licence),
    clock: options.clock ?? unlessGiven.clock(),
    random: options.random ?? cryptoRandomness,
  });
}

/** What the caller says outright holds over what the state file remembers. */
function applyGiven(world: World, { config, licence }: SandboxOptions): void {
  world.config = { ...world.config, ...config };
  if (licence !== undefined) world.licence = makeLicence(licence);
}

/** Plants the seed. @returns the administrator's token */
function sow(world: World, seed: SandboxSeed): string {
  const admin = seed.admin === false ? undefined : plant(world, { ...defaultAdmin, ...seed.admin });
  const people = (seed.users ?? []).map((user) => plant(world, user));
  for (const team of seed.teams ?? []) plantTeam(world, team);
  if (admin !== undefined) plantMemberships(world, admin, seed.admin === false ? [] : (seed.admin?.teams ?? []));
  for (const [index, { teams = [] }] of (seed.users ?? []).entries()) {
    const person = people[index];
    if (person !== undefined) plantMemberships(world, person, teams);
  }
  for (const integration of seed.integrations ?? []) plantIntegration(world, integration);
  for (const group of seed.groups ?? []) world.store.groups.add(group);
  if (admin === undefined) return '';
  if (!world.config['ServiceSettings.EnableUserAccessTokens']) {
    return openSession(world, admin, { hours: 100 * 365 * 24, props: { csrf: world.newId() } }).token;
  }
  const token = newToken(world, admin.id, 'sandbox administrator');
  return openTokenSession(world, admin, token).token;
}

function makeServer(fetch: Parameters<typeof createAdaptorServer>[0]['fetch'], tls: SandboxOptions['tls']): Server {
  const server =
    tls === undefined
      ? createAdaptorServer({ fetch, createServer, overrideGlobalObjects: false })
      : createAdaptorServer({ fetch, createServer: createTlsServer, serverOptions: tls, overrideGlobalObjects: false });
  if (!('closeAllConnections' in server)) throw new TypeError('not a server of HTTP/1.1');
  return server;
}

/** @returns the port */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

const listening = (server: Server, port: number): ListenControl => ({
  goDown: () => stop(server),
  comeUp: async () => void (await listen(server, port)),
});
