/** A crash at a share of the steps of an apply of 40 actions; the long suite tries every one. */
import { describe, expect, test } from 'vitest';
import { changeClasses, changeClassRows } from '../../src/model/change-classes.ts';
import { planOf } from './check.ts';
import { calm } from './network.ts';
import { run } from './run.ts';
import { brokenAt } from './steps.ts';
import { fortyActions, teamActions } from './world.ts';

const world = fortyActions;
/** A prime, so that the share has steps of every kind. */
const every = 83;

describe('an apply of 40 actions', () => {
  test('has every class of change but those of memberships, which an apply of their own has', async () => {
    const { plan } = await planOf(world);

    expect(plan.actions).toHaveLength(40);
    expect(Object.keys(plan.summary.changes).toSorted()).toEqual(
      changeClasses.filter((name) => changeClassRows[name].kind !== 'membership').toSorted(),
    );
  });

  test('that dies at one step of many is brought to its end by a resume', async () => {
    expect(await brokenAt({ goOn: 'resume' }, every)).toEqual([]);
  });

  test('runs the same twice for the same seed', async () => {
    const trace = async (seed: number): Promise<readonly string[]> => {
      const lines: string[] = [];
      await run({
        world,
        seed,
        crashes: [150, 300],
        weather: { ...calm, lostAnswers: 100, failedSinks: 100 },
        watch: (step, nowMs, life, { what }) => lines.push(`${step} ${nowMs} ${life?.number ?? '-'} ${what}`),
      });
      return lines;
    };

    const once = await trace(7);

    expect(await trace(7)).toEqual(once);
    expect(await trace(8)).not.toEqual(once);
  });
});

describe('an apply of memberships', () => {
  test('has every class of change of memberships, and people who join together', async () => {
    const { plan } = await planOf(teamActions);

    expect(plan.blocked).toEqual([]);
    expect(Object.keys(plan.summary.changes)).toEqual(
      expect.arrayContaining(changeClasses.filter((name) => changeClassRows[name].kind === 'membership')),
    );
  });

  test('that dies at one step of many is brought to its end by a resume', async () => {
    expect(await brokenAt({ goOn: 'resume' }, 2 * every, teamActions)).toEqual([]);
  });
});
