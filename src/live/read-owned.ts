import type { LiveByKind, OwnedKind, OwnedThings, SeenThings } from '../model/kinds.ts';
import type { AskEach, LiveReader, OwnedReader, WantedOwners } from '../model/live-reader.ts';
import type { LivePeople, LiveState } from '../model/live-state.ts';
import type { Match, ResourceDefinition } from '../model/resource-definition.ts';
import type { EmitRunEvent } from '../model/run-event.ts';
import type { Policy } from '../model/settings.ts';
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
  const shown: { -readonly [K in OwnedKind]?: ReadonlyMap<string, LiveByKind[K]> } = {};
  const owned: OwnedThings = await readOwnedKinds(reader.owned, async (kind, one) => {
    const read = await one.read(wantedOwners(kind, people, kinds, policy, decided), askEach);
    shown[kind] = read.shown;
    return read.known;
  });
  const seen: SeenThings = kinds.some((kind) => kind.kind === 'token' && kind.lists(policy))
    ? { token: await reader.owned.token.list() }
    : shown;
  return { ...live, owned, seen, coverage: { ...live.coverage, requests: reader.requests() } };
}

/** Reads kind after kind. A new kind adds its line here, which the compiler asks for. */
export async function readOwnedKinds(
  readers: LiveReader['owned'],
  read: <K extends OwnedKind>(
    kind: K,
    reader: OwnedReader<LiveByKind[K]>,
  ) => Promise<ReadonlyMap<string, LiveByKind[K]>>,
): Promise<OwnedThings> {
  return { token: await read('token', readers.token) };
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
  const ifAny: string[] = [];
  const shown: string[] = [];
  for (const person of people) {
    const { account } = person;
    if (account === undefined || definition === undefined) continue;
    const wanted = definition.reads(person, policy);
    if (wanted === 'nothing') continue;
    if (wanted === 'needed' || decided.has(account.id)) needed.push(account.id);
    else if (wanted === 'if-any') ifAny.push(account.id);
    else shown.push(account.id);
  }
  return { needed, ifAny, shown };
}
