/**
 * Reads as little as is exact: what a full read saw before, brought up to date. It answers the same questions as the reader
 * behind it, so that the same reads are chosen, and the same is concluded from them; only where the answers come from differs.
 */
import { batchesOf } from '../model/batches.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LivePeople, LiveUser, ServerFacts } from '../model/live-state.ts';
import type { SeenPeople, WarmSource, WhyFull } from '../model/seen-people.ts';
import type { AccountId } from '../model/user-values.ts';
import { readEach } from './read-each.ts';
import { refreshPeople, type WarmPeople } from './refresh-people.ts';

/** Ends a warm read: what is asked next is only known to a full one. It never leaves the use case that reads. */
export class NotWarmSignal extends Error {
  readonly why: WhyFull;

  constructor(why: WhyFull) {
    super(why);
    this.why = why;
  }
}

export interface WarmReader {
  readonly reader: LiveReader;
  /** Whether the server still shows these accounts as the warm read knew them; those that it showed just now are believed. */
  confirms(ids: Iterable<AccountId>): Promise<boolean>;
}

/**
 * @param recall - what an earlier full read saw, or why there is nothing
 * @returns a reader that throws a {@link NotWarmSignal} where the rest must be read whole
 */
export function warmReader(
  inner: LiveReader,
  source: WarmSource,
  desired: DesiredState,
  recall: (facts: ServerFacts) => Promise<SeenPeople | WhyFull>,
): WarmReader {
  let known: WarmPeople | undefined;
  const warm = (): WarmPeople => {
    if (known === undefined) throw new Error('the facts come first');
    return known;
  };
  const reader: LiveReader = {
    ...inner,
    facts: async (roles) => {
      const facts = await inner.facts(roles);
      // Else the next step says that the caller sees too little.
      if (!facts.caller.permissions.has('manage_system')) return facts;
      // A server takes long to find them, and what is kept takes long to read.
      const newest = begun(source.newestPeople());
      const seen = await recall(facts);
      const sourceNow: WarmSource = { ...source, newestPeople: () => newest };
      const refreshed = typeof seen === 'string' ? seen : await refreshPeople(seen, desired, facts, inner, sourceNow);
      if (typeof refreshed === 'string') throw new NotWarmSignal(refreshed);
      known = refreshed;
      return facts;
    },
    usersByNames: async (names) => {
      const people = warm();
      const found: LiveUser[] = [];
      const open: string[] = [];
      for (const name of names) {
        const live = people.byName(name);
        if (live !== undefined) found.push(live);
        else if (!people.isAsked(name)) open.push(name);
      }
      return open.length === 0 ? found : [...found, ...(await inner.usersByNames(open))];
    },
    usersByIds: async (ids) => {
      const people = warm();
      // Who stands there by name is a person, or was shown just now.
      const servedOf = (id: AccountId): LiveUser | undefined => {
        const live = people.account(id);
        return live !== undefined && people.byName(live.values.username) === live ? live : undefined;
      };
      const found = ids.flatMap((id) => servedOf(id) ?? []);
      const open = ids.filter((id) => servedOf(id) === undefined);
      return open.length === 0 ? found : [...found, ...(await inner.usersByIds(open))];
    },
    // oxlint-disable-next-line typescript/require-await -- what is known already needs no request
    async *userPages() {
      const people = warm();
      if (!people.mayList) throw new NotWarmSignal('needs-listing');
      yield people.all();
    },
  };
  return {
    reader,
    confirms: async (ids) => {
      const people = warm();
      const open = [...new Set(ids)].filter((id) => !people.isFresh(id)).flatMap((id) => people.account(id) ?? []);
      const batches = batchesOf(open.map(({ values }) => values.username).toSorted());
      const answers = (await readEach(batches, (names) => inner.usersByNames(names))).flat();
      const now = new Map(answers.map((live) => [live.id, live]));
      return open.every((live) => isSame(live, now.get(live.id)));
    },
  };
}

/** A failure is told where someone waits for it, and nowhere else. */
function begun<Value>(asked: Promise<Value>): Promise<Value> {
  asked.catch(() => undefined);
  return asked;
}

const isSame = (one: LiveUser, other: LiveUser | undefined): boolean =>
  other !== undefined && canonicalJson(whatCounts(one)) === canonicalJson(whatCounts(other));

/** A time of a change moves with each login, and no plan rests on it. */
function whatCounts(live: LiveUser): object {
  const { dates: _, ...rest } = live;
  return rest;
}

/** Watches a full read, to keep what it saw. */
export interface FullReader {
  readonly reader: LiveReader;
  /** What may be kept of it; `undefined`: accounts came or went meanwhile, or the server does not tell what is needed. */
  seen(people: LivePeople): Promise<SeenPeople | undefined>;
}

/** @param startedMs - this moment, by the clock of this machine */
export function fullReader(inner: LiveReader, source: WarmSource, startedMs: number): FullReader {
  let before: Census | undefined;
  let serverStartedMs: number | undefined;
  return {
    reader: {
      ...inner,
      facts: async (roles) => {
        const facts = await inner.facts(roles);
        if (!facts.caller.permissions.has('manage_system')) return facts;
        serverStartedMs = source.serverTimeMs();
        before = await censusOf(inner, source);
        return facts;
      },
    },
    seen: async ({ users }) => {
      if (before === undefined || serverStartedMs === undefined) return undefined;
      const after = await censusOf(inner, source);
      if (after === undefined || canonicalJson(before) !== canonicalJson(after)) return undefined;
      if ([...users.values()].some(({ dates }) => dates === undefined)) return undefined;
      const { total, newest, bots } = after;
      const isEverybody = users.size === total;
      return { startedMs, serverStartedMs, total, isEverybody, users, newest: new Set(newest), bots: new Set(bots) };
    },
  };
}

/** Who is there, as far as it tells whether anyone came or went. */
interface Census {
  readonly total: number;
  readonly newest: readonly AccountId[];
  readonly bots: readonly AccountId[];
}

const idsOf = (list: ReadonlyArray<{ readonly id: AccountId }>): readonly AccountId[] =>
  list.map(({ id }) => id).toSorted();

async function censusOf(inner: LiveReader, source: WarmSource): Promise<Census | undefined> {
  const [newest, bots] = [await source.newestPeople(), await source.bots()];
  if (newest === undefined || bots === undefined) return undefined;
  const total = await inner.countUsers();
  return { total, newest: idsOf(newest), bots: idsOf(bots) };
}
