/**
 * A plan that found nothing to do is the plan of every later moment at which all that it was made from is the same: the files,
 * what else this machine brings, and what the server answers. To see that takes less than to make it again.
 */
import type { Settings } from '../config/settings.ts';
import { desiredDigest } from '../desired/desired-digest.ts';
import { digestSources } from '../desired/load-desired-state.ts';
import { isPlanKeptOf, keepPlan, type PlanOrigin, recallPlan } from '../journal/plan-cache.ts';
import { ensureStateDir, isStateDirThere, stateDirOf, stateHomeOf } from '../journal/state-dir.ts';
import { isAnsweredAsBefore, type SeenRows } from '../live/ask-again.ts';
import { askEachWith } from '../live/read-owned.ts';
import type { Matching } from '../match/match-people.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { type DeclaredMemory, whoIsIn } from '../model/declared-memory.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { KeptPlan } from '../model/kept-plan.ts';
import type { LiveState } from '../model/live-state.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import { type Owners, ownersIn } from '../model/pipeline.ts';
import type { Plan } from '../model/plan.ts';
import type { ReadKind } from '../model/seen-people.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { attributesLookedAt } from '../model/user-attributes.ts';
import type { AccountId } from '../model/user-values.ts';
import { planAsOf } from '../plan/assemble-plan.ts';
import type { PlanResult } from '../plan/make-plan.ts';
import type { PreviouslyDeclared } from '../plan/not-declared.ts';
import { standsUntil } from '../plan/quiet.ts';
import { createLiveReader, createWarmSource, kinds, readServerKey } from '../resources/index.ts';
import { declaredAfter, type PlannedRun } from '../runs/declared-after.ts';
import type { Server } from './connect.ts';
import { filesToLoad } from './load.ts';
import { momentOf } from './moment.ts';
import {
  approvalsOf,
  deliveryOf,
  inputsDigest,
  type LocalInputs,
  type PlannedBy,
  type PlanOptions,
  recallFrom,
} from './plan-inputs.ts';
import type { AppPorts, ServerPorts } from './ports.ts';
import { type HowRead, PeoplePlace, whyNot } from './read-warmly.ts';
import { readWindow } from './window.ts';

/** A kept plan as it is now. */
export interface StandingPlan {
  readonly plan: Plan;
  readonly read: ReadKind;
  /** Accounts that are remembered as declared, and that no entry means any more. */
  readonly previous: ReadonlySet<AccountId>;
}

/** A plan with what tells whether it may be kept. */
export interface ToKeep extends HowRead {
  readonly result: Pick<PlanResult, 'plan' | 'matching'>;
  readonly live: LiveState;
  readonly local: LocalInputs;
  readonly previouslyDeclared: readonly PreviouslyDeclared[];
}

/** Files of which a plan is kept that may stand. */
export interface MayStand {
  /** Their digest. */
  readonly mayStand: string;
}

/**
 * Whether files have to be worked out at all, before a server is asked. Nothing is believed yet.
 *
 * @returns `undefined` where they have to
 */
export async function mayStand(
  settings: Settings,
  options: PlanOptions,
  { env }: AppPorts,
): Promise<MayStand | undefined> {
  if (!canStand(options)) return undefined;
  const files = await filesToLoad(settings, options);
  const sources = files === undefined ? undefined : await digestSources(files);
  if (sources === undefined || !(await isPlanKeptOf(sources, stateHomeOf(options.stateDir, env)))) return undefined;
  return { mayStand: sources };
}

/** What is limited, recorded or compared with a base is made each time. */
function canStand({ warm, users, classes, record = false, base, usersFrom }: PlanOptions): boolean {
  const isLimited = (users?.length ?? 0) + (classes?.length ?? 0) > 0;
  return warm !== undefined && !isLimited && !record && base === undefined && usersFrom === undefined;
}

