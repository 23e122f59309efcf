/** One run at a time works on a server, by a note in the caller's own preferences. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type Preference, type WriteClient } from '../../../src/api/index.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type Lease, LeaseHeldError, type LeaseRequest, takeLease } from '../../../src/resources/server/lease.ts';
import { type Sandbox, seededRandomness, startSandbox } from '../../../src/sandbox/index.ts';
import { StageClock } from '../../apply/support/stage.ts';
import { isLong } from '../../support/suite.ts';

const minuteMs = 60_000;
const nobodyIsDead = (): boolean => false;

let clock: StageClock;
let sandbox: Sandbox;
let client: WriteClient;
let caller: string;

beforeEach(async () => {
  clock = new StageClock();
  sandbox = await startSandbox({ clock: () => clock.now(), random: seededRandomness(1) });
  client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken), clock });
  caller = (await client.users.me()).id;
});

afterEach(async () => {
  await client.close();
  await sandbox.close();
});

const requestOf = (run: string, isDead: LeaseRequest['isDead'] = nobodyIsDead): LeaseRequest => ({
  run,
  host: `host-of-${run}`,
  isDead,
});
const take = (run: string, isDead?: LeaseRequest['isDead']): Promise<Lease> =>
  takeLease(client, caller, requestOf(run, isDead), clock);

/** The caller's preferences of muster's category. */
const notes = (): readonly Preference[] =>
  sandbox.snapshot().preferences.filter(({ user_id, category }) => user_id === caller && category === 'muster');

const note = (name: string, value: unknown): Promise<void> =>
  client.preferences.set(caller, [
    { user_id: caller, category: 'muster', name, value: typeof value === 'string' ? value : JSON.stringify(value) },
  ]);

const inMs = (ms: number): string => new Date(clock.now() + ms).toISOString();

/** Requests about preferences since a moment: `PUT`, `GET`, `POST`. */
const methodsSince = (from: number): readonly string[] => sandbox.requests.slice(from).map(({ method }) => method);

describe('the lease', () => {
  test('is a short note in the caller’s own preferences, for ten minutes', async () => {
    await take('r1');

    expect(notes()).toEqual([
      {
        user_id: caller,
        category: 'muster',
        name: expect.stringMatching(/^lease_[0-9a-f]{24}$/) as unknown,
        value: JSON.stringify({ run: 'r1', host: 'host-of-r1', until: inMs(10 * minuteMs) }),
      },
    ]);
  });

  test('is released without a trace, and taken again', async () => {
    for (const run of ['r1', 'r1', 'r0', 'r2']) {
      const lease = await take(run);
      await lease.release(true);
      expect(notes()).toEqual([]);
    }
  });

  test('is refused to a second run, whatever it is called, with who has it and until when', async () => {
    const lease = await take('r2');
    const until = inMs(10 * minuteMs);

    for (const run of ['r1', 'r3']) {
      await expect(take(run)).rejects.toMatchObject({
        name: 'LeaseHeldError',
        code: 'LOCKED',
        message: 'another run of muster works on this server (r2 on host-of-r2)',
        hint: `wait for it to end; if it died, its lease ends by itself at ${until}`,
      });
    }

    expect(notes()).toHaveLength(1);
    await lease.release(true);
    await expect(take('r3')).resolves.toBeDefined();
  });

  test('costs two looks and a note where no one else is, and nothing waits', async () => {
    const from = sandbox.requests.length;

    await take('r1');

    expect(methodsSince(from)).toEqual(['GET', 'PUT', 'GET']);
    expect(clock.waits).toEqual([]);
  });

  test('of a run that died ends by itself', async () => {
    await take('r1');

    clock.advance(10 * minuteMs - 1);
    await expect(take('r2')).rejects.toThrow(LeaseHeldError);
    clock.advance(1);
    await expect(take('r2')).resolves.toBeDefined();
  });

  test('of a run that is known to be over does not count', async () => {
    await take('r1');

    await expect(take('r2', (run) => run === 'r0')).rejects.toThrow(LeaseHeldError);
    await expect(take('r2', (run) => run === 'r1')).resolves.toBeDefined();
  });

  test('of the same run, which died and is resumed, does not count', async () => {
    await take('r1');

    await expect(take('r1')).resolves.toBeDefined();
    expect(notes()).toHaveLength(1);
  });
});

describe('a run that goes on', () => {
  test('renews its lease only when that is due', async () => {
    const lease = await take('r1');
    const from = sandbox.requests.length;

    for (let i = 0; i < 5; i++) await lease.renew();
    clock.advance(2 * minuteMs - 1);
    await Promise.all([lease.renew(), lease.renew()]);
    expect(methodsSince(from)).toEqual([]);

    clock.advance(1);
    await Promise.all([lease.renew(), lease.renew(), lease.renew()]);
    expect(methodsSince(from)).toEqual(['PUT']);
    expect(JSON.parse(notes()[0]?.value ?? '')).toEqual({ run: 'r1', host: 'host-of-r1', until: inMs(10 * minuteMs) });
  });

  test('keeps it for hours', async () => {
    const lease = await take('r1');

    for (let i = 0; i < 60; i++) {
      clock.advance(3 * minuteMs);
      await lease.renew();
      await expect(take('r2')).rejects.toThrow(LeaseHeldError);
    }
  });

  test('tries again when it is due again, where the server did not take it', async () => {
    const lease = await take('r1');
    sandbox.faults.add({ kind: 'error', status: 403, match: { method: 'PUT' } });

    clock.advance(2 * minuteMs);
    await expect(lease.renew()).rejects.toMatchObject({ code: 'API_FORBIDDEN' });
    clock.advance(2 * minuteMs);
    await lease.renew();

    expect(JSON.parse(notes()[0]?.value ?? '')).toMatchObject({ until: inMs(10 * minuteMs) });
  });
});

