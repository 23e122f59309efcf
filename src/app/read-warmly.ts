/**
 * Reads only what may have changed since a full read, where the plan is sure to be the same; else everything. What a full
 * read saw lies in the state directory of the server, and is believed by the signature of the caller's token alone. A warm read
 * leaves nothing there: the next one begins at the same full read, and what one missed the next one sees.
 */

import type { ReadClient } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { type CacheOrigin, keepPeople, recallPeople } from '../journal/people-cache.ts';
import { ensureStateDir, isStateDirThere, stateDirOf } from '../journal/state-dir.ts';
import { NotedReads } from '../live/ask-again.ts';
import { type FullReader, fullReader, NotWarmSignal, warmReader } from '../live/warm-reader.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { KeptReads } from '../model/kept-plan.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveState, ServerFacts } from '../model/live-state.ts';
import { warning } from '../model/messages/warning-rows.ts';
import { MusterError } from '../model/muster-error.ts';
import { ownersIn } from '../model/pipeline.ts';
import type { Plan } from '../model/plan.ts';
import { type ReadKind, type SeenPeople, type WarmSource, type WhyFull, whyFull } from '../model/seen-people.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { AccountId, UserAttribute } from '../model/user-values.ts';
import type { PlanResult } from '../plan/make-plan.ts';
import { createLiveReader, createWarmSource } from '../resources/index.ts';
import type { ServerPorts } from './ports.ts';
import type { RecordOptions } from './record-observation.ts';

export interface WarmOptions {
  /** When the last full read began that is known from elsewhere: an older one does not count. Milliseconds since the epoch. */
  readonly notBeforeMs?: number;
}

/** What is read, and how it was asked for. */
export interface ToRead {
  readonly client: ReadClient;
  readonly requests: () => number;
  readonly desired: DesiredState;
  readonly settings: Pick<Settings, 'reconcile'>;
  readonly options: RecordOptions & { readonly warm?: WarmOptions };
  /** A plan that is carried out again. */
  readonly older?: unknown;
}

/** What was made of a read. */
export interface Made {
  readonly live: LiveState;
  readonly result: Pick<PlanResult, 'plan' | 'matching'>;
}

/** How it was read. */
export interface HowRead {
  /** Absent: it was read whole, as without a warm read. */
  readonly read?: ReadKind;
  /**
   * What was asked of the server beyond what was known, with the answers; `undefined`: it cannot be asked again for little.
   *
   * @param attributes - those of accounts that count
   */
  readonly readsAgain?: (attributes: readonly UserAttribute[]) => KeptReads | undefined;
}

/** How far the clocks of the server and of this machine may move against each other between two reads. */
const clockSlackMs = 30_000;

/**
 * @param compare - reads, and compares what was read; asked a second time with another reader where the first read is not
 * exact after all
 */
export async function readWarmly<Compared extends Made>(
  input: ToRead,
  ports: ServerPorts,
  compare: (reader?: LiveReader) => Promise<Compared>,
): Promise<Compared & HowRead> {
  const { options, client, desired, older, settings } = input;
  const { warm, record = false } = options;
  // What is kept as evidence, and what an older plan selects from, is read whole.
  if (warm === undefined || record || older !== undefined) return await compare();
  const source = createWarmSource(client);
  const open = (): LiveReader => createLiveReader(client, input.requests);
  const place = new PeoplePlace(options.stateDir, ports);
  const age = { fullReadMs: settings.reconcile.fullReadMs, ...warm };
  let begun: Pick<SeenPeople, 'startedMs' | 'serverStartedMs'> = { startedMs: 0, serverStartedMs: 0 };
  const recall = async (facts: ServerFacts): Promise<SeenPeople | WhyFull> => {
    const seen = age.fullReadMs === 0 ? 'too-old' : await place.recall(facts);
    if (typeof seen === 'string') return seen;
    begun = seen;
    return whyNot(seen, age, source, ports.clock.now()) ?? seen;
  };
  const noted = new NotedReads();
  const asking = noted.of(open(), source);
  const tried = warmReader(asking.reader, asking.source, desired, recall);
  let why: WhyFull = 'changed-meanwhile';
  try {
    const compared = await compare(tried.reader);
    if (await tried.confirms(accountsOf(compared))) {
      const read: ReadKind = { is: 'warm', fullMs: begun.startedMs };
      ports.emit({ type: 'read', kind: read });
      const { startedMs, serverStartedMs } = begun;
      return { ...compared, read, readsAgain: (attributes) => noted.reads({ startedMs, serverStartedMs }, attributes) };
    }
  } catch (error) {
    if (!(error instanceof NotWarmSignal)) throw error;
    why = error.why;
  }
  // Whole, as what is kept and what is remembered beside it say it.
  const startedMs = Math.floor(ports.clock.now());
  const full = fullReader(open(), source, startedMs);
  const compared = await compare(full.reader);
  await keep(full, compared, place, age.fullReadMs, ports);
  const read: ReadKind = { is: 'full', fullMs: startedMs };
  ports.emit({ type: 'read', kind: read, because: whyFull[why] });
  return { ...compared, read };
}

