/** What a journal says of its run. */
import { describe, expect, test } from 'vitest';
import type { EndedRecord } from '../../src/model/journal-record.ts';
import { isOpen } from '../../src/runs/replay.ts';
import { answer, ended, intent, type Line, outcome, resumed, runOf, start, started, swept } from './support/run-of.ts';

describe('an action', () => {
  test('has its calls, each with its answer and its moment, and its end', () => {
    const { actions, started: beginning } = runOf(
      intent('ada/1'),
      intent('bob/1'),
      answer('ada/1', 'unknown'),
      intent('ada/1', 2),
      answer('bob/1', 'refused'),
      answer('ada/1', 'written', 2),
      outcome('ada/1', 'done'),
    );

    expect(beginning).toBe(started);
    expect([...actions.keys()]).toEqual(['ada/1', 'bob/1']);
    expect(actions.get('ada/1')).toEqual({
      attempts: [
        {
          attempt: 1,
          account: 'a',
          atMs: start + 1000,
          response: expect.objectContaining({ result: 'unknown' }) as unknown,
          respondedMs: start + 3000,
        },
        {
          attempt: 2,
          account: 'a',
          atMs: start + 4000,
          response: expect.objectContaining({ result: 'written' }) as unknown,
          respondedMs: start + 6000,
        },
      ],
      outcome: expect.objectContaining({ status: 'done' }) as unknown,
    });
    expect(actions.get('bob/1')?.attempts).toMatchObject([{ attempt: 1, response: { result: 'refused' } }]);
    expect(actions.get('bob/1')).not.toHaveProperty('outcome');
  });

  test('that was tried again has not ended', () => {
    const { actions } = runOf(
      intent('ada/1'),
      answer('ada/1', 'refused'),
      outcome('ada/1', 'failed'),
      resumed,
      intent('ada/1'),
    );

    expect(actions.get('ada/1')).not.toHaveProperty('outcome');
    expect(actions.get('ada/1')?.attempts).toHaveLength(2);
    expect(actions.get('ada/1')?.attempts[1]).not.toHaveProperty('response');
  });

  test('whose process died before the answer keeps the call, and a later answer belongs to the later call', () => {
    const { actions } = runOf(intent('ada/1'), swept(), resumed, intent('ada/1'), answer('ada/1', 'written'));

    expect(actions.get('ada/1')?.attempts.map((attempt) => attempt.response?.result)).toEqual([undefined, 'written']);
  });

  test('that nothing was sent for has an end only', () => {
    const { actions } = runOf(outcome('ada/1', 'stale'));

    expect(actions.get('ada/1')).toMatchObject({ attempts: [], outcome: { status: 'stale' } });
  });

  test('that a read did not show failed, though it was done', () => {
    const { actions } = runOf(intent('ada/1'), answer('ada/1', 'written'), outcome('ada/1', 'done'), {
      type: 'not-verified',
      action: 'ada/1',
      code: 'NOT_VERIFIED',
    });

    expect(actions.get('ada/1')?.outcome).toEqual({
      action: 'ada/1',
      status: 'failed',
      written: 'yes',
      code: 'NOT_VERIFIED',
    });
  });

  test('knows the account and the token that its call made', () => {
    const { actions } = runOf(
      { type: 'intent', action: 'new/1', attempt: 1, operation: 'create-user' },
      { type: 'response', action: 'new/1', attempt: 1, result: 'written', account: 'n' },
      { type: 'outcome', action: 'new/1', status: 'done', as: 'written', account: 'n' },
    );

    expect(actions.get('new/1')).toMatchObject({
      attempts: [{ response: { account: 'n' } }],
      outcome: { account: 'n', as: 'written' },
    });
    expect(actions.get('new/1')?.attempts[0]).not.toHaveProperty('account');
  });

  test('is not made up by an answer that no call came before', () => {
    expect(runOf(answer('ada/1', 'written')).actions.get('ada/1')?.attempts).toEqual([]);
  });
});