/** @returns `undefined` where the plan has to be made anew */
export async function standingPlan(
  { settings, client: writing, requests, ports }: Server,
  { mayStand: sources }: MayStand,
  { options, isToApply }: Pick<PlannedBy, 'isToApply'> & { readonly options: PlanOptions },
): Promise<StandingPlan | undefined> {
  const client = writing.readOnly();
  const by = { settings, options, isToApply };
  // Alone: a token that is refused is told by one answer.
  const { id: caller } = await client.users.me();
  const serverKey = await readServerKey(client);
  const kept = await recallAt({ url: client.url, serverKey }, options, ports);
  if (kept === undefined || kept.sources !== sources || kept.caller !== caller) return undefined;
  const { reads } = kept;
  const source = createWarmSource(client);
  const nowMs = ports.clock.now();
  if (whyNot(reads, { fullReadMs: settings.reconcile.fullReadMs, ...options.warm }, source, nowMs)) return undefined;
  const momentMs = momentOf(options, settings, ports);
  if (momentMs < Date.parse(kept.plan.desired.moment) || momentMs >= kept.untilMs) return undefined;
  const remembered = await recallFrom(options.stateDir, ports)(serverKey);
  const local = {
    approvals: await approvalsOf(by, momentMs, ports),
    delivery: deliveryOf(by, ports),
    remembered,
    window: await readWindow({ client, caller, past: remembered.past, nowMs }),
  };
  if (inputsDigest(by, local, new Set(kept.previous)) !== kept.inputs) return undefined;
  const asking = { reader: createLiveReader(client, requests), source, askEach: askEachWith(ports.emit) };
  const facts = { url: client.url, key: serverKey, version: kept.plan.server.version, caller: { id: caller } };
  const rows: SeenRows = async () => {
    const seen = await new PeoplePlace(options.stateDir, ports).recall(facts);
    return typeof seen === 'string' || seen.startedMs !== reads.startedMs ? undefined : seen.users;
  };
  if (!(await isAnsweredAsBefore(reads, asking, rows))) return undefined;
  const read: ReadKind = { is: 'warm', fullMs: reads.startedMs, isSamePlan: true };
  ports.emit({ type: 'read', kind: read });
  const plan = planAsOf(kept.plan, desiredDigest(kept.people, momentMs), momentMs);
  return { plan, read, previous: new Set(kept.previous) };
}

/** Keeps a plan of a warm read that found nothing to do. What was planned stands, whatever becomes of what is kept of it. */
export async function keepIfQuiet(
  {
    settings,
    desired,
    options,
    isToApply,
  }: PlannedBy & { readonly desired: DesiredState; readonly options: PlanOptions },
  { result: { plan, matching }, live, local, previouslyDeclared, readsAgain }: ToKeep,
  ports: ServerPorts,
): Promise<void> {
  const { fromFiles } = desired;
  if (fromFiles === undefined || readsAgain === undefined || !canStand(options)) return;
  const untilMs = standsUntil(plan, matching.people, live, kinds);
  if (untilMs === undefined) return;
  // A run that has nothing to do says only that who was declared before still is.
  const { declared } = local.remembered;
  const previous = previousIn(declared, matching);
  if (isToApply === true && !isMemorySame(declared, previous, { plan, matching, previouslyDeclared })) return;
  const reads = readsAgain([...attributesLookedAt(desired.users)]);
  if (reads === undefined) return;
  const { key: serverKey, url, caller } = live.facts;
  const { sources, people } = fromFiles;
  const inputs = inputsDigest({ settings, options, isToApply }, local, previous);
  const kept = { plan, caller: caller.id, sources, people, inputs, previous: [...previous], untilMs, reads };
  const { dir, origin } = placeOf({ url, serverKey }, options, ports);
  try {
    await ensureStateDir(dir, ownersOf(ports));
    await keepPlan(dir, kept, origin, ports.journalKeyFor(serverKey));
  } catch (error) {
    const why = error instanceof MusterError ? error.message : systemCodeOf(error);
    ports.emit(warning('plan-not-kept', { why }));
  }
}

/** Who is remembered as declared, and is not any more. */
function previousIn(declared: DeclaredMemory, { people }: Pick<Matching, 'people'>): ReadonlySet<AccountId> {
  const now = new Set(people.map(({ account }) => account?.id));
  return new Set([...declared.keys()].filter((id) => !now.has(id)));
}

function isMemorySame(before: DeclaredMemory, previous: ReadonlySet<AccountId>, planned: PlannedRun): boolean {
  const after = declaredAfter(before, planned, new Map(), 0);
  return canonicalJson(whoIsIn(before, previous)) === canonicalJson(whoIsIn(after, previous));
}

async function recallAt(server: ServerAt, options: PlanOptions, ports: ServerPorts): Promise<KeptPlan | undefined> {
  const { dir, origin } = placeOf(server, options, ports);
  if (!(await isStateDirThere(dir, ownersOf(ports)))) return undefined;
  return await recallPlan(dir, origin, ports.journalKeyFor(server.serverKey));
}

interface ServerAt {
  readonly url: string;
  readonly serverKey: string;
}

function placeOf(
  { url, serverKey }: ServerAt,
  { stateDir }: PlanOptions,
  { env, toolVersion }: ServerPorts,
): { readonly dir: string; readonly origin: PlanOrigin } {
  return { dir: stateDirOf(stateDir, serverKey, env), origin: { url, serverKey, toolVersion } };
}

const ownersOf = ({ env }: ServerPorts): Owners => ownersIn(env, process.getuid?.());
