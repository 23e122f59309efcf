import { describe, expect, test } from 'vitest';
import type { Seats } from '../../../src/model/live-state.ts';
import { account, actionOf, blockedOf, entry, operationsOf, planOf, type World } from '../../support/build-states.ts';

const leaver = (name: string) => ({ entry: entry(name, { active: false }), live: account(name) });
const returner = (name: string) => ({
  entry: entry(name, { active: true }),
  live: account(name, { active: false }),
});
const newcomer = (name: string) => ({ entry: entry(name, { email: `${name}@new.com` }), live: undefined });

type Mover = ReturnType<typeof leaver | typeof returner | typeof newcomer>;

function worldOf(seats: Seats, movers: readonly Mover[]): World {
  return {
    entries: movers.map((one) => one.entry),
    accounts: movers.flatMap(({ live }) => live ?? []),
    facts: { seats },
  };
}

const [ada, bob, cy] = [newcomer('ada'), returner('bob'), leaver('cy')];

describe('lets people in', () => {
  test.each<readonly [string, Seats, readonly Mover[], readonly string[]]>([
    ['where there is no limit', { used: 9000 }, [ada, bob], []],
    ['where seats are free', { used: 8, limit: 10 }, [ada, bob], []],
    ['where one is missing: nobody, rather than one by chance', { used: 9, limit: 10 }, [ada, bob], ['ada', 'bob']],
    ['where somebody leaves a seat', { used: 9, limit: 10 }, [ada, bob, cy], []],
    ['where nobody leaves', { used: 10, limit: 10 }, [ada], ['ada']],
    ['where one leaves for one, on a full server', { used: 10, limit: 10 }, [ada, cy], []],
    ['where one leaves for one, on a server over its limit', { used: 12, limit: 10 }, [ada, cy], ['ada']],
    ['where enough leave, on a server over its limit', { used: 11, limit: 10 }, [ada, cy, leaver('dan')], []],
  ])('%s', (_, seats, movers, blocked) => {
    const plan = planOf(worldOf(seats, movers));

    expect(blockedOf(plan)).toEqual(blocked.map((name) => `${name}/${name === 'ada' ? 'account' : 'active'}: seats`));
  });
});

test('says how many seats are needed and how many are free, never fewer than none', () => {
  const { blocked } = planOf(worldOf({ used: 12, limit: 10 }, [ada]));

  expect(blocked[0]?.reason).toBe('1 person needs a seat, 0 of 10 are free');
});

test('blocks what else a newcomer would get', () => {
  const world = worldOf({ used: 10, limit: 10 }, [
    { entry: entry('ada', { email: 'a@x.com', roles: ['system_post_all'] }), live: undefined },
  ]);

  expect(blockedOf(planOf(world))).toEqual(['ada/account: seats', 'ada/roles/+system_post_all: prerequisite']);
});

describe('orders people where seats are tight', () => {
  test('those who come in after those who leave', () => {
    const plan = planOf(worldOf({ used: 9, limit: 10 }, [ada, bob, cy]));

    for (const comer of ['ada/account', 'bob/active']) {
      expect(actionOf(plan, comer).after).toContainEqual({ action: actionOf(plan, 'cy/active').id, need: 'end' });
    }
    expect(operationsOf(plan).indexOf('deactivate')).toBeLessThan(operationsOf(plan).indexOf('create-user'));
  });

  test('and nowhere else', () => {
    const plan = planOf(worldOf({ used: 8, limit: 10 }, [ada, bob, cy]));

    expect(actionOf(plan, 'ada/account').after).toEqual([]);
    expect(actionOf(plan, 'bob/active').after).toEqual([]);
  });
});