describe('notes', () => {
  test.each<[what: string, name: string, value: unknown]>([
    ['that are no JSON', 'lease_1', 'garbage'],
    ['that are empty', 'lease_1', ''],
    ['that are no object', 'lease_1', 'null'],
    ['that are a list', 'lease_1', '[]'],
    ['without a run', 'lease_1', { host: 'h', until: '2099-01-01T00:00:00Z' }],
    ['without a host', 'lease_1', { run: 'x', until: '2099-01-01T00:00:00Z' }],
    ['without an end', 'lease_1', { run: 'x', host: 'h' }],
    ['whose end is a number', 'lease_1', { run: 'x', host: 'h', until: 4_102_444_800_000 }],
    ['whose end is no moment', 'lease_1', { run: 'x', host: 'h', until: 'tomorrow' }],
    ['of another kind', 'plan_1', { run: 'x', host: 'h', until: '2099-01-01T00:00:00Z' }],
  ])('%s are no one’s lease, and stay', async (_, name, value) => {
    await note(name, value);
    const before = notes();

    const lease = await take('r1');
    await lease.release(true);

    expect(notes()).toEqual(before);
  });

  test('of others in the category, and of other categories, are untouched by all of it', async () => {
    await note('plan_0badcafe', '2026-06-15T12:00:00Z');
    await note('lease_other', { run: 'r0', host: 'h', until: inMs(-1) });
    await client.preferences.set(caller, [
      { user_id: caller, category: 'display_settings', name: 'lease_x', value: 'y' },
    ]);
    const before = sandbox.snapshot().preferences;

    const lease = await take('r1');
    clock.advance(3 * minuteMs);
    await lease.renew();
    await expect(take('r2')).rejects.toThrow(LeaseHeldError);
    await lease.release(true);

    expect(sandbox.snapshot().preferences).toEqual(before);
  });
});

describe('a server that fails', () => {
  const preferences = '/users/*/preferences';

  test('before anything is written leaves nothing', async () => {
    sandbox.faults.add({ kind: 'error', status: 403, match: { method: 'GET', path: `${preferences}/muster` } });

    await expect(take('r1')).rejects.toMatchObject({ code: 'API_FORBIDDEN' });

    expect(notes()).toEqual([]);
  });

  test('to show the note that was just written leaves nothing that would keep others away', async () => {
    sandbox.faults.add({ kind: 'error', status: 403, match: { method: 'GET', path: `${preferences}/muster`, nth: 2 } });

    await expect(take('r1')).rejects.toMatchObject({ code: 'API_FORBIDDEN' });

    expect(notes()).toEqual([]);
    await expect(take('r2')).resolves.toBeDefined();
  });

  test('to answer when the note is written leaves nothing either', async () => {
    sandbox.faults.add({
      kind: 'error',
      status: 403,
      isAfterCommit: true,
      match: { method: 'PUT', path: preferences },
    });

    await expect(take('r1')).rejects.toMatchObject({ code: 'API_FORBIDDEN' });

    expect(notes()).toEqual([]);
  });

  test.each([
    ['of the note', 'PUT', preferences],
    ['of the release', 'POST', `${preferences}/delete`],
  ])('to deliver its answer %s twice is asked once more', async (_, method, path) => {
    sandbox.faults.add({ kind: 'reset-after-commit', times: 2, match: { method, path } });

    const lease = await take('r1');
    expect(notes()).toHaveLength(1);
    await lease.release(true);

    expect(notes()).toEqual([]);
  });

  test('to take the note back when giving way is told as giving way', async () => {
    sandbox.faults.add({ kind: 'error', status: 403, match: { method: 'POST', path: `${preferences}/delete` } });
    // Somebody whose name comes first begins in the same moment.
    const late = withHook(client, async (call, nth) => {
      if (call === 'look' && nth === 2) await note('lease_rival', { run: 'r0', host: 'h', until: inMs(minuteMs) });
    });

    await expect(takeLease(late, caller, requestOf('r1'), clock)).rejects.toThrow(LeaseHeldError);
  });
});

/** Who takes the lease at the same instant as others. */
interface Rival {
  state: 'on its way' | 'asks' | 'waits' | 'ended';
  go: () => void;
  /** Others that made a request since it began to wait. */
  readonly moved: Set<Rival>;
  lease?: Lease;
}

type Choose = (options: number) => number;

