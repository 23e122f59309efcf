import { recallDeclared, rememberDeclared } from '../journal/declared-memory.ts';
import { type Trust, unlessNotBelieved } from '../journal/trust.ts';
import { readEach } from '../live/read-each.ts';
import { batchesAtOnce } from '../live/read-people.ts';
import { batchesOf } from '../model/batches.ts';
import type { DeclaredMemory, LastDeclaration } from '../model/declared-memory.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LivePeople, LiveUser } from '../model/live-state.ts';
import type { Match } from '../model/resource-definition.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import type { PreviouslyDeclared } from '../plan/not-declared.ts';
import { declaredAfter, type PlannedRun } from '../runs/declared-after.ts';
import type { StateView } from './run-state.ts';

/** What is known, and how to learn the rest. */
export interface Lookout {
  readonly memory: DeclaredMemory;
  readonly people: readonly Match[];
  /** Who was seen so far. */
  readonly live: LivePeople;
  readonly reader: Pick<LiveReader, 'usersByIds'>;
  readonly emit: EmitRunEvent;
  /** In which days are counted. */
  readonly timeZone: string;
}

/**
 * Accounts that are remembered as declared and that no entry means any more, as the server shows them. Of those that it
 * does not show nothing is known: an account missing from an answer proves nothing.
 */
export async function findPreviouslyDeclared(lookout: Lookout): Promise<readonly PreviouslyDeclared[]> {
  const { memory, people, live, reader, emit, timeZone } = lookout;
  if (memory.size === 0) return [];
  const declared = new Set(people.map(({ account }) => account?.id));
  const dayOf = dayIn(timeZone);
  const previous: Array<{
    readonly id: AccountId;
    readonly account: LiveUser | undefined;
    readonly lastDeclared: string;
  }> = [];
  for (const [id, { lastDeclared }] of memory) {
    if (declared.has(id)) continue;
    previous.push({ id, account: live.users.get(id), lastDeclared: dayOf(lastDeclared) });
  }
  const unseen = previous.filter(({ account }) => account === undefined).map(({ id }) => id);
  const found = new Map<AccountId, LiveUser>();
  if (unseen.length > 0) {
    emit({ type: 'reading', what: 'accounts previously declared', done: 0, total: unseen.length });
    const read = await readEach(batchesOf(unseen), (batch) => reader.usersByIds(batch), batchesAtOnce);
    for (const user of read.flat()) found.set(user.id, user);
  }
  return previous.flatMap(({ id, account = found.get(id), lastDeclared }) =>
    account === undefined ? [] : [{ account, lastDeclared }],
  );
}

/** Tells the day of a moment. To work it out is dear, and most people were declared at the same one. */
function dayIn(timeZone: string): (moment: string) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone });
  const days = new Map<string, string>();
  return (moment) => {
    const known = days.get(moment);
    if (known !== undefined) return known;
    const day = format.format(Date.parse(moment));
    days.set(moment, day);
    return day;
  };
}

/** A run that ended well: everything that its plan said is done. */
export interface EndedWell {
  readonly stateDir: string;
  readonly trust: Trust;
  readonly planned: PlannedRun;
  /** Accounts that the run made, by the username that the entry declares. */
  readonly created: ReadonlyMap<string, AccountId>;
  readonly nowMs: number;
}

/**
 * Remembers who is declared, for the plans to come.
 *
 * @throws {StateDirError} when the memory cannot be read or written
 */
export async function rememberDeclaredOf({ stateDir, trust, planned, created, nowMs }: EndedWell): Promise<void> {
  const before = await recallBelieved(stateDir, trust);
  await rememberDeclared(stateDir, declaredAfter(before, planned, created, nowMs), trust.key, trust.owners);
}

/**
 * Remembers that everybody who is remembered is declared now, too; of `previous` what was remembered before.
 *
 * @throws {StateDirError} when the memory cannot be read or written
 */
export async function rememberDeclaredAgain({
  stateDir,
  trust,
  previous,
  nowMs,
}: Pick<EndedWell, 'stateDir' | 'trust' | 'nowMs'> & { readonly previous: ReadonlySet<AccountId> }): Promise<void> {
  const lastDeclared = new Date(nowMs).toISOString();
  const after = new Map<AccountId, LastDeclaration>();
  for (const [id, before] of await recallBelieved(stateDir, trust))
    after.set(id, previous.has(id) ? before : { username: before.username, lastDeclared });
  await rememberDeclared(stateDir, after, trust.key, trust.owners);
}

/** @param state - of a server; `undefined`: there is none */
export async function recallDeclaredIn(state: StateView | undefined): Promise<DeclaredMemory> {
  return state === undefined ? new Map() : await recallBelieved(state.dir, state.store.trust);
}

async function recallBelieved(stateDir: string, trust: Trust): Promise<DeclaredMemory> {
  return (await unlessNotBelieved(trust, 'declared-unknown', () => recallDeclared(stateDir, trust))) ?? new Map();
}
