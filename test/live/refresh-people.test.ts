import { describe, expect, test } from 'vitest';
import { marginMs, refreshPeople, sinceOf, type WarmPeople } from '../../src/live/refresh-people.ts';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { newestShown, type SeenPeople, type WarmSource, type WhyFull } from '../../src/model/seen-people.ts';
import { type AccountOptions, account, admin, desiredState, entry } from '../support/build-states.ts';
import { fakeReader } from '../support/fake-live-reader.ts';

const startedMs = 1_000_000_000;
const before = startedMs - 500_000_000;
const after = startedMs + 500_000;

const at = (updatedMs: number, username: string, options: AccountOptions = {}): LiveUser => ({
  ...account(username, options),
  dates: { createdMs: Math.min(updatedMs, before), updatedMs },
});
const chief: LiveUser = { ...admin('chief'), dates: { createdMs: before, updatedMs: before } };
const [ada, bob, cy] = [at(before, 'ada'), at(before + 1, 'bob'), at(before + 2, 'cy')];

interface Case {
  /** Who was there when everything was read. */
  readonly earlier?: readonly LiveUser[];
  /** Who is there now. */
  readonly now?: readonly LiveUser[];
  readonly entries?: readonly DesiredUser[];
  readonly seen?: Partial<SeenPeople>;
  readonly source?: Partial<WarmSource>;
}

interface Refreshed {
  readonly found: WarmPeople | WhyFull;
  readonly asked: readonly string[];
  readonly sinceMs: readonly number[];
}

async function refresh({
  earlier = [ada, bob, cy],
  now = earlier,
  entries = [],
  seen,
  source,
}: Case): Promise<Refreshed> {
  const accounts = [...now, chief];
  const reader = fakeReader({ accounts });
  const sinceMs: number[] = [];
  const idsOf = (users: readonly LiveUser[]): ReadonlySet<string> =>
    new Set(users.filter(({ isBot }) => isBot).map(({ id }) => id));
  const asked: WarmSource = {
    changedSince: (ids, since) => {
      sinceMs.push(since);
      const shown = accounts.filter(({ id, dates }) => ids.includes(id) && (dates?.updatedMs ?? 0) > since);
      return Promise.resolve(shown);
    },
    newestPeople: () =>
      Promise.resolve(
        accounts
          .filter(({ isBot }) => !isBot)
          .map(({ id, values, dates }) => ({ id, username: values.username, createdMs: dates?.createdMs ?? 0 }))
          .toSorted((a, b) => b.createdMs - a.createdMs)
          .slice(0, newestShown),
      ),
    bots: () => Promise.resolve([...idsOf(accounts)].map((id) => ({ id, username: id.replace('id-', '') }))),
    serverTimeMs: () => after,
    ...source,
  };
  const found = await refreshPeople(
    {
      startedMs,
      serverStartedMs: startedMs,
      total: earlier.length + 1,
      isEverybody: true,
      users: new Map([...earlier, chief].map((live) => [live.id, live])),
      newest: new Set(),
      bots: idsOf(earlier),
      ...seen,
    },
    desiredState(entries),
    { admins: [chief] },
    reader,
    asked,
  );
  return { found, asked: reader.calls.filter((call) => call.startsWith('names')), sinceMs };
}

const known = ({ found }: Refreshed): WarmPeople => {
  if (typeof found === 'string') throw new Error(found);
  return found;
};

describe('from when on changes count', () => {
  const users = new Map([ada, bob, cy].map((live) => [live.id, live]));
  test('the last change that was seen, and a minute before, whatever a proxy says', () => {
    expect(sinceOf({ serverStartedMs: startedMs, users })).toBe(before + 2 - marginMs);
    expect(sinceOf({ serverStartedMs: startedMs + 3_600_000, users })).toBe(before + 2 - marginMs);
  });

  test('the beginning of the read, where an account changed later, or by a clock that was ahead', () => {
    const ahead = new Map([['x', at(startedMs + 86_400_000, 'x')]]);

    expect(sinceOf({ serverStartedMs: before + 1, users })).toBe(before + 1 - marginMs);
    expect(sinceOf({ serverStartedMs: startedMs, users: ahead })).toBe(0);
  });
});

