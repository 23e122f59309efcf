import type { ReadClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { readPeople } from '../live/read-people.ts';
import { readTokens } from '../live/read-tokens.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveState } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { matchPeople } from '../plan/identity.ts';
import { makePlan } from '../plan/make-plan.ts';
import { tokenOwners } from '../plan/token-owners.ts';
import { createLiveReader, kinds } from '../resources/index.ts';
import { type Connection, connect } from './connect.ts';
import { loadDesired, loadSettings } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';

export interface PlanOptions extends InputOptions, ConnectionOptions {}

/** A plan with what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly settings: Settings;
}

/** Loads, reads and plans. Everything after loading goes through a client that has no method that writes. */
export async function plan(options: PlanOptions, ports: AppPorts): Promise<Planned> {
  const settings = await loadSettings(options, ports);
  const desired = await loadDesired(settings, options, ports);
  const connection = await connect(settings, options, ports);
  try {
    return await planWith(
      { settings, desired, client: connection.client.readOnly(), requests: connection.requests },
      ports,
    );
  } finally {
    await connection.client.close();
  }
}

export interface PlanWith {
  readonly settings: Settings;
  readonly desired: DesiredState;
  readonly client: ReadClient;
  readonly requests: Connection['requests'];
}

export async function planWith({ settings, desired, client, requests }: PlanWith, ports: AppPorts): Promise<Planned> {
  const { policy } = settings;
  const reader = createLiveReader(client, requests);
  const people = await readPeople(reader, desired, policy, ports.emit);
  const { matches } = matchPeople(desired, people.users);
  const live = await readTokens(reader, people, tokenOwners(matches, policy), ports.emit);
  const result = makePlan({ desired, live, policy, kinds, toolVersion: ports.toolVersion });
  if ('problems' in result) throw new InputError(result.problems);
  return { plan: result.plan, desired, live, settings };
}
