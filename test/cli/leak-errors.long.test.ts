/** No bug, no interruption and nothing of a run that anybody could print tells a secret. */
import { inspect, format as printf } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { apply } from '../../src/app/apply.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { Secret } from '../../src/model/secret.ts';
import { CanaryWatch } from '../support/canaries.ts';
import { echoes, misplacedTokens, misplacing } from '../support/echoes.ts';
import { useFastTime } from '../support/fast-time.ts';
import { isWriteOfJob } from '../support/leak-door.ts';
import { applyAll, world } from '../support/leak-world.ts';

useFastTime();

const both = ['text', 'json'] as const;

describe('no bug tells a secret:', () => {
  const bug = (): never => {
    throw new TypeError('a bug');
  };

  test.each(both)('in what is printed, %s', async (format) => {
    for (const after of [0, 1, 2, 4]) {
      const opened = await world();
      let writes = 0;
      const onWrite = (): void => {
        if (writes++ === after) bug();
      };

      await opened.muster([...applyAll, '--format', format], { onWrite }).catch(() => undefined);
      await opened.muster([...applyAll, '--resume', '--format', format]);

      expect(opened.leaks()).toEqual([]);
    }
  });

  test('in the environment, in the question, and in the clock', async () => {
    const opened = await world();
    const broken = new Proxy(opened.env, {
      get: (env, name) => (name === 'MUSTER_TOKEN_FILE' || name === 'NO_PROXY' ? bug() : Reflect.get(env, name)),
    });
    for (const args of [applyAll, ['plan'], ['doctor'], ['import']]) {
      for (const format of both)
        await opened.muster([...args, '--format', format], { env: { ...opened.env, MUSTER_TOKEN: '' } });
      await opened.muster(args, { env: broken });
    }
    await opened.muster(['apply'], { answer: () => Promise.reject(new TypeError('a bug')) });
    vi.spyOn(systemClock, 'sleep').mockImplementation(bug);
    opened.sandbox.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'PUT' }, times: 3 });
    await opened.muster(applyAll);

    expect(opened.leaks()).toEqual([]);
  });
});

test('no run that is interrupted tells a secret, nor what goes on with it', async () => {
  for (const after of [1, 3, 6]) {
    const opened = await world();
    const interrupt = new AbortController();
    let writes = 0;
    opened.door.rule = {
      before: (knock) => {
        if (isWriteOfJob(knock) && ++writes === after) interrupt.abort();
        return undefined;
      },
    };
    const interrupted = await opened.muster(applyAll, { signal: interrupt.signal, isTTY: true });
    const resumed = await opened.muster(['apply', '--resume', '--yes', '--keep-going']);

    expect(interrupted.code).toBe(130);
    expect(resumed.code).toBe(6);
    expect(opened.leaks()).toEqual([]);
  }
});

test('no undo tells a secret, whatever the server repeats', async () => {
  const opened = await world();
  await opened.muster(applyAll);
  for (const [i, echo] of Object.values(echoes).entries()) {
    opened.door.rule = { before: (knock) => (isWriteOfJob(knock) ? echo(knock) : undefined) };
    await opened.muster(['undo', '--yes', '--keep-going', '--format', i % 2 === 0 ? 'text' : 'json']);
  }

  expect(opened.leaks()).toEqual([]);
});

/** Everything of a value that anybody could print; of an error, everything of its causes, too. */
function everythingOf(value: unknown): string {
  const parts = [
    String(value),
    JSON.stringify(value) ?? '',
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, showProxy: true }),
    printf('%s %o %O %j', value, value, value, value),
  ];
  if (value instanceof Error) {
    const own = Reflect.ownKeys(value).map((key) => `${String(key)} ${String(Reflect.get(value, key))}`);
    parts.push(...own, everythingOf(value.cause));
  }
  return parts.join('\n');
}

describe('nothing of a run that anybody could print tells a secret:', () => {
  test('a secret itself', () => {
    const watch = new CanaryWatch();
    const clear = watch.plant('it');
    const secret = new Secret(clear);
    const values: readonly unknown[] = [
      secret,
      { secret },
      [secret],
      new Map([[secret, secret]]),
      new Error('no', { cause: secret }),
      Object.assign(new Error('no'), { secret }),
      new AggregateError([new Error('no', { cause: { secret } })]),
      structuredClone(secret),
      () => secret,
    ];

    for (const value of values) expect(watch.find(everythingOf(value))).toEqual([]);
    expect(watch.find([String(secret), secret.toString(), [secret].join(), secret.toJSON()].join(' '))).toEqual([]);
  });

  test.each(Object.keys({ ...echoes, ...misplacedTokens }))('errors, outcomes and events after %s', async (name) => {
    const opened = await world();
    const { [name]: echo } = echoes;
    const { [name]: change } = misplacedTokens;
    opened.door.rule =
      change === undefined
        ? { before: (knock) => (isWriteOfJob(knock) ? echo?.(knock) : undefined) }
        : misplacing(change);
    const events: RunEvent[] = [];

    const applied: unknown = await apply(
      { confirm: () => Promise.resolve(true), stopAt: 'never' },
      {
        workingDir: opened.dir,
        env: opened.env,
        clock: systemClock,
        emit: (event) => events.push(event),
        toolVersion: '0.1.0',
      },
    ).catch((error: unknown) => error);

    const ended = events.flatMap((event) => (event.type === 'action-ended' ? event.outcome : []));
    const errors = ended.flatMap((outcome) => (outcome.status === 'failed' ? outcome.error : []));
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(opened.watch.find(everythingOf(error))).toEqual([]);
    expect(opened.watch.find(inspect(applied, { depth: Number.POSITIVE_INFINITY, showHidden: true }))).toEqual([]);
    expect(opened.watch.find(JSON.stringify([applied, events]))).toEqual([]);
  });
});