/** Why what is kept may not be used now, although it is what muster wrote. */
export function whyNot(
  { startedMs, serverStartedMs }: Pick<SeenPeople, 'startedMs' | 'serverStartedMs'>,
  { fullReadMs, notBeforeMs = 0 }: WarmOptions & { readonly fullReadMs: number },
  source: Pick<WarmSource, 'serverTimeMs'>,
  nowMs: number,
): WhyFull | undefined {
  if (startedMs < notBeforeMs) return 'put-back';
  if (nowMs - startedMs >= fullReadMs) return 'too-old';
  const serverNowMs = source.serverTimeMs();
  if (serverNowMs === undefined) return 'not-told';
  const passedMs = nowMs - startedMs;
  const isMoved = passedMs < 0 || Math.abs(serverNowMs - serverStartedMs - passedMs) > clockSlackMs;
  return isMoved ? 'clock-moved' : undefined;
}

/** Of whom the plan says that something differs: they are looked at once more. */
function accountsOf({ result: { plan, matching } }: Made): readonly AccountId[] {
  const people = new Set(peopleIn(plan));
  return [
    ...plan.actions.flatMap(({ account }) => account ?? []),
    ...matching.people.flatMap(({ desired, account, hits }) =>
      people.has(desired.username) ? [...(account === undefined ? [] : [account.id]), ...hits.map(({ id }) => id)] : [],
    ),
    ...matching.unusable.flatMap(({ accounts }) => accounts.map(({ id }) => id)),
  ];
}

const peopleIn = ({ actions, blocked, held, scheduled }: Plan): readonly string[] => [
  ...actions.map(({ person }) => person),
  ...[...blocked, ...held, ...scheduled].map(({ change }) => change.person),
];

/** What the read gave stands, whatever becomes of what is kept of it. */
async function keep(
  full: FullReader,
  { live }: Made,
  place: PeoplePlace,
  fullReadMs: number,
  { emit }: ServerPorts,
): Promise<void> {
  if (fullReadMs === 0) return;
  const seen = await full.seen(live);
  if (seen === undefined) return;
  try {
    await place.keep(seen, live.facts);
  } catch (error) {
    const why = error instanceof MusterError ? error.message : systemCodeOf(error);
    emit(warning('people-not-kept', { why }));
  }
}

/** What tells whose people they are. */
type PlaceFacts = Pick<ServerFacts, 'url' | 'key' | 'version'> & { readonly caller: Pick<ServerFacts['caller'], 'id'> };

/** Where what was seen of a server lies. */
export class PeoplePlace {
  readonly #stateDir: string | undefined;
  readonly #ports: ServerPorts;

  constructor(stateDir: string | undefined, ports: ServerPorts) {
    this.#stateDir = stateDir;
    this.#ports = ports;
  }

  async recall(facts: PlaceFacts): Promise<SeenPeople | WhyFull> {
    const dir = this.#dirOf(facts);
    if (!(await isStateDirThere(dir, ownersIn(this.#ports.env, process.getuid?.())))) return 'none-kept';
    return await recallPeople(dir, this.#originOf(facts), this.#keyOf(facts));
  }

  /** @throws {StateDirError} when the state directory is not safe */
  async keep(seen: SeenPeople, facts: PlaceFacts): Promise<void> {
    const dir = this.#dirOf(facts);
    await ensureStateDir(dir, ownersIn(this.#ports.env, process.getuid?.()));
    await keepPeople(dir, seen, this.#originOf(facts), this.#keyOf(facts));
  }

  #dirOf = ({ key }: PlaceFacts): string => stateDirOf(this.#stateDir, key, this.#ports.env);

  #keyOf = ({ key }: PlaceFacts): JournalKey => this.#ports.journalKeyFor(key);

  #originOf({ url, key, version, caller }: PlaceFacts): CacheOrigin {
    const { toolVersion } = this.#ports;
    return { url, serverKey: key, serverVersion: version, caller: caller.id, toolVersion };
  }
}
