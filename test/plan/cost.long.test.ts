/** What a plan of hostile files costs: names that wait for each other in every shape, and never more than their number. */
import { describe, expect, test } from 'vitest';
import type { DesiredUser } from '../../src/model/desired-state.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { account, entry, planOf, type World, wantedToken } from '../support/build-states.ts';
import { growthExponent } from '../support/cpu-time.ts';

const accountsOf = (n: number): readonly LiveUser[] => Array.from({ length: n }, (_, i) => account(`p${i}`));

/** Everybody takes the name of another one. */
const renamed = (n: number, to: (i: number) => string): World => {
  const accounts = accountsOf(n);
  return { accounts, entries: accounts.map(({ id }, i) => entry(to(i), {}, { id })) };
};

const shapes: Readonly<Record<string, (n: number) => World>> = {
  'a chain of renames': (n) => renamed(n, (i) => `p${i + 1}`),
  'a chain of renames, the other way round': (n) => renamed(n, (i) => (i === 0 ? 'free' : `p${i - 1}`)),
  'a chain of renames whose last name belongs to somebody else': (n) => {
    const { accounts = [], entries = [] } = renamed(n, (i) => `p${i + 1}`);
    return { accounts: [...accounts, account(`p${n}`)], entries };
  },
  'a cycle of renames': (n) => renamed(n, (i) => `p${(i + 1) % n}`),
  'many pairs that swap their names': (n) => renamed(n, (i) => `p${i % 2 === 0 ? i + 1 : i - 1}`),
  'a chain of e-mails': (n) => {
    const accounts = accountsOf(n);
    const moved = (live: LiveUser, i: number): DesiredUser =>
      entry(live.values.username, { email: `p${i + 1}@example.com` }, { id: live.id });
    return { accounts, entries: accounts.map(moved) };
  },
  'a cycle of e-mails': (n) => {
    const accounts = accountsOf(n);
    const moved = (live: LiveUser, i: number): DesiredUser =>
      entry(live.values.username, { email: `p${(i + 1) % n}@example.com` }, { id: live.id });
    return { accounts, entries: accounts.map(moved) };
  },
  'as many tokens of each person as a file may name': (n) => ({
    entries: Array.from({ length: Math.ceil(n / 250) }, (_, i) =>
      entry(
        `new${i}`,
        { email: `new${i}@example.com` },
        { tokens: Array.from({ length: 250 }, (__, k) => wantedToken(`t${k}`)) },
      ),
    ),
  }),
};

const isLinear = 1.4;

describe('a plan grows no faster than the files:', () => {
  test.each(Object.entries(shapes))(
    '%s, 500 and 4,000',
    async (_, shape) => {
      const worlds = new Map([500, 4000].map((n) => [n, shape(n)]));
      const planAll = (n: number) => () => planOf(worlds.get(n) ?? {});

      expect(await growthExponent(planAll, 500, isLinear)).toBeLessThanOrEqual(isLinear);
    },
    240_000,
  );
});

test('a chain of 20,000 renames is no deeper than the stack', () => {
  expect(planOf(renamed(20_000, (i) => `p${i + 1}`)).actions).toHaveLength(20_000);
}, 240_000);
