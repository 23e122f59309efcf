/** A world, faults, and somebody who plans and applies until nothing is left to do; and what all of it looked like. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError } from '../../../src/api/index.ts';
import { codeOfError, type ExitCode } from '../../../src/cli/exit-codes.ts';
import type { PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import { type SandboxState, type SeedTeam, type SeedUser, seededRandomness } from '../../../src/sandbox/index.ts';
import { Door, type Passage, type Visit } from './door.ts';
import type { Episode } from './episode.ts';
import { Watch } from './fault-watch.ts';
import { openStage, type Stage, type StageRun } from './stage.ts';
import { governTimers, StageTime } from './stage-time.ts';
import type { Scene } from './strikes.ts';

export interface FaultWorld {
  readonly people: readonly SeedUser[];
  /** The team `core` with its channel `dev` where nothing is said. */
  readonly teams?: readonly SeedTeam[];
  readonly entries: readonly UserEntry[];
  readonly policy?: PolicyFile;
  /** People served at the same time. */
  readonly concurrency?: number;
  /** Runs until there is nothing to do; 5 where nothing is said. */
  readonly maxRuns?: number;
  /** Whether the server has a limiter; where nothing is said it has. */
  readonly isLimited?: boolean;
  /** Of everything that is left to chance. */
  readonly seed?: number;
}

/** One plan and apply. */
export interface Attempted {
  readonly code: ExitCode;
  /** Absent where an error ended it. */
  readonly run?: StageRun;
  readonly error?: unknown;
  /** All its requests, those of planning too. */
  readonly passages: readonly Passage[];
  readonly lastedMs: number;
  readonly after: SandboxState;
}

export interface FaultTale {
  readonly attempts: readonly Attempted[];
  /** What was seen between two requests that must never be. */
  readonly complaints: readonly string[];
  readonly begin: SandboxState;
  readonly end: SandboxState;
  /** By `<username>~<name>@<generation>`: the token whose secret stands in the sink, if any token has it. */
  readonly sink: ReadonlyMap<string, string | undefined>;
  readonly passages: readonly Passage[];
  /** The account of every token that ever was, by the token's id. */
  readonly owners: ReadonlyMap<string, string>;
  /** The usernames that an entry's account can have, by the username of the entry. */
  readonly namesOf: (person: string) => readonly string[];
}

/** What a user puts up with. */
const maxRuns = 5;

const minuteMs = 60_000;
const firstPauseMs = 2 * minuteMs;
const longestPauseMs = 120 * minuteMs;

const config = {
  'TeamSettings.MaxUsersPerTeam': 1000,
  'GuestAccountsSettings.Enable': true,
  'SamlSettings.Enable': true,
  'LdapSettings.Enable': true,
} as const;

/**
 * @param episodesFor - the faults; called with a way to the ids of accounts
 * @param from - whether they may strike while the first plan is made, or only once it is confirmed
 */
export async function runThrough(
  world: FaultWorld,
  episodesFor: (idOf: (username: string) => string | undefined) => readonly Episode[],
  from: 'planning' | 'applying' = 'applying',
): Promise<FaultTale> {
  const time = new StageTime();
  const giveBack = [governTimers(time), governChance(world.seed ?? 1)];
  const watch = new Watch(world.policy?.min_admins ?? 1, world.entries);
  const doors: Door[] = [];
  const stage = await openStage({
    users: world.people,
    teams: world.teams ?? [{ name: 'core', channels: ['dev'] }],
    seed: world.seed ?? 1,
    licence: 'enterprise',
    config: { ...config, 'RateLimitSettings.Enable': world.isLimited ?? true },
    clock: time.serverNow,
    muster: { policy: { ...world.policy } },
    log: (line) => watch.look(line),
    front: async (target) => {
      const door = await Door.open(target);
      doors.push(door);
      return door;
    },
  });
  try {
    time.follow(stage.clock);
    Object.assign(stage.ports, { clock: time.host });
    await stage.declare(world.entries);
    watch.begin(stage);
    const [door] = doors;
    if (door === undefined) throw new Error('there is no door');
    const scene: Scene = { time, door, sandbox: stage.sandbox, look: () => watch.look() };
    const episodes = episodesFor((username) => stage.sandbox.control.user(username)?.id);
    return await tell(stage, scene, { world, episodes, from, watch });
  } finally {
    await stage.close();
    await rm(stage.dir, { recursive: true, force: true });
    for (const restore of giveBack) restore();
  }
}

