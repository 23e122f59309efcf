import type { CommonThings, LiveByKind, OwnedKind, OwnedThings, SeenThings } from '../model/kinds.ts';
import type { AskEach, AskedOf, LiveReader, OwnedRead, OwnedReader, WantedOwners } from '../model/live-reader.ts';
import type { LivePeople, LiveState, LiveUser } from '../model/live-state.ts';
import type { Match, ResourceDefinition } from '../model/resource-definition.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { Policy } from '../model/settings.ts';
import type { AccountId } from '../model/user-values.ts';
import { readEach } from './read-each.ts';

/** Asks a few questions at a time and tells how far it is. */
export function askEachWith(emit: EmitRunEvent): AskEach {
  return (what, items, ask) =>
    readEach(items, (item, done) => {
      emit({ type: 'reading', what, done, total: items.length });
      return ask(item);
    });
}

/**
 * Adds the things that accounts own, kind by kind, of the people for whom they matter.
 *
 * @param decided - accounts of which it also matters what is gone, such as those of the actions of an older plan
 */
export async function readOwned(
  reader: LiveReader,
  live: LivePeople,
  people: readonly Match[],
  kinds: readonly ResourceDefinition[],
  policy: Policy,
  emit: EmitRunEvent,
  decided: ReadonlySet<string> = new Set(),
): Promise<LiveState> {
  const askEach = askEachWith(emit);
  const {
    owned,
    shown,
    common,
    insiders: inside,
  } = await readOwnedKinds(reader.owned, (kind, one) =>
    one.read(wantedOwners(kind, people, kinds, policy, decided), askEach),
  );
  const seen: SeenThings = kinds.some((kind) => kind.kind === 'token' && kind.lists(policy))
    ? { ...shown, token: await reader.owned.token.list() }
    : shown;
  const insiders = inside.length === 0 ? undefined : await accountsOf(inside, live, reader);
  const leaves = people.some(({ transition, account }) => transition === 'leaves' && account !== undefined);
  const botsThatGo = leaves ? await reader.botsThatGo() : undefined;
  const emailDomains = people.some((person) => mayMeetDomains(person, kinds, policy))
    ? await reader.emailDomains()
    : undefined;
  return {
    ...live,
    ...(emailDomains !== undefined && { facts: { ...live.facts, emailDomains } }),
    owned,
    seen,
    common,
    ...(insiders !== undefined && { insiders }),
    ...(botsThatGo !== undefined && { botsThatGo }),
    coverage: { ...live.coverage, requests: reader.requests() },
  };
}

/** Where no e-mail is new, and no one is asked for in a place that others share, it does not matter which domains are allowed. */
function mayMeetDomains(person: Match, kinds: readonly ResourceDefinition[], policy: Policy): boolean {
  const { account, desired } = person;
  const { email } = desired.values;
  if (email !== undefined && email !== account?.values.email) return true;
  return kinds.some(
    (kind) =>
      kind.kind === 'membership' && (kind.reads(person, policy) !== 'nothing' || kind.asks(person, policy).length > 0),
  );
}

/** Those that were read with the people, and of the others what the server says now. */
async function accountsOf(
  ids: readonly AccountId[],
  { users }: LivePeople,
  reader: LiveReader,
): Promise<ReadonlyMap<AccountId, LiveUser>> {
  const open = ids.filter((id) => !users.has(id));
  const asked = open.length === 0 ? [] : await reader.usersByIds(open);
  const found = new Map(asked.map((live) => [live.id, live]));
  return new Map(
    ids.flatMap((id) => {
      const live = users.get(id) ?? found.get(id);
      return live === undefined ? [] : [[id, live] as const];
    }),
  );
}

/** What was read of every kind. */
export interface OwnedReads {
  readonly owned: OwnedThings;
  readonly shown: SeenThings;
  readonly common: CommonThings;
  /** Accounts inside of shared things of which everyone inside had to be known. */
  readonly insiders: readonly AccountId[];
}

/** Reads kind after kind. A new kind adds its line here, which the compiler asks for. */
export async function readOwnedKinds(
  readers: LiveReader['owned'],
  read: <K extends OwnedKind>(kind: K, reader: OwnedReader<LiveByKind[K]>) => Promise<OwnedRead<LiveByKind[K]>>,
): Promise<OwnedReads> {
  const token = await read('token', readers.token);
  const membership = await read('membership', readers.membership);
  return {
    owned: { token: token.known, membership: membership.known },
    shown: { token: token.shown, membership: membership.shown },
    common: { ...token.common, ...membership.common },
    insiders: [...new Set([...(token.insiders ?? []), ...(membership.insiders ?? [])])],
  };
}

/** Whose things of one kind a plan has to know; a kind that is not planned needs none. */
export function wantedOwners(
  kind: OwnedKind,
  people: readonly Match[],
  kinds: readonly ResourceDefinition[],
  policy: Policy,
  decided: ReadonlySet<string> = new Set(),
): WantedOwners {
  const definition = kinds.find((one) => one.kind === kind);
  const needed: string[] = [];
  const everything: string[] = [];
  const ifAny: string[] = [];
  const shown: string[] = [];
  for (const person of people) {
    const { account } = person;
    if (account === undefined || definition === undefined) continue;
    const wanted = definition.reads(person, policy);
    if (wanted === 'nothing') continue;
    if (wanted === 'everything' || (wanted === 'if-any' && decided.has(account.id))) everything.push(account.id);
    if (wanted === 'everything' || wanted === 'needed' || decided.has(account.id)) needed.push(account.id);
    else if (wanted === 'if-any') ifAny.push(account.id);
    else shown.push(account.id);
  }
  const asks = definition === undefined ? undefined : asksOf(definition, people, policy);
  const wholes = definition?.wholes(policy) ?? [];
  return {
    needed,
    ...(everything.length > 0 && { everything }),
    ifAny,
    shown,
    ...(asks !== undefined && asks.size > 0 && { asks }),
    ...(wholes.length > 0 && { wholes }),
  };
}

/** What everybody asks of the things that accounts share, thing by thing. */
function asksOf(
  definition: ResourceDefinition,
  people: readonly Match[],
  policy: Policy,
): ReadonlyMap<string, AskedOf> {
  const asks = new Map<string, { accounts: AccountId[]; newcomers: number; mayTake: boolean; within: AccountId[] }>();
  for (const person of people) {
    for (const { name, mayTake, within } of definition.asks(person, policy)) {
      const asked = asks.get(name) ?? { accounts: [], newcomers: 0, mayTake: false, within: [] };
      if (person.account === undefined) asked.newcomers += 1;
      else asked.accounts.push(person.account.id);
      asked.mayTake ||= mayTake;
      if (within === true && person.account !== undefined) asked.within.push(person.account.id);
      asks.set(name, asked);
    }
  }
  return asks;
}
