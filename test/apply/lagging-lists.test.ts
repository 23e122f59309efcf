/** Lists of a server with replicas show what was done a moment later: nothing is made twice, kept or left out for it. */
import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import type { TokenRow } from '../../src/sandbox/index.ts';
import { type Front, openFront } from '../support/front.ts';
import { cutAfter } from './support/cut-journal.ts';
import { openStage, outcomesOf, type Stage } from './support/stage.ts';

const lagMs = 1500;

type ListedToken = Omit<TokenRow, 'token'>;

interface Past {
  readonly untilMs: number;
  readonly tokens: readonly ListedToken[];
}

/** Whoever asks for the tokens of ada gets those of a moment ago. */
async function stageWithLag(): Promise<Stage> {
  const past: Past[] = [];
  const tokensOf = (one: Stage): readonly ListedToken[] => one.sandbox.control.tokens('ada');
  const stage: Stage = await openStage({
    users: [{ username: 'ada' }],
    front: (target): Promise<Front> =>
      openFront(target, ({ method, path }) => {
        const nowMs = stage.clock.now();
        past.push({ untilMs: nowMs, tokens: tokensOf(stage) });
        if (method !== 'POST' || path !== '/users/tokens/search') return undefined;
        const shown = past.find(({ untilMs }) => untilMs > nowMs - lagMs)?.tokens ?? tokensOf(stage);
        return shown.map(({ id, user_id, description, is_active }) => ({ id, user_id, description, is_active }));
      }),
  });
  await stage.declare([{ username: 'ada', tokens: [{ name: 'ci' }] }]);
  return stage;
}

const waits = ({ events }: Stage): readonly RunEvent[] => events.filter(({ type }) => type === 'waiting');
const shown = { type: 'waiting', because: 'the server to show everywhere what was done last' };

describe('a token', () => {
  test('whose answer could not be read is found and taken away before another is made', async () => {
    const stage = await stageWithLag();
    stage.sandbox.faults.add({ kind: 'broken-json', match: { method: 'POST', path: '/users/*/tokens' } });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
    stage.clock.advance(lagMs);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('that a dead process made is cleaned up, and the plan that follows does not take it for the one wanted', async () => {
    const stage = await stageWithLag();
    await stage.apply();
    await cutAfter(stage, 'intent', 1);

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
  });

  test('that a run made a moment ago is not made again by the next', async () => {
    const stage = await stageWithLag();
    await stage.apply();

    const run = await stage.apply();

    expect(run.plan.actions).toEqual([]);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
  });
});

describe('right after it was made a token', () => {
  const unknown = 'app.user_access_token.invalid_or_missing';
  const notFound = 'app.user_access_token.get_by_user.app_error';
  const fresh = async (muster?: ConfigFile): Promise<Stage> => {
    const stage = await openStage({ users: [{ username: 'ada' }], ...(muster && { muster }) });
    await stage.declare([{ username: 'ada', tokens: [{ name: 'ci', ...(muster && { sink: 'full' }) }] }]);
    return stage;
  };

  test('may not sign in yet, and is tried again', async () => {
    const stage = await fresh();
    const match = { path: '/users/me' };
    const arm = (): void =>
      void stage.sandbox.faults.add({ kind: 'error', status: 401, body: 'json', id: unknown, match, times: 2 });

    const run = await stage.apply({ meanwhile: arm });

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(stage.sandbox.control.tokens('ada')).toHaveLength(1);
  });

  test('may not be found yet by the server that is to revoke it: it is revoked all the same', async () => {
    const stage = await fresh({ secrets: { sinks: { full: { command: ['false'] } } } });
    const match = { path: '/users/tokens/revoke' };
    stage.sandbox.faults.add({ kind: 'error', status: 404, body: 'json', id: notFound, match, times: 2 });

    const run = await stage.apply();

    expect(outcomesOf(run)).toEqual(['ada create-token: failed: NEW_TOKEN']);
    expect(stage.sandbox.control.tokens('ada')).toEqual([]);
  });
});

describe('a run right after another one', () => {
  test('waits for what is left of two seconds, and a later one for nothing', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', nickname: 'countess' }]);
    await stage.apply();
    stage.clock.advance(500);

    await stage.apply();
    await stage.apply();

    expect(waits(stage)).toMatchObject([{ ...shown, ms: 1500 }]);
  });

  test('waits no longer where the clock was put back', async () => {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', nickname: 'countess' }]);
    await stage.apply();
    stage.clock.advance(-3_600_000);

    await stage.apply();

    expect(waits(stage)).toMatchObject([{ ...shown, ms: 2000 }]);
  });
});
