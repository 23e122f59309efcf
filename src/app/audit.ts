import { makeAudit } from '../audit/make-audit.ts';
import { type Population, populationOf } from '../audit/population.ts';
import type { Settings } from '../config/settings.ts';
import { readForAudit, type WayOfReading, type WaysOfReading } from '../live/read-audit.ts';
import { askEachWith, readOwnedKinds } from '../live/read-owned.ts';
import type { AuditContext, Waiver } from '../model/audit.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { AuditReport, Completeness } from '../model/generated/audit-report.ts';
import type { OwnedKind } from '../model/kinds.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveState } from '../model/live-state.ts';
import type { AccountId } from '../model/user-values.ts';
import { createAuditReader, kinds } from '../resources/index.ts';
import { attested } from './authorship.ts';
import type { Server } from './connect.ts';
import { loadDesired } from './load.ts';
import { compare, type PlanWith } from './plan.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { readWaivers } from './read-approvals.ts';
import { type RecordOptions, recordIfAsked } from './record-observation.ts';
import { withServerAfter } from './with-server.ts';

export interface AuditOptions extends InputOptions, ConnectionOptions, RecordOptions {}

/** The files that an audit rests on. */
export interface LoadedAudit {
  readonly desired: DesiredState;
  readonly waivers: readonly Waiver[];
}

/**
 * Reads everybody and everything that they have, and reports what the rules find. Reads only.
 *
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 * @throws {InputError} with the problems of the files
 */
export function audit(options: AuditOptions, given: AppPorts): Promise<AuditReport> {
  const load = (settings: Settings): Promise<LoadedAudit> => loadForAudit(settings, options, given);
  return withServerAfter(options, given, load, async (server, { desired, waivers }) => {
    const beganMs = server.ports.clock.now();
    const { population, context, completeness } = await readPopulation(server, desired);
    await recordIfAsked(options, { by: 'audit', live: population.live, beganMs, asksEachOwner: true }, server.ports);
    return makeAudit({ population, context, kinds, waivers, completeness });
  });
}

/** @throws {InputError} with the problems of the files */
export async function loadForAudit(settings: Settings, options: InputOptions, given: AppPorts): Promise<LoadedAudit> {
  const desired = await loadDesired(settings, options, given);
  return { desired, waivers: await waiversOf(settings, desired.momentMs, given) };
}

/** Everybody and everything that they have, with the proof that no account is missing. */
export interface ReadPopulation {
  readonly population: Population;
  readonly context: AuditContext;
  readonly completeness: Completeness;
}

/**
 * @param decided - accounts of which it also matters what they do not have
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 */
export async function readPopulation(
  server: Server,
  desired: DesiredState,
  decided: readonly AccountId[] = [],
): Promise<ReadPopulation> {
  const { settings, client, requests, ports } = server;
  const beganMs = ports.clock.now();
  const reading = client.readOnly();
  // Undeclared people belong in an audit, whatever a plan does about them.
  const policy = { ...settings.policy, undeclaredUsers: 'report' as const };
  const input: PlanWith = {
    settings: { ...settings, policy },
    desired,
    options: {},
    client: reading,
    requests,
    whom: 'everybody',
  };
  const { live: known, reader, result } = await compare(input, ports);
  const { live, ways } = await withEverything(known, reader, decided, ports);
  const reads = await readForAudit(createAuditReader(reading), live, ways, ports.emit);
  const nowMs = ports.clock.now();
  const { facts } = live;
  return {
    population: populationOf(live, result, reads),
    context: { desired, facts, policy, settings: settings.audit, nowMs: desired.momentMs },
    completeness: {
      tool: `muster ${ports.toolVersion}`,
      run_by: { id: facts.caller.id, username: facts.caller.username },
      server: { url: facts.url, key: facts.key, version: facts.version },
      began: new Date(beganMs).toISOString(),
      ended: new Date(nowMs).toISOString(),
      moment: new Date(desired.momentMs).toISOString(),
      files: desired.files,
      reads: reads.statements,
      requests: requests(),
    },
  };
}

async function waiversOf(settings: Settings, momentMs: number, ports: AppPorts): Promise<readonly Waiver[]> {
  const read = await readWaivers(settings, momentMs, ports);
  return settings.waivers === undefined ? read : attested(read, settings.waivers, settings, ports);
}

/** A plan reads what it needs; an audit reads what everybody has. */
async function withEverything(
  live: LiveState,
  reader: LiveReader,
  decided: readonly AccountId[],
  { emit }: Pick<AppPorts, 'emit'>,
): Promise<{ readonly live: LiveState; readonly ways: WaysOfReading }> {
  const askEach = askEachWith(emit);
  const ways: { [K in OwnedKind]: WayOfReading } = { token: { by: 'pages' }, membership: { by: 'searches' } };
  const { owned } = await readOwnedKinds(reader.owned, async (kind, one) => {
    const asked: (typeof live.owned)[typeof kind] = one.readsWhole ? live.owned[kind] : new Map();
    const all = await one.readAll(
      [...live.users.values()].filter(({ id }) => !asked.has(id)),
      askEach,
    );
    ways[kind] = { by: all.by, ...(all.missing !== undefined && { missing: all.missing }) };
    // A listing shows what is there; that an account has no more is only ever its own answer.
    const open = new Set(decided.filter((id) => live.users.has(id) && !asked.has(id)));
    const needed = all.by === 'searches' ? [] : [...open];
    const { known } = await one.read({ needed, ifAny: [], shown: [] }, askEach);
    return { known: new Map([...all.byOwner, ...asked, ...known]), shown: new Map() };
  });
  return { live: { ...live, owned }, ways };
}
