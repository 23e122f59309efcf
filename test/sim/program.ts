/** One process of muster: what `apply` and `apply --resume` do, on the client, the disk and the sinks of the simulation. */
import type { WriteClient } from '../../src/api/index.ts';
import { type ApplyResult, type CarryOutOptions, carryOut, type PlanToApply } from '../../src/app/carry-out.ts';
import { owedRolesIn } from '../../src/app/owed-roles.ts';
import { compare, type OlderPlan } from '../../src/app/plan.ts';
import type { AppPorts } from '../../src/app/ports.ts';
import { ResumeRefusedError, resumeRun } from '../../src/app/resume.ts';
import { newestHistory } from '../../src/app/run-histories.ts';
import { settlePreviousRun } from '../../src/app/settle-run.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { JournalStore } from '../../src/journal/journal-store.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { LiveState } from '../../src/model/live-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import { InputError } from '../../src/model/problem.ts';
import type { EmitRunEvent } from '../../src/model/run-event.ts';
import { problemsOfEntries } from '../../src/model/unusable.ts';
import type { Selected } from '../../src/plan/selection.ts';
import { createLiveReader } from '../../src/resources/index.ts';
import { isOpen } from '../../src/runs/replay.ts';
import { isUnsettled } from '../../src/runs/unsettled.ts';
import { trusted } from '../support/journal-key.ts';
import type { SimWorld } from './world.ts';

export interface Process {
  readonly world: SimWorld;
  readonly client: WriteClient;
  readonly store: JournalStore;
  readonly secrets: NonNullable<PlanToApply['secrets']>;
  readonly clock: Clock;
  readonly emit: EmitRunEvent;
  /** Aborted when somebody interrupts it. */
  readonly signal?: AbortSignal;
  /** Made before, so that no step is spent on reading. */
  readonly planned?: Planned;
}

export interface Planned {
  readonly plan: Plan;
  readonly live: LiveState;
  readonly selected?: Selected;
}

const optionsOf = ({ signal }: Process): CarryOutOptions => ({
  confirm: () => Promise.resolve(true),
  ...(signal !== undefined && { signal }),
});

/** The lock is broken: every run believes that it has the state directory alone. */
const noLock = { renew: () => Promise.resolve(), release: () => Promise.resolve() };

/** Cleans up after a previous run, plans, and makes it so. */
export async function applyOnce(process: Process): Promise<ApplyResult> {
  const { client } = process;
  const state = stateOf(process);
  await settlePreviousRun(state, client, portsOf(process));
  const { plan, live } = process.planned ?? (await planNow(process));
  const todo = {
    plan,
    facts: live.facts,
    settings: settingsOf(process),
    client,
    state,
    secrets: process.secrets,
    origin: {},
  };
  return carryOut(todo, optionsOf(process), portsOf(process));
}

/** Goes on with the previous run, and plans anew where that is not possible or where there is none. */
export async function resumeOnce(process: Process): Promise<ApplyResult> {
  const { client } = process;
  const state = stateOf(process);
  const newest = await newestHistory(state.store);
  if (newest === undefined || !(isOpen(newest) || isUnsettled(newest, process.clock.now()))) return applyOnce(process);
  const facts = await createLiveReader(client.readOnly(), () => 0).facts([]);
  const todo = {
    facts,
    settings: settingsOf(process),
    client,
    state,
    secrets: process.secrets,
    origin: {},
    planAgain: (older: OlderPlan) => planNow(process, older),
  };
  try {
    const resumed = await resumeRun(newest, todo, optionsOf(process), portsOf(process));
    return resumed?.applied ?? (await applyOnce(process));
  } catch (error) {
    if (!(error instanceof ResumeRefusedError)) throw error;
    return applyOnce(process);
  }
}

/** @throws {InputError} with the problems of the files that only show beside the server */
export async function planNow(process: Process, older?: OlderPlan): Promise<Planned> {
  const { world, client } = process;
  const input = {
    settings: settingsOf(process),
    desired: world.desired,
    options: {},
    client: client.readOnly(),
    requests: () => 0,
    ...(older !== undefined && { older }),
  };
  const { live, result } = await compare(input, portsOf(process), async () => ({
    declared: new Map(),
    shown: [],
    borne: [],
    owedRoles: await owedRolesIn(trusted(process.store)),
  }));
  if (result.matching.unusable.length > 0) throw new InputError(problemsOfEntries(result.matching.unusable));
  const { plan, selected } = result;
  return { plan, live, ...(selected !== undefined && { selected }) };
}

const stateOf = ({ store }: Process): PlanToApply['state'] => ({ dir: '/state', store: trusted(store), lock: noLock });

function settingsOf({ world: { policy } }: Process): Settings {
  return {
    servers: [],
    files: { value: ['users.yaml'], from: 'default' },
    base: '/',
    configDir: '/',
    policy,
    bundles: { inline: {}, files: [] },
    audit: { leaverHours: 24, tuned: {} },
    review: { owners: [], dir: '/reviews' },
    evidence: { emails: 'show' },
    reconcile: {
      mode: 'observe',
      schedule: { everyMs: 900_000 },
      jitterMs: 0,
      fullReadMs: 0,
      windows: [],
      notices: [],
    },
    secrets: { dir: '/secrets', sinks: {}, sources: {} },
  };
}

const portsOf = ({ clock, emit }: Process): AppPorts => ({
  workingDir: '/',
  env: {},
  clock,
  emit,
  toolVersion: '0.1.0',
});
