/** The server refuses the token in the middle of a run: nothing is sent with it any more. */
import { expect, test } from 'vitest';
import { isLong } from '../support/suite.ts';
import { crowd, describeWrites, openStage, outcomesOf, type Stage } from './support/stage.ts';

async function crowded(): Promise<Stage> {
  const stage = await openStage({ users: crowd(30).map((username) => ({ username })) });
  await stage.declare(
    crowd(30).map((username) => ({ username, nickname: 'x', roles: ['system_user', 'system_post_all'] })),
  );
  return stage;
}

const refusals = (stage: Stage): number => stage.sandbox.requests.filter(({ status }) => status === 401).length;

/** From the n-th request of a run on, the server does not know the token any more. */
function refuseFrom(stage: Stage, nth: number): () => void {
  return () => {
    stage.sandbox.faults.add({
      kind: 'error',
      status: 401,
      id: 'api.context.session_expired.app_error',
      body: 'json',
      match: { nth: Array.from({ length: 2000 }, (_, i) => nth + i) },
      times: Number.POSITIVE_INFINITY,
    });
  };
}

test.each([
  [1, 'at the first request'],
  [15, 'among the first people'],
  [60, 'among the others'],
])('an apply whose token is refused from request %i on stops at once: %s', async (nth) => {
  const stage = await crowded();

  const run = await stage.apply({ meanwhile: refuseFrom(stage, nth), concurrency: 4 });

  // Those that were under way when the first refusal came.
  expect(refusals(stage)).toBeLessThanOrEqual(4);
  expect(stage.sandbox.requests.at(-1)?.status).toBe(401);
  expect(run.stopped).toBe('the server refused the token: set a new one in MUSTER_TOKEN, then resume');
  expect(run.results).toHaveLength(60);
  expect(outcomesOf(run).filter((text) => text.endsWith(': skipped')).length).toBeGreaterThan(10);
  expect(run.code).toBe(6);
});

test.runIf(isLong)('what a refused token left undone is done by another', async () => {
  const stage = await crowded();
  await stage.apply({ meanwhile: refuseFrom(stage, 40), concurrency: 4 });
  stage.sandbox.faults.clear();

  const run = await stage.resume();

  expect(run?.code).toBe(0);
  expect((await stage.plan()).actions).toEqual([]);
});

test('a feature that is switched off stops no one else, although the server says 401 of it too', async () => {
  const stage = await crowded();
  const { id } = stage.user('p000');
  stage.sandbox.faults.add({
    kind: 'error',
    status: 401,
    id: 'api.user.update_active.cannot_enable_guest_when_guest_feature_is_disabled.app_error',
    body: 'json',
    match: { path: `/users/${id}/patch` },
  });

  const run = await stage.apply();

  expect(run.stopped).toBeUndefined();
  expect(outcomesOf(run).filter((text) => !text.endsWith(': done'))).toEqual([
    'p000 patch-user: failed: API_UNAUTHORIZED',
    'p000 set-roles: skipped',
  ]);
  expect(describeWrites(stage, run.requests)).toHaveLength(59);
});
