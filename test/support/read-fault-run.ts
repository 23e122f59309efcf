/** One seeded run of reading and planning on a server that answers listings wrongly, or changes while it is read. */

import { whomToKnow } from '../../src/live/choose-reads.ts';
import { readOwned } from '../../src/live/read-owned.ts';
import { readPeople } from '../../src/live/read-people.ts';
import { matchPeople } from '../../src/match/match-people.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveReader } from '../../src/model/live-reader.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { MusterError } from '../../src/model/muster-error.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { kinds } from '../../src/resources/index.ts';
import { account, admin, defaultPolicy, desiredState, entry, factsOf } from './build-states.ts';
import { listUsersFaults } from './read-faults.ts';

export type RunEnd = 'planned' | 'refused';

/** A small generator of numbers that repeats for a seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/**
 * @returns how the run ended
 * @throws when it ended with a wrong action, or with anything that is not an error of muster's own
 */
export async function readFaultRun(seed: number): Promise<RunEnd> {
  const pick = randomFrom(seed);
  // With many people e-mails are found in the listing alone, so that everything rests on its proof.
  const isLarge = pick(6) === 0;
  const people = Array.from({ length: isLarge ? 340 + pick(60) : 12 + pick(20) }, (_, i) =>
    account(`person${i}`, { active: pick(10) > 0, auth: { service: 'saml', data: `saml-${i}` } }),
  );
  const before: readonly LiveUser[] = [admin('root'), admin('spare'), ...people];
  const server = { accounts: [...before] };
  const { entries, accountOf } = entriesFor(people, pick);
  const fault = listUsersFaults[pick(listUsersFaults.length)] ?? listUsersFaults[0];
  const reader = readerOf(server, isLarge ? 30 : 5, (pages) => fault?.strike(pages, server, pick) ?? pages);
  const policy = { ...defaultPolicy, undeclaredUsers: 'report' as const };
  const desired = desiredState(entries);
  try {
    const found = await readPeople(reader, desired, whomToKnow(policy), () => undefined);
    const matching = matchPeople(desired, found.users);
    const live = await readOwned(reader, found, matching.people, kinds, policy, () => undefined);
    const result = makePlan({ desired, matching, live, policy, kinds, toolVersion: '0.0.0' });
    const lasting = before.filter((one) =>
      server.accounts.some((other) => other.id === one.id && other.values.username === one.values.username),
    );
    for (const action of result.plan.actions) refuseWrong(action, lasting, accountOf, seed);
    if (result.matching.unusable.length > 0) return 'refused';
    for (const { id, username } of result.plan.undeclared) {
      if ([...accountOf.values()].includes(id))
        throw new Error(`seed ${seed} (${fault?.name ?? ''}): ${username} is declared and reported as undeclared`);
    }
    return 'planned';
  } catch (error) {
    if (error instanceof MusterError && error.code === 'READ_NOT_COMPLETE') return 'refused';
    if (error instanceof MusterError && error.code === 'API_SERVER_ERROR') return 'refused';
    throw error;
  }
}

/** Entries by name, by a previous name, by e-mail alone, and for new people, with the account that each must mean. */
function entriesFor(
  people: readonly LiveUser[],
  pick: (below: number) => number,
): { entries: readonly DesiredUser[]; accountOf: ReadonlyMap<string, string> } {
  const accountOf = new Map<string, string>();
  const entries = people.flatMap(({ id, values }): readonly DesiredUser[] => {
    const { username, email } = values;
    const shape = pick(7);
    if (shape === 0) return [];
    const name = shape <= 2 ? username : `${username}.new`;
    accountOf.set(name, id);
    if (shape === 1) return [entry(name, { email, active: true })];
    if (shape === 2) return [entry(name, { active: true, nickname: 'x' })];
    if (shape === 3) return [entry(name, { active: true }, { previousUsernames: [username] })];
    // Everything is new but the id at the provider, which only a listing shows.
    if (shape === 6) return [entry(name, { email: `new-${email}`, active: true, auth: values.auth })];
    return [entry(name, { email, active: true })];
  });
  const fresh = Array.from({ length: 1 + pick(3) }, (_, i) => entry(`fresh${i}`, { email: `fresh${i}@example.com` }));
  return { entries: [...entries, ...fresh], accountOf };
}

function readerOf(
  server: { readonly accounts: readonly LiveUser[] },
  pageSize: number,
  distort: (pages: AsyncIterable<readonly LiveUser[]>) => AsyncIterable<readonly LiveUser[]>,
): LiveReader {
  // Like the server's: an offset into the names in order, so that rows shift when somebody comes, goes or is renamed.
  async function* pages(): AsyncIterable<readonly LiveUser[]> {
    for (let page = 0; ; page++) {
      const sorted = server.accounts.toSorted((a, b) => (a.values.username < b.values.username ? -1 : 1));
      const rows = sorted.slice(page * pageSize, (page + 1) * pageSize);
      yield rows;
      if (rows.length < pageSize) return;
    }
  }
  return {
    facts: () => Promise.resolve(factsOf(server.accounts)),
    emailDomains: () => Promise.resolve(undefined),
    roles: (names) => Promise.resolve({ roles: new Set(names), administrativeRoles: new Set() }),
    usersByNames: (names) => Promise.resolve(server.accounts.filter(({ values }) => names.includes(values.username))),
    usersByIds: (ids) => Promise.resolve(server.accounts.filter(({ id }) => ids.includes(id))),
    userByEmail: (email) => Promise.resolve(server.accounts.find(({ values }) => values.email === email)),
    userPages: () => distort(pages()),
    countUsers: () => Promise.resolve(server.accounts.length),
    countActivePeople: () => Promise.resolve(factsOf(server.accounts).seats.used),
    botsThatGo: () => Promise.resolve(new Map()),
    owned: {
      token: {
        read: ({ needed, ifAny, shown }) =>
          Promise.resolve({
            known: new Map([...needed, ...ifAny, ...shown].map((id) => [id, []])),
            shown: new Map(),
          }),
        readsWhole: true,
        list: () => Promise.resolve(new Map()),
        readAll: () => Promise.resolve({ byOwner: new Map(), by: 'searches' }),
        readForEntries: () => Promise.resolve(new Map()),
      },
      membership: {
        read: ({ needed }) =>
          Promise.resolve({
            known: new Map(needed.map((id) => [id, { asked: 'all', members: [] }])),
            shown: new Map(),
          }),
        readsWhole: false,
        list: () => Promise.resolve('refused'),
        readAll: () => Promise.resolve({ byOwner: new Map(), by: 'searches' }),
        readForEntries: () => Promise.resolve(new Map()),
      },
    },
    requests: () => 0,
  };
}

function refuseWrong(
  action: {
    readonly person: string;
    readonly account?: string;
    readonly call: { readonly operation: string; readonly fields?: object };
  },
  lasting: readonly LiveUser[],
  accountOf: ReadonlyMap<string, string>,
  seed: number,
): void {
  const meant = accountOf.get(action.person);
  if (action.account !== undefined && meant !== undefined && action.account !== meant) {
    throw new Error(`seed ${seed}: ${action.call.operation} of ${action.person} goes to another account`);
  }
  if (action.call.operation !== 'create-user') return;
  const twin = lasting.find(({ id, values }) => id === meant || values.username === action.person);
  if (twin !== undefined)
    throw new Error(`seed ${seed}: ${action.person} would be created, and is there as ${twin.values.username}`);
}
