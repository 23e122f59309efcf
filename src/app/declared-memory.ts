import { recallDeclared, rememberDeclared } from '../journal/declared-memory.ts';
import { type Trust, unlessNotBelieved } from '../journal/trust.ts';
import type { DeclaredMemory } from '../model/declared-memory.ts';
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
  const previous = [...memory.keys()].filter((id) => !declared.has(id));
  const unseen = previous.filter((id) => !live.users.has(id));
  const found = new Map<AccountId, LiveUser>();
  if (unseen.length > 0) {
    emit({ type: 'reading', what: 'accounts previously declared', done: 0, total: unseen.length });
    for (const user of await reader.usersByIds(unseen)) found.set(user.id, user);
  }
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone });
  return previous.flatMap((id) => {
    const account = live.users.get(id) ?? found.get(id);
    const last = memory.get(id)?.lastDeclared;
    return account === undefined || last === undefined
      ? []
      : [{ account, lastDeclared: days.format(Date.parse(last)) }];
  });
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

/** @param state - of a server; `undefined`: there is none */
export async function recallDeclaredIn(state: StateView | undefined): Promise<DeclaredMemory> {
  return state === undefined ? new Map() : await recallBelieved(state.dir, state.store.trust);
}

async function recallBelieved(stateDir: string, trust: Trust): Promise<DeclaredMemory> {
  const use = 'who was declared before is not known';
  return (await unlessNotBelieved(trust, use, () => recallDeclared(stateDir, trust))) ?? new Map();
}
