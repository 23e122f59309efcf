/** A crash at every step of an apply of 40 actions: nothing is lost, doubled or left over, and nobody is locked out. */
import { describe, expect, test } from 'vitest';
import { seedsOf } from '../support/seeds.ts';
import { referenceFor } from './campaign.ts';
import { brokenAt } from './steps.ts';
import { fortyActions, teamActions } from './world.ts';

const world = fortyActions;

describe('an apply of 40 actions', () => {
  test('that dies at any step is brought to its end by a resume', async () => {
    expect(await brokenAt({ goOn: 'resume' })).toEqual([]);
  });

  test('that dies at any step is brought to its end by another apply', async () => {
    // From the plan on: what a crash while reading means is seen above.
    const { planned } = await referenceFor(world);

    expect(await brokenAt({ goOn: 'apply', planned })).toEqual([]);
  });

  test('that loses what it wrote down is found out', async () => {
    const broken = await brokenAt({ losesState: true }, 5);

    expect(broken.some((text) => text.includes('nobody has the secret of the token'))).toBe(true);
  });
});

/** Of memberships a part of the steps, with no divisor in common with the steps of one action; all with `PROPERTY_RUNS_FACTOR=3`. */
const every = seedsOf(1).count >= 3 ? { resume: 1, apply: 5 } : { resume: 3, apply: 17 };

describe('an apply of memberships', () => {
  test('that dies at one step of a few is brought to its end by a resume', async () => {
    expect(await brokenAt({ goOn: 'resume' }, every.resume, teamActions)).toEqual([]);
  });

  test('that dies at one step of several is brought to its end by another apply', async () => {
    const { planned } = await referenceFor(teamActions);

    expect(await brokenAt({ goOn: 'apply', planned }, every.apply, teamActions)).toEqual([]);
  });
});
