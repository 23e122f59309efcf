/** A run that was interrupted, or whose process died, is gone on with: settled first, then what is left of its plan. */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { isLong } from '../support/suite.ts';
import { cutAfter, stateFiles } from './support/cut-journal.ts';
import { openStage, outcomesOf, type Stage, writesOf } from './support/stage.ts';

const crew = Array.from({ length: 12 }, (_, i) => `p${String(i).padStart(2, '0')}`);
const nicknamed: readonly UserEntry[] = crew.map((username) => ({ username, nickname: 'x' }));

async function crowd(users: readonly UserEntry[] = nicknamed): Promise<Stage> {
  const stage = await openStage({ users: crew.map((username) => ({ username })) });
  await stage.declare(users);
  return stage;
}

/** Aborts when the n-th event of a type comes. */
function abortOn(stage: Stage, type: RunEvent['type'], nth: number): AbortSignal {
  const controller = new AbortController();
  let seen = 0;
  const { emit } = stage.ports;
  Object.assign(stage.ports, {
    emit: (event: RunEvent) => {
      emit(event);
      if (event.type === type && ++seen === nth) controller.abort(new Error('interrupted'));
    },
  });
  return controller.signal;
}

describe('--resume', () => {
  test('does what is left of an interrupted run, and nothing twice', async () => {
    const stage = await crowd();
    const first = await stage.apply({ signal: abortOn(stage, 'action-ended', 7), concurrency: 1 });
    const doneBefore = first.results.filter(({ outcome }) => outcome.status === 'done').length;

    const run = await stage.resume();

    expect(first.code).toBe(130);
    expect(doneBefore).toBeLessThan(12);
    expect(run?.code).toBe(0);
    expect(run === undefined ? [] : outcomesOf(run)).toEqual(crew.map((name) => `${name} patch-user: done`));
    expect(writesOf(run?.requests ?? [])).toHaveLength(12 - doneBefore);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.runIf(isLong)('has nothing to go on with after a run that came to its end, or before any', async () => {
    const stage = await crowd();

    expect(await stage.resume()).toBeUndefined();
    await stage.apply();
    expect(await stage.resume()).toBeUndefined();
  });

  test('revokes the token of a call that no one noted the end of, and makes it anew', async () => {
    const stage = await crowd([{ username: 'p00', tokens: [{ name: 'ci' }] }]);
    await stage.apply();
    const [lost] = stage.sandbox.control.tokens('p00');
    await cutAfter(stage, 'intent', 1);

    const run = await stage.resume();

    expect(run?.code).toBe(0);
    const tokens = stage.sandbox.control.tokens('p00');
    expect(tokens).toHaveLength(1);
    expect(tokens[0]?.id).not.toBe(lost?.id);
    const secret = (await readFile(join(stage.dir, 'secrets', 'p00~ci@1.token'), 'utf8')).trim();
    const answer = await fetch(`${stage.sandbox.url}/api/v4/users/me`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(await answer.json()).toMatchObject({ username: 'p00' });
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.runIf(isLong)(
    'does not take a call whose response was lost for someone else’s, when the first people are read back',
    async () => {
      const poster = ['system_user', 'system_post_all'];
      const stage = await openStage({
        licence: 'enterprise',
        config: { 'GuestAccountsSettings.Enable': true },
        users: [
          ...['bob', ...crew, 'pete'].map((username) => ({ username })),
          { username: 'zoe', roles: 'system_guest' },
        ],
      });
      await stage.declare([...['bob', 'pete', 'zoe'].map((username) => ({ username, roles: poster })), ...nicknamed]);
      await stage.apply({ concurrency: 1 });
      // Zoe was among the first, as the only guest; now others are, and of her two calls the second is not noted.
      await cutAfter(stage, 'intent', 6);

      const run = await stage.resume();

      expect(run === undefined ? [] : outcomesOf(run).filter((line) => line.startsWith('zoe'))).toEqual([
        'zoe promote-guest: done',
        'zoe set-roles: done',
      ]);
      expect(run?.code).toBe(0);
    },
  );

  test.each<[what: string, nickname: string, outcome: object]>([
    ['carried out by now counts as done by the run', 'x', { status: 'done', as: 'written' }],
    [
      'met by another value is no change that was never tried',
      'z',
      { status: 'failed', written: 'unknown', error: { code: 'RESPONSE_NOT_RECORDED' } },
    ],
  ])('of a call that no one noted the end of, %s', async (_, nickname, outcome) => {
    const stage = await crowd([{ username: 'p00', nickname: 'x' }]);
    await stage.apply();
    await cutAfter(stage, 'intent', 1);
    stage.sandbox.control.updateUser('p00', { nickname: '' });

    const run = await stage.resume({ meanwhile: () => stage.sandbox.control.updateUser('p00', { nickname }) });

    expect(run?.results.map((result) => result.outcome)).toMatchObject([outcome]);
    expect(writesOf(run?.requests ?? [])).toEqual([]);
  });

  test.runIf(isLong)('knows an account again that a lost call made', async () => {
    const stage = await crowd([{ username: 'new', email: 'new@example.com', nickname: 'n', tokens: [{ name: 'ci' }] }]);
    await stage.apply();
    const { id } = stage.user('new');
    await cutAfter(stage, 'intent', 1);

    const run = await stage.resume();

    expect(run === undefined ? [] : outcomesOf(run)).toEqual(['new create-user: done', 'new create-token: stale']);
    expect(stage.user('new').id).toBe(id);
  });

  test('goes on after a stop', async () => {
    const stage = await crowd();
    const fault = stage.sandbox.faults.add({
      kind: 'error',
      status: 400,
      match: { method: 'PUT', path: '/users/*/patch' },
      times: Number.POSITIVE_INFINITY,
    });
    const stopped = await stage.apply();
    fault.remove();

    const run = await stage.resume();

    expect(stopped.stopped).toMatch(/people/);
    expect(stopped.code).toBe(6);
    expect(run?.code).toBe(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.each<[what: string, change: (stage: Stage) => unknown]>([
    ['a day has passed', (stage) => stage.clock.advance(25 * 3_600_000)],
    ['another version goes on', ({ ports }) => Object.assign(ports, { toolVersion: '0.2.0' })],
    [
      'the plan was changed',
      async (stage) => {
        const { dir } = await stateFiles(stage);
        const [name = ''] = (await readdir(dir)).filter((one) => one.endsWith('.plan.json'));
        await writeFile(join(dir, name), (await readFile(join(dir, name), 'utf8')).replace('"x"', '"y"'));
      },
    ],
  ])('settles, and says that a new plan is needed, when %s', async (_, change) => {
    const stage = await crowd();
    await stage.apply({ signal: abortOn(stage, 'action-ended', 7), concurrency: 1 });
    await change(stage);
    const from = stage.sandbox.requests.length;

    await expect(stage.resume()).rejects.toMatchObject({ code: 'RESUME_REFUSED' });

    expect(writesOf(stage.sandbox.requests.slice(from))).toEqual([]);
  });
});

test('of a resumed run whose files have changed, what they no longer ask for is stale, and nothing is written', async () => {
  const stage = await crowd();
  const first = await stage.apply({ signal: abortOn(stage, 'action-ended', 7), concurrency: 1 });
  const done = first.results.filter(({ outcome }) => outcome.status === 'done').length;
  await stage.declare([{ username: 'p00', nickname: 'other' }]);
  const from = stage.sandbox.requests.length;

  const run = await stage.resume();

  expect(run?.code).toBe(6);
  expect(outcomesOf(run ?? first).filter((line) => line.endsWith('stale'))).toHaveLength(12 - done);
  const written = writesOf(stage.sandbox.requests.slice(from)).filter(({ path }) => !path.includes('/preferences'));
  expect(written).toEqual([]);
});

test('a plan tells of a run that waits to be resumed, and changes nothing', async () => {
  const stage = await crowd();
  await stage.apply({ signal: abortOn(stage, 'action-ended', 7), concurrency: 1 });
  const { journal } = await stateFiles(stage);
  const before = await readFile(journal, 'utf8');

  await stage.plan();

  expect(stage.events.findLast(({ type }) => type === 'open-run')).toMatchObject({
    run: expect.stringMatching(/^000001-/),
    state: 'interrupted',
    done: 7,
  });
  expect(await readFile(journal, 'utf8')).toBe(before);
});

describe('a plain apply', () => {
  test('cleans up first after a run whose process died', async () => {
    const stage = await crowd([{ username: 'p00', tokens: [{ name: 'ci' }] }]);
    await stage.apply();
    const [lost] = stage.sandbox.control.tokens('p00');
    await cutAfter(stage, 'intent', 1);

    const run = await stage.apply();

    expect(run.code).toBe(0);
    expect(outcomesOf(run)).toEqual(['p00 create-token: done']);
    expect(stage.sandbox.control.tokens('p00').map(({ id }) => id)).not.toContain(lost?.id);
    expect(stage.events.map(({ type }) => type)).toContain('settling');
    expect((await stage.plan()).actions).toEqual([]);
  });

  test.runIf(isLong)('takes no notice of a torn end, and refuses a journal that was edited', async () => {
    const stage = await crowd();
    await stage.apply();
    const { journal } = await stateFiles(stage);
    await appendFile(journal, '{"action":"p0');
    await stage.declare(crew.map((username) => ({ username, nickname: 'y' })));
    const torn = await stage.apply();
    const { journal: newest } = await stateFiles(stage);
    await writeFile(newest, (await readFile(newest, 'utf8')).replace('"type":"response"', '"type":"responses"'));

    expect(torn.code).toBe(0);
    await expect(stage.apply()).rejects.toMatchObject({ code: 'JOURNAL_TAMPERED' });
  });
});

describe('a call that may still be carried out, after an interrupt that ended the waiting for it', () => {
  async function interrupted(): Promise<Stage> {
    const stage = await openStage({ users: [{ username: 'ada' }] });
    await stage.declare([{ username: 'ada', active: false }]);
    stage.sandbox.faults.add({ kind: 'late-commit', match: { method: 'PUT', path: '/users/*/active' } });
    const run = await stage.apply({ signal: abortOn(stage, 'waiting', 1) });
    expect(run.code).toBe(130);
    expect(run.results.map(({ outcome }) => outcome)).toMatchObject([{ status: 'failed', written: 'unknown' }]);
    stage.clock.advance(5000);
    return stage;
  }

  /** Carries it out while the next run waits. */
  const arriveDuringWait = (stage: Stage): void => {
    const { emit } = stage.ports;
    Object.assign(stage.ports, {
      emit: (event: RunEvent) => {
        emit(event);
        if (event.type === 'waiting') stage.sandbox.faults.flush();
      },
    });
  };

  const waits = ({ events }: Stage): readonly RunEvent[] => events.filter(({ type }) => type === 'waiting');

  test.each(['resume', 'apply'] as const)('is waited for by the next %s, and not made again', async (verb) => {
    const stage = await interrupted();
    arriveDuringWait(stage);
    const before = waits(stage).length;

    const run = await stage[verb]();

    expect(waits(stage).slice(before)).toMatchObject([
      { because: 'the previous run’s pending requests to expire', ms: 30_000 },
    ]);
    expect(writesOf(run?.requests ?? [])).toEqual([]);
    expect(stage.user('ada').delete_at).toBeGreaterThan(0);
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('is not waited for when it must be over', async () => {
    const stage = await interrupted();
    stage.clock.advance(31_000);
    const before = waits(stage).length;

    const run = await stage.apply();

    expect(waits(stage).slice(before)).toEqual([]);
    expect(outcomesOf(run)).toEqual(['ada deactivate: done']);
  });

  test('and was never noted is waited for whenever it was about to be made: it may have been held back', async () => {
    const stage = await crowd([{ username: 'p00', nickname: 'n' }]);
    await stage.apply();
    await cutAfter(stage, 'intent', 1);
    stage.clock.advance(10 * 60_000);
    const before = waits(stage).length;

    await stage.resume();

    expect(waits(stage).slice(before)).toMatchObject([
      { because: 'the previous run’s pending requests to expire', ms: 35_000 },
    ]);
  });
});

describe('one run at a time', () => {
  test('with one state directory the second is refused', async () => {
    const stage = await crowd();
    let second: unknown;

    const first = await stage.apply({
      meanwhile: async () => {
        second = await stage.apply().catch((error: unknown) => error);
      },
    });

    expect(first.code).toBe(0);
    expect(second).toMatchObject({ code: 'LOCKED' });
  });

  test('with two state directories the second is refused by the lease, and the first goes on', async () => {
    const stage = await crowd();
    stage.sandbox.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { path: '/users/*/patch' } });
    let second: Promise<unknown> | undefined;
    // While the first waits for the limiter, the second runs from its beginning to its end.
    const sleep = async (ms: number): Promise<void> => {
      const isFirst = second === undefined;
      second ??= stage
        .apply({ env: { XDG_STATE_HOME: join(stage.dir, 'other-state') } })
        .catch((error: unknown) => error);
      if (isFirst) await second;
      stage.clock.advance(ms);
    };
    Object.assign(stage.clock, { sleep });

    const first = await stage.apply();

    expect(first.code).toBe(0);
    expect(await second).toMatchObject({ code: 'LOCKED' });
    expect((await stage.plan()).actions).toEqual([]);
  });

  test('a lease that the server refuses is a warning, and no reason not to run', async () => {
    const stage = await crowd();
    stage.sandbox.faults.add({
      kind: 'error',
      status: 403,
      body: 'json',
      times: 99,
      match: { path: '/users/*/preferences*' },
    });

    const run = await stage.apply();

    expect(run.code).toBe(0);
    const codes = stage.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
    expect(codes).toEqual(['no-lease', 'use-not-recorded']);
  });
});
