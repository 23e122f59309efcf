/** Nothing of before comes back with a person that the entry does not name, whatever they were in. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bySuite } from '../../support/suite.ts';
import { comeBack, hasToBeReported, histories, isGuestBack, reported, revived } from './support/returners-run.ts';

const expectedHolds: ReadonlySet<string> = new Set([
  'prerequisite-held',
  'group-owns-membership',
  'guest-cannot-administer',
]);

const runs = bySuite({ short: 100, long: 10_000 });

test('over random histories no one comes back to more than the entry or the plan says', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const returned = comeBack(history);
      if (returned === undefined) return;
      expect(revived(history, returned)).toEqual([]);
      expect(returned.plan.held.map(({ code }) => code).filter((code) => !expectedHolds.has(code))).toEqual([]);
      expect(returned.plan.blocked).toEqual([]);
    }),
    { numRuns: runs },
  );
});

test('over random histories the plan names every team and private channel that comes back', () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const history = { ...drawn, returnerMemberships: 'report' as const };
      const returned = comeBack(history);
      // A guest who is to leave their last channel leaves the team, and all that is in it, for a moment.
      if (returned === undefined || isGuestBack(history)) return;
      expect([...reported(returned.plan)].toSorted()).toEqual(hasToBeReported(history, returned));
    }),
    { numRuns: runs },
  );
});

test('the histories bring most people back, in both ways, some of them as guests', () => {
  const drawn = fc.sample(histories, { numRuns: 150, seed: 5 });
  const back = drawn.filter((history) => comeBack(history)?.after !== undefined);

  expect(back.length).toBeGreaterThan(60);
  expect(back.filter(({ returnerMemberships }) => returnerMemberships === 'leave').length).toBeGreaterThan(20);
  expect(back.filter(isGuestBack).length).toBeGreaterThan(8);
});
