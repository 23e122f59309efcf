/** A call whose response was lost may be carried out later than an apply waits for it, which is 35 seconds. */
import { describe, expect, test } from 'vitest';
import { openStage, outcomesOf, type Stage } from './support/stage.ts';
import { StageTime } from './support/stage-time.ts';

/**
 * A server that makes ada's token only so many milliseconds after the response was lost.
 *
 * @param isBusy - whether somebody else's change makes the run last longer than that
 */
async function lateBy(ms: number, isBusy: boolean): Promise<Stage> {
  const stage = await openStage({ users: [{ username: 'ada' }, { username: 'bob' }] });
  const time = new StageTime();
  time.follow(stage.clock);
  const { faults } = stage.sandbox;
  faults.add({ kind: 'late-commit', match: { method: 'POST', path: '/users/*/tokens' } });
  if (isBusy) faults.add({ kind: 'rate-limit', retryAfter: 20, match: { path: '/users/*/patch' } });
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: Parameters<typeof emit>[0]) => {
      // The run begins to wait at the moment at which it lost the answer.
      if (event.type === 'waiting' && faults.pending > 0) time.after(ms, () => faults.flush());
      emit(event);
    },
  });
  await stage.declare([
    { username: 'ada', tokens: [{ name: 'ci' }] },
    { username: 'bob', nickname: 'x' },
  ]);
  return stage;
}

const marksOf = ({ sandbox }: Stage): readonly string[] =>
  sandbox.control.tokens('ada').map(({ description }) => description.split(' ')[0] ?? '');

describe('a token that is made after the wait for it', () => {
  test('and before the end of the run is revoked by the look at the end', async () => {
    const stage = await lateBy(40_000, true);

    const run = await stage.apply({ concurrency: 1 });
    const after = await stage.plan();

    expect(stage.sandbox.faults.pending).toBe(0);
    expect(outcomesOf(run)).toEqual(['ada create-token: done', 'bob patch-user: done']);
    expect(marksOf(stage)).toEqual(['ci@1']);
    expect({ code: run.code, left: after.actions, notices: after.notices }).toEqual({ code: 0, left: [], notices: [] });
  });

  test('and after the end of the run is reported by the next plan, and a rotation takes it away', async () => {
    const stage = await lateBy(40_000, false);

    await stage.apply({ concurrency: 1 });
    await stage.clock.sleep(60_000);
    const next = await stage.plan();
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci', generation: 2 }] }]);
    const rotation = await stage.apply();

    expect(next.notices).toMatchObject([{ code: 'token-made-twice', person: 'ada' }]);
    expect(rotation.code).toBe(0);
    expect(marksOf(stage)).toEqual(['ci@2']);
  });
});
