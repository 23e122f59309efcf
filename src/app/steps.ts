/** The steps between loading and applying, for programs that take them one by one. */
import type { ReadClient } from '../api/index.ts';
import { resolvePolicy } from '../config/settings.ts';
import { whomToKnow } from '../live/choose-reads.ts';
import { readOwned } from '../live/read-owned.ts';
import { readPeople } from '../live/read-people.ts';
import { everyMatch, type Matching, matchPeople } from '../match/match-people.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveState } from '../model/live-state.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { Policy } from '../model/settings.ts';
import { makePlan as makePlanOf, type PlanInput, type PlanResult } from '../plan/make-plan.ts';
import { createLiveReader, kinds } from '../resources/index.ts';
import { toolVersion } from './version.ts';

export interface ReadOptions {
  /** What muster.yaml says; the defaults without it. */
  readonly policy?: Policy;
  readonly emit?: EmitRunEvent;
}

/** What is there, and who the entries mean. */
export interface LiveReading {
  readonly live: LiveState;
  readonly matching: Matching;
}

/**
 * Reads the accounts that a desired state may mean, and what they own. Reads only.
 *
 * @throws {MusterError} when the caller does not see everything, or the reading cannot be proven complete
 */
export async function readLiveState(
  client: ReadClient,
  desired: DesiredState,
  { policy = resolvePolicy({ version: 1 }), emit = () => undefined }: ReadOptions = {},
): Promise<LiveReading> {
  const reader = createLiveReader(client, () => 0);
  const people = await readPeople(reader, desired, whomToKnow(policy), emit);
  const matching = matchPeople(desired, people.users, people.coverage.refusedEmails);
  return { live: await readOwned(reader, people, everyMatch(matching), kinds, policy, emit), matching };
}

export interface MakePlanInput extends LiveReading, Omit<Partial<PlanInput>, 'kinds' | 'live' | 'matching'> {
  readonly desired: DesiredState;
}

/** Compares the two states, lets the rails judge, and orders what passes. Pure. */
export function makePlan({ policy = resolvePolicy({ version: 1 }), ...input }: MakePlanInput): PlanResult {
  return makePlanOf({ toolVersion: toolVersion(), ...input, policy, kinds });
}
