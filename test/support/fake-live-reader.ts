import { groupBy } from '../../src/model/group-by.ts';
import type { LiveReader } from '../../src/model/live-reader.ts';
import type { LiveToken, LiveUser, ServerFacts } from '../../src/model/live-state.ts';
import { factsOf } from './build-states.ts';

/** What the fake server answers; each is asked anew at every call, so that a test can change it meanwhile. */
export interface FakeServer {
  readonly accounts: readonly LiveUser[];
  readonly tokens?: readonly LiveToken[];
  readonly facts?: Partial<ServerFacts>;
  /** One listing after the other, in pages; where none is given, the accounts in one page. */
  readonly listings?: ReadonlyArray<readonly (readonly LiveUser[])[]>;
  /** One count after the other; where none is given, the number of accounts. */
  readonly counts?: readonly number[];
}

export interface FakeReader extends LiveReader {
  /** Every call with its arguments, in order. */
  readonly calls: readonly string[];
}

/** A reader of a server that exists only in a test; it notes what it is asked. */
export function fakeReader({ accounts, tokens = [], facts, listings = [], counts = [] }: FakeServer): FakeReader {
  const calls: string[] = [];
  const [listed, counted] = [listings.values(), counts.values()];
  const note = (name: string, asked: readonly string[] = []): void => {
    calls.push([name, ...asked].join(' '));
  };
  return {
    calls,
    facts: (roles) => {
      note('facts', roles);
      return Promise.resolve(factsOf(accounts, facts));
    },
    emailDomains: () => {
      note('domains');
      return Promise.resolve(facts?.emailDomains);
    },
    roles: (names) => {
      note('roles', names);
      return Promise.resolve({ roles: new Set(names), administrativeRoles: new Set() });
    },
    usersByNames: (names) => {
      note('names', names);
      return Promise.resolve(accounts.filter(({ values }) => names.includes(values.username)));
    },
    usersByIds: (ids) => {
      note('ids', ids);
      return Promise.resolve(accounts.filter(({ id }) => ids.includes(id)));
    },
    userByEmail: (email) => {
      note('email', [email]);
      return Promise.resolve(accounts.find(({ values }) => values.email === email));
    },
    async *userPages() {
      note('listing');
      yield* listed.next().value ?? [accounts];
    },
    countUsers: () => {
      note('count');
      return Promise.resolve(counted.next().value ?? accounts.length);
    },
    countActivePeople: () => {
      note('count-active');
      return Promise.resolve(factsOf(accounts, facts).seats.used);
    },
    botsThatGo: () => {
      note('bots');
      return Promise.resolve(new Map());
    },
    owned: {
      token: {
        read: async ({ needed, ifAny, shown }, askEach) => ({
          known: new Map(
            await askEach('tokens', [...needed, ...ifAny, ...shown], (id) => {
              note('tokens', [id]);
              return Promise.resolve([id, tokens.filter(({ userId }) => userId === id)] as const);
            }),
          ),
          shown: new Map(),
          restsOn: { isListed: false, searched: [...needed, ...ifAny, ...shown] },
        }),
        readsWhole: true,
        list: () => {
          note('token-listing');
          return Promise.resolve(groupBy(tokens, ({ userId }) => userId));
        },
        readAll: () => Promise.reject(new Error('not asked for in these tests')),
        readForEntries: () => Promise.reject(new Error('not asked for in these tests')),
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
    requests: () => calls.length,
  };
}

/** For whoever does not look at progress. */
export const ignoreEvents = (): void => undefined;