/**
 * Runs that take the lease at the same time, one request after the other in the order that is chosen.
 *
 * @param isPrompt - whether every request is over before who waits a second has waited
 * @returns who has it in the end
 */
async function race(runs: readonly string[], choose: Choose, isPrompt: boolean): Promise<readonly string[]> {
  let isOver = false;
  let wake = (): void => undefined;
  const enter = (rival: Rival, state: Rival['state']): void => {
    rival.state = state;
    wake();
  };
  const pause = async (rival: Rival, state: 'asks' | 'waits'): Promise<void> => {
    if (isOver) return;
    rival.moved.clear();
    await new Promise<void>((resolve) => {
      rival.go = resolve;
      enter(rival, state);
    });
  };
  const rivals = runs.map((run): Rival => {
    const rival: Rival = { state: 'on its way', go: () => undefined, moved: new Set() };
    const patient: Clock = { now: () => clock.now(), sleep: () => pause(rival, 'waits') };
    const hooked = withHook(client, () => pause(rival, 'asks'));
    takeLease(hooked, caller, requestOf(run), patient).then(
      (lease) => enter(Object.assign(rival, { lease }), 'ended'),
      () => enter(rival, 'ended'),
    );
    return rival;
  });
  for (;;) {
    while (rivals.some(({ state }) => state === 'on its way'))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const options = rivals.filter((rival) => mayMove(rival, rivals, isPrompt));
    const chosen = options[options.length === 1 ? 0 : choose(options.length)];
    if (chosen === undefined) break;
    for (const rival of rivals) rival.moved.add(chosen);
    chosen.state = 'on its way';
    chosen.go();
  }
  isOver = true;
  const holders = runs.filter((_, i) => rivals[i]?.lease !== undefined);
  const left = notes().length;
  for (const { lease } of rivals) await lease?.release(true);
  return left === holders.length ? holders : [...holders, `${left} notes`];
}

function mayMove(rival: Rival, rivals: readonly Rival[], isPrompt: boolean): boolean {
  if (rival.state !== 'waits') return rival.state === 'asks';
  return !isPrompt || rivals.every((other) => other.state !== 'asks' || rival.moved.has(other));
}

/** After so many requests of both there is one order left: the first goes on until it has ended. */
const mostChoices = 8;

/** Every order in which the first requests can come, and who has the lease after each. */
async function everyRace(runs: readonly string[], isPrompt: boolean): Promise<readonly (readonly string[])[]> {
  const ends: (readonly string[])[] = [];
  let path: { chosen: number; readonly options: number }[] = [];
  for (;;) {
    let step = 0;
    const choose = (options: number): number => {
      path[step] ??= { chosen: 0, options: step < mostChoices ? options : 1 };
      return path[step++]?.chosen ?? 0;
    };
    ends.push(await race(runs, choose, isPrompt));
    path = path.slice(0, path.findLastIndex(({ chosen, options }) => chosen + 1 < options) + 1);
    const last = path.at(-1);
    if (last === undefined) return ends;
    last.chosen++;
  }
}

const countsOf = (ends: readonly (readonly string[])[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const end of ends) counts.set(end.join(' and '), (counts.get(end.join(' and ')) ?? 0) + 1);
  return Object.fromEntries(counts);
};

describe('two that come at the same instant', () => {
  test.runIf(isLong)(
    'are never both served, in whatever order and with whatever delay their requests come',
    async () => {
      const ends = await everyRace(['r1', 'r2'], false);

      expect(Math.max(...ends.map((end) => end.length))).toBe(1);
      expect(Object.keys(countsOf(ends)).toSorted()).toEqual(['', 'r1', 'r2']);
    },
  );

  test('are one served and one refused, in whatever order their requests come, where each takes less than a second', async () => {
    const ends = await everyRace(['r1', 'r2'], true);

    expect(Object.keys(countsOf(ends)).toSorted()).toEqual(['r1', 'r2']);
  });
});

test.runIf(isLong)('of three that come at the same instant just one is served', async () => {
  const random = seededRandomness(7);
  const ends: (readonly string[])[] = [];
  for (let i = 0; i < 60; i++)
    ends.push(await race(['r1', 'r2', 'r3'], (options) => Math.floor(random() * options), true));

  expect(Object.keys(countsOf(ends)).toSorted()).toEqual(['r1', 'r2', 'r3']);
});

type Call = 'look' | 'write' | 'remove';

/** The same client, with something that happens before each of its calls about preferences. */
function withHook(target: WriteClient, before: (call: Call, nth: number) => Promise<void>): WriteClient {
  const seen = { look: 0, write: 0, remove: 0 };
  const { ofCategory, set, delete: remove } = target.preferences;
  const preferences = {
    ofCategory: async (id: string, category: string) => {
      await before('look', ++seen.look);
      return ofCategory(id, category);
    },
    set: async (id: string, list: readonly Preference[]) => {
      await before('write', ++seen.write);
      return set(id, list);
    },
    delete: async (id: string, list: readonly Preference[]) => {
      await before('remove', ++seen.remove);
      return remove(id, list);
    },
  };
  return { ...target, preferences } as unknown as WriteClient;
}