/** Back-off has jitter; here it repeats. */
function governChance(seed: number): () => void {
  const { random } = Math;
  Math.random = seededRandomness(seed);
  return () => {
    Math.random = random;
  };
}

interface Cast {
  readonly world: FaultWorld;
  readonly episodes: readonly Episode[];
  readonly from: 'planning' | 'applying';
  readonly watch: Watch;
}

async function tell(stage: Stage, scene: Scene, { world, episodes, from, watch }: Cast): Promise<FaultTale> {
  const { door, time, sandbox } = scene;
  const begin = sandbox.snapshot();
  const keep = (visit: Visit): Promise<void> | undefined => {
    for (const episode of episodes) {
      const struck = episode.meet(visit, scene);
      if (struck !== undefined) return struck;
    }
    return undefined;
  };
  if (from === 'planning') door.keeper = keep;
  const attempts: Attempted[] = [];
  // One more than a user may need: it must find nothing to do.
  while (attempts.length <= (world.maxRuns ?? maxRuns) && !isSettled(attempts.at(-1))) {
    attempts.push(
      await attempt(stage, scene, world, () => {
        door.keeper = keep;
      }),
    );
    await time.pass(patienceAfter(attempts));
    watch.look();
  }
  door.keeper = () => undefined;
  return {
    attempts,
    complaints: watch.complaints,
    begin,
    end: sandbox.snapshot(),
    sink: await signedIn(stage),
    passages: [...door.passages],
    owners: watch.owners,
    namesOf: (person) => [
      person,
      ...(world.entries.find(({ username }) => username === person)?.previous_usernames ?? []),
    ],
  };
}

/** Whether a run found nothing to do. */
export const isSettled = (last: Attempted | undefined): boolean =>
  last?.run !== undefined && last.run.plan.actions.length === 0 && last.code === 0;

/** Whoever failed waits twice as long before another try; a server that says how long it will refuse is believed, within reason. */
function patienceAfter(attempts: readonly Attempted[]): number {
  const last = attempts.at(-1);
  const errors = [last?.error, ...(last?.run?.results ?? []).map(({ outcome }) => 'error' in outcome && outcome.error)];
  const told = errors.flatMap((error) => (error instanceof ApiError ? (error.retryAfterMs ?? []) : []));
  return Math.min(longestPauseMs, Math.max(firstPauseMs * 2 ** (attempts.length - 1), ...told));
}

async function attempt(
  { apply, sandbox }: Stage,
  { time, door: { passages } }: Scene,
  { concurrency = 1 }: FaultWorld,
  meanwhile: () => void,
): Promise<Attempted> {
  const [from, beganMs] = [passages.length, time.passedMs];
  const end = (): Pick<Attempted, 'passages' | 'lastedMs' | 'after'> => ({
    passages: passages.slice(from),
    lastedMs: time.passedMs - beganMs,
    after: sandbox.snapshot(),
  });
  try {
    const run = await apply({ concurrency, meanwhile });
    return { code: run.code, run, ...end() };
  } catch (error) {
    return { code: codeOfError(error), error, ...end() };
  }
}

/** Tries every secret of the sink, and tells by the session that it opens whose it is. */
async function signedIn({ dir, sandbox }: Stage): Promise<FaultTale['sink']> {
  sandbox.control.setConfig({ 'RateLimitSettings.Enable': false });
  const sink = new Map<string, string | undefined>();
  const names = await readdir(join(dir, 'secrets')).catch(() => []);
  for (const file of names.filter((name) => name.endsWith('.token'))) {
    const secret = (await readFile(join(dir, 'secrets', file), 'utf8')).trim();
    const { people, sessions } = sandbox.snapshot();
    for (const { id } of people) sandbox.control.revokeSessions(id);
    const known = new Set(sessions.map(({ id }) => id));
    await fetch(`${sandbox.url}/api/v4/users/me`, { headers: { authorization: `Bearer ${secret}` } });
    const opened = sandbox.snapshot().sessions.find(({ id }) => !known.has(id));
    sink.set(file.replace(/\.token$/, ''), opened?.props['user_access_token_id']);
  }
  return sink;
}