test('who did not change is as they were, and is not asked for by name', async () => {
  const { found, asked } = await refresh({ earlier: [ada, bob, cy, ...crowd(30)], entries: [entry('ada')] });

  expect(known({ found, asked, sinceMs: [] }).byName('ada')).toBe(ada);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.split(' ')).not.toContain('ada');
});

/** Changed later than the others. */
const crowd = (count: number): readonly LiveUser[] =>
  Array.from({ length: count }, (_, i) => at(before + (i + 1) * 120_000, `p${i}`));

test('who changed is as the server shows them', async () => {
  const changed = at(after, 'ada', { nickname: 'new' });

  expect(known(await refresh({ now: [changed, bob, cy] })).byName('ada')).toEqual(changed);
});

test('a name that changed hands is the new holder’s', async () => {
  const now = [at(after, 'x', { id: 'id-ada' }), at(after, 'ada', { id: 'id-bob', email: 'bob@example.com' }), cy];

  const people = known(await refresh({ now, entries: [entry('ada')] }));

  expect(people.byName('ada')?.id).toBe('id-bob');
  expect(people.byName('bob')).toBeUndefined();
});

test('a wanted name that no one had is asked for', async () => {
  const found = await refresh({ entries: [entry('dan'), entry('ada', {}, { previousUsernames: ['old'] })] });

  expect(found.asked[0]).toContain(' dan');
  expect(found.asked[0]).toContain(' old');
  expect(known(found).isAsked('dan')).toBe(true);
});

test('a freed name is asked for', async () => {
  const found = await refresh({ now: [at(after, 'x', { id: 'id-ada' }), bob, cy], entries: [entry('ada')] });

  expect(found.asked[0]).toContain(' ada');
});

test('someone new stands among everybody, with a bot', async () => {
  const dan = { ...at(after, 'dan'), dates: { createdMs: after, updatedMs: after } };
  const bot = { ...at(after, 'bot'), isBot: true };

  const people = known(await refresh({ now: [ada, bob, cy, dan, bot] }));
  const ids = people.all().map(({ id }) => id);

  expect(ids).toContain('id-dan');
  expect(ids).toContain('id-bot');
  expect(people.mayList).toBe(true);
});

test('an entry with settings that move no time of a change has its person asked for, by each of its keys', async () => {
  const now = [at(before, 'ada', { notify_props: { desktop: 'all' } }), bob, ...crowd(30)];
  const earlier = [ada, bob, ...crowd(30)];
  for (const one of [
    entry('ada', { notify_props: { desktop: 'all' } }),
    entry('other', { notify_props: {}, email: ada.values.email }),
    entry('other', { notify_props: {} }, { id: ada.id }),
  ]) {
    const people = known(await refresh({ earlier, now, entries: [one] }));
    expect(people.account('id-ada')?.values.notify_props).toEqual({ desktop: 'all' });
  }
});