describe('a token', () => {
  test('is open with its action, account, mark and moment', () => {
    expect(runOf(resumed, intent('ada/2', 1, 'm1')).openTokens).toEqual([
      { action: 'ada/2', account: 'a', mark: 'm1', atMs: start + 2000 },
    ]);
  });

  test('is not open where a call makes none, or makes none that could be found', () => {
    expect(runOf(intent('ada/1')).openTokens).toEqual([]);
    expect(
      runOf({ type: 'intent', action: 'ada/2', attempt: 1, operation: 'create-token', mark: 'm1' }).openTokens,
    ).toEqual([]);
  });

  /** A line of two actions that make tokens, as far as openness goes. */
  type Step = (typeof steps)[number];
  const steps = [
    ...(['x', 'y'] as const).flatMap((action) => [
      { kind: 'intent', action } as const,
      { kind: 'response', action, result: 'written' } as const,
      { kind: 'response', action, result: 'refused' } as const,
      { kind: 'response', action, result: 'unknown' } as const,
    ]),
    { kind: 'outcome', action: 'x' } as const,
    { kind: 'swept', left: [] } as const,
    { kind: 'swept', left: ['x'] } as const,
    { kind: 'resumed' } as const,
    { kind: 'ended' } as const,
  ];
  const lengths = 5;

  /** Every order in which these lines can come: an answer only to a call that has none. */
  function* orders(before: readonly Step[], unanswered: ReadonlySet<string>): Generator<readonly Step[]> {
    yield before;
    if (before.length === lengths) return;
    for (const step of steps) {
      const open = new Set(unanswered);
      if (step.kind === 'intent') open.add(step.action);
      else if (step.kind === 'response' && !open.delete(step.action)) continue;
      // What a process that died had under way, no later one answers.
      else if (step.kind === 'resumed') open.clear();
      yield* orders([...before, step], open);
    }
  }

  const marked = (order: readonly Step[]): readonly Line[] =>
    order.map((step, i): Line => {
      switch (step.kind) {
        case 'intent':
          return intent(step.action, 1, `m${i}`);
        case 'response':
          return answer(step.action, step.result);
        case 'outcome':
          return outcome(step.action, 'failed');
        case 'swept':
          return swept(...step.left);
        case 'resumed':
          return resumed;
        case 'ended':
          return ended('interrupted');
      }
    });

  /** By the definition: somebody meant to make it, got no word of it, and nobody looked for it since. */
  function openOf(order: readonly Step[]): readonly string[] {
    return order.flatMap((step, i) => {
      if (step.kind !== 'intent') return [];
      const after = order.slice(i + 1);
      const next = after.findIndex((one) => one.kind === 'intent' && one.action === step.action);
      const own = next === -1 ? after : after.slice(0, next);
      const isSettled = own.some(
        (one) => one.kind === 'response' && one.action === step.action && one.result !== 'unknown',
      );
      const isSwept = after.some((one) => one.kind === 'swept' && !one.left.some((left) => left === step.action));
      return isSettled || isSwept ? [] : [`m${i}`];
    });
  }

  test('is open after every order of calls, answers, ends and sweeps just where no one knows of it', () => {
    let count = 0;
    const wrong: string[] = [];
    for (const order of orders([], new Set())) {
      count++;
      const found = runOf(...marked(order)).openTokens.map(({ mark }) => mark);
      if (found.join() !== openOf(order).join()) wrong.push(JSON.stringify({ order, found }));
    }

    expect(wrong.slice(0, 3)).toEqual([]);
    expect(count).toBeGreaterThan(20_000);
  });
});

describe('a run', () => {
  const hows: ReadonlyArray<EndedRecord['how']> = ['complete', 'interrupted', 'stopped', 'abandoned'];

  test.each(hows.map((how) => [how, how === 'interrupted' || how === 'stopped'] as const))(
    'that was %s may be resumed: %s',
    (how, expected) => {
      expect(isOpen(runOf(intent('ada/1'), ended(how)))).toBe(expected);
      expect(isOpen(runOf(intent('ada/1'), ended(how), swept()))).toBe(expected);
    },
  );

  test('whose process died may be resumed', () => {
    expect(isOpen(runOf())).toBe(true);
    expect(isOpen(runOf(intent('ada/1'), answer('ada/1', 'written'), outcome('ada/1', 'done'), swept()))).toBe(true);
    expect(runOf(intent('ada/1'))).not.toHaveProperty('ended');
  });

  test.each(hows)('that was resumed after it was %s is open again', (how) => {
    const history = runOf(ended(how), resumed);

    expect(isOpen(history)).toBe(true);
    expect(history).not.toHaveProperty('ended');
    expect(isOpen(runOf(ended(how), resumed, ended('complete')))).toBe(false);
  });

  test('ended as its last end says', () => {
    expect(runOf(ended('stopped'), resumed, ended('complete')).ended?.how).toBe('complete');
    expect(runOf(ended('interrupted'), swept(), ended('abandoned')).ended?.how).toBe('abandoned');
  });
});
