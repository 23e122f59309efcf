import { type DeclaredMemory, recallDeclared, rememberDeclared } from '../journal/declared-memory.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LivePeople, LiveUser } from '../model/live-state.ts';
import type { Plan } from '../model/plan.ts';
import type { Match } from '../model/resource-definition.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { AccountId } from '../model/user-values.ts';
import type { FormerlyDeclared } from '../plan/not-declared.ts';

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
 * does not show nothing is known: an answer that lacks somebody is no proof.
 */
export async function lookAtFormer(lookout: Lookout): Promise<readonly FormerlyDeclared[]> {
  const { memory, people, live, reader, emit, timeZone } = lookout;
  if (memory.size === 0) return [];
  const declared = new Set(people.map(({ account }) => account?.id));
  const former = [...memory.keys()].filter((id) => !declared.has(id));
  const unseen = former.filter((id) => !live.users.has(id));
  const found = new Map<AccountId, LiveUser>();
  if (unseen.length > 0) {
    emit({ type: 'reading', what: 'accounts formerly declared', done: 0, total: unseen.length });
    for (const user of await reader.usersByIds(unseen)) found.set(user.id, user);
  }
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone });
  return former.flatMap((id) => {
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
  readonly planned: {
    readonly plan: Plan;
    /** Whom the entries meant before the run, or mean after it. */
    readonly matching: { readonly people: readonly Match[] };
    readonly formerlyDeclared?: readonly FormerlyDeclared[];
  };
  /** Accounts that the run made, by the username that the entry declares. */
  readonly created: ReadonlyMap<string, AccountId>;
  readonly nowMs: number;
}

/**
 * Remembers who is declared, for the plans to come. Only the active are remembered; somebody whose entry is gone stays
 * in the memory until they are seen inactive, or are declared again.
 *
 * @throws {StateDirError} when the memory cannot be read or written
 */
export async function rememberDeclaredOf(ended: EndedWell): Promise<void> {
  await rememberDeclared(ended.stateDir, memoryAfter(await recallDeclared(ended.stateDir), ended));
}

function memoryAfter(former: DeclaredMemory, { planned, created, nowMs }: EndedWell): DeclaredMemory {
  const { plan, matching, formerlyDeclared = [] } = planned;
  const memory = new Map(former);
  for (const { account } of formerlyDeclared) if (!account.values.active) memory.delete(account.id);
  const isActive = activeAfter(plan);
  const lastDeclared = new Date(nowMs).toISOString();
  for (const match of matching.people) {
    const { username } = match.desired;
    const id = match.account?.id ?? created.get(username);
    if (id === undefined) continue;
    if (isActive(match)) memory.set(id, { username, lastDeclared });
    else memory.delete(id);
  }
  return memory;
}

/** Whether somebody may sign in once a plan is carried out. */
function activeAfter({ actions }: Plan): (match: Match) => boolean {
  const switched = new Map(
    actions.flatMap(({ person, call: { operation } }) =>
      operation === 'activate' || operation === 'deactivate' ? [[person, operation === 'activate'] as const] : [],
    ),
  );
  return ({ desired, account }) => switched.get(desired.username) ?? account?.values.active ?? true;
}
