/** A signal: what is under way is finished, nothing new begins, and the next plan has exactly the rest. */
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/model/run-event.ts';
import { isLong, share } from '../support/suite.ts';
import { crowd, openStage, outcomesOf, type Stage, writesOf } from './support/stage.ts';

/** Aborts when an event comes for the n-th time. */
function abortOn(stage: Stage, type: RunEvent['type'], nth: number): AbortSignal {
  const controller = new AbortController();
  const { emit } = stage.ports;
  let seen = 0;
  Object.assign(stage.ports, {
    emit: (event: RunEvent) => {
      emit(event);
      if (event.type === type && ++seen === nth) controller.abort();
    },
  });
  return controller.signal;
}

async function crowded(): Promise<Stage> {
  const stage = await openStage({ users: crowd(8).map((username) => ({ username })) });
  await stage.declare(
    crowd(8).map((username) => ({
      username,
      nickname: 'x',
      roles: ['system_user', 'system_post_all'],
      tokens: [{ name: 'ci' }],
    })),
  );
  return stage;
}

/** How an action ended, of `ada set-roles: done`. */
const word = (text: string): string => text.split(': ')[1] ?? '';

describe('an interrupt', () => {
  test.each(share([1, 2, 5, 11, 20], 5))('after %i actions leaves the rest to the next plan', async (nth) => {
    const stage = await crowded();
    const planned = await stage.plan();

    const run = await stage.apply({ signal: abortOn(stage, 'action-ended', nth), concurrency: 3 });
    const rest = await stage.plan();

    const outcomes = outcomesOf(run);
    expect(new Set(outcomes.map(word))).toEqual(new Set(['done', 'skipped']));
    expect(run.interrupted).toBe(true);
    expect(run.code).toBe(130);
    const open = planned.actions.filter((_, i) => word(outcomes[i] ?? '') === 'skipped');
    expect(changeIds(rest)).toEqual(changeIds({ actions: open }));
    expect(outcomes.filter((text) => word(text) === 'done').length).toBeLessThan(nth + 3);
    expect(run.results).toHaveLength(24);
  });

  test('finishes what is under way, its look after it too', async () => {
    const stage = await crowded();

    const run = await stage.apply({ signal: abortOn(stage, 'action-started', 3), concurrency: 3 });

    const done = outcomesOf(run).filter((text) => text.endsWith('done'));
    expect(done).toEqual(['p000 patch-user: done', 'p001 patch-user: done', 'p002 patch-user: done']);
    expect(writesOf(run.requests)).toHaveLength(3);
    expect(run.requests.at(-1)?.path).toMatch(/\/users\/ids$/);
  });

  test('before the first action leaves everything', async () => {
    const stage = await crowded();
    const controller = new AbortController();

    const run = await stage.apply({ signal: controller.signal, meanwhile: () => controller.abort() });

    expect(run.requests).toEqual([]);
    expect(run.results).toHaveLength(24);
    expect(new Set(run.results.map(({ outcome }) => JSON.stringify(outcome)))).toEqual(
      new Set([JSON.stringify({ status: 'skipped', because: 'interrupted before it began' })]),
    );
    expect(run.code).toBe(130);
  });

  test('after the last action changes nothing but the exit code', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', nickname: 'x' }]);

    const run = await stage.apply({ signal: abortOn(stage, 'action-ended', 1) });

    expect(outcomesOf(run)).toEqual(['ada patch-user: done']);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('cuts the waiting after a lost response short, and no token stays that no one knows', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { path: '/users/*/tokens' } });
    const start = stage.clock.now();

    const run = await stage.apply({ signal: abortOn(stage, 'waiting', 1) });

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
    expect(stage.clock.now() - start).toBeLessThan(30_000);
  });

  test('while a token may still be made late leaves it to the next run, which waits for it', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);
    stage.sandbox.faults.add({ kind: 'late-commit', match: { path: '/users/*/tokens' } });

    const run = await stage.apply({ signal: abortOn(stage, 'waiting', 1) });
    stage.sandbox.faults.flush();
    const next = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: LEFT_BEHIND']);
    expect(outcomesOf(next)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
  });

  test.runIf(isLong)('is made good by another run', async () => {
    const stage = await crowded();
    await stage.apply({ signal: abortOn(stage, 'action-ended', 7) });

    const run = await stage.apply();

    expect(run.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });
});

const changeIds = ({ actions }: { actions: readonly { changes: readonly { id: string }[] }[] }): readonly string[] =>
  actions.flatMap(({ changes }) => changes.map(({ id }) => id));
