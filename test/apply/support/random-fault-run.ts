/** One seeded run: any world that can be had, several faults at any of its requests, and the rules that hold in spite of them. */
import * as fc from 'fast-check';
import type { SeedUser } from '../../../src/sandbox/index.ts';
import { anySituation, anyTeams } from '../../app/support/any-server.ts';
import { randomFrom } from '../../support/read-fault-run.ts';
import { Episode } from './episode.ts';
import { type FaultRow, faultRows } from './fault-rows.ts';
import { violationsOf } from './fault-rules.ts';
import { type FaultTale, type FaultWorld, isSettled, runThrough } from './fault-run.ts';

/** How a run went. */
export interface RandomFaultEnd {
  /** Actions of the first plan. */
  readonly actions: number;
  readonly requests: number;
  /** Requests that met a fault. */
  readonly strikes: number;
  /** Runs until nothing was left to do. */
  readonly runs: number;
}

/** Neighbouring seeds share a world, whose undisturbed end has to be known only once. */
const seedsPerWorld = 4;
const mostPeople = 5;
/** With one fault; every further one may cost a run more, and so may a change that has to wait for another. */
const maxRuns = 5;

/**
 * @returns nothing where the world itself allows no end: files that contradict the server, or what it refuses whoever asks
 * @throws with the seed, when a rule was broken
 */
export async function randomFaultRun(seed: number): Promise<RandomFaultEnd | undefined> {
  const { world, undisturbed } = await worldOf(Math.floor(seed / seedsPerWorld));
  if (!isSettled(undisturbed.attempts.at(-1))) return undefined;
  const pick = randomFrom(seed);
  const from = pick(4) === 0 ? 'planning' : 'applying';
  const rows = faultRows.filter(({ movesClocks }) => world.isLimited !== true || movesClocks !== true);
  const usual = undisturbed.attempts[0]?.passages.length ?? 1;
  const episodes = Array.from({ length: 1 + pick(4) }, () => episodeAt(1 + pick(usual), rows, pick));
  const patience = maxRuns + episodes.length - 1 + Math.max(0, runsOf(undisturbed) - 1);
  const tale = await runThrough({ ...world, seed, maxRuns: patience }, () => episodes, from);
  const struck = episodes.filter(({ hits }) => hits > 0);
  const isDeceived = struck.some(({ row }) => row.deceives === true);
  const broken = violationsOf(tale, { undisturbed, isDeceived });
  if (broken.length > 0) {
    const faults = struck.map(({ row, side }) => `${row.name}, ${side} the commit`);
    throw new Error(`seed ${seed} (${faults.join('; ')}): ${broken.join('\n')}`);
  }
  return {
    actions: tale.attempts[0]?.run?.plan.actions.length ?? 0,
    requests: tale.passages.length,
    strikes: struck.reduce((sum, { hits }) => sum + hits, 0),
    runs: runsOf(tale),
  };
}

/** Without the last one, which found nothing to do. */
const runsOf = ({ attempts }: FaultTale): number => attempts.length - 1;

interface KnownWorld {
  readonly world: FaultWorld;
  readonly undisturbed: FaultTale;
}

let latest: { readonly seed: number; readonly known: Promise<KnownWorld> } | undefined;

function worldOf(seed: number): Promise<KnownWorld> {
  if (latest?.seed !== seed) latest = { seed, known: getToKnow(drawWorld(seed)) };
  return latest.known;
}

async function getToKnow(world: FaultWorld): Promise<KnownWorld> {
  return { world, undisturbed: await runThrough(world, () => []) };
}

function drawWorld(seed: number): FaultWorld {
  const [situation] = fc.sample(anySituation, { seed, numRuns: 1 });
  if (situation === undefined) throw new Error('no world');
  const { people, entries, policy } = situation;
  const gone = new Set(people.slice(mostPeople).map(({ username }) => username));
  const pick = randomFrom(seed);
  return {
    people: people.slice(0, mostPeople).map(withNotifyProps),
    teams: anyTeams,
    entries: entries.filter(({ username, previous_usernames: [before] = [] }) => !gone.has(before ?? username)),
    policy,
    concurrency: pick(2) === 0 ? 1 : 4,
    isLimited: pick(2) === 0,
    seed,
  };
}

/** An empty map is filled by the server with the first write of some sorts: what it holds in the end depends on their order. */
function withNotifyProps({ notify_props: notifyProps, ...person }: SeedUser): SeedUser {
  return notifyProps === undefined || Object.keys(notifyProps).length === 0
    ? person
    : { ...person, notify_props: notifyProps };
}

/** Waits for the n-th request of those it gets to see. */
function episodeAt(nth: number, rows: readonly FaultRow[], pick: (below: number) => number): Episode {
  const row = rows[pick(rows.length)];
  if (row === undefined) throw new Error('there are no faults');
  let seen = 0;
  return new Episode(row, pick(2) === 0 ? 'before' : 'after', () => ++seen >= nth);
}