describe('a full read is made', () => {
  const now = [ada, bob, cy];
  const rows: ReadonlyArray<readonly [title: string, why: WhyFull, Case]> = [
    ['where an account was deleted', 'count-differs', { now: [ada, bob] }],
    [
      'where one was deleted and another one came',
      'count-differs',
      { now: [ada, bob, { ...at(after, 'dan'), dates: { createdMs: after, updatedMs: after } }] },
    ],
    [
      'where one was deleted and came again under its name',
      'count-differs',
      { now: [ada, bob, { ...at(after, 'cy', { id: 'id-cy2' }), dates: { createdMs: after, updatedMs: after } }] },
    ],
    ['where more are new than a list of the newest shows', 'many-new', { now: [...now, ...newPeople(newestShown)] }],
    [
      'where as many were deleted as are new beyond that list',
      'many-new',
      { earlier: [...now, at(before, 'eve')], now: [...now, ...newPeople(newestShown + 1)], seen: { total: 4 } },
    ],
    ['where the server has no list of the newest', 'not-told', { source: { newestPeople: () => none() } }],
    ['where it does not show its bots', 'not-told', { source: { bots: () => none() } }],
    [
      'where the data of the server were set back to an earlier day',
      'contradicted',
      { now: [ada, bob, at(before - 100_000, 'cy', { nickname: 'old' })] },
    ],
    [
      'where an account that is asked for by name does not have it, and shows no change',
      'contradicted',
      {
        earlier: [...crowd(30), cy],
        now: [...crowd(30), at(before + 2, 'x', { id: 'id-cy' })],
        entries: [entry('cy', { notify_props: {} })],
      },
    ],
    [
      'where two accounts would have one name',
      'contradicted',
      { earlier: [...crowd(30), ada, bob], now: [...crowd(30), ada, at(after, 'ada', { id: 'id-bob' })] },
    ],
    [
      'where much has changed',
      'much-changed',
      { earlier: manyPeople(before), now: manyPeople(after), seen: { total: 1502 } },
    ],
    [
      'where an entry names sign-in data that no account is known to have',
      'auth-unclear',
      { entries: [entry('ada', { auth: { service: 'saml', data: 'a' } })] },
    ],
    [
      'where they are known of an account that may have lost them',
      'auth-unclear',
      {
        earlier: [at(before - 9, 'zed', { auth: { service: 'saml', data: 'a' } }), ...crowd(30), ada],
        now: [at(before - 9, 'zed'), ...crowd(30), at(before, 'ada', { auth: { service: 'saml', data: 'a' } })],
        entries: [entry('ada', { auth: { service: 'saml', data: 'a' } })],
      },
    ],
  ];
  test.each(rows)('%s', async (_title, why, one) => {
    expect((await refresh(one)).found).toBe(why);
  });
});

const none = (): Promise<undefined> => Promise.resolve(undefined);

function newPeople(count: number): readonly LiveUser[] {
  return Array.from({ length: count }, (_, i) => ({
    ...at(after, `n${i}`),
    dates: { createdMs: after + i, updatedMs: after + i },
  }));
}

function manyPeople(updatedMs: number): readonly LiveUser[] {
  return Array.from({ length: 1501 }, (_, i) => at(updatedMs, `m${i}`));
}

test('who was made a bot is asked for by name, and shown as one', async () => {
  const earlier = [...crowd(30), ada];
  const bots = [{ id: 'id-ada', username: 'ada' }];
  const now = [...crowd(30), { ...ada, isBot: true }];

  const people = known(await refresh({ earlier, now, source: { bots: () => Promise.resolve(bots) } }));

  expect(people.account('id-ada')?.isBot).toBe(true);
});

test('who is wanted to sign in by e-mail is not asked for, and a switch is seen', async () => {
  const wanted = (name: string): DesiredUser => entry(name, { auth: { service: 'email' } });
  const switched = at(after, 'bob', { auth: { service: 'gitlab', data: 'b' } });
  const found = await refresh({
    earlier: [ada, bob, ...crowd(30)],
    now: [ada, switched, ...crowd(30)],
    entries: [wanted('ada'), wanted('bob')],
  });

  expect(found.asked[0]?.split(' ')).not.toContain('ada');
  expect(known(found).byName('bob')).toEqual(switched);
});

test.each([{ service: 'saml', data: 'a' }, { service: 'gitlab' }])(
  'who is wanted to sign in by %j is asked for',
  async (auth) => {
    const own = at(before, 'ada', { auth: { service: 'saml', data: 'a' } });
    const { asked } = await refresh({ earlier: [own, bob, ...crowd(30)], entries: [entry('ada', { auth })] });

    expect(asked[0]?.split(' ')).toContain('ada');
  },
);

test('sign-in data that its account still has are enough', async () => {
  const own = at(before, 'ada', { auth: { service: 'saml', data: 'a' } });
  const entries = [entry('ada', { auth: { service: 'saml', data: 'a' } })];

  expect(known(await refresh({ earlier: [own, bob], entries })).isFresh('id-ada')).toBe(true);
});
