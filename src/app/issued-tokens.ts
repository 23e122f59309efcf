import { listRuns, readRun } from '../journal/runs.ts';
import { isAdministrative } from '../model/admin-rules.ts';
import { dayMs } from '../model/duration.ts';
import { type IssuedTokens, issuedKey } from '../model/issued-tokens.ts';
import type { LiveState } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import { parseMark } from '../model/token-mark.ts';
import { issuedIn } from '../runs/issued-tokens.ts';
import { replay } from '../runs/replay.ts';
import { begunMs } from '../runs/window.ts';
import { readRunPlan } from './run-histories.ts';
import type { StateView } from './run-state.ts';

/**
 * Tokens of administrators that applied plans made. Only a journal with the signature of the caller's token is a witness, wherever
 * it lies; what cannot be read is none.
 *
 * @param state - of a server; `undefined`: there is none
 */
export async function readIssued(state: StateView | undefined, live: LiveState): Promise<IssuedTokens> {
  const days = state === undefined ? [] : daysOf(live);
  if (state === undefined || days.length === 0) return new Set();
  const runs = (await listRuns(state.store)).filter((run) => days.some((day) => mayHaveMade(run, day)));
  const keys = new Set<string>();
  for (const run of runs) for (const key of await keysOf(state, run)) keys.add(key);
  return keys;
}

/** The days on which tokens of administrators were made, as their marks say. */
function daysOf({ facts, users, owned }: LiveState): readonly number[] {
  const days = new Set<string>();
  for (const { id, values } of users.values()) {
    if (!values.roles.some((role) => isAdministrative(role, facts.administrativeRoles))) continue;
    for (const { description } of owned.token.get(id) ?? []) {
      const mark = parseMark(description);
      if (mark !== undefined) days.add(mark.date);
    }
  }
  return [...days].map((day) => Date.parse(`${day}T00:00:00Z`));
}

/** A run goes on for a day at most, with its resumes. */
function mayHaveMade(run: string, day: number): boolean {
  const begun = begunMs(run);
  return begun >= day - dayMs && begun < day + dayMs;
}

async function keysOf({ store }: StateView, run: string): Promise<readonly string[]> {
  try {
    const found = await readRun(store, run);
    if (found?.signature !== 'fits') return [];
    const history = replay(found.records);
    return issuedIn({ history, plan: await readRunPlan(store, history.started) }).map(issuedKey);
  } catch (error) {
    if (error instanceof MusterError) return [];
    throw error;
  }
}
